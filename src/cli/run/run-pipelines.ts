import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import type { Ticks } from '../../core/ticks.ts';
import { allDetectors } from '../../detectors/registry.ts';
import { isAtLeast, type Severity } from '../../findings/severity.ts';
import { loadPipeline, type Pipeline, pipelineNames } from '../../pipeline/pipeline-file.ts';
import type { OnProgress } from '../../pipeline/progress.ts';
import { rejectedRows } from '../../pipeline/rejected-rows.ts';
import { type PipelineResult, runPipeline } from '../../pipeline/runner.ts';
import { Engine } from '../../scoring/engine.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { allowListOf, configuredSettings, expiryWarnings } from '../allow/allow-list.ts';
import { applyFeedback } from '../allow/feedback.ts';
import type { CommandContext } from '../context.ts';
import { errorJson } from '../errors.ts';
import { snapshotRules, withoutDetectors } from '../rule-snapshot.ts';
import { VERSION } from '../version.ts';
import { warn } from '../warn.ts';
import { type Backfill, backfillFolder, wantedOfBackfill } from './backfill.ts';
import { type HeldState, lockStates, releaseStates } from './held-states.ts';
import { openStateStore } from './state-store.ts';

export interface RunOptions {
  /** Names of pipelines; none = all. */
  readonly names: readonly string[];
  readonly from?: Ticks | undefined;
  readonly until?: Ticks | undefined;
  readonly lockWaitMs: number;
  /** Reads a past interval again, with a state of its own. */
  readonly backfill?: Backfill | undefined;
  readonly triggerType?: 'Manual' | 'Schedule' | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** Called when a pipeline begins and when it has ended. */
  readonly onPipeline?: ((name: string, result: PipelineResult | undefined) => void) | undefined;
}

export interface RunOutcome {
  readonly runId: string;
  readonly status: 'Success' | 'Partial success';
  readonly results: readonly PipelineResult[];
  /** Pipelines that ended at a fault of their own, where others did not. */
  readonly failed: readonly FailedPipeline[];
}

export interface FailedPipeline {
  readonly name: string;
  readonly error: FactorwatchError;
}

/** Loads the pipelines that were asked for; every fault of every file is told before anything runs. */
export function loadPipelines(context: CommandContext, names: readonly string[]): readonly Pipeline[] {
  const folders = {
    pipelines: context.folder('pipelines'),
    queries: context.folder('queries'),
    detectors: new Map(allDetectors.map(({ id, parameters }) => [id, Object.keys(parameters)])),
  };
  const wanted = names.length > 0 ? names : pipelineNames(folders.pipelines);
  if (wanted.length === 0) {
    throw new FactorwatchError('no-pipelines', `there is no pipeline in ${folders.pipelines}`, {
      exitCode: ExitCode.noInput,
      hint: 'Remove the empty folder to use the pipelines that come with Factorwatch.',
    });
  }
  return [...new Set(wanted)].map((name) => loadPipeline(name, folders));
}

/**
 * Runs pipelines one after the other on the target of the context. Their states are locked first: a second run ends before it asks or writes anything.
 * One that cannot run (a query that does not fit the workspace) does not keep the others from it, and reads what it missed once it can; throws its
 * error where no pipeline ran.
 */
export async function runPipelines(context: CommandContext, options: RunOptions): Promise<RunOutcome> {
  const pipelines = loadPipelines(context, options.names);
  const [target, workspace] = [await context.target(), await context.openWorkspace()];
  workspace.beginRun?.();
  const { backfill, lockWaitMs } = options;
  const stateOf = (name: string) => openStateStore(target, context.dataDir, backfill ? backfillFolder(backfill, name) : name);
  const held = await lockStates(new Map(pipelines.map(({ name }) => [name, stateOf(name)])), {
    waitMs: lockWaitMs,
    signal: context.signal,
    warn: (text) => warn(context, text),
  });
  try {
    return await runLocked(context, options, { pipelines, workspace, held });
  } finally {
    await releaseStates(held);
  }
}

interface Locked {
  readonly pipelines: readonly Pipeline[];
  readonly workspace: Workspace;
  readonly held: ReadonlyMap<string, HeldState>;
}

async function runLocked(context: CommandContext, options: RunOptions, { pipelines, workspace, held }: Locked): Promise<RunOutcome> {
  const config = await context.config();
  const settings = await configuredSettings(context);
  for (const text of expiryWarnings(settings, context.clock())) warn(context, text);
  const allow = allowListOf(settings);
  if (options.backfill === undefined) await applyFeedback(settings, context, held);
  const off = await snapshotRules(context, workspace);
  const runId = randomUUID();
  const results: PipelineResult[] = [];
  const failed: FailedPipeline[] = [];
  for (const pipeline of pipelines) {
    options.onPipeline?.(pipeline.name, undefined);
    const configHash = createHash('sha256').update(pipeline.hash).update(JSON.stringify(config.allow_lists)).digest('hex');
    const { store, release } = held.get(pipeline.name)!;
    try {
      const result = await runPipeline(
        withoutDetectors(pipeline, off),
        options.backfill ? wantedOfBackfill(options.backfill) : { from: options.from, until: options.until },
        {
          workspace,
          store,
          live: options.backfill && openStateStore(await context.target(), context.dataDir, pipeline.name),
          engine: (settings, [snapshot, ...deltas]) =>
            snapshot === undefined ? new Engine(settings) : Engine.restore(snapshot, settings, deltas),
          detectors: new Map(allDetectors.map(({ id, title }) => [id, title])),
          allow,
          queries: context.folder('queries'),
          identity: {
            runId,
            runKind: options.backfill ? 'Backfill' : 'Live',
            triggerType: options.triggerType ?? 'Manual',
            productVersion: VERSION,
            configHash,
          },
          clock: context.clock,
          lockWaitMs: options.lockWaitMs,
          signal: context.signal,
          warn: (text) => warn(context, text),
          reject: rejectedRows(join(context.dataDir, 'rejected'), runId),
          onProgress: options.onProgress,
        },
      );
      results.push(result);
      options.onPipeline?.(pipeline.name, result);
    } catch (error) {
      if (context.signal.aborted || !isItsOwn(error)) throw error;
      failed.push({ name: pipeline.name, error });
    }
    await release();
  }
  if (results.length === 0 && failed.length > 0) throw failed[0]!.error;
  const whole = failed.length === 0 && results.every(({ rejected }) => rejected === 0);
  return { runId, status: whole ? 'Success' : 'Partial success', results, failed };
}

/** A fault of the pipeline; what a service, a role or another process denies, it denies to the next one as well. */
const isItsOwn = (error: unknown): error is FactorwatchError => error instanceof FactorwatchError && error.exitCode === ExitCode.invalid;

/** The rows of a run that `--fail-on` is about. */
export function failing(outcome: RunOutcome, least: Severity) {
  return outcome.results.flatMap(({ written }) =>
    written.filter((row) => row.AlertStatus === 'Active' && isAtLeast(row.EventSeverity, least)),
  );
}

/** What `run --json` prints; warnings and pipelines that failed where there are any. */
export function runJson({ runId, status, results, failed }: RunOutcome) {
  return {
    runId,
    status,
    pipelines: results.map(({ rejected: _, written: __, warnings, ...told }) => (warnings.length === 0 ? told : { ...told, warnings })),
    ...(failed.length > 0 && { failed: failed.map(({ name, error }) => ({ name, ...errorJson(error) })) }),
  };
}
