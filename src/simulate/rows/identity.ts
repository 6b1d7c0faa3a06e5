import type { RowEvent } from '../events.ts';
import { METHODS } from '../methods.ts';
import { DAY_MS, type Tenant, type User } from '../model.ts';
import { hashOf } from '../rng.ts';
import { timeText } from './time-text.ts';

/** One IdentityInfo row: the state of an account on a day. */
export function identityEvent(tenant: Tenant, user: User, at: number): RowEvent {
  const day = (at - tenant.start) / DAY_MS;
  const row = {
    TimeGenerated: timeText(at, hashOf(user.index, at)),
    AccountCreationTime: timeText(tenant.start + user.createdDay * DAY_MS + (hashOf(user.id, 'created') % DAY_MS), user.index),
    AccountDisplayName: user.displayName,
    AccountDomain: 'CONTOSO',
    AccountName: user.upn.split('@')[0],
    AccountObjectId: user.id,
    AccountTenantId: tenant.id,
    AccountUPN: user.upn,
    AssignedRoles: user.directoryRoles,
    ChangeSource: 'AzureActiveDirectory',
    City: user.home.name,
    Country: user.home.country,
    Department: user.department,
    GivenName: user.given,
    GroupMembership: [
      user.department,
      ...(user.role === 'service' ? ['Service accounts'] : []),
      ...(user.role === 'break-glass' ? ['Emergency access'] : []),
    ],
    IsAccountEnabled: user.leaveDay === 0 || day < user.leaveDay,
    IsMFARegistered: user.methods.some((method) => METHODS[method.kind].signIn !== ''),
    IsServiceAccount: user.role === 'service',
    JobTitle: user.title,
    MailAddress: user.role === 'service' ? '' : user.upn,
    Manager: user.manager,
    SourceSystem: 'AzureActiveDirectory',
    Surname: user.family,
    Tags: '[]',
    TenantId: tenant.workspace,
    Type: 'IdentityInfo',
    UserType: user.role === 'guest' ? 'Guest' : 'Member',
  };
  return { table: 'IdentityInfo', at, row };
}
