import { respell, someAddress } from './addresses.ts';
import type { Audit } from './book.ts';
import { type Dice, diceOf } from './dice.ts';
import { type Person, upnAt } from './people.ts';
import { SERVICE } from './places.ts';
import { redacted } from './redaction.ts';
import type { Row } from './sign-in-rows.ts';
import type { Tenant } from './tenants.ts';

type Known = Tenant['road']['actor'];

const named = (person: Person, at: number, known: Known) => ({
  id: known === 'name' ? null : person.id,
  displayName: null,
  userPrincipalName: known === 'id' ? null : upnAt(person, at),
});

/** A record of the audit log as the tenant's road delivers it, by the columns of the workspace. */
export function auditRow(audit: Audit, { road }: Tenant, tenantId: string, dice: Dice): Row {
  const { at, id, activity, actor, target, reason, result } = audit;
  const json = (value: unknown) => (road.dynamics === 'object' ? value : JSON.stringify(value));
  // Twins are written by one service at one time: both or none.
  const chance = diceOf(`by service/${audit.correlation}`);
  const isByService = audit.service === 'Authentication Methods' && chance.chance(road.byService);
  const written = isByService ? someAddress(chance, SERVICE, target.city, 90).ip : audit.ip;
  const ip = road.spellings ? respell(written, dice) : written;
  const service = {
    app: { appId: null, displayName: 'Azure MFA StrongAuthenticationService', servicePrincipalId: null, servicePrincipalName: null },
  };
  const correlation = { kept: audit.correlation, constant: redacted, 'hashed-per-row': dice.guid() }[road.auditCorrelation];
  const time = new Date(at).toISOString();
  return {
    TimeGenerated: time,
    ActivityDateTime: time,
    Id: id,
    CorrelationId: correlation,
    ActivityDisplayName: activity,
    OperationName: activity,
    OperationVersion: '1.0',
    Category: 'UserManagement',
    LoggedByService: audit.service,
    AADOperationType: isByService ? 'ServiceApi' : audit.operation,
    AADTenantId: tenantId,
    Identity: '',
    Result: result,
    ResultReason: reason,
    ResultDescription: reason,
    ResultSignature: 'None',
    Level: '4',
    InitiatedBy: json(actor === undefined ? service : { user: { ...named(actor, at, road.actor), ipAddress: ip, roles: [] } }),
    TargetResources: json([
      {
        ...named(target, at, road.target),
        type: 'User',
        modifiedProperties: road.modifiedProperties ? audit.changed : [],
        administrativeUnits: [],
      },
    ]),
    AdditionalDetails: json([]),
  };
}
