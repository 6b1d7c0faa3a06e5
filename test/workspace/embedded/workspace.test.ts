import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TICKS_PER_DAY, TICKS_PER_HOUR } from '../../../src/core/ticks.ts';
import { LOG_ANALYTICS_TABLES } from '../../../src/schema/log-analytics-tables.ts';
import { OUTPUT_TABLES } from '../../../src/schema/output-tables.ts';
import { EmbeddedWorkspace } from '../../../src/workspace/embedded/embedded-workspace.ts';
import { importWatchlist } from '../../../src/workspace/embedded/import/watchlist.ts';
import { allRows, type Bench, line, NOW, openBench, ticks } from './support.ts';

describe('a workspace in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'factorwatch-test-'));
  const path = join(folder, 'data', 'workspace.duckdb');
  const open = (options: Partial<Parameters<typeof EmbeddedWorkspace.open>[0]> = {}) =>
    EmbeddedWorkspace.open({ path, clock: () => NOW, ...options });
  let workspace: EmbeddedWorkspace | undefined;
  afterEach(async () => {
    await workspace?.close();
    workspace = undefined;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('has every known table from the start, empty', async () => {
    workspace = await open();
    const tables = await workspace.tables();
    expect([...tables.keys()].sort()).toEqual([...LOG_ANALYTICS_TABLES.keys(), ...OUTPUT_TABLES.map((t) => t.name)].sort());
    expect(await allRows(workspace, 'SigninLogs | project Id')).toEqual([]);
    expect(await workspace.earliest(['SigninLogs', 'NoSuch_CL'])).toBeUndefined();
    expect(await workspace.arrivalMark()).toEqual({ upTo: 0n });
    expect(statSync(join(folder, 'data')).mode & 0o077).toBe(0);
  });

  test('keeps rows, arrival numbers and translations over a restart', async () => {
    workspace = await open();
    await workspace.ingest('Custom-FactorRuns_CL', [{ RunId: 'r1' }]);
    expect(await workspace.arrivalMark()).toEqual({ upTo: 1n });
    const kql = "FactorRuns_CL | where RunId startswith 'r' | summarize count()";
    expect(await allRows(workspace, kql)).toEqual([[1n]]);
    await workspace.close();
    const cached = readFileSync(`${path}.sqlcache`, 'utf8');
    workspace = await open();
    expect(await workspace.arrivalMark()).toEqual({ upTo: 1n });
    await workspace.ingest('Custom-FactorRuns_CL', [{ RunId: 'r2' }]);
    expect(await allRows(workspace, kql)).toEqual([[2n]]);
    expect(readFileSync(`${path}.sqlcache`, 'utf8')).toBe(cached);
  });

  test('a translation is made anew when a table has come that the text may mean', async () => {
    workspace = await open();
    const kql = 'union isfuzzy=true FactorRuns_CL, Later_CL | summarize count()';
    const before = await allRows(workspace, kql);
    const { store } = workspace;
    await store.transaction(await store.connect(), async (connection) => {
      await store.catalogue.create(connection, 'table', 'Later_CL', [{ name: 'TimeGenerated', type: 'datetime' }]);
      return { value: undefined, rows: 0 };
    });
    await workspace.ingest('Custom-Later_CL', [{}, {}]);
    expect(await allRows(workspace, kql)).toEqual([[(before[0]?.[0] as bigint) + 2n]]);
  });

  test('is held by one process: another is told whose it is', async () => {
    workspace = await open();
    await expect(open()).rejects.toMatchObject({
      code: 'workspace-held',
      exitCode: 75,
      message: expect.stringContaining(String(process.pid)),
    });
    // The failed attempt must not have given the lock away.
    const other = spawnSync(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('open-elsewhere.ts', import.meta.url)), path], {
      encoding: 'utf8',
    });
    expect(other.stdout).toBe(`75 ${path} is held by process ${process.pid}\n`);
  });

  test('a file that is no database is named, not overwritten', async () => {
    const text = 'x'.repeat(5000);
    const damaged = join(folder, 'damaged.duckdb');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(damaged, text);
    await expect(EmbeddedWorkspace.open({ path: damaged, clock: () => NOW })).rejects.toMatchObject({
      code: 'workspace-unreadable',
      exitCode: 66,
    });
    expect(readFileSync(damaged, 'utf8')).toBe(text);
    await expect(EmbeddedWorkspace.open({ path: join(damaged, 'below.duckdb'), clock: () => NOW })).rejects.toMatchObject({
      exitCode: 66,
      hint: expect.stringContaining('--data-dir'),
    });
  });
});

