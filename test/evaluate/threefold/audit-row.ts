import type { Person } from './people.ts';
import type { World } from './world.ts';

type Named = Pick<Person, 'id' | 'upn' | 'name'>;

/** Changes in the directory: the service that writes each, its kind, and the first part of its Id. */
const OPERATIONS = {
  'User started security info registration': ['Authentication Methods', 'UserManagement', 'Add', 'IAMUX'],
  'User registered security info': ['Authentication Methods', 'UserManagement', 'Add', 'IAMUX'],
  'User registered all required security info': ['Authentication Methods', 'UserManagement', 'Add', 'IAMUX'],
  'User canceled security info registration': ['Authentication Methods', 'UserManagement', 'Add', 'IAMUX'],
  'User deleted security info': ['Authentication Methods', 'UserManagement', 'Delete', 'IAMUX'],
  'User changed default security info': ['Authentication Methods', 'UserManagement', 'Update', 'IAMUX'],
  'User reviewed security info': ['Authentication Methods', 'UserManagement', 'Update', 'IAMUX'],
  'Admin registered security info': ['Authentication Methods', 'UserManagement', 'Add', 'IAMUX'],
  'Admin deleted security info': ['Authentication Methods', 'UserManagement', 'Delete', 'IAMUX'],
  'Update user': ['Core Directory', 'UserManagement', 'Update', 'Directory'],
  'Add user': ['Core Directory', 'UserManagement', 'Add', 'Directory'],
  'Disable account': ['Core Directory', 'UserManagement', 'Update', 'Directory'],
  'Enable account': ['Core Directory', 'UserManagement', 'Update', 'Directory'],
  'Invite external user': ['Invited Users', 'UserManagement', 'Add', 'Invite'],
  'Reset password (by admin)': ['Self-service Password Management', 'UserManagement', 'Update', 'SSPR'],
  'Reset user password': ['Core Directory', 'UserManagement', 'Update', 'Directory'],
  'Reset password (self-service)': ['Self-service Password Management', 'UserManagement', 'Update', 'SSPR'],
  'Change password (self-service)': ['Self-service Password Management', 'UserManagement', 'Update', 'SSPR'],
  'Self-service password reset flow activity progress': ['Self-service Password Management', 'UserManagement', 'Update', 'SSPR'],
  'Update StsRefreshTokenValidFrom Timestamp': ['Core Directory', 'UserManagement', 'Update', 'Directory'],
  'Register device': ['Device Registration Service', 'Device', 'Add', 'DRS'],
  'Add Passkey (device-bound)': ['Device Registration Service', 'Device', 'Add', 'DRS'],
} as const;
export type Operation = keyof typeof OPERATIONS;

export interface AuditEvent {
  readonly operation: Operation;
  readonly time: number;
  /** Undefined where a service did it. */
  readonly actor: Named | undefined;
  readonly target: Named;
  readonly ip: string;
  readonly reason?: string;
  readonly correlationId: string;
  readonly failed?: boolean;
  readonly changed?: readonly (readonly [string, string])[];
  readonly details?: readonly (readonly [string, string])[];
  /** A phone's app spoke, not a browser. */
  readonly byService?: boolean;
}

/** A Microsoft address, which stands where an app on a phone registers itself. */
const SERVICE_IP = '20.190.160.17';

/** Writes one change down and gives its Id. */
export function writeAudit(world: World, event: AuditEvent): string {
  const { operation, time, actor, target, correlationId, reason = '', failed = false, byService = false } = event;
  const { dice, book, tenantId } = world;
  const [service, category, type, prefix] = OPERATIONS[operation];
  const id = `${prefix}_${correlationId}_${dice.token(5).toUpperCase()}_${dice.int(1_000_000, 99_999_999)}`;
  const ipAddress = byService ? SERVICE_IP : dice.chance(0.02) ? '' : event.ip;
  const initiator =
    actor === undefined
      ? { app: { displayName: 'Azure MFA StrongAuthenticationService', appId: null, servicePrincipalId: null } }
      : { user: { id: actor.id, displayName: null, userPrincipalName: actor.upn, ipAddress, roles: [] } };
  const modifiedProperties = (event.changed ?? []).map(([displayName, newValue]) => ({ displayName, oldValue: '[]', newValue }));
  const written = book.add('AuditLogs', time, {
    ActivityDateTime: new Date(time).toISOString(),
    AADTenantId: tenantId,
    Resource: 'Microsoft.aadiam',
    ResourceId: `/tenants/${tenantId}/providers/Microsoft.aadiam`,
    OperationName: operation,
    OperationVersion: '1.0',
    ActivityDisplayName: operation,
    Category: category,
    LoggedByService: service,
    AADOperationType: byService ? 'ServiceApi' : type,
    Result: failed ? 'failure' : 'success',
    ResultReason: reason,
    ResultDescription: reason,
    ResultType: '',
    ResultSignature: 'None',
    Level: '4',
    Id: id,
    CorrelationId: correlationId,
    Identity: '',
    InitiatedBy: initiator,
    TargetResources: [
      { id: target.id, displayName: target.name, type: 'User', userPrincipalName: target.upn, modifiedProperties, administrativeUnits: [] },
    ],
    AdditionalDetails: (event.details ?? []).map(([key, value]) => ({ key, value })),
  });
  if (!written) throw new Error(`${operation} of ${target.upn} lies outside the logs: ${new Date(time).toISOString()}`);
  return id;
}
