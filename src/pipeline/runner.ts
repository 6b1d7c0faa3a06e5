import { counted } from '../core/counted.ts';
import { ExitCode, FactorwatchError } from '../core/errors.ts';
import type { Ticks } from '../core/ticks.ts';
import { FACTOR_RUNS } from '../schema/factor-runs.ts';
import { coverageWarnings } from './coverage-warnings.ts';
import { ENRICHMENT_TABLES } from './enrich.ts';
import { planInterval, type Wanted } from './interval.ts';
import type { Pipeline, PipelineQuery } from './pipeline-file.ts';
import { checkContract } from './query-contract.ts';
import type { RunDeps } from './run-deps.ts';
import { runRow } from './run-records.ts';
import { loadState } from './run-state.ts';
import { newTotals } from './run-totals.ts';
import { openSession } from './session.ts';
import { readAndJudge, type Written } from './steps.ts';
import { notClosed } from './take-back.ts';
import { timeText } from './time-text.ts';

/** What `run --json` tells of a pipeline, and what the command needs besides. */
export interface PipelineResult {
  readonly name: string;
  readonly windows: number;
  readonly rowsRead: number;
  readonly rowsLate: number;
  readonly rowsDuplicate: number;
  readonly findingsCreated: number;
  readonly findingsUpdated: number;
  /** Exclusive end of what was read, ISO 8601; null before the first row. */
  readonly watermark: string | null;
  /** What the logs lack, so that takeovers may be missed. */
  readonly warnings: readonly string[];
  readonly rejected: number;
  readonly written: readonly Written[];
}

/** One run: lock, read state, fetch, detect, outbox, upload, commit. */
export async function runPipeline(pipeline: Pipeline, wanted: Wanted, deps: RunDeps): Promise<PipelineResult> {
  const { store, signal, warn } = deps;
  const lock = await store.lock({ waitMs: deps.lockWaitMs, signal });
  try {
    if (lock.takenOverFrom !== undefined) warn(`took over the lock of ${lock.takenOverFrom}, which is gone`);
    return await runLocked(pipeline, wanted, deps);
  } finally {
    await lock.release();
  }
}

async function runLocked(pipeline: Pipeline, wanted: Wanted, deps: RunDeps): Promise<PipelineResult> {
  const { workspace, store, clock, signal, warn } = deps;
  const present = await workspace.tables([...pipeline.queries.map(({ table }) => table), ...ENRICHMENT_TABLES]);
  const queries = pipeline.queries.filter((query) => isThere(query, present, warn));
  for (const query of queries) await checkContract(workspace, query);
  try {
    const totals = newTotals(pipeline, clock());
    const session = await openSession({ store, workspace, runId: deps.identity.runId, clock, reject: deps.reject, signal });
    if (session.recovered !== undefined) {
      totals.rejected += session.recovered.rejected;
      const { rows } = session.recovered;
      warn(`sent ${counted(rows, 'row')} that an interrupted run had left in the outbox`);
      for (const [uid, reason] of session.recovered.takenBack) warn(notClosed(uid, reason));
    }
    const state = await loadState(session, pipeline, deps);
    const tables = queries.map((query) => query.table);
    const plan = await planInterval(wanted, { checkpoint: state.checkpoint, pipeline, workspace, tables, nowMs: clock() });
    if (plan.warning !== undefined) warn(plan.warning);
    const written =
      plan.interval === undefined
        ? []
        : await readAndJudge(
            {
              pipeline,
              queries,
              tables: new Set(present.keys()),
              interval: plan.interval,
              since: wanted.bounded ? wanted.from : undefined,
              session,
              state,
              totals,
            },
            deps,
          );
    const warnings = totals.rowsRead === 0 ? [] : coverageWarnings(state.engine.coverage());
    for (const text of warnings) warn(text);
    return {
      name: pipeline.name,
      windows: totals.windows,
      rowsRead: totals.rowsRead,
      rowsLate: totals.rowsLate,
      rowsDuplicate: totals.rowsDuplicate,
      findingsCreated: totals.findingsCreated,
      findingsUpdated: totals.findingsUpdated,
      watermark: watermarkText(plan.interval?.until ?? state.checkpoint?.until),
      warnings,
      rejected: totals.rejected,
      written,
    };
  } catch (error) {
    await recordFailure(pipeline, error, deps);
    throw error;
  }
}

function isThere(query: PipelineQuery, tables: ReadonlyMap<string, unknown>, warn: (text: string) => void): boolean {
  if (tables.has(query.table)) return true;
  // Who has no UEBA has no such table, and nothing to do about it.
  if (query.kind !== 'identity') warn(`the workspace has no table ${query.table} yet: ${query.name} is taken as empty`);
  return false;
}

function watermarkText(until: Ticks | undefined): string | null {
  return until === undefined ? null : timeText(until);
}

/** Tells FactorRuns_CL that a run failed; where even that cannot be written, the error itself has to do. */
async function recordFailure(pipeline: Pipeline, error: unknown, { workspace, identity, clock, signal }: RunDeps): Promise<void> {
  // Neither an interruption nor a mistake on the command line is the pipeline's failure.
  if (signal?.aborted === true || (error instanceof FactorwatchError && error.exitCode === ExitCode.usage)) return;
  const row = runRow(identity, clock(), {
    OperationName: 'Pipeline run',
    ResourceName: pipeline.name,
    ResourceKind: 'Pipeline',
    Status: 'Failure',
    Reason: error instanceof FactorwatchError ? error.code : 'unexpected',
    Description: (error as Error).message.slice(0, 4000),
  });
  await workspace.ingest(FACTOR_RUNS.stream, [row]).catch(() => undefined);
}
