import { setTimeout as sleep } from 'node:timers/promises';
import { Cron } from 'croner';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import type { CommandContext } from '../context.ts';
import { plain } from '../text.ts';
import { printRun, type RunCommandOptions } from './print-run.ts';
import { loadPipelines } from './run-pipelines.ts';

/** Failures that another try may mend: the remote does not answer, another run is alive. All others end the watch. */
const PASSING: readonly number[] = [ExitCode.unavailable, ExitCode.held];

export interface WatchParts {
  readonly run: (names: readonly string[], from: RunCommandOptions['from']) => Promise<number>;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Runs pipelines when their schedules say so (UTC), one at a time, until it is interrupted. The next time is looked up when a run
 * has ended: one that took longer than its interval is followed by the next time to come, never by those it missed.
 */
export async function watchRuns(context: CommandContext, options: RunCommandOptions, parts: Partial<WatchParts> = {}): Promise<number> {
  const { run = (names, from) => printRun(context, { ...options, names, from, triggerType: 'Schedule' }), sleep: wait = abortable } = parts;
  const schedules = loadPipelines(context, options.names).map(({ name, schedule }) => ({
    name,
    cron: new Cron(schedule, { timezone: 'UTC', paused: true }),
  }));
  // What became due while nothing ran is made up for by one run at the start.
  let due: readonly string[] = schedules.map(({ name }) => name);
  // --from is where to begin: what the first run has read, or began to read, says it from then on.
  let { from } = options;
  for (let runs = 1; ; runs++) {
    try {
      await run(due, from);
      from = undefined;
    } catch (error) {
      if (runs > 1 && from !== undefined && error instanceof FactorwatchError && error.code === 'from-before-checkpoint') {
        from = undefined;
        continue;
      }
      if (context.signal.aborted || !(error instanceof FactorwatchError) || !PASSING.includes(error.exitCode)) throw error;
      context.io.err(`${plain(error.message)}; tried again at the next time of the schedule`);
    }
    const now = context.clock();
    const times = schedules.map(({ name, cron }) => ({ name, at: cron.nextRun(new Date(now))?.getTime() ?? Number.POSITIVE_INFINITY }));
    const next = Math.min(...times.map(({ at }) => at));
    due = times.filter(({ at }) => at === next).map(({ name }) => name);
    await wait(next - now, context.signal);
  }
}

async function abortable(ms: number, signal: AbortSignal): Promise<void> {
  // A timer holds 2^31 ms at most; a schedule may be rarer.
  for (let left = ms; left > 0; left -= 86_400_000)
    await sleep(Math.min(left, 86_400_000), undefined, { signal }).catch(() => signal.throwIfAborted());
}
