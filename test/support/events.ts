import { Bool, Dictionary, Float64, Int32, Int64, RecordBatch, Table, Utf8, vectorFromArray } from 'apache-arrow';
import { ticksFromIso } from '../../src/core/ticks.ts';
import type { EgressTest } from '../../src/events/address-hashes.ts';
import { type AuditRow, type EventKind, eventColumns, type IdentityRow, type RiskRow, type SignInRow } from '../../src/events/contracts.ts';

/** An operator who vouches for nothing. */
export const noEgress: EgressTest = { hasAddresses: false, address: () => 0, location: () => 0 };

export type Row = Readonly<Record<string, string | number | bigint | boolean | null>>;

/** Ticks of an ISO time plus minutes. */
export function at(iso: string, minutes = 0): bigint {
  return ticksFromIso(iso)! + BigInt(Math.round(minutes * 60)) * 10_000_000n;
}

export const TENANT = '11111111-1111-4111-8111-111111111111';
let nextId = 0;

function id(): string {
  return `id-${String(++nextId).padStart(6, '0')}`;
}

/** A successful interactive sign-in of user `u` from the office on a managed laptop; `over` changes it. */
export function signIn(u: string, time: bigint, over: Partial<SignInRow> = {}): SignInRow {
  const own = id();
  return {
    EventTime: time,
    IngestedAt: over.EventTime ?? time,
    Id: own,
    CorrelationId: `c-${own}`,
    OriginalRequestId: own,
    UserId: u,
    UserPrincipalName: `${u}@contoso.example`,
    UserType: 'Member',
    TenantId: TENANT,
    IsInteractive: true,
    IPAddress: '198.51.100.10',
    Country: 'DE',
    City: 'Berlin',
    Latitude: 52.5,
    Longitude: 13.4,
    Asn: '3320',
    NamedLocation: '',
    DeviceId: `laptop-${u}`,
    DeviceName: `LAP-${u}`,
    DeviceTrust: 'managed',
    OperatingSystem: 'Windows 11',
    Browser: 'Edge',
    UserAgent: 'Mozilla/5.0',
    AppId: '4765445b-32c6-49b0-83e6-1d93765276ca',
    AppDisplayName: 'OfficeHome',
    ResourceDisplayName: 'OfficeHome',
    ClientAppUsed: 'Browser',
    Protocol: '',
    ResultType: '0',
    ResultDetail: '',
    Requirement: 'multiFactorAuthentication',
    Methods: 'Password; Mobile app notification',
    Answers: '',
    SessionId: `s-${own}`,
    RiskLevel: 'none',
    RiskState: 'none',
    ...over,
  };
}

/** What an attacker's sign-in differs in: another country, network and device. */
export const elsewhere: Partial<SignInRow> = {
  IPAddress: '203.0.113.66',
  Country: 'RU',
  City: 'Moscow',
  Latitude: 55.7,
  Longitude: 37.6,
  Asn: '9009',
  DeviceId: '',
  DeviceName: '',
  DeviceTrust: '',
  OperatingSystem: 'Linux',
  Browser: 'Firefox',
};

/** `u` registers an authenticator app from `ip`. */
export function registration(u: string, time: bigint, over: Partial<AuditRow> = {}): AuditRow {
  const own = id();
  return {
    EventTime: time,
    IngestedAt: over.EventTime ?? time,
    Id: own,
    CorrelationId: `c-${own}`,
    OperationName: 'User registered security info',
    Category: 'UserManagement',
    LoggedByService: 'Authentication Methods',
    Result: 'success',
    ResultReason: 'User registered Authenticator App with Notification and Code',
    OperationType: 'Add',
    TenantId: TENANT,
    TargetUserId: u,
    TargetUpn: `${u}@contoso.example`,
    ActorUserId: u,
    ActorUpn: `${u}@contoso.example`,
    ActorAppId: '',
    ActorAppName: '',
    ActorIp: '198.51.100.10',
    TargetDeviceId: '',
    TargetDeviceName: '',
    ModifiedProperties: '',
    AdditionalDetails: '',
    ...over,
  };
}

/** What a registration's record of the directory has otherwise: written in the name of the service, without an address. */
export const ofDirectory: Partial<AuditRow> = {
  OperationName: 'Update user',
  LoggedByService: 'Core Directory',
  OperationType: 'Update',
  ResultReason: '',
  ActorUserId: '',
  ActorUpn: '',
  ActorAppName: 'Azure MFA StrongAuthenticationService',
  ActorIp: '',
};

export type EventRow = SignInRow | AuditRow | RiskRow | IdentityRow;

/** Rows of one kind as an Arrow batch of the shape that a workspace's fetch gives. */
export function batchOf(kind: EventKind, rows: readonly EventRow[]): RecordBatch {
  const columns = Object.entries(eventColumns[kind]).map(([name, type]) => {
    const values = rows.map((row) => (row as unknown as Row)[name] ?? null);
    if (type === 'datetime') return [name, vectorFromArray(values as bigint[], new Int64())] as const;
    if (type === 'real') return [name, vectorFromArray(values as number[], new Float64())] as const;
    if (type === 'bool') return [name, vectorFromArray(values as boolean[], new Bool())] as const;
    return [name, vectorFromArray(values as string[], new Dictionary(new Utf8(), new Int32()))] as const;
  });
  const table = new Table(Object.fromEntries(columns));
  return table.batches[0] ?? new RecordBatch(table.schema);
}

export function kindOf(row: EventRow): EventKind {
  if ('OperationName' in row) return 'audit';
  if ('Department' in row) return 'identity';
  return 'ResultType' in row ? 'sign-in' : 'risk';
}
