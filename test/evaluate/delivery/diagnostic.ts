import type { Row } from './sign-in-rows.ts';

/** Names of a stream's record that differ from the workspace's column by more than the first letter. */
const NAMES: Readonly<Record<string, string>> = {
  IPAddress: 'ipAddress',
  LocationDetails: 'location',
  ConditionalAccessPolicies: 'appliedConditionalAccessPolicies',
  AADOperationType: 'operationType',
  AADTenantId: 'tenantId',
};
/** What the envelope says, and the body does not. */
const ENVELOPE = new Set([
  'TimeGenerated',
  'OperationName',
  'OperationVersion',
  'ResultType',
  'ResultSignature',
  'ResultDescription',
  'Identity',
  'Level',
  'Location',
  'DurationMs',
]);
/** Columns that hold JSON as text in a workspace, and JSON in a stream. */
const PARSED = new Set([
  'Status',
  'LocationDetails',
  'DeviceDetail',
  'MfaDetail',
  'ConditionalAccessPolicies',
  'NetworkLocationDetails',
  'AuthenticationDetails',
]);

const camel = (column: string) => NAMES[column] ?? column.charAt(0).toLowerCase() + column.slice(1);
const inside = (column: string, value: unknown) => {
  if (PARSED.has(column) && typeof value === 'string') return JSON.parse(value);
  return column === 'AutonomousSystemNumber' ? Number(value) : value;
};

/** A row as the record that a diagnostic setting sends; `table` is 'AuditLogs' or one of the sign-in tables. */
export function diagnosticRecord(row: Row, table: string): Row {
  const isAudit = table === 'AuditLogs';
  const properties: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(row)) {
    if (ENVELOPE.has(column) || (column === 'Category' && !isAudit)) continue;
    properties[camel(column)] = inside(column, value);
  }
  return {
    time: row['TimeGenerated'],
    resourceId: `/tenants/${row['AADTenantId']}/providers/Microsoft.aadiam`,
    operationName: row['OperationName'],
    operationVersion: '1.0',
    category: isAudit ? 'AuditLogs' : row['Category'],
    tenantId: row['AADTenantId'],
    ...(isAudit ? {} : { resultType: row['ResultType'], callerIpAddress: row['IPAddress'], location: row['Location'] }),
    resultSignature: 'None',
    resultDescription: row['ResultDescription'],
    durationMs: row['DurationMs'] ?? 0,
    correlationId: row['CorrelationId'],
    identity: row['Identity'],
    Level: 4,
    properties,
  };
}