describe('ingest', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
  });
  afterAll(() => bench.close());

  test('coerces to the spec, drops unknown columns, refuses rows with reasons', async () => {
    const outcome = await bench.workspace.ingest('Custom-FactorFindings_CL', [
      { EventUid: 'a', FindingRevision: '2', EventCount: 3, Evidence: [{ n: 1 }], Nothing: 1, ThreatRiskLevel: null },
      { EventUid: 'b', FindingRevision: 'two' },
      { EventUid: 'c', EventStartTime: 5 },
      'text' as unknown as Record<string, unknown>,
      { EventUid: 'd', FindingRevision: 2 ** 40 },
      JSON.parse('{"EventUid":"e","__proto__":{"FindingRevision":9}}') as Record<string, unknown>,
    ]);
    expect(outcome).toEqual({
      accepted: 2,
      rejected: [
        { row: 1, reason: 'FindingRevision: "two" is not a int' },
        { row: 2, reason: 'EventStartTime: "5" is not a datetime' },
        { row: 3, reason: 'a row must be a JSON object' },
        { row: 4, reason: 'FindingRevision: "1099511627776" is not a int' },
      ],
    });
    expect(
      await bench.rows(
        'FactorFindings_CL | sort by EventUid asc | project EventUid, FindingRevision, EventCount, ThreatRiskLevel, Evidence[0].n, RuleId',
      ),
    ).toEqual([
      ['a', 2, 3, null, '1', ''],
      ['e', null, null, null, null, ''],
    ]);
  });

  test('TimeGenerated is kept from 2 days back to 1 day ahead, else it is the time of receipt; ingestion time is always that', async () => {
    const given = [
      NOW - 2n * TICKS_PER_DAY,
      NOW - 2n * TICKS_PER_DAY - 1n,
      NOW + TICKS_PER_DAY,
      NOW + TICKS_PER_DAY + 1n,
      'soon',
      undefined,
      '2026-05-01T11:00:00Z',
    ];
    await bench.workspace.ingest(
      'Custom-FactorRuns_CL',
      given.map((TimeGenerated, i) => ({ RunId: String(i), TimeGenerated })),
    );
    const rows = await bench.rows('FactorRuns_CL | sort by RunId asc | project TimeGenerated, ingestion_time()');
    const expected = [NOW - 2n * TICKS_PER_DAY, NOW, NOW + TICKS_PER_DAY, NOW, NOW, NOW, NOW - TICKS_PER_HOUR];
    expect(rows).toEqual(expected.map((time) => [time, NOW]));
  });

  test('fields over 64 KB are cut between characters, dynamic ones stay JSON', async () => {
    await bench.workspace.ingest('Custom-FactorRules_CL', [
      { RuleId: 'cut', Query: 'ü'.repeat(40_000), Parameters: { a: 'ü'.repeat(40_000) }, Reason: '\ud83d' },
    ]);
    const [[query, parameters, reason]] = (await bench.rows(
      "FactorRules_CL | where RuleId == 'cut' | project Query, Parameters, Reason",
    )) as [[string, string, string]];
    expect(query).toBe('ü'.repeat(32_768));
    expect(JSON.parse(parameters)).toMatch(/^\{"a":"ü{1000}/);
    expect(Buffer.byteLength(parameters)).toBeLessThanOrEqual(65_536);
    expect(reason).toBe('\ufffd');
  });

  test('a stream that is not there is refused', async () => {
    for (const stream of ['Custom-Nothing_CL', 'Custom-SigninLogs', 'FactorRuns_CL']) {
      await expect(bench.workspace.ingest(stream, [{}])).rejects.toMatchObject({ code: 'unknown-stream', exitCode: 64 });
    }
  });

  test('a reader who goes by the arrival mark misses nothing that is still under way', async () => {
    const { store } = bench.workspace;
    const { arrivals } = store;
    const before = arrivals.mark;
    const [slow, fast] = [arrivals.begin(), arrivals.begin()];
    arrivals.end(fast, { stored: true });
    expect(arrivals.mark).toBe(before);
    arrivals.end(slow, { stored: false });
    expect(arrivals.mark).toBe(fast);
    const empty = arrivals.begin();
    arrivals.end(empty, { stored: false });
    // No stored row has this number: after a restart it would be given again.
    expect(arrivals.mark).toBe(fast);
  });
});

