import type { ColumnTypes } from '../table-spec.ts';

/** Risk state of users. */
export const AAD_RISKY_USERS = {
  _BilledSize: 'real',
  CorrelationId: 'string',
  Id: 'string',
  _IsBillable: 'string',
  IsDeleted: 'bool',
  IsProcessing: 'bool',
  OperationName: 'string',
  RiskDetail: 'string',
  RiskLastUpdatedDateTime: 'datetime',
  RiskLevel: 'string',
  RiskState: 'string',
  SourceSystem: 'string',
  TenantId: 'string',
  TimeGenerated: 'datetime',
  Type: 'string',
  UserDisplayName: 'string',
  UserPrincipalName: 'string',
} as const satisfies ColumnTypes;
