import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { columnsOf, type EventKind } from '../../src/events/contracts.ts';
import { EmbeddedWorkspace } from '../../src/workspace/embedded/embedded-workspace.ts';
import { readStoredFunctions } from '../../src/workspace/embedded/stored-functions.ts';
import { type Bench, NOW, openBench, ticks } from '../workspace/embedded/support.ts';

// The first query loads Kusto's parser, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const KINDS: Readonly<Record<string, EventKind>> = {
  registrations: 'audit',
  signins: 'sign-in',
  'noninteractive-signins': 'sign-in',
  'risk-events': 'risk',
  identity: 'identity',
};
const kqlOf = (name: string) => readFileSync(path(`queries/${name}.kql`), 'utf8');

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** What the query yields for rows of the table as a file holds them, by Id. */
async function extracted(name: string, table: string, rows: readonly object[]): Promise<Map<string, Record<string, unknown>>> {
  await bench.import(bench.file(`${table}.${Math.random()}.ndjson`, lines(rows)));
  const found = new Map<string, Record<string, unknown>>();
  for await (const batch of bench.workspace.fetch({ name, kql: kqlOf(name), from: ticks('2026-01-01'), until: ticks('2026-12-31') })) {
    for (const row of batch) found.set(String(row['Id']), row.toJSON());
  }
  return found;
}

test.each(Object.entries(KINDS))('%s yields the columns of its contract', async (name, kind) => {
  const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);
  const columns = await bench.workspace.check({ kql: kqlOf(name), file: `queries/${name}.kql` });
  expect(columns.toSorted(byName)).toEqual(columnsOf(kind).toSorted(byName));
});

test.each(readdirSync(path('queries/enrichment')))('queries/enrichment/%s compiles', async (file) => {
  const columns = await bench.workspace.check({ kql: readFileSync(path(`queries/enrichment/${file}`), 'utf8'), file });
  expect(columns.map(({ name }) => name)).toEqual(expect.arrayContaining(['UserId', 'At', 'IngestedAt']));
});

test.each([
  ['FactorFindings()', 44],
  ['FactorFindingUsers()', 3],
  ['FactorRules()', 34],
  ['ASimAlertEventFactorwatch()', 57],
  ['UserTimeline("u", ago(1d), now())', 9],
  ['MethodChanges(ago(1d), now())', 10],
  ['SharedRegistrationSources(ago(1d), now())', 6],
])('the function in %s compiles and answers', async (call, columns) => {
  const functions = readStoredFunctions(path('queries/functions'));
  const workspace = await EmbeddedWorkspace.open({ path: ':memory:', clock: () => NOW, functions });
  const answer = await workspace.query({ kql: call });
  for await (const _ of answer.chunks);
  expect(answer.columns).toHaveLength(columns);
  await workspace.close();
});

