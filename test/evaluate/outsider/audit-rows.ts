import type { Logbook } from './logbook.ts';
import type { Person } from './people.ts';

export interface Change {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface Entry {
  readonly operation: string;
  readonly service:
    | 'Authentication Methods'
    | 'Core Directory'
    | 'Device Registration Service'
    | 'Self-service Password Management'
    | 'Azure MFA';
  readonly type?: 'Add' | 'Update' | 'Delete' | 'Assign' | 'ServiceApi';
  readonly result?: 'success' | 'failure';
  readonly reason?: string;
  /** A person, or the name of a service. */
  readonly actor: Person | string;
  readonly address?: string;
  readonly target: Person;
  readonly device?: { readonly id: string; readonly name: string };
  readonly changes?: readonly Change[];
  readonly details?: readonly { readonly key: string; readonly value: string }[];
  readonly correlation?: string;
}

const PREFIX: Readonly<Record<Entry['service'], string>> = {
  'Authentication Methods': 'IAMUX_',
  'Core Directory': 'Directory_',
  'Device Registration Service': '',
  'Self-service Password Management': 'SSGM_',
  'Azure MFA': 'MFA_',
};

/** One row of AuditLogs; returns its Id. Values of modifiedProperties are JSON inside a JSON string. */
export function audit(book: Logbook, at: number, entry: Entry): string {
  const { dice } = book;
  const correlation = entry.correlation ?? dice.guid();
  const id = `${PREFIX[entry.service]}${correlation}_${dice.text(5, 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789')}_${dice.whole(1e6, 9e8)}`;
  const { actor, target } = entry;
  const user = {
    id: target.id,
    displayName: dice.chance(0.5) ? target.name : null,
    type: 'User',
    userPrincipalName: target.upn,
    administrativeUnits: [],
    modifiedProperties: (entry.changes ?? []).map(({ name, before, after }) => ({
      displayName: name,
      oldValue: JSON.stringify(before),
      newValue: JSON.stringify(after),
    })),
  };
  const device =
    entry.device === undefined
      ? []
      : [{ id: entry.device.id, displayName: entry.device.name, type: 'Device', modifiedProperties: [], administrativeUnits: [] }];
  const reason = entry.reason ?? '';
  book.write(
    'AuditLogs',
    at,
    {
      ActivityDateTime: new Date(at).toISOString(),
      ActivityDisplayName: entry.operation,
      OperationName: entry.operation,
      OperationVersion: '1.0',
      AADOperationType: entry.type ?? 'Update',
      AADTenantId: book.tenantId,
      AdditionalDetails: entry.details ?? [],
      Category: entry.service === 'Device Registration Service' ? 'Device' : 'UserManagement',
      CorrelationId: correlation,
      DurationMs: 0,
      Id: id,
      Identity: typeof actor === 'string' ? actor : actor.name,
      InitiatedBy:
        typeof actor === 'string'
          ? { app: { appId: null, displayName: actor, servicePrincipalId: null, servicePrincipalName: null } }
          : { user: { id: actor.id, displayName: null, userPrincipalName: actor.upn, ipAddress: entry.address ?? '', roles: [] } },
      Level: '4',
      LoggedByService: entry.service,
      Resource: 'Microsoft.aadiam',
      ResourceId: `/tenants/${book.tenantId}/providers/Microsoft.aadiam`,
      Result: entry.result ?? 'success',
      ResultDescription: reason,
      ResultReason: reason,
      ResultSignature: 'None',
      ResultType: '',
      SourceSystem: 'Azure AD',
      TargetResources: [user, ...device],
    },
    ['TargetResources', 'InitiatedBy', 'AdditionalDetails'],
  );
  return id;
}
