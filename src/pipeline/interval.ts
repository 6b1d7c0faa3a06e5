import { ExitCode, FactorwatchError } from '../core/errors.ts';
import { type Ticks, ticksFromMs } from '../core/ticks.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Pipeline } from './pipeline-file.ts';
import { timeText } from './time-text.ts';
import { gridFloor, type Interval } from './windows.ts';

/** What the user asked for. */
export interface Wanted {
  readonly from?: Ticks | undefined;
  readonly until?: Ticks | undefined;
  /** One interval from beginning to end (a backfill): what was interrupted goes on, and nothing before `from` is ever read. */
  readonly bounded?: true | undefined;
}

export interface Plan {
  /** Rows to read in their order; undefined where there is nothing to do. */
  readonly interval: Interval | undefined;
  readonly warning?: string | undefined;
}

/** The interval of ingestion time that this run reads. */
export async function planInterval(
  { from, until: wantedUntil, bounded }: Wanted,
  { checkpoint, pipeline, workspace, tables, nowMs }: PlanOptions,
): Promise<Plan> {
  // The delay waits for a service that is slow to take rows in; who names an end knows that everything is there.
  const until = wantedUntil ?? ticksFromMs(nowMs) - pipeline.delay;
  if (checkpoint !== undefined) {
    if (bounded) return { interval: until < checkpoint.until ? undefined : { from: checkpoint.until, until } };
    if (from !== undefined && from < checkpoint.until) {
      throw new FactorwatchError(
        'from-before-checkpoint',
        `${pipeline.name} has read everything up to ${timeText(checkpoint.until)}; --from ${timeText(from)} lies before that`,
        {
          exitCode: ExitCode.usage,
          hint: 'Leave --from out to go on where it stopped, or use `factorwatch backfill --from --to` to read a past interval again.',
        },
      );
    }
    const warning =
      from !== undefined && from > checkpoint.until
        ? `--from has no effect: the run goes on at ${timeText(checkpoint.until)}, so that no row is left out`
        : undefined;
    return { interval: until < checkpoint.until ? undefined : { from: checkpoint.until, until }, warning };
  }
  if (from !== undefined) return { interval: from < until ? { from, until } : undefined };
  const start = workspace.kind === 'azure' ? until - pipeline.history : await workspace.earliest(tables);
  if (start === undefined)
    return { interval: undefined, warning: `there are no rows yet in ${tables.join(', ') || 'any table that it reads'}` };
  const interval = { from: gridFloor(start, pipeline.window), until };
  return { interval: interval.from < until ? interval : undefined };
}

export interface PlanOptions {
  readonly checkpoint: Checkpoint | undefined;
  readonly pipeline: Pipeline;
  readonly workspace: Workspace;
  /** The tables of the pipeline that exist. */
  readonly tables: readonly string[];
  readonly nowMs: number;
}
