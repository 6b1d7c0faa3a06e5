import type { Dice } from './dice.ts';
import { iso } from './logbook.ts';
import type { Person } from './people.ts';
import type { World } from './world.ts';

export interface Audit {
  readonly at: number;
  readonly activity: string;
  readonly service: keyof typeof PREFIXES;
  readonly actor: Person | 'system';
  /** Address of the actor; '' where the service gives none. */
  readonly address: string;
  readonly target: Person;
  readonly reason?: string;
  readonly failed?: boolean;
  readonly operation?: string;
  readonly modified?: readonly { readonly displayName: string; readonly oldValue: string | null; readonly newValue: string | null }[];
  readonly details?: readonly { readonly key: string; readonly value: string }[];
  readonly correlation: string;
}

/** How the ids of a service's events begin. */
const PREFIXES = {
  'Authentication Methods': 'IAMUX',
  'Core Directory': 'Directory',
  'Self-service Password Management': 'SSPR',
  'Device Registration Service': 'DRS',
} as const;

/** Writes one audit row; its Id, '' where the time lies outside of the tenant. */
export function audit(world: World, dice: Dice, what: Audit): string {
  const { at, actor, target, service, correlation, failed = false, reason = '' } = what;
  const id = `${PREFIXES[service]}_${correlation}_${dice.letters(5)}_${dice.int(1_000_000, 99_999_999)}`;
  const user = (person: Person) => ({
    id: person.id,
    displayName: null,
    userPrincipalName: person.upn,
    ipAddress: what.address === '' ? null : what.address,
    roles: [],
  });
  const kept = world.book.add('AuditLogs', at, {
    AADTenantId: world.tenantId,
    ActivityDateTime: iso(at),
    ActivityDisplayName: what.activity,
    OperationName: what.activity,
    OperationVersion: '1.0',
    Category: 'UserManagement',
    AADOperationType: what.operation ?? 'Update',
    LoggedByService: service,
    CorrelationId: correlation,
    Id: id,
    Identity: actor === 'system' ? 'Azure MFA StrongAuthenticationService' : actor.name,
    InitiatedBy:
      actor === 'system'
        ? { app: { appId: null, displayName: 'Azure MFA StrongAuthenticationService', servicePrincipalId: null } }
        : { user: user(actor) },
    TargetResources: [
      {
        id: target.id,
        displayName: dice.chance(0.5) ? target.name : null,
        type: 'User',
        userPrincipalName: target.upn,
        modifiedProperties: what.modified ?? [],
        administrativeUnits: [],
      },
    ],
    AdditionalDetails: what.details ?? [],
    Result: failed ? 'failure' : 'success',
    ResultReason: reason,
    ResultDescription: reason,
  });
  return kept ? id : '';
}