describe('sign-ins', () => {
  const common = { UserId: 'AAAA-1', UserPrincipalName: 'ana@contoso.test', AADTenantId: 't', IPAddress: '198.51.100.7', ResultType: '0' };
  const device = {
    deviceId: 'd1',
    displayName: 'PC',
    operatingSystem: 'Windows 10',
    browser: 'Edge 81.0.416',
    isCompliant: false,
    isManaged: true,
    trustType: 'Azure AD joined',
  };
  const place = { city: 'Oslo', countryOrRegion: 'NO', geoCoordinates: { latitude: 59.9, longitude: 10.75 } };
  const steps = JSON.stringify([
    { authenticationMethod: 'Password', authenticationMethodDetail: 'Password in the cloud', succeeded: true },
    { authenticationMethod: 'Mobile app notification', authenticationMethodDetail: 'Old phone', succeeded: false },
    { authenticationMethod: 'Mobile app notification', authenticationMethodDetail: 'iPhone 15', succeeded: true },
  ]);
  const networks = JSON.stringify([
    { networkType: 'trustedNamedLocation', networkNames: ['HQ', 'Lab'] },
    { networkType: 'namedNetwork', networkNames: ['VPN'] },
  ]);
  const full = {
    ...common,
    TimeGenerated: '2026-03-01T10:00:00.1234567Z',
    Id: 'full',
    Location: 'NO',
    AuthenticationDetails: steps,
    NetworkLocationDetails: networks,
    AutonomousSystemNumber: '9009',
    RiskLevelDuringSignIn: 'low',
  };
  const expected = {
    EventTime: ticks('2026-03-01T10:00:00.1234567Z'),
    IngestedAt: ticks('2026-03-01T10:00:00.1234567Z'),
    UserId: 'aaaa-1',
    Country: 'NO',
    City: 'Oslo',
    Latitude: 59.9,
    Longitude: 10.75,
    Asn: '9009',
    NamedLocation: 'trusted:HQ; trusted:Lab; VPN',
    DeviceId: 'd1',
    DeviceTrust: 'managed',
    Browser: 'Edge',
    OperatingSystem: 'Windows 10',
    Methods: 'Password; Mobile app notification',
    Answers: 'Mobile app notification: iPhone 15',
    ResultType: '0',
    ResultDetail: 'MFA completed',
    RiskLevel: 'low',
    TenantId: 't',
  };

  test.each(['SigninLogs', 'AADNonInteractiveUserSignInLogs'])('of %s: ids and tenants, however they are written', async (table) => {
    const row = (Id: string, more: object) => ({ ...common, TimeGenerated: '2026-03-02T10:00:00Z', Id, AADTenantId: '', ...more });
    const away = { HomeTenantId: 'home', ResourceTenantId: 'resource' };
    const found = await extracted(table === 'SigninLogs' ? 'signins' : 'noninteractive-signins', table, [
      row('braces', { UserId: '{AAAA-1}', AADTenantId: 't' }),
      row('nobody', { UserId: '00000000-0000-0000-0000-000000000000' }),
      row('member', { ...away, UserType: 'Member' }),
      row('guest', { ...away, UserType: 'Guest' }),
      row('resource', { ResourceTenantId: 'resource' }),
      row('none', {}),
    ]);
    expect(found.get('braces')).toMatchObject({ UserId: 'aaaa-1', TenantId: 't' });
    expect(found.get('nobody')).toMatchObject({ UserId: '' });
    expect(found.get('member')).toMatchObject({ TenantId: 'home' });
    expect(found.get('guest')).toMatchObject({ TenantId: 'resource' });
    expect(found.get('resource')).toMatchObject({ TenantId: 'resource' });
    expect(found.get('none')).toMatchObject({ TenantId: '' });
  });

  test.each(['SigninLogs', 'AADNonInteractiveUserSignInLogs'])(
    'of %s: a claim in the token is no method that somebody gave',
    async (table) => {
      const step = (authenticationMethod: string, authenticationStepResultDetail: string) => ({
        authenticationMethod,
        authenticationMethodDetail: 'Yubikey',
        authenticationStepResultDetail,
        succeeded: true,
      });
      const row = (Id: string, ...steps: object[]) => ({
        ...common,
        TimeGenerated: '2026-03-03T10:00:00Z',
        Id,
        AuthenticationDetails: JSON.stringify(steps),
      });
      const second = 'MFA requirement satisfied by claim in the token';
      const found = await extracted(table === 'SigninLogs' ? 'signins' : 'noninteractive-signins', table, [
        row(
          'named',
          step('Previously satisfied', 'First factor requirement satisfied by claim in the token'),
          step('FIDO2 security key', second),
        ),
        row('given', step('Password', 'Correct password'), step('FIDO2 security key', 'MFA successfully completed')),
      ]);
      expect(found.get('named')).toMatchObject({ Methods: 'Previously satisfied; Previously satisfied', Answers: '' });
      expect(found.get('given')).toMatchObject({ Methods: 'Password; FIDO2 security key', Answers: 'FIDO2 security key: Yubikey' });
    },
  );

  test('of SigninLogs, where details are dynamic', async () => {
    const found = await extracted('signins', 'SigninLogs', [
      { ...full, DeviceDetail: device, LocationDetails: place, Status: { errorCode: 0, additionalDetails: 'MFA completed' } },
      // A failure of a federated user: no Location, no steps, an error number in Status only.
      {
        ...common,
        TimeGenerated: '2026-03-01T11:00:00Z',
        Id: 'bare',
        ResultType: '',
        AuthenticationDetails: '[]',
        NetworkLocationDetails: '[]',
        LocationDetails: { countryOrRegion: 'SE' },
        Status: { errorCode: 50126 },
        ResultDescription: 'Invalid username or password',
      },
      {
        ...common,
        TimeGenerated: '2026-03-01T12:00:00Z',
        Id: 'joined',
        DeviceDetail: { isManaged: 'false', trustType: 'Hybrid Azure AD joined', browser: '' },
      },
      {
        ...common,
        TimeGenerated: '2026-03-01T12:00:00Z',
        Id: 'registered',
        DeviceDetail: { trustType: 'Azure AD registered' },
        AuthenticationDetails: 'not JSON',
        NetworkLocationDetails: '',
      },
      // Graph's location, an object, where Log Analytics has the country's letters.
      { ...common, TimeGenerated: '2026-03-01T12:00:00Z', Id: 'graph', Location: place },
    ]);
    expect(found.get('graph')).toMatchObject({ Country: 'NO', City: 'Oslo', Latitude: 59.9, Longitude: 10.75 });
    expect(found.get('full')).toMatchObject({ ...expected, IsInteractive: true });
    expect(found.get('bare')).toMatchObject({
      Country: 'SE',
      Methods: '',
      Answers: '',
      NamedLocation: '',
      ResultType: '50126',
      ResultDetail: 'Invalid username or password',
      DeviceTrust: '',
      Latitude: null,
    });
    expect(found.get('joined')).toMatchObject({ DeviceTrust: 'joined', Country: '', Browser: '', Asn: '' });
    expect(found.get('registered')).toMatchObject({ DeviceTrust: 'registered', Methods: '', NamedLocation: '' });
  });

  test('of AADNonInteractiveUserSignInLogs, where the same are strings holding JSON', async () => {
    const found = await extracted('noninteractive-signins', 'AADNonInteractiveUserSignInLogs', [
      {
        ...full,
        DeviceDetail: JSON.stringify(device),
        LocationDetails: JSON.stringify(place),
        Status: JSON.stringify({ errorCode: 0, additionalDetails: 'MFA completed' }),
      },
      { ...common, TimeGenerated: '2026-03-01T11:00:00Z', Id: 'broken', DeviceDetail: '{', LocationDetails: '', Status: '' },
    ]);
    expect(found.get('full')).toMatchObject({ ...expected, IsInteractive: false });
    expect(found.get('broken')).toMatchObject({ DeviceTrust: '', Country: '', ResultType: '0' });
  });
});

