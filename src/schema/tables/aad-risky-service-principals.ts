import type { ColumnTypes } from '../table-spec.ts';

/** Risk state of service principals. */
export const AAD_RISKY_SERVICE_PRINCIPALS = {
  AccountEnabled: 'bool',
  AppId: 'string',
  _BilledSize: 'real',
  CorrelationId: 'string',
  DisplayName: 'string',
  Id: 'string',
  _IsBillable: 'string',
  IsProcessing: 'bool',
  OperationName: 'string',
  RiskDetail: 'string',
  RiskLastUpdatedDateTime: 'datetime',
  RiskLevel: 'string',
  RiskState: 'string',
  ServicePrincipalType: 'string',
  SourceSystem: 'string',
  TenantId: 'string',
  TimeGenerated: 'datetime',
  Type: 'string',
} as const satisfies ColumnTypes;
