import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import type * as TicksModule from '../src/core/ticks.ts';
import type * as PipelineFileModule from '../src/pipeline/pipeline-file.ts';
import type * as RunnerModule from '../src/pipeline/runner.ts';
import type * as EngineModule from '../src/scoring/engine.ts';
import type * as WriteTenantModule from '../src/simulate/write-tenant.ts';
import type * as StoreModule from '../src/state/checkpoint-store-file.ts';
import type * as ImportModule from '../src/workspace/embedded/import/import-paths.ts';
import type * as OpenModule from '../src/workspace/embedded/open.ts';
import type { Workspace } from '../src/workspace/workspace.ts';

const RUNS_A_YEAR = 365 * 24 * 6;
const LOOK_BACK_DAYS = 14;
const root = fileURLToPath(new URL('..', import.meta.url));

/** The built modules, which users run. */
async function built<T>(path: string): Promise<T> {
  const url = new URL(`../dist/${path}.js`, import.meta.url);
  if (!existsSync(fileURLToPath(url))) throw new Error('run `npm run build` first');
  return (await import(url.href)) as T;
}

export interface LookbackOptions {
  readonly users: number;
  /** Days of logs before the day that is measured; at least the look-back. */
  readonly days: number;
  /** 10-minute runs that are made and timed, of each kind. */
  readonly runs: number;
  readonly lookbacks: number;
}

/**
 * A day's 10-minute runs that read what is new, beside the same question asked with the last 14 days each time, on the same logs with the same
 * queries and detectors. A year is those figures times 52,560: extrapolated, because nobody waits for it.
 */
export async function benchLookback(
  { users, days, runs, lookbacks }: LookbackOptions = { users: 150, days: 14, runs: 24, lookbacks: 3 },
): Promise<void> {
  const { ticksFromIso } = await built<typeof TicksModule>('core/ticks');
  const { loadPipeline } = await built<typeof PipelineFileModule>('pipeline/pipeline-file');
  const { runPipeline } = await built<typeof RunnerModule>('pipeline/runner');
  const { Engine } = await built<typeof EngineModule>('scoring/engine');
  const { writeTenant } = await built<typeof WriteTenantModule>('simulate/write-tenant');
  const { fileCheckpointStore } = await built<typeof StoreModule>('state/checkpoint-store-file');
  const { importPaths } = await built<typeof ImportModule>('workspace/embedded/import/import-paths');
  const { openEmbeddedWorkspace } = await built<typeof OpenModule>('workspace/embedded/open');

  const directory = mkdtempSync(join(tmpdir(), 'lookback-'));
  const tenant = join(directory, 'tenant');
  await writeTenant({ users, days: days + 1, seed: 5, tenant: 'office', start: '2026-09-01' }, tenant, { format: 'parquet' });
  const workspace = await openEmbeddedWorkspace({ directory });
  try {
    await importPaths(workspace, [tenant], { rejectedDir: join(directory, 'rejected') });
    const pipeline = loadPipeline('account-takeover', {
      pipelines: join(root, 'pipelines'),
      queries: join(root, 'queries'),
      detectors: new Map(),
    });
    /** Runs up to a time with the state of a folder, from its checkpoint or `from` on. */
    const run = async (state: string, until: bigint, from?: bigint) => {
      const started = performance.now();
      const result = await runPipeline(
        pipeline,
        { from, until },
        {
          workspace: withoutIngest(workspace),
          store: fileCheckpointStore(join(directory, 'state', state)),
          engine: (options, [snapshot, ...deltas]) =>
            snapshot === undefined ? new Engine(options) : Engine.restore(snapshot, options, deltas),
          detectors: new Map(),
          queries: join(root, 'queries'),
          identity: { runId: state, runKind: 'Live', triggerType: 'Schedule', productVersion: '0', configHash: '' },
          clock: Date.now,
          lockWaitMs: 0,
          warn: () => undefined,
          reject: async () => undefined,
        },
      );
      return { rows: result.rowsRead, ms: performance.now() - started };
    };
    const step = 6_000_000_000n;
    // From 8 o'clock on: the hours in which most happens.
    const start = ticksFromIso('2026-09-01')! + BigInt(days) * 144n * step + 48n * step;
    await run('streaming', start);
    const streaming = await total(runs, (at) => run('streaming', start + BigInt(at + 1) * step));
    const lookback = await total(lookbacks, (at) => {
      const until = start + BigInt(Math.floor(((at + 1) * runs) / lookbacks)) * step;
      return run(`look-back-${at}`, until, until - BigInt(LOOK_BACK_DAYS) * 144n * step);
    });
    print('read on', streaming, runs);
    print(`${LOOK_BACK_DAYS} days each time`, lookback, lookbacks);
    const ratio = (of: (each: Cost) => number) => (of(lookback) / lookbacks / (of(streaming) / runs)).toFixed(0);
    process.stdout.write(`look-back / read on       rows ${ratio(({ rows }) => rows)}, time ${ratio(({ ms }) => ms)}\n`);
  } finally {
    await workspace.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Cost {
  readonly rows: number;
  readonly ms: number;
}

async function total(count: number, once: (at: number) => Promise<Cost>): Promise<Cost> {
  let [rows, ms] = [0, 0];
  for (let at = 0; at < count; at++) {
    const cost = await once(at);
    rows += cost.rows;
    ms += cost.ms;
  }
  return { rows, ms };
}

function print(name: string, { rows, ms }: Cost, runs: number): void {
  const [rowsEach, msEach] = [rows / runs, ms / runs];
  const year = `a year of ${RUNS_A_YEAR} runs, extrapolated: ${((rowsEach * RUNS_A_YEAR) / 1e6).toFixed(1)} million rows, ${((msEach * RUNS_A_YEAR) / 3.6e6).toFixed(1)} h`;
  process.stdout.write(`${name.padEnd(25)} ${runs} runs: ${rowsEach.toFixed(0)} rows and ${msEach.toFixed(0)} ms each; ${year}\n`);
}

/** The workspace, but that nothing is written to it: both ways read, and neither may change what the other reads. */
function withoutIngest(workspace: Workspace): Workspace {
  return {
    kind: workspace.kind,
    tables: () => workspace.tables(),
    check: (request) => workspace.check(request),
    query: (request) => workspace.query(request),
    fetch: (request) => workspace.fetch(request),
    arrivalMark: () => workspace.arrivalMark(),
    earliest: (tables) => workspace.earliest(tables),
    ingest: async (_stream, rows) => ({ accepted: rows.length, rejected: [] }),
    close: async () => undefined,
  };
}