describe('registrations', () => {
  const user = { id: 'BBBB-2', type: 'User', userPrincipalName: 'ben@contoso.test', modifiedProperties: [] };
  const row = (Id: string, more: object) => ({
    TimeGenerated: '2026-03-01T10:00:00Z',
    Id,
    CorrelationId: 'c',
    Result: 'Success',
    AADTenantId: 't',
    ...more,
  });

  test('take user and app as actor, the target of type User wherever it stands, and what the twin record changed', async () => {
    const found = await extracted('registrations', 'AuditLogs', [
      row('self', {
        OperationName: 'User registered security info',
        ResultReason: 'User registered Mobile Phone SMS',
        InitiatedBy: { user: { id: 'BBBB-2', userPrincipalName: 'ben@contoso.test', ipAddress: '203.0.113.9' } },
        TargetResources: [user],
        AdditionalDetails: [],
      }),
      row('twin', {
        OperationName: 'Update user',
        ResultReason: '',
        ResultDescription: 'from the description',
        AADOperationType: 'Update',
        InitiatedBy: { app: { appId: 'a1', displayName: 'Azure MFA StrongAuthenticationService' } },
        TargetResources: [
          { ...user, modifiedProperties: [{ displayName: 'StrongAuthenticationMethod', oldValue: '[]', newValue: '[{"MethodType":6}]' }] },
        ],
        AdditionalDetails: [{ key: 'UserType', value: 'Member' }],
      }),
      row('device', {
        OperationName: 'Add registered owner to device',
        InitiatedBy: { user: { id: 'x', ipAddress: null } },
        TargetResources: [{ id: 'dev', type: 'Device', displayName: 'DESKTOP-1', modifiedProperties: [] }, user],
      }),
      row('nobody', { OperationName: 'Update conditional access policy', InitiatedBy: {}, TargetResources: [] }),
      row('renamed', {
        OperationName: 'User enrolled security info',
        LoggedByService: 'Authentication Methods',
        Category: 'UserManagement',
        TargetResources: [{ ...user, id: '{BBBB-2}' }],
      }),
      row('policy', { OperationName: 'Create policy', LoggedByService: 'Authentication Methods', Category: 'PolicyManagement' }),
      row('lower', { OperationName: 'user started password reset', TargetResources: [user] }),
      row('key', { OperationName: 'Add Passkey (device-bound) security key', TargetResources: [user] }),
      row('noise', {
        OperationName: 'Update user',
        TargetResources: [{ ...user, modifiedProperties: [{ displayName: 'JobTitle', oldValue: '', newValue: '"x"' }] }],
      }),
      row('other', { OperationName: 'Add owner to application', TargetResources: [user] }),
      row('group', {
        OperationName: 'Add member to group',
        TargetResources: [
          { ...user, modifiedProperties: [{ displayName: 'Group.ObjectID', oldValue: null, newValue: '"cccc-3"' }] },
          { id: 'cccc-3', type: 'Group' },
        ],
      }),
    ]);
    expect([...found.keys()].sort()).toEqual(['device', 'group', 'key', 'lower', 'nobody', 'renamed', 'self', 'twin']);
    expect(found.get('renamed')).toMatchObject({ TargetUserId: 'bbbb-2' });
    expect(found.get('self')).toMatchObject({
      Result: 'success',
      TargetUserId: 'bbbb-2',
      TargetUpn: 'ben@contoso.test',
      ActorUserId: 'bbbb-2',
      ActorIp: '203.0.113.9',
      ResultReason: 'User registered Mobile Phone SMS',
      ModifiedProperties: '',
      AdditionalDetails: '',
    });
    expect(found.get('twin')).toMatchObject({
      ActorAppId: 'a1',
      ActorUserId: '',
      ActorIp: '',
      OperationType: 'Update',
      ResultReason: 'from the description',
    });
    expect(JSON.parse(String(found.get('twin')!['ModifiedProperties']))).toEqual([
      { displayName: 'StrongAuthenticationMethod', oldValue: '[]', newValue: '[{"MethodType":6}]' },
    ]);
    expect(JSON.parse(String(found.get('twin')!['AdditionalDetails']))).toEqual([{ key: 'UserType', value: 'Member' }]);
    expect(found.get('device')).toMatchObject({
      TargetUserId: 'bbbb-2',
      TargetDeviceId: 'dev',
      TargetDeviceName: 'DESKTOP-1',
      ActorIp: '',
    });
    expect(found.get('nobody')).toMatchObject({ TargetUserId: '', ActorUserId: '' });
    expect(found.get('group')).toMatchObject({ TargetUserId: 'bbbb-2' });
    expect(String(found.get('group')!['ModifiedProperties'])).toContain('Group.ObjectID');
  });
});

