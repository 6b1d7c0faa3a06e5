import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandNames } from '../../src/cli/registry.ts';
import { cli } from '../support/cli.ts';
import { ROOT } from '../support/source-files.ts';
import { wordsOf } from '../support/words.ts';

/** Every command with --json, one after the other on one data directory, as a script would: exit code and what of the one JSON value is promised. */
interface Row {
  readonly line: string;
  readonly code: number;
  /** Keys of the object, or of each element of the array. */
  readonly keys: readonly string[];
  readonly list?: true;
}

const ERROR = ['error'];
const ROWS: readonly Row[] = [
  { line: 'status', code: 0, keys: ['target', 'kind', 'dataDir', 'pipelines', 'findings', 'runs'] },
  { line: 'findings', code: 0, keys: [], list: true },
  { line: 'run', code: 0, keys: ['runId', 'status', 'pipelines'] },
  { line: 'import nowhere.ndjson', code: 66, keys: ERROR },
  { line: 'import notes', code: 65, keys: ERROR },
  { line: 'import samples', code: 0, keys: ['files', 'rows', 'duplicates', 'rejected', 'byTable'] },
  { line: 'import broken', code: 4, keys: ['files', 'rows', 'duplicates', 'rejected', 'byTable'] },
  { line: 'import vips.csv --watchlist VIPUsers --key UserPrincipalName', code: 0, keys: ['watchlist', 'rows'] },
  { line: 'run --until 2027-01-01T00:00:00Z', code: 0, keys: ['runId', 'status', 'pipelines'] },
  { line: 'run --until 2027-01-02T00:00:00Z --fail-on Low', code: 0, keys: ['runId', 'status', 'pipelines'] },
  { line: 'run no-such-pipeline', code: 64, keys: ERROR },
  { line: 'run --from 2020-01-01', code: 64, keys: ERROR },
  { line: 'backfill --from 2026-01-01T00:00:00Z --to 2026-02-01T00:00:00Z', code: 0, keys: ['runId', 'status', 'pipelines'] },
  {
    line: 'findings list --severity Medium --since 2026-01-01',
    code: 0,
    keys: ['EventUid', 'EventSeverity', 'FindingRevision', 'AdditionalFields'],
    list: true,
  },
  { line: 'findings explain ffffffff00', code: 64, keys: ERROR },
  { line: 'findings close', code: 64, keys: ERROR },
  { line: 'query "SigninLogs | summarize count() by ResultType | top 5 by count_"', code: 0, keys: ['ResultType', 'count_'], list: true },
  { line: 'query "SigninLogs | where Nope == 1"', code: 78, keys: ERROR },
  { line: 'query "SigninLogs | where"', code: 78, keys: ERROR },
  { line: 'query "SigninLogs | take 1" --explain', code: 0, keys: ['columns'] },
  { line: 'allow', code: 0, keys: [], list: true },
  { line: 'allow test vpn.txt', code: 0, keys: [] },
  { line: 'rules', code: 0, keys: ['RuleId', 'Severity', 'Enabled'], list: true },
  {
    line: 'rules disable D4-password-spray --until 2999-01-01 --reason "penetration test"',
    code: 0,
    keys: ['RuleId', 'Severity', 'Enabled'],
  },
  {
    line: 'rules set password-spray-from-one-address --severity High --reason "seen twice"',
    code: 0,
    keys: ['RuleId', 'Severity', 'Enabled'],
  },
  { line: 'rules enable no-such-rule --reason x', code: 64, keys: ERROR },
  { line: 'test mfa-fatigue', code: 0, keys: ['rules', 'passed', 'failed', 'workbooks'] },
  { line: 'posture', code: 0, keys: ['from', 'until', 'users', 'gaps', 'notKnown', 'rolesKnown', 'mendedKnown'] },
  { line: 'posture --days 0', code: 64, keys: ERROR },
  { line: 'test no-such-rule', code: 64, keys: ERROR },
  { line: 'simulate --users 20 --days 2 --seed 7 --out tenant', code: 0, keys: ['directory', 'rows', 'byTable', 'attacks', 'decoys'] },
  { line: 'evaluate samples', code: 0, keys: ['recall', 'calibrationError'] },
  { line: 'evaluate nowhere', code: 66, keys: ERROR },
  { line: 'export rules --out sentinel', code: 0, keys: ['files'] },
  { line: 'export rules', code: 0, keys: ['resources'], list: true },
  { line: 'infra --out infra', code: 0, keys: ['files'] },
  { line: 'doctor', code: 0, keys: ['checks'] },
  { line: 'doctor --target prod', code: 77, keys: ['checks'] },
  { line: 'plan', code: 0, keys: ['changes'] },
  { line: 'plan --target prod', code: 64, keys: ERROR },
  { line: 'deploy', code: 0, keys: ['changes'] },
  { line: 'deploy --target nowhere', code: 64, keys: ERROR },
  { line: 'run --target prod', code: 77, keys: ERROR },
  { line: 'status --config nowhere.yaml', code: 66, keys: ERROR },
  { line: 'status --config vpn.txt', code: 78, keys: ERROR },
  { line: 'serve --port 99999', code: 64, keys: ERROR },
  { line: 'serve --faults nowhere.json', code: 66, keys: ERROR },
  { line: 'demo --data-dir demo', code: 0, keys: ['findings', 'attacks', 'stages'] },
];

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'factorwatch-commands-'));
  symlinkSync(join(ROOT, 'samples'), join(cwd, 'samples'));
  for (const folder of ['notes', 'broken']) mkdirSync(join(cwd, folder));
  writeFileSync(join(cwd, 'notes', 'readme.txt'), 'no log');
  const row = (Id: string) =>
    JSON.stringify({ Id, TimeGenerated: '2026-09-01T00:00:00Z', UserPrincipalName: 'a@contoso.test', ResultType: '0' });
  writeFileSync(join(cwd, 'broken', 'SigninLogs.ndjson'), `${row('good')}\n{"Id":"bad","TimeGenerated":"never"}\n`);
  writeFileSync(join(cwd, 'vips.csv'), 'UserPrincipalName\na@contoso.test\n');
  writeFileSync(join(cwd, 'vpn.txt'), '203.0.113.0/24 # VPN\n');
  const zero = '00000000-0000-0000-0000-000000000000';
  writeFileSync(
    join(cwd, 'factorwatch.yaml'),
    `version: 1
targets:
  local: { kind: embedded }
  prod:
    kind: azure
    workspaces: [${zero}]
    ingest: { endpoint: https://example.ingest.monitor.azure.com, dcr_id: dcr-${'0'.repeat(32)} }
    auth: { kind: token, env: NOT_SET_IN_THE_TEST }
`,
  );
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

