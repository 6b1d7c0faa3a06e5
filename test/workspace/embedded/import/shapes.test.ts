import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, line, openBench, ticks } from '../support.ts';
import { signIn, TIME } from './rows.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

describe('shapes', () => {
  const properties = {
    id: 'req-1',
    createdDateTime: '2026-04-01T10:00:00.5Z',
    userPrincipalName: 'ann@contoso.com',
    userId: 'u1',
    ipAddress: '203.0.113.9',
    status: { errorCode: 50074, additionalDetails: 'MFA required' },
    location: { city: 'Oslo', countryOrRegion: 'NO', geoCoordinates: { latitude: 59.9, longitude: 10.7 } },
    authenticationDetails: [{ authenticationMethod: 'Password', succeeded: true }],
    autonomousSystemNumber: 64496,
    resourceId: '00000003-0000-0000-c000-000000000000',
  };
  const diagnostic = {
    time: '2026-04-01T10:00:00.7Z',
    resourceId: '/tenants/t1/providers/Microsoft.aadiam',
    operationName: 'Sign-in activity',
    category: 'NonInteractiveUserSignInLogs',
    tenantId: 't1',
    resultType: '50074',
    durationMs: '0',
    Level: 4,
    location: 'NO',
    properties,
  };
  const columns =
    'Id, UserPrincipalName, IPAddress, ResultType, Location, AADTenantId, AutonomousSystemNumber, ResourceIdentity, AuthenticationDetails, Level, Type';
  const expected = [
    'req-1',
    'ann@contoso.com',
    '203.0.113.9',
    '50074',
    'NO',
    't1',
    '64496',
    '00000003-0000-0000-c000-000000000000',
    '[{"authenticationMethod":"Password","succeeded":true}]',
    '4',
    'AADNonInteractiveUserSignInLogs',
  ];

  test.each([
    ['a line each', line(diagnostic)],
    ['in an envelope', JSON.stringify({ records: [diagnostic] }, null, 1)],
    ['an envelope a line', line({ records: [diagnostic] })],
    ['an envelope among lines', line({ ...diagnostic, properties: { ...properties, id: 'other' } }) + line({ records: [diagnostic] })],
    ['wrapped by a unit log', line({ test: 't', expected: true, log: diagnostic })],
    ['in an array', JSON.stringify([diagnostic])],
  ])('diagnostic records, %s', async (_, text) => {
    await bench.import(bench.file('export.json', text));
    expect(await bench.rows(`AADNonInteractiveUserSignInLogs | where Id == 'req-1' | project ${columns}`)).toEqual([expected]);
    // Strings that hold JSON in this table, objects in SigninLogs.
    expect(
      await bench.rows(
        "AADNonInteractiveUserSignInLogs | where Id == 'req-1' | project tostring(parse_json(LocationDetails).city), TimeGenerated, CreatedDateTime",
      ),
    ).toEqual([['Oslo', ticks('2026-04-01T10:00:00.7Z'), ticks('2026-04-01T10:00:00.5Z')]]);
  });

  test('keys in another case are taken for what they mean, others are counted', async () => {
    const { resultType: _, tenantId: __, ...rest } = diagnostic;
    const odd = { ...rest, resulttype: 50074, tenantid: 't1', p_log_type: 'x', properties: { ...properties, tenantGeo: 'EU' } };
    const result = await bench.import(bench.file('export.json', line(odd)));
    // This table has no ResourceId; the ARM path of the envelope is no column that is missed.
    expect(result.unknownColumns).toEqual({ p_log_type: 1, 'properties.tenantGeo': 1 });
    expect(await bench.rows(`AADNonInteractiveUserSignInLogs | project ${columns}`)).toEqual([expected]);
  });

  test('Microsoft Graph', async () => {
    const envelope = {
      '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#auditLogs/signIns',
      value: [properties],
      '@odata.nextLink': 'x[{"',
    };
    await bench.import(bench.file('SigninLogs.json', JSON.stringify(envelope)));
    expect(
      await bench.rows(
        'SigninLogs | project Id, UserPrincipalName, ResultType, Location, tostring(LocationDetails.city), TimeGenerated, OperationName',
      ),
    ).toEqual([['req-1', 'ann@contoso.com', '50074', 'NO', 'Oslo', ticks('2026-04-01T10:00:00.5Z'), 'Sign-in activity']]);
    const audit = {
      id: 'a1',
      activityDateTime: TIME,
      activityDisplayName: 'User registered security info',
      category: 'UserManagement',
      result: 'success',
      targetResources: [{ id: 'u1' }],
    };
    await bench.import(bench.file('AuditLogs.json', JSON.stringify({ value: [audit] })));
    expect(
      await bench.rows('AuditLogs | project Id, OperationName, Category, Result, tostring(TargetResources[0].id), TimeGenerated'),
    ).toEqual([['a1', 'User registered security info', 'UserManagement', 'success', 'u1', ticks(TIME)]]);
  });

  // Microsoft Graph, signIn (beta): one request may ask for several signInEventTypes.
  test('one answer of Microsoft Graph with several kinds of sign-ins fills the table of each, whatever its file is called', async () => {
    const of = (id: string, ...signInEventTypes: string[]) => ({ ...properties, id, signInEventTypes });
    const value = [of('by hand', 'interactiveUser'), of('by a client', 'nonInteractiveUser'), of('by an app', 'servicePrincipal')];
    for (const name of ['SigninLogs.json', 'answer.json']) {
      const result = await bench.import(bench.file(name, JSON.stringify({ value })));
      expect(result).toMatchObject(name === 'answer.json' ? { rows: 0, duplicates: 3 } : { rows: 3, rejected: 0, unknownColumns: {} });
    }
    const idsOf = async (table: string) => bench.rows(`${table} | project Id`);
    expect(await idsOf('SigninLogs')).toEqual([['by hand']]);
    expect(await idsOf('AADNonInteractiveUserSignInLogs')).toEqual([['by a client']]);
    expect(await idsOf('AADServicePrincipalSignInLogs')).toEqual([['by an app']]);
    const managed = line(of('by a machine', 'managedIdentity'));
    await expect(bench.import(bench.file('SigninLogs.ndjson', managed))).rejects.toMatchObject({ code: 'nothing-usable' });
  });

  test('a dynamic column that comes as text is read, a string column that comes as an object is kept as JSON', async () => {
    const row = signIn('a', {
      LocationDetails: '{"city":"Oslo"}',
      MfaDetail: '',
      Status: 'plain',
      DeviceDetail: null,
      AuthenticationDetails: [{ a: 1 }],
      ResultType: 0,
    });
    await bench.import(bench.file('SigninLogs.ndjson', line(row)));
    expect(
      await bench.rows(
        'SigninLogs | project tostring(LocationDetails.city), isnull(MfaDetail), tostring(Status), isnull(DeviceDetail), AuthenticationDetails, ResultType',
      ),
    ).toEqual([['Oslo', true, 'plain', true, '[{"a":1}]', '0']]);
  });
});

const REAL = fileURLToPath(new URL('../../../../../shared/real-logs/', import.meta.url));
test.skipIf(!existsSync(REAL))('real recorded logs come in whole (skips without ../shared)', async () => {
  const result = await bench.import(REAL);
  // 86 sign-ins, 16 of 19 diagnostic records, 33 unit logs; three records of the Azure activity log name no table.
  expect(result).toMatchObject({
    files: 3,
    rows: 86 + 16 + 33,
    duplicates: 0,
    rejected: 3,
    byTable: { SigninLogs: 102, AuditLogs: 30, AADNonInteractiveUserSignInLogs: 3 },
  });
  const text = readFileSync(join(REAL, 'SigninLogs.loganalytics.ndjson'), 'utf8');
  const first = JSON.parse(text.slice(0, text.indexOf('\n')));
  expect(
    await bench.rows(
      `SigninLogs | where CorrelationId == '${first.CorrelationId}' | take 1 | project TimeGenerated, UserPrincipalName, tostring(LocationDetails.city)`,
    ),
  ).toEqual([[ticks(first.TimeGenerated), first.UserPrincipalName, first.LocationDetails.city]]);
  expect(await bench.import(REAL)).toMatchObject({ rows: 0, duplicates: 135, rejected: 3 });
});
