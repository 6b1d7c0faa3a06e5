import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { memoryIo } from '../../src/cli/io.ts';
import { runCommandInProcess } from '../../src/cli/run-command.ts';
import { FACTOR_FINDINGS } from '../../src/schema/factor-findings.ts';
import { openEmbeddedWorkspace } from '../../src/workspace/embedded/open.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';

// The first query loads Kusto's parser, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const START = Date.parse('2026-03-01T08:00:00Z');
const HOUR = 3_600_000;
const ANA = { UserId: '00000000-0000-0000-0000-0000000000aa', UserPrincipalName: 'ana@contoso.test', UserType: 'Member' };
const TENANT = '11111111-1111-1111-1111-111111111111';

let dataDir: string;
let workspace: Workspace;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'factorwatch-cli-'));
  workspace = await openEmbeddedWorkspace({ directory: dataDir });
});
afterAll(async () => {
  await workspace.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function call(...argv: readonly string[]) {
  const io = memoryIo();
  const code = await runCommandInProcess(argv, io, {
    cwd: ROOT,
    env: { USER: 'tester' },
    signal: new AbortController().signal,
    serving: { dataDir, workspace },
  });
  return { code, out: io.stdout(), err: io.stderr() };
}
const json = async (...argv: readonly string[]) => JSON.parse((await call(...argv, '--json')).out);

function signIn(id: string, ms: number, more: object) {
  return {
    TimeGenerated: new Date(ms).toISOString(),
    Id: id,
    CorrelationId: id,
    OriginalRequestId: id,
    AADTenantId: TENANT,
    ...ANA,
    ResultType: '0',
    IPAddress: '192.0.2.10',
    Location: 'NO',
    LocationDetails: { city: 'Oslo', countryOrRegion: 'NO', geoCoordinates: { latitude: 59.9, longitude: 10.7 } },
    AutonomousSystemNumber: '2119',
    DeviceDetail: {
      deviceId: 'dev-1',
      displayName: 'PC',
      operatingSystem: 'Windows 10',
      browser: 'Edge 120.0',
      isManaged: true,
      trustType: 'Azure AD joined',
    },
    UserAgent: 'Mozilla/5.0 (Windows NT 10.0) Edg/120.0',
    AppDisplayName: 'OfficeHome',
    AuthenticationRequirement: 'multiFactorAuthentication',
    Status: { errorCode: 0 },
    ...more,
  };
}

/** A month of a quiet user, then a session from elsewhere that registers a phone. */
function month(): { readonly signIns: object[]; readonly audits: object[] } {
  const signIns: object[] = Array.from({ length: 60 }, (_, i) => signIn(`s${i}`, START + i * 11 * HOUR, {}));
  const attack = START + 29 * 24 * HOUR;
  const place = { city: 'Bucharest', countryOrRegion: 'RO', geoCoordinates: { latitude: 44.4, longitude: 26.1 } };
  const stranger = {
    IPAddress: '203.0.113.66',
    Location: 'RO',
    LocationDetails: place,
    AutonomousSystemNumber: '9009',
    DeviceDetail: {},
    UserAgent: 'axios/1.7',
    RiskLevelDuringSignIn: 'high',
  };
  signIns.push(signIn('evil', attack, stranger));
  const user = { id: ANA.UserId, userPrincipalName: ANA.UserPrincipalName, ipAddress: '203.0.113.66' };
  const audits = [
    {
      TimeGenerated: new Date(attack + 6 * 60_000).toISOString(),
      Id: 'IAMUX_1',
      CorrelationId: 'registration-1',
      AADTenantId: TENANT,
      OperationName: 'User registered security info',
      Category: 'UserManagement',
      LoggedByService: 'Authentication Methods',
      Result: 'success',
      ResultReason: 'User registered Mobile Phone SMS',
      InitiatedBy: { user },
      TargetResources: [{ id: ANA.UserId, type: 'User', userPrincipalName: ANA.UserPrincipalName, modifiedProperties: [] }],
      AdditionalDetails: [],
    },
  ];
  return { signIns, audits };
}

test('an empty workspace: run warns and ends with 0, findings and status answer', async () => {
  const run = await call('run', '--json');
  expect(run).toMatchObject({ code: 0, err: expect.stringContaining('no rows yet') });
  expect(JSON.parse(run.out)).toEqual({
    runId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    status: 'Success',
    pipelines: [
      {
        name: 'account-takeover',
        windows: 0,
        rowsRead: 0,
        rowsLate: 0,
        rowsDuplicate: 0,
        findingsCreated: 0,
        findingsUpdated: 0,
        watermark: null,
      },
    ],
  });
  expect(await json('findings')).toEqual([]);
  expect((await call('findings')).out).toBe('No findings.\n');
  expect(await json('status')).toMatchObject({
    target: 'local',
    kind: 'embedded',
    pipelines: [{ name: 'account-takeover', watermark: null }],
    findings: { High: 0, Medium: 0, Low: 0 },
  });
});

test.each([
  [['run', 'acount-takeover'], /no pipeline "acount-takeover" \(did you mean "account-takeover"\?\)/],
  [['run', '--until', 'yesterday'], /is not a time/],
  [['findings', 'explain'], /which finding/],
  [['findings', 'explain', 'xyz'], /8 to 64 hex digits/],
  [['findings', 'explain', '0123456789'], /there is no finding 0123456789/],
])('%j is a usage error', async (argv, message) => {
  const { code, out } = await call(...argv, '--json');
  expect(code).toBe(64);
  expect(JSON.parse(out).error.message).toMatch(message);
});

describe('a takeover', () => {
  let uid: string;
  beforeAll(async () => {
    const { signIns, audits } = month();
    for (const [table, rows] of Object.entries({ SigninLogs: signIns, AuditLogs: audits })) {
      const file = join(dataDir, `${table}.ndjson`);
      writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
      expect((await call('import', file)).code).toBe(0);
    }
  });

  test('--fail-on ends with 3, and the result counts what was read and written', async () => {
    const { code, out } = await call('run', '--until', '2026-04-10T00:00:00Z', '--fail-on', 'Low', '--json');
    expect(code).toBe(3);
    expect(JSON.parse(out).pipelines).toEqual([
      {
        name: 'account-takeover',
        windows: 5712,
        rowsRead: 62,
        rowsLate: 0,
        rowsDuplicate: 0,
        findingsCreated: expect.any(Number),
        findingsUpdated: 0,
        watermark: '2026-04-10T00:00:00Z',
      },
    ]);
    expect((await call('run', '--until', '2026-04-10T00:00:00Z', '--fail-on', 'Low')).code).toBe(0);
  });

  test('findings --json has the columns of the table, ordered, with JSON values and times with Z', async () => {
    const found = await json('findings');
    const registration = found.find((row: Record<string, unknown>) => row['RuleId'] === 'registration');
    uid = registration.EventUid;
    expect(Object.keys(registration)).toEqual(FACTOR_FINDINGS.columns.map(({ name }) => name));
    expect(registration).toMatchObject({
      UserId: ANA.UserId,
      Username: 'ana@contoso.test',
      EventOriginalUid: 'IAMUX_1',
      SrcIpAddr: '203.0.113.66',
      FindingRevision: 1,
      AlertStatus: 'Active',
      AdditionalFields: {
        Unit: { Kind: 'registration', Subject: ANA.UserId, Anchor: 'registration-1' },
        Users: [{ UserId: ANA.UserId, Username: 'ana@contoso.test' }],
      },
    });
    expect(registration.AdditionalFields.EventIds).toContain('IAMUX_1');
    expect(registration.EventStartTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d*[1-9])?Z$/);
    const keys = found.map((row: Record<string, unknown>) => `${row['EventStartTime']} ${row['EventUid']}`);
    expect(keys).toEqual(keys.toSorted());
    expect(await json('findings', '--status', 'Closed')).toEqual([]);
    expect(await json('findings', '--since', '2026-05-01')).toEqual([]);
  });

  test('explain tells for and against, and a query that shows the raw rows here too', async () => {
    const { out } = await call('findings', 'explain', uid.slice(0, 8));
    for (const title of [
      'Speaks for an attack',
      'Would have made it benign',
      'Not known',
      'Raw rows',
      'What to do',
      'The rows in Log Analytics',
    ])
      expect(out).toContain(title);
    const shown = out.split('The rows in Log Analytics')[0]!.split('\n');
    expect(Math.max(...shown.map((line) => line.length))).toBeLessThanOrEqual(80);
    const { AdditionalFields } = await json('findings', 'show', uid);
    const rows = await json('query', AdditionalFields.Query);
    expect(rows.map((row: Record<string, unknown>) => row['Id']).sort()).toEqual([...AdditionalFields.EventIds].sort());
  });

  test('close writes a verdict that stays, and status counts what is active', async () => {
    expect((await call('findings', 'close', uid)).code).toBe(64);
    const before = await json('status');
    const closed = await json('findings', 'close', uid, '--verdict', 'true-positive', '--comment', 'called her');
    expect(closed).toMatchObject({ EventUid: uid, FindingRevision: 2, AlertStatus: 'Closed', AlertVerdict: 'True Positive' });
    await call('run', '--until', '2026-04-11T00:00:00Z');
    const row = await json('findings', 'show', uid);
    expect(row).toMatchObject({
      AlertStatus: 'Closed',
      AlertVerdict: 'True Positive',
      AdditionalFields: { Verdict: { By: 'tester', Comment: 'called her' } },
    });
    const after = await json('status');
    expect(after.findings[row.EventSeverity]).toBe(before.findings[row.EventSeverity] - 1);
    expect(after.pipelines[0]).toMatchObject({ watermark: '2026-04-11T00:00:00Z', waitingSlices: 0, unusable: null });
    expect(await json('query', 'FactorRuns_CL | where OperationName == "Verdict" | project ResourceName, ActorText')).toEqual([
      { ResourceName: uid, ActorText: 'tester' },
    ]);
  });

  test('--from before the checkpoint is refused and names backfill', async () => {
    const { code, out } = await call('run', '--from', '2026-03-01', '--json');
    expect(code).toBe(64);
    expect(JSON.parse(out).error).toMatchObject({ code: 'from-before-checkpoint', hint: expect.stringContaining('backfill') });
  });

  test('rows that are imported later with an earlier ingestion time are read once, as late', async () => {
    const file = join(dataDir, 'SigninLogs.late.ndjson');
    writeFileSync(file, JSON.stringify(signIn('late', START + 100 * HOUR, {})));
    await call('import', file);
    const [first] = (await json('run', '--until', '2026-04-12T00:00:00Z')).pipelines;
    expect(first).toMatchObject({ rowsRead: 1, rowsLate: 1 });
    const [second] = (await json('run', '--until', '2026-04-12T00:00:00Z')).pipelines;
    expect(second).toMatchObject({ rowsRead: 0, rowsLate: 0 });
  });
});
