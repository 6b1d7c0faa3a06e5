import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, openBench } from '../support.ts';

/**
 * Downloads of the portals as people have them. Headings of the sign-in CSV with its blanks, doubled blanks and the one that comes twice, and of the audit
 * CSV, as tools that read such files list them.
 */
let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

const csv = (...rows: readonly (readonly string[])[]) =>
  `\ufeff${rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\r\n')}\r\n`;

const SIGN_IN =
  'Date (UTC),Request ID,User agent,Correlation ID,User ID,User,Username,User type,Cross tenant access type,Incoming token type,Authentication Protocol,Unique token identifier,Original transfer method,Client credential type,Token Protection - Sign In Session,Token Protection - Sign In Session StatusCode,Application,Application ID ,App owner tenant ID,Resource,Resource ID ,Resource tenant ID,Resource owner tenant ID,Home tenant ID,Home tenant name,IP address,Location,Status,Sign-in error code,Failure reason,Client app,Device ID,Browser,Operating System,Compliant,Managed,Join Type,Multifactor authentication result,Multifactor authentication auth method,Multifactor authentication auth detail,Authentication requirement,Sign-in identifier,Session ID,IP address (seen by resource),Through Global Secure Access,Global Secure Access IP address,Autonomous system  number,Flagged for review,Token issuer type,Incoming token type,Token issuer name,Latency,Conditional Access,Managed Identity type,Associated Resource Id,Federated Token Id,Federated Token Issuer'.split(
    ',',
  );
const signIn = (cells: Readonly<Record<string, string>>) => SIGN_IN.map((heading) => cells[heading] ?? '');
const ANN = {
  'Date (UTC)': '2026-04-28T14:08:45Z',
  'Request ID': 'req-1',
  'User agent': 'Mozilla/5.0',
  'Correlation ID': 'corr-1',
  'User ID': 'u1',
  User: 'Ann Bee',
  Username: 'ann@contoso.com',
  'User type': 'Member',
  Application: 'Office 365',
  'Application ID ': 'app-1',
  'Resource ID ': 'res-1',
  'IP address': '203.0.113.9',
  Location: 'Oslo, Oslo, NO',
  Status: 'Failure',
  'Sign-in error code': '50074',
  'Failure reason': 'Strong Authentication is required.',
  'Client app': 'Browser',
  'Device ID': 'dev-1',
  Browser: 'Edge 120',
  'Operating System': 'Windows10',
  Compliant: 'Yes',
  Managed: 'No',
  'Join Type': 'Azure AD joined',
  'Authentication requirement': 'Multifactor authentication',
  'Session ID': 'sess-1',
  'Autonomous system  number': '64496',
  'Conditional Access': 'Not Applied',
  Latency: '120',
};

const COLUMNS =
  'TimeGenerated, Id, UserPrincipalName, UserId, IPAddress, ResultType, Location, City = tostring(LocationDetails.city), AppId, AutonomousSystemNumber, SessionId, tostring(DeviceDetail.isCompliant), tostring(DeviceDetail.trustType), AuthenticationRequirement, ConditionalAccessStatus, tostring(Status.failureReason), Type';

test.each([
  ['InteractiveSignIns_2026-04-21_2026-04-28.csv', 'SigninLogs'],
  ['NonInteractiveSignIns_2026-04-21_2026-04-28.csv', 'AADNonInteractiveUserSignInLogs'],
])('sign-ins: %s', async (name, table) => {
  const file = bench.file(
    name,
    csv(SIGN_IN, signIn(ANN), signIn({ ...ANN, 'Request ID': 'req-2', Status: 'Success', 'Sign-in error code': 'None' })),
  );
  const result = await bench.import(file);
  expect(result).toMatchObject({ rows: 2, rejected: 0, byTable: { [table]: 2 }, unknownColumns: { Latency: 2 } });
  const columns =
    table === 'SigninLogs'
      ? COLUMNS
      : COLUMNS.replace('LocationDetails', 'parse_json(LocationDetails)')
          .replaceAll('DeviceDetail', 'parse_json(DeviceDetail)')
          .replace('Status.', 'parse_json(Status).');
  const [first, second] = await bench.rows(`${table} | order by Id asc | project ${columns}`);
  expect(first!.slice(1)).toEqual([
    'req-1',
    'ann@contoso.com',
    'u1',
    '203.0.113.9',
    '50074',
    'NO',
    'Oslo',
    'app-1',
    expect.anything(),
    'sess-1',
    'true',
    'Azure AD joined',
    'multiFactorAuthentication',
    'notApplied',
    'Strong Authentication is required.',
    table,
  ]);
  expect(String(first![9])).toBe('64496');
  expect(await bench.rows(`${table} | where TimeGenerated == datetime(2026-04-28T14:08:45Z) | count`)).toEqual([[2n]]);
  expect(second![5]).toBe('0');
});

