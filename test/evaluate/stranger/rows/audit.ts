import type { Person } from '../people.ts';
import { stamp } from '../time.ts';
import type { Row, World } from '../world.ts';

export interface Change {
  readonly displayName: string;
  readonly oldValue: string | null;
  readonly newValue: string | null;
}

export interface AuditFacts {
  readonly at: number;
  readonly operation: string;
  readonly service:
    | 'Authentication Methods'
    | 'Core Directory'
    | 'Device Registration Service'
    | 'Self-service Password Management'
    | 'Azure MFA';
  readonly category?: string;
  readonly type: 'Add' | 'Update' | 'Delete' | 'Assign' | 'ServiceApi' | 'Other';
  readonly reason?: string;
  readonly failed?: boolean;
  /** Who did it: a person from an address, or a service. */
  readonly actor: { readonly person: Person; readonly ip: string } | { readonly app: string; readonly appId?: string };
  readonly target: Person | { readonly device: string; readonly deviceName: string };
  readonly changes?: readonly Change[];
  readonly additional?: readonly { readonly key: string; readonly value: string }[];
  readonly correlation: string;
}

/** A row of AuditLogs; returns its Id. Country, device and user agent are not in such rows. */
export function auditRow(world: World, facts: AuditFacts): string {
  const prefix =
    facts.service === 'Core Directory' || facts.service === 'Device Registration Service'
      ? 'Directory'
      : facts.service === 'Self-service Password Management'
        ? 'SSPR'
        : 'IAMUX';
  const id = `${prefix}_${facts.correlation}_${world.random.letters(5)}_${world.nextSerial()}`;
  const initiated: Row =
    'app' in facts.actor
      ? { app: { appId: facts.actor.appId ?? null, displayName: facts.actor.app, servicePrincipalId: null, servicePrincipalName: null } }
      : {
          user: {
            id: facts.actor.person.id,
            displayName: null,
            userPrincipalName: facts.actor.person.upn,
            ipAddress: facts.actor.ip,
            roles: [],
          },
        };
  const modified = facts.changes ?? [];
  const target: Row =
    'device' in facts.target
      ? {
          id: facts.target.device,
          displayName: facts.target.deviceName,
          type: 'Device',
          modifiedProperties: modified,
          administrativeUnits: [],
        }
      : {
          id: facts.target.id,
          displayName: facts.service === 'Core Directory' ? null : facts.target.name,
          type: 'User',
          userPrincipalName: facts.target.upn,
          modifiedProperties: modified,
          administrativeUnits: [],
        };
  world.emit('AuditLogs', {
    TimeGenerated: stamp(facts.at),
    ActivityDateTime: stamp(facts.at),
    TenantId: world.workspaceId,
    AADTenantId: world.tenantId,
    SourceSystem: 'Azure AD',
    OperationName: facts.operation,
    ActivityDisplayName: facts.operation,
    OperationVersion: '1.0',
    Category: facts.category ?? 'UserManagement',
    LoggedByService: facts.service,
    AADOperationType: facts.type,
    Result: facts.failed ? 'failure' : 'success',
    ResultReason: facts.reason ?? '',
    ResultDescription: facts.reason ?? '',
    ResultType: '',
    Id: id,
    CorrelationId: facts.correlation,
    Identity: 'app' in facts.actor ? facts.actor.app : '',
    InitiatedBy: initiated,
    TargetResources: [target],
    AdditionalDetails: facts.additional ?? [],
    Level: '4',
    Resource: 'Microsoft.aadiam',
    Type: 'AuditLogs',
  });
  return id;
}
