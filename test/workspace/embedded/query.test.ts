import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EmbeddedWorkspace } from '../../../src/workspace/embedded/embedded-workspace.ts';
import { importWatchlist } from '../../../src/workspace/embedded/import/watchlist.ts';
import { allRows, type Bench, line, NOW, openBench, ticks } from './support.ts';

describe('queries of a workspace', () => {
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