test('a risk detection happened when its activity did, not when it was logged', async () => {
  const found = await extracted('risk-events', 'AADUserRiskEvents', [
    {
      TimeGenerated: '2026-03-02T10:00:00Z',
      ActivityDateTime: '2026-03-01T08:00:00Z',
      Id: 'offline',
      UserId: 'CCCC',
      RiskEventType: 'anonymizedIPAddress',
      RiskLevel: 'high',
      RequestId: 'r',
      TenantId: 'workspace',
      IpAddress: '203.0.113.9',
      DetectionTimingType: 'offline',
    },
    { TimeGenerated: '2026-03-02T10:00:00Z', Id: 'undated', UserId: 'CCCC' },
  ]);
  expect(found.get('offline')).toMatchObject({
    EventTime: ticks('2026-03-01T08:00:00Z'),
    IngestedAt: ticks('2026-03-02T10:00:00Z'),
    UserId: 'cccc',
    TenantId: '',
    IPAddress: '203.0.113.9',
    DetectionTiming: 'offline',
    RequestId: 'r',
  });
  expect(found.get('undated')).toMatchObject({ EventTime: ticks('2026-03-02T10:00:00Z') });
});

const REAL = new URL('../../../shared/real-logs/SigninLogs.loganalytics.ndjson', import.meta.url);
test.skipIf(!existsSync(REAL))('every recorded sign-in comes through, its fields as recorded (skips without ../shared)', async () => {
  const recorded = readFileSync(REAL, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, never>);
  const own = await openBench();
  await own.import(fileURLToPath(REAL));
  const found: Record<string, unknown>[] = [];
  for await (const batch of own.workspace.fetch({
    name: 'signins',
    kql: kqlOf('signins'),
    from: ticks('2000-01-01'),
    until: ticks('2030-01-01'),
  })) {
    for (const row of batch) found.push(row.toJSON());
  }
  await own.close();
  const facts = (id: unknown, user: unknown, ip: unknown, result: unknown, device: unknown, country: unknown) =>
    [id, user, ip, result, device, country].map(String).join('|');
  const wanted = new Set(
    recorded.map((row) =>
      facts(
        row['Id'],
        String(row['UserId']).toLowerCase(),
        row['IPAddress'],
        row['ResultType'],
        row['DeviceDetail']?.['deviceId'] ?? '',
        row['Location'],
      ),
    ),
  );
  expect(
    new Set(found.map((row) => facts(row['Id'], row['UserId'], row['IPAddress'], row['ResultType'], row['DeviceId'], row['Country']))),
  ).toEqual(wanted);
});
