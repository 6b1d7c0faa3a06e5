import { describe, expect, test } from 'vitest';
import { FactorwatchError } from '../../src/core/errors.ts';
import { ticksFromIso, ticksFromMs } from '../../src/core/ticks.ts';
import type { RunDeps } from '../../src/pipeline/run-deps.ts';
import { runPipeline } from '../../src/pipeline/runner.ts';
import { FakeEngine } from './fake-engine.ts';
import { FakeWorkspace } from './fake-workspace.ts';
import { memoryStore } from './memory-store.ts';
import { deps, pipeline, quietRun } from './run-deps.ts';
import { END, MINUTE, rowsOfTwoDays as rows, T0 } from './two-days.ts';

describe('one run', () => {
  test('reads all rows once, writes each finding once, and tells so', async () => {
    const { workspace, result } = await quietRun();
    expect(result).toMatchObject({ name: 'account-takeover', rowsRead: rows().length, rowsLate: 0, rowsDuplicate: 1 });
    expect(result.watermark).toBe('2026-03-05T00:00:00Z');
    expect(result.findingsCreated).toBe(workspace.findings().length);
    expect(result.findingsCreated).toBeGreaterThan(4);
    const first = rows()[0]!.ingestedMs;
    expect(result.windows).toBe((T0 + 4 * 1440 * MINUTE - (first - (first % (10 * MINUTE)))) / (10 * MINUTE));
    const runs = workspace.received.get('Custom-FactorRuns_CL')!;
    expect(runs.map((row) => row['OperationName'])).toEqual(['Pipeline run', ...Array(5).fill('Query fetch'), 'Detector run', 'Ingestion']);
    expect(runs[0]).toMatchObject({ Status: 'Success', RowsRead: rows().length, WatermarkAfter: '2026-03-05T00:00:00Z' });
  });

  test('asks few queries for a sparse workspace', async () => {
    const { workspace } = await quietRun();
    // 576 windows of five queries each; spans grow while little comes.
    expect(workspace.fetches).toBeLessThanOrEqual(5 * 6);
  });

  test('again with the same end writes nothing, and an end before the checkpoint has nothing to do', async () => {
    const workspace = new FakeWorkspace();
    workspace.rows = rows();
    const store = memoryStore();
    await runPipeline(pipeline, { until: END }, deps(workspace, store));
    const sent = workspace.received.get('Custom-FactorFindings_CL')!.length;
    for (const until of [END, END - 1n]) {
      const again = await runPipeline(pipeline, { until }, deps(workspace, store));
      expect(again).toMatchObject({ windows: 0, rowsRead: 0, findingsCreated: 0, findingsUpdated: 0 });
    }
    expect(workspace.received.get('Custom-FactorFindings_CL')).toHaveLength(sent);
  });

  test('of an empty workspace warns and leaves no checkpoint', async () => {
    const workspace = new FakeWorkspace();
    const store = memoryStore();
    const own = deps(workspace, store);
    expect(await runPipeline(pipeline, {}, own)).toMatchObject({ windows: 0, watermark: null });
    expect(own.warnings.join()).toContain('no rows yet');
    expect([...store.blobs.keys()]).toEqual([]);
  });

  test('takes a missing table as empty, with a warning', async () => {
    const workspace = new FakeWorkspace();
    workspace.rows = rows();
    workspace.missing.add('AADUserRiskEvents');
    workspace.missing.add('IdentityInfo');
    const own = deps(workspace, memoryStore());
    expect((await runPipeline(pipeline, { until: END }, own)).findingsCreated).toBeGreaterThan(4);
    expect(own.warnings.join()).toContain('no table AADUserRiskEvents yet');
    // Who has no UEBA has no IdentityInfo, and nothing to do about it.
    expect(own.warnings.join()).not.toContain('IdentityInfo');
  });

  test('--from holds at the first start only: before the checkpoint it is refused, after it it is ignored with a warning', async () => {
    const workspace = new FakeWorkspace();
    workspace.rows = rows();
    const store = memoryStore();
    const middle = ticksFromMs(T0 + 1440 * MINUTE);
    const first = await runPipeline(pipeline, { from: middle, until: END }, deps(workspace, store));
    expect(first.rowsRead).toBe(rows().filter((row) => row.ingestedMs >= T0 + 1440 * MINUTE).length);
    await expect(runPipeline(pipeline, { from: middle }, deps(workspace, store))).rejects.toMatchObject({
      exitCode: 64,
      hint: expect.stringContaining('backfill'),
    });
    expect(workspace.received.get('Custom-FactorRuns_CL')!.filter((row) => row['Status'] === 'Failure')).toEqual([]);
    const own = deps(workspace, store);
    await runPipeline(pipeline, { from: END + 1n, until: END + 2n }, own);
    expect(own.warnings.join()).toContain('--from has no effect');
  });

  test('a clock that goes back has nothing to read, takes nothing back, and reads on when it is right again', async () => {
    const expected = (await quietRun()).workspace.findings({ revisions: false });
    const workspace = new FakeWorkspace();
    workspace.rows = rows();
    const store = memoryStore();
    const at = (minutes: number) => runPipeline(pipeline, {}, deps(workspace, store, { clock: () => T0 + minutes * MINUTE }));
    const { watermark } = await at(1440);
    const before = workspace.findings({ revisions: true });
    expect(await at(-400_000)).toMatchObject({ rowsRead: 0, findingsCreated: 0, findingsUpdated: 0, windows: 0 });
    expect(await at(600)).toMatchObject({ rowsRead: 0, findingsCreated: 0, findingsUpdated: 0 });
    expect(workspace.findings({ revisions: true })).toEqual(before);
    expect((await at(1440)).watermark).toBe(watermark);
    await runPipeline(pipeline, { until: END }, deps(workspace, store));
    expect(workspace.findings({ revisions: false })).toEqual(expected);
  });

  test('without --until ends at now less the delay', async () => {
    const workspace = new FakeWorkspace();
    workspace.rows = rows();
    const result = await runPipeline(pipeline, {}, deps(workspace, memoryStore(), { clock: () => T0 + 1440 * MINUTE }));
    expect(result.watermark).toBe('2026-03-01T23:55:00Z');
  });
});

