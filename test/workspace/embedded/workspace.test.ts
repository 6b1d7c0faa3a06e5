import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TICKS_PER_DAY, TICKS_PER_HOUR } from '../../../src/core/ticks.ts';
import { LOG_ANALYTICS_TABLES } from '../../../src/schema/log-analytics-tables.ts';
import { OUTPUT_TABLES } from '../../../src/schema/output-tables.ts';
import { EmbeddedWorkspace } from '../../../src/workspace/embedded/embedded-workspace.ts';
import { allRows, type Bench, NOW, openBench } from './support.ts';

/** What another process says that opens the file. */
const openElsewhere = (path: string) =>
  spawnSync(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('open-elsewhere.ts', import.meta.url)), path], { encoding: 'utf8' })
    .stdout;

const take = async (items: AsyncIterable<unknown>) => {
  for await (const _ of items) break;
};
const drain = async (items: AsyncIterable<unknown>) => {
  for await (const _ of items);
};

const FETCH = {
  name: 'runs',
  kql: `declare query_parameters(From:datetime, Until:datetime);
FactorRuns_CL | where ingestion_time() >= From and ingestion_time() < Until | project TimeGenerated, RunId`,
  from: NOW - TICKS_PER_DAY,
  until: NOW + TICKS_PER_DAY,
};

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
    expect(openElsewhere(path)).toBe(`75 ${path} is held by process ${process.pid}\n`);
  });

  // An answer of which not all was read keeps the file until the garbage is collected: whoever opens it again waits for ever.
  test.each<[what: string, use: (of: EmbeddedWorkspace) => Promise<unknown>]>([
    ['an answer that was cut', async (of) => drain((await of.query({ kql: 'range i from 1 to 400000 step 1', maxRows: 1 })).chunks)],
    ['an answer that its reader left', async (of) => take((await of.query({ kql: 'range i from 1 to 400000 step 1' })).chunks)],
    ['a fetch', (of) => drain(of.fetch(FETCH))],
    ['a fetch that its reader left', (of) => take(of.fetch(FETCH))],
  ])('is free for another process as soon as it was closed, after %s', async (_, use) => {
    workspace = await open();
    await workspace.ingest('Custom-FactorRuns_CL', [{ RunId: 'r1' }, { RunId: 'r2' }]);
    await use(workspace);
    await workspace.close();
    workspace = undefined;
    expect(openElsewhere(path)).toBe('opened\n');
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

describe('a database that opens and is damaged further in', () => {
  const cases: readonly (readonly [what: string, damage: (file: Buffer) => Buffer])[] = [
    ['cut off', (file) => file.subarray(0, Math.floor(file.length / 2))],
    ['overwritten behind its three headers', (file) => Buffer.concat([file.subarray(0, 3 * 4096), Buffer.alloc(file.length - 3 * 4096)])],
  ];
  test.each(cases)('%s: named, with what to do, and left as it is', async (_what, damage) => {
    const { writeFileSync } = await import('node:fs');
    const path = join(mkdtempSync(join(tmpdir(), 'damaged-')), 'workspace.duckdb');
    await (await EmbeddedWorkspace.open({ path, clock: () => NOW })).close();
    const damaged = damage(readFileSync(path));
    writeFileSync(path, damaged);
    await expect(EmbeddedWorkspace.open({ path, clock: () => NOW })).rejects.toMatchObject({
      code: 'workspace-unreadable',
      exitCode: 66,
      message: expect.stringContaining(path),
      hint: expect.stringContaining('import the logs again'),
    });
    expect(readFileSync(path).equals(damaged)).toBe(true);
    rmSync(dirname(path), { recursive: true });
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