test('every command is in the table', () => {
  const named = new Set(ROWS.map(({ line }) => line.split(' ')[0]));
  expect(commandNames().filter((name) => !named.has(name))).toEqual([]);
});

test.each(ROWS)('$line', { timeout: 300_000 }, async ({ line, code, keys, list }) => {
  const result = await cli(cwd, ...wordsOf(line), '--json');
  expect({ code: result.code, err: result.code === code ? '' : result.err, out: result.code === code ? '' : result.out }).toEqual({
    code,
    err: '',
    out: '',
  });
  const value = JSON.parse(result.out) as unknown;
  expect(Array.isArray(value)).toBe(list === true);
  if (list && keys.length > 0) expect((value as unknown[]).length).toBeGreaterThan(0);
  const objects = (list ? value : [value]) as object[];
  for (const object of keys.length === 0 ? [] : objects) expect(Object.keys(object)).toEqual(expect.arrayContaining([...keys]));
  if (keys === ERROR) {
    const { error } = value as { error: { code: string; message: string } };
    expect(error).toMatchObject({ code: expect.stringMatching(/^[a-z][a-z-]+$/), message: expect.stringMatching(/\S/) });
  }
});

test('the commands on one finding, by the beginning of its id', { timeout: 300_000 }, async () => {
  const listed = await cli(cwd, 'findings', '--json');
  const { EventUid } = (JSON.parse(listed.out) as { EventUid: string }[])[0]!;
  const json = async (...argv: readonly string[]) => {
    const { code, out } = await cli(cwd, ...argv, '--json');
    expect({ argv, code }).toEqual({ argv, code: 0 });
    return JSON.parse(out) as Record<string, unknown>;
  };
  const id = EventUid.slice(0, 10);
  expect(await json('findings', 'show', id)).toMatchObject({ EventUid });
  expect(await json('findings', 'explain', id)).toMatchObject({ EventUid });
  const closed = await json('findings', 'close', id, '--verdict', 'false-positive', '--comment', 'asked in person');
  expect(closed).toMatchObject({ EventUid, AlertStatus: 'Closed' });
});