describe('cut into runs', () => {
  test.each([
    ['every 10 minutes', 10],
    ['every 7 minutes, off the grid', 7],
    ['every 61 minutes', 61],
    ['once a day', 1440],
  ])('%s: the same findings', async (_, minutes) => {
    const expected = (await quietRun()).workspace.findings({ revisions: false });
    const workspace = new FakeWorkspace();
    const store = memoryStore();
    const all = rows();
    for (let at = T0 + minutes * MINUTE; at < T0 + 4 * 1440 * MINUTE; at += minutes * MINUTE) {
      workspace.rows = all.filter((row) => row.ingestedMs < at);
      await runPipeline(pipeline, { until: ticksFromMs(at) }, deps(workspace, store));
    }
    workspace.rows = all;
    await runPipeline(pipeline, { until: END }, deps(workspace, store));
    expect(workspace.findings({ revisions: false })).toEqual(expected);
  });

  test('rows that arrive late with an earlier ingestion time are read once', async () => {
    const expected = (await quietRun()).workspace.findings({ revisions: false });
    const workspace = new FakeWorkspace();
    const store = memoryStore();
    const all = rows();
    const late = all.filter((_, i) => i % 3 === 0);
    workspace.rows = all.filter((_, i) => i % 3 !== 0);
    await runPipeline(pipeline, { until: END }, deps(workspace, store));
    workspace.rows = [...workspace.rows, ...late.map((row, i) => ({ ...row, arrival: 1000 + i }))];
    const second = await runPipeline(pipeline, { until: END + 1n }, deps(workspace, store));
    expect(second).toMatchObject({ rowsRead: late.length, rowsLate: late.length });
    expect(workspace.findings({ revisions: false })).toEqual(expected);
    expect(await runPipeline(pipeline, { until: END + 2n }, deps(workspace, store))).toMatchObject({ rowsRead: 0, rowsLate: 0 });
  });
});

test('the engine is given plain bytes, whatever kind of array the store keeps', async () => {
  const workspace = new FakeWorkspace();
  workspace.rows = rows();
  const store = memoryStore();
  await runPipeline(pipeline, { until: END - 1n }, deps(workspace, store));
  const read = async (name: string) => {
    const bytes = store.blobs.get(name);
    return bytes === undefined ? undefined : Buffer.from(bytes);
  };
  const given: Uint8Array[] = [];
  const engine: RunDeps['engine'] = (options, parts) => {
    given.push(...parts);
    return new FakeEngine(options, parts);
  };
  await runPipeline(pipeline, { until: END }, deps(workspace, { ...store, read }, { engine }));
  expect(given.length).toBeGreaterThan(0);
  // A Buffer's slice() would be a view of the pool it lies in.
  for (const part of given) expect(part.slice(0, 4).buffer.byteLength).toBe(4);
});

test('of a state that is held asks the workspace nothing', async () => {
  const workspace = new FakeWorkspace();
  workspace.tables = async () => {
    throw new Error('asked before the lock was there');
  };
  const store = memoryStore();
  const held = { ...store, lock: () => Promise.reject(new FactorwatchError('held', 'in use', { exitCode: 75 })) };
  await expect(runPipeline(pipeline, { until: END }, deps(workspace, held))).rejects.toMatchObject({ exitCode: 75 });
});

test('a run that fails says so in FactorRuns_CL, with the code of its error', async () => {
  const workspace = new FakeWorkspace();
  workspace.rows = rows();
  workspace.arrivalMark = async () => {
    throw new FactorwatchError('workspace-unavailable', 'it does not answer', { exitCode: 69 });
  };
  await expect(runPipeline(pipeline, { until: END }, deps(workspace, memoryStore()))).rejects.toMatchObject({ exitCode: 69 });
  expect(workspace.received.get('Custom-FactorRuns_CL')).toMatchObject([
    {
      OperationName: 'Pipeline run',
      ResourceName: 'account-takeover',
      Status: 'Failure',
      Reason: 'workspace-unavailable',
      Description: 'it does not answer',
    },
  ]);
});

test('a query whose columns do not fit its contract is refused before anything is read', async () => {
  const workspace = new FakeWorkspace();
  workspace.rows = rows();
  const check = workspace.check.bind(workspace);
  workspace.check = async (request) =>
    (await check(request))
      .filter(({ name }) => name !== 'Methods')
      .map((column) => (column.name === 'Id' ? { ...column, type: 'guid' } : column));
  await expect(runPipeline(pipeline, { until: END }, deps(workspace, memoryStore()))).rejects.toMatchObject({
    code: 'query-contract',
    exitCode: 78,
    message: expect.stringMatching(/registrations\.kql.*Id is guid, not string/),
  });
  expect(workspace.fetches).toBe(0);
  expect(ticksFromIso('2026-03-01')).toBe(ticksFromMs(T0));
});