test('sign-ins under a name that does not tell which: the table has to be named', async () => {
  const file = bench.file('export.csv', csv(SIGN_IN, signIn(ANN)));
  await expect(bench.import(file)).rejects.toMatchObject({ exitCode: 65, hint: 'name the table with --table' });
  expect(await bench.import(file, { table: 'SigninLogs' })).toMatchObject({ rows: 1, byTable: { SigninLogs: 1 } });
});

test('a sign-in that failed without saying how is set aside with the reason', async () => {
  const file = bench.file('InteractiveSignIns_x.csv', csv(SIGN_IN, signIn(ANN), signIn({ ...ANN, 'Sign-in error code': '' })));
  expect(await bench.import(file)).toMatchObject({ rows: 1, rejected: 1 });
  expect(bench.rejects()).toMatchObject([{ line: 3, reason: 'Status is "Failure" and there is no "Sign-in error code"' }]);
});

const AUDIT = [
  ...'Date (UTC),CorrelationId,Service,Category,Activity,Result,ResultReason,User Agent,ActorType,ActorDisplayName,ActorObjectId,ActorUserPrincipalName,IPAddress,ActorHomeTenantId,ActorHomeTenantName,ActorServicePrincipalId,ActorServicePrincipalName'.split(
    ',',
  ),
  ...[1, 2, 3].flatMap((t) => [
    ...['Type', 'DisplayName', 'ObjectId', 'UserPrincipalName'].map((name) => `Target${t}${name}`),
    ...[1, 2, 3, 4, 5].flatMap((p) => ['Name', 'OldValue', 'NewValue'].map((name) => `Target${t}ModifiedProperty${p}${name}`)),
  ]),
  ...[1, 2, 3, 4, 5, 6].flatMap((d) => [`AdditionalDetail${d}Key`, `AdditionalDetail${d}Value`]),
];
const audit = (cells: Readonly<Record<string, string>>) => AUDIT.map((heading) => cells[heading] ?? '');
const REGISTERED = {
  'Date (UTC)': '2026-04-28T14:12:00.1234567Z',
  CorrelationId: 'corr-9',
  Service: 'Authentication Methods',
  Category: 'UserManagement',
  Activity: 'User registered security info',
  Result: 'success',
  ResultReason: 'User registered Mobile Phone SMS',
  'User Agent': 'curl/8',
  ActorType: 'User',
  ActorObjectId: 'u1',
  ActorUserPrincipalName: 'ann@contoso.com',
  IPAddress: '203.0.113.9',
  Target1Type: 'User',
  Target1ObjectId: 'u1',
  Target1UserPrincipalName: 'ann@contoso.com',
  Target1ModifiedProperty1Name: 'StrongAuthenticationMethod',
  Target1ModifiedProperty1OldValue: '[]',
  Target1ModifiedProperty1NewValue: '[{"MethodType":0,"Default":true}]',
  Target2Type: 'Device',
  Target2ObjectId: 'd1',
  AdditionalDetail1Key: 'id',
  AdditionalDetail1Value: '42',
};

