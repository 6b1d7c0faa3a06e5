import type { RowEvent } from '../events.ts';
import type { Tenant, User } from '../model.ts';
import type { Rng } from '../rng.ts';
import { timeText } from './time-text.ts';

export interface Change {
  readonly displayName: string;
  readonly oldValue: string | null;
  readonly newValue: string | null;
}

/** Who did it, as InitiatedBy has it. */
export type Initiator =
  | { readonly kind: 'user'; readonly user: User; readonly ip: string; readonly through?: string }
  | { readonly kind: 'app'; readonly name: string; readonly id: string };

export interface AuditSpec {
  readonly at: number;
  readonly activity: string;
  readonly service: string;
  readonly operationType: string;
  readonly category?: string;
  readonly reason?: string;
  readonly failed?: boolean;
  readonly by: Initiator;
  readonly target?: User;
  readonly targets?: readonly Record<string, unknown>[];
  readonly changes?: readonly Change[];
  readonly details?: readonly { readonly key: string; readonly value: string }[];
  readonly correlation: string;
}

/** How each service begins its record ids. */
const ID_PREFIX: Readonly<Record<string, string>> = {
  'Authentication Methods': 'IAMUX',
  'Core Directory': 'Directory',
  'Self-service Password Management': 'SSPR',
  'Azure MFA': 'AzureMFA',
  'Conditional Access': 'IPCGraph',
  'Invited Users': 'Invite',
};

function initiatedBy(by: Initiator): Record<string, unknown> {
  if (by.kind === 'app') return { app: { appId: null, displayName: by.name, servicePrincipalId: by.id, servicePrincipalName: null } };
  return { user: { id: by.user.id, displayName: by.through ?? null, userPrincipalName: by.user.upn, ipAddress: by.ip, roles: [] } };
}

/** One AuditLogs row in Log Analytics' shape, with its Id. */
export function auditEvent(tenant: Tenant, rng: Rng, spec: AuditSpec): { readonly event: RowEvent; readonly id: string } {
  const prefix = ID_PREFIX[spec.service];
  const id = prefix
    ? `${prefix}_${spec.correlation}_${rng.text(5, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')}_${rng.int(1_000_000, 449_999_999)}`
    : `${rng.guid()}_${rng.text(5, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')}_${rng.int(1_000_000, 449_999_999)}`;
  const at = timeText(spec.at, rng.word());
  const reason = spec.reason ?? '';
  const target = spec.target;
  const targets = spec.targets ?? [
    ...(target
      ? [
          {
            id: target.id,
            displayName: spec.service === 'Core Directory' ? null : target.displayName,
            type: 'User',
            userPrincipalName: target.upn,
            modifiedProperties: spec.changes ?? [],
            administrativeUnits: [],
          },
        ]
      : []),
  ];
  const row = {
    TimeGenerated: at,
    ActivityDateTime: at,
    ActivityDisplayName: spec.activity,
    OperationName: spec.activity,
    OperationVersion: '1.0',
    AADOperationType: spec.operationType,
    AADTenantId: tenant.id,
    AdditionalDetails: spec.details ?? [],
    Category: spec.category ?? 'UserManagement',
    CorrelationId: spec.correlation,
    DurationMs: 0,
    Id: id,
    Identity: spec.by.kind === 'app' ? spec.by.name : '',
    InitiatedBy: initiatedBy(spec.by),
    Level: '4',
    Location: '',
    LoggedByService: spec.service,
    Resource: 'Microsoft.aadiam',
    ResourceGroup: 'Microsoft.aadiam',
    ResourceId: `/tenants/${tenant.id}/providers/Microsoft.aadiam`,
    Result: spec.failed ? 'failure' : 'success',
    ResultDescription: reason,
    ResultReason: reason,
    ResultSignature: 'None',
    SourceSystem: 'Azure AD',
    TargetResources: targets,
    Type: 'AuditLogs',
  };
  return { id, event: { table: 'AuditLogs', at: spec.at, row } };
}
