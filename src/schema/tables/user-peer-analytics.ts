import type { ColumnTypes } from '../table-spec.ts';

/** Peers of users, as UEBA ranks them. */
export const USER_PEER_ANALYTICS = {
  AADTenantId: 'string',
  _BilledSize: 'real',
  _IsBillable: 'string',
  PeerUserId: 'string',
  PeerUserName: 'string',
  PeerUserPrincipalName: 'string',
  Rank: 'int',
  _ResourceId: 'string',
  SourceSystem: 'string',
  _SubscriptionId: 'string',
  TenantId: 'string',
  TimeGenerated: 'datetime',
  Type: 'string',
  UserId: 'string',
  UserName: 'string',
  UserPrincipalName: 'string',
} as const satisfies ColumnTypes;