describe('the audit log', () => {
  test('says what the Graph object says', async () => {
    const byApp = {
      ...REGISTERED,
      ActorType: 'Application',
      ActorObjectId: '',
      ActorUserPrincipalName: '',
      ActorDisplayName: 'Provisioning',
      ActorServicePrincipalId: 'sp1',
    };
    const file = bench.file('AuditLogs_2026-04-21_2026-04-28.csv', csv(AUDIT, audit(REGISTERED), audit(byApp)));
    expect(await bench.import(file)).toMatchObject({ rows: 2, rejected: 0, byTable: { AuditLogs: 2 }, unknownColumns: {} });
    const rows = await bench.rows(
      `AuditLogs | extend User = tostring(InitiatedBy.user.id) | order by User desc
       | project OperationName, Result, ResultReason, LoggedByService, CorrelationId, User, tostring(InitiatedBy.user.ipAddress), tostring(InitiatedBy.app.displayName),
         tostring(TargetResources[0].userPrincipalName), tostring(TargetResources[0].modifiedProperties[0].newValue), tostring(TargetResources[1].id), tostring(AdditionalDetails)`,
    );
    const common = ['User registered security info', 'success', 'User registered Mobile Phone SMS', 'Authentication Methods', 'corr-9'];
    const targets = ['ann@contoso.com', '[{"MethodType":0,"Default":true}]', 'd1'];
    const details = '[{"key":"id","value":"42"},{"key":"User-Agent","value":"curl/8"}]';
    expect(rows).toEqual([
      [...common, 'u1', '203.0.113.9', '', ...targets, details],
      [...common, '', '', 'Provisioning', ...targets, details],
    ]);
    expect(
      await bench.rows('AuditLogs | where TimeGenerated == datetime(2026-04-28T14:12:00.1234567Z) and isnotempty(Id) | count'),
    ).toEqual([[2n]]);
  });

  test('imported twice, or twice in a file, is there once: it has no id of its own', async () => {
    const other = audit({ ...REGISTERED, CorrelationId: 'corr-10' });
    const file = bench.file('audit-of-april.csv', csv(AUDIT, audit(REGISTERED), audit(REGISTERED), other));
    expect(await bench.import(file)).toMatchObject({ rows: 2, duplicates: 1 });
    const again = bench.file('again.csv', csv(AUDIT, other));
    expect(await bench.import(again)).toMatchObject({ rows: 0, duplicates: 1 });
  });
});

test('JSON downloads are told by their names', async () => {
  const record = { id: 'r1', createdDateTime: '2026-04-28T14:08:45Z', userPrincipalName: 'ann@contoso.com', status: { errorCode: 0 } };
  bench.file('InteractiveSignIns_2026-04-28.json', JSON.stringify([record], null, 2));
  bench.file('NonInteractiveSignIns_2026-04-28.json', JSON.stringify([{ ...record, id: 'r2' }], null, 2));
  bench.file(
    'AuditLogs_2026-04-28.json',
    JSON.stringify([{ id: 'a1', activityDateTime: '2026-04-28T14:08:45Z', activityDisplayName: 'Add user' }]),
  );
  expect((await bench.import(bench.folder)).byTable).toEqual({ SigninLogs: 1, AADNonInteractiveUserSignInLogs: 1, AuditLogs: 1 });
});

describe('times of a zone that is not told', () => {
  test.each([
    ['SigninLogs.csv', 'TimeGenerated [Local Time]'],
    ['SigninLogs.csv', 'TimeGenerated [Central European Time]'],
    ['InteractiveSignIns_1.csv', 'Date (local)'],
  ])('%s with "%s" is refused with what to do', async (name, heading) => {
    const file = bench.file(name, csv([heading, 'Id', 'UserPrincipalName'], ['4/28/2026, 2:08:45.221 PM', 'r1', 'ann@contoso.com']));
    await expect(bench.import(file)).rejects.toMatchObject({
      code: 'nothing-usable',
      message: expect.stringContaining(`the times of "${heading}" are of a zone that is not told`),
    });
    expect(bench.rejects()).toEqual([]);
  });

  test('[UTC] is told', async () => {
    const file = bench.file('SigninLogs.csv', csv(['TimeGenerated [UTC]', 'Id', 'Tags [old]'], ['4/28/2026, 2:08:45.221 PM', 'r1', 'x']));
    expect(await bench.import(file)).toMatchObject({ rows: 1, unknownColumns: { 'Tags [old]': 1 } });
    expect(await bench.rows('SigninLogs | where TimeGenerated == datetime(2026-04-28T14:08:45.221Z) | count')).toEqual([[1n]]);
  });
});
