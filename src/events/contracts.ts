import type { KqlColumn, KqlType } from '../core/kql-types.ts';

/** The kinds of events that detectors see. Each extraction query yields rows of one kind. */
export type EventKind = 'sign-in' | 'audit' | 'risk' | 'identity';

const columns = <const T extends Readonly<Record<string, KqlType>>>(spec: T): { readonly [K in keyof T]: T[K] } => spec;

/** Columns that every event has: when it happened, when the workspace took it in, and the record's own Id. */
const common = { EventTime: 'datetime', IngestedAt: 'datetime', Id: 'string', CorrelationId: 'string' } as const;

/** One row of a sign-in log, interactive or not. A sign-in is several rows when it was interrupted: they share OriginalRequestId. */
export const signInColumns = columns({
  ...common,
  OriginalRequestId: 'string',
  /** Entra object id, lower case. */
  UserId: 'string',
  UserPrincipalName: 'string',
  /** Member | Guest | '' */
  UserType: 'string',
  /** Tenant the row belongs to (AADTenantId). */
  TenantId: 'string',
  IsInteractive: 'bool',
  IPAddress: 'string',
  /** ISO 3166 alpha-2; '' when the service left Location empty. */
  Country: 'string',
  City: 'string',
  Latitude: 'real',
  Longitude: 'real',
  /** Digits only; '' when unknown. */
  Asn: 'string',
  /** Names of matching named locations, joined by '; '; 'trusted:' before a trusted one. */
  NamedLocation: 'string',
  DeviceId: 'string',
  DeviceName: 'string',
  /** managed (compliant or managed) | joined (trust type only) | registered | '' */
  DeviceTrust: 'string',
  OperatingSystem: 'string',
  /** Browser family without version. */
  Browser: 'string',
  UserAgent: 'string',
  AppId: 'string',
  AppDisplayName: 'string',
  ResourceDisplayName: 'string',
  ClientAppUsed: 'string',
  /** AuthenticationProtocol: deviceCode, ropc, ... */
  Protocol: 'string',
  /** Error number as text; '0' = success. */
  ResultType: 'string',
  /** Status.additionalDetails or ResultDescription: tells denied from timed out prompts. */
  ResultDetail: 'string',
  /** singleFactorAuthentication | multiFactorAuthentication */
  Requirement: 'string',
  /** Methods that succeeded in this row, joined by '; ' ('Password; Mobile app notification'). */
  Methods: 'string',
  /** The same without passwords and claims, each with what the log shows of it ('Mobile app notification: iPhone 15'); '' where it shows nothing. */
  Answers: 'string',
  SessionId: 'string',
  /** RiskLevelDuringSignIn: none, low, medium, high, hidden, ''. */
  RiskLevel: 'string',
  RiskState: 'string',
});

/** One AuditLogs row about security info, devices, password, Conditional Access policy or admin action on a user. */
export const auditColumns = columns({
  ...common,
  OperationName: 'string',
  Category: 'string',
  LoggedByService: 'string',
  /** success | failure, lower case */
  Result: 'string',
  ResultReason: 'string',
  /** AADOperationType: ServiceApi rows show an address of the service, not of a person. */
  OperationType: 'string',
  TenantId: 'string',
  TargetUserId: 'string',
  TargetUpn: 'string',
  ActorUserId: 'string',
  ActorUpn: 'string',
  ActorAppId: 'string',
  ActorAppName: 'string',
  ActorIp: 'string',
  TargetDeviceId: 'string',
  TargetDeviceName: 'string',
  /** JSON array of {name, oldValue, newValue} as logged, '' when none; values are JSON inside a JSON string. */
  ModifiedProperties: 'string',
  /** JSON array of {key, value} as logged, '' when none. */
  AdditionalDetails: 'string',
});

/** One row of AADUserRiskEvents. */
export const riskColumns = columns({
  ...common,
  UserId: 'string',
  UserPrincipalName: 'string',
  TenantId: 'string',
  RiskEventType: 'string',
  RiskLevel: 'string',
  RiskState: 'string',
  DetectionTiming: 'string',
  IPAddress: 'string',
  /** Request id of the sign-in that it was raised for. */
  RequestId: 'string',
});

/** One row of IdentityInfo: what UEBA knew of an account at a time. It has no Id of its own. */
export const identityColumns = columns({
  ...common,
  UserId: 'string',
  UserPrincipalName: 'string',
  TenantId: 'string',
  /** Member | Guest | '' */
  UserType: 'string',
  Department: 'string',
  CreatedAt: 'datetime',
  /** JSON array of the names of directory roles, '' when none. */
  Roles: 'string',
  IsServiceAccount: 'bool',
});

export const eventColumns = { 'sign-in': signInColumns, audit: auditColumns, risk: riskColumns, identity: identityColumns } as const;

type ValueOf = { bool: boolean | null; real: number | null; string: string; datetime: bigint };
type RowOf<T> = { -readonly [K in keyof T]: T[K] extends keyof ValueOf ? ValueOf[T[K]] : never };
export type SignInRow = RowOf<typeof signInColumns>;
export type AuditRow = RowOf<typeof auditColumns>;
export type RiskRow = RowOf<typeof riskColumns>;
export type IdentityRow = Omit<RowOf<typeof identityColumns>, 'CreatedAt'> & { CreatedAt: bigint | null };

export function columnsOf(kind: EventKind): readonly KqlColumn[] {
  return Object.entries(eventColumns[kind]).map(([name, type]) => ({ name, type }));
}