describe('query', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
    await bench.import(
      bench.file(
        'SigninLogs.ndjson',
        [1, 2, 3].map((i) => line({ TimeGenerated: `2026-05-01T0${i}:00:00Z`, Id: String(i), DurationMs: i })).join(''),
      ),
    );
  });
  afterAll(() => bench.close());

  const read = async (request: Parameters<EmbeddedWorkspace['query']>[0]) => {
    const answer = await bench.workspace.query(request);
    let rows = 0;
    for await (const chunk of answer.chunks) rows += chunk.length;
    return { rows, partial: answer.partial() };
  };

  test('parameters are bound, never spliced', async () => {
    const kql = 'declare query_parameters(Who:string, N:long = 2); SigninLogs | where Id == Who or DurationMs == N | project Id';
    expect(await bench.rows(kql, { Who: { type: 'string', value: "3' or 1==1 //" } })).toEqual([['2']]);
    await expect(bench.rows(kql)).rejects.toMatchObject({ code: 'kql-parameter', message: /Who has no value/ });
    await expect(bench.rows(kql, { Who: { type: 'long', value: 1n } })).rejects.toMatchObject({ code: 'kql-parameter' });
  });

  test('now() and the timespan go by the clock that was given', async () => {
    expect(await bench.rows('print now()')).toEqual([[NOW]]);
    expect((await read({ kql: 'SigninLogs', timespan: 'PT9H30M' })).rows).toBe(1);
    expect((await read({ kql: 'SigninLogs', timespan: '2026-05-01T01:00:00Z/2026-05-01T02:00:00Z' })).rows).toBe(1);
    expect((await read({ kql: 'SigninLogs', timespan: '2026-05-01T01:00:00Z/P1D' })).rows).toBe(3);
    await expect(read({ kql: 'SigninLogs', timespan: 'yesterday' })).rejects.toMatchObject({ code: 'timespan-invalid', exitCode: 64 });
  });

  test('an answer that is too long is cut and says so', async () => {
    expect(await read({ kql: 'range x from 1 to 10000 step 1', maxRows: 4000 })).toEqual({
      rows: 4000,
      partial: { code: 'rows', message: expect.any(String) },
    });
    expect(await read({ kql: 'range x from 1 to 4000 step 1', maxRows: 4000 })).toEqual({ rows: 4000, partial: undefined });
    const small = await EmbeddedWorkspace.open({ path: ':memory:', clock: () => NOW, maxAnswerBytes: 100_000 });
    const answer = await small.query({ kql: 'range x from 1 to 1000000 step 1' });
    let rows = 0;
    for await (const chunk of answer.chunks) rows += chunk.length;
    await small.close();
    expect([rows > 1000 && rows < 10_000, answer.partial()?.code]).toEqual([true, 'bytes']);
  });

  test('a query that takes too long, is aborted or is wrong ends with a named error, and the next one runs', async () => {
    const endless =
      'let T = range a from 1 to 5000 step 1 | extend k = 1; T | join kind=inner T on k | join kind=inner T on k | summarize sum(a * a1 + a2)';
    await expect(read({ kql: endless, timeoutMs: 100 })).rejects.toMatchObject({ code: 'kql-timeout', exitCode: 69 });
    await expect(read({ kql: endless, signal: AbortSignal.timeout(100) })).rejects.toMatchObject({ code: 'interrupted' });
    await expect(read({ kql: endless, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'interrupted' });
    await expect(read({ kql: 'SigninLogs | nonsense', file: 'q.kql' })).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining('q.kql:1:14'),
    });
    expect(await bench.rows('SigninLogs | count')).toEqual([[3n]]);
  });

  test('check gives the columns and runs nothing', async () => {
    expect(await bench.workspace.check({ kql: 'SigninLogs | summarize N = count() by UserId' })).toEqual([
      { name: 'UserId', type: 'string' },
      { name: 'N', type: 'long' },
    ]);
  });

  test('the engine reads no file and changes no setting, whatever SQL it is given', async () => {
    const connection = await bench.workspace.store.connect();
    for (const sql of [
      "SELECT * FROM read_csv('/etc/hostname')",
      "COPY (SELECT 1) TO '/tmp/x'",
      "ATTACH '/tmp/x.db'",
      'SET enable_external_access = true',
      'INSTALL httpfs',
    ]) {
      await expect(connection.run(sql), sql).rejects.toThrow(/disabled|locked|Cannot|configuration/);
    }
    connection.closeSync();
  });

  test('earliest is the least ingestion time of the tables', async () => {
    expect(await bench.workspace.earliest(['AuditLogs', 'SigninLogs'])).toBe(ticks('2026-05-01T01:00:00Z'));
  });

  test('stored functions can be called', async () => {
    const workspace = await EmbeddedWorkspace.open({
      path: ':memory:',
      clock: () => NOW,
      functions: [{ name: 'Twice', text: '(x:long) { x * 2 }' }],
    });
    expect(await allRows(workspace, 'print Twice(21)')).toEqual([[42n]]);
    await workspace.close();
  });

  test('a watchlist is filled from CSV, read with _GetWatchlist and replaced as a whole', async () => {
    const file = bench.file('vips.csv', 'User Principal Name,Level\nann@contoso.com,1\n=cmd|x,\n');
    expect(await importWatchlist(bench.workspace, { alias: 'VIPUsers', file, key: 'User Principal Name' })).toEqual({ rows: 2 });
    const kql =
      "_GetWatchlist('VIPUsers') | sort by SearchKey desc | project SearchKey, ['User Principal Name'], Level, tostring(WatchlistItem.Level)";
    expect(await bench.rows(kql)).toEqual([
      ['ann@contoso.com', 'ann@contoso.com', '1', '1'],
      ['=cmd|x', '=cmd|x', '', ''],
    ]);
    bench.file('vips.csv', 'User Principal Name,Level\nbob@contoso.com,2\n');
    await importWatchlist(bench.workspace, { alias: 'VIPUsers', file });
    expect(await bench.rows(kql)).toEqual([['bob@contoso.com', 'bob@contoso.com', '2', '2']]);
    await expect(importWatchlist(bench.workspace, { alias: 'VIPUsers', file, key: 'Levle' })).rejects.toMatchObject({
      exitCode: 64,
      message: /"Level"/,
    });
    bench.file('vips.csv', 'User Principal Name,Level\nbob@contoso.com\n');
    await expect(importWatchlist(bench.workspace, { alias: 'VIPUsers', file })).rejects.toMatchObject({
      exitCode: 65,
      message: /vips\.csv:2: /,
    });
    expect(await bench.rows(kql)).toHaveLength(1);
  });
});
