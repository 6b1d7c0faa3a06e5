import { counted, grouped } from '../../core/counted.ts';
import { ExitCode } from '../../core/errors.ts';
import type { Ticks } from '../../core/ticks.ts';
import type { Severity } from '../../findings/severity.ts';
import type { CommandContext } from '../context.ts';
import { reportError } from '../errors.ts';
import { type Stage, stagedProgress } from '../progress.ts';
import type { Backfill } from './backfill.ts';
import { failing, loadPipelines, runJson, runPipelines } from './run-pipelines.ts';
import { defaultLockWaitSeconds } from './state-store.ts';

export interface RunCommandOptions {
  readonly names: readonly string[];
  readonly from?: Ticks | undefined;
  readonly until?: Ticks | undefined;
  readonly failOn?: string | undefined;
  readonly lockWait?: number | undefined;
  readonly backfill?: Backfill | undefined;
  readonly triggerType?: 'Manual' | 'Schedule' | undefined;
}

/** Runs, tells what happens on a terminal, and gives the exit code. */
export async function printRun(context: CommandContext, options: RunCommandOptions): Promise<number> {
  const { io, json } = context;
  const progress = stagedProgress(io, { total: loadPipelines(context, options.names).length, json, clock: context.clock });
  let stage: Stage | undefined;
  const outcome = await runPipelines(context, {
    names: options.names,
    from: options.from,
    until: options.until,
    backfill: options.backfill,
    triggerType: options.triggerType,
    lockWaitMs: (options.lockWait ?? defaultLockWaitSeconds(await context.target())) * 1000,
    onProgress: ({ stage: now, windows, windowsTotal, rows, findings }) =>
      stage?.update(
        `${VERBS[now]}  ${grouped(windows)} of ${grouped(windowsTotal)} windows, ${grouped(rows)} rows, ${counted(findings, 'finding')}`,
      ),
    onPipeline: (name, result) => {
      if (result === undefined) stage = progress.stage(name);
      else
        stage?.done(
          `${counted(result.windows, 'window')}, ${counted(result.rowsRead, 'row')}, ${result.findingsCreated} new, ${result.findingsUpdated} changed`,
        );
    },
  });
  if (json) io.json(runJson(outcome));
  else {
    for (const { name, rowsLate, rowsDuplicate, rejected, watermark } of outcome.results) {
      const asides = [
        rowsLate > 0 ? `${counted(rowsLate, 'row')} came late` : '',
        rowsDuplicate > 0 ? `${counted(rowsDuplicate, 'duplicate')} dropped` : '',
        rejected > 0 ? `${counted(rejected, 'row')} refused, see rejected/` : '',
      ].filter((text) => text !== '');
      if (asides.length > 0) io.out(`        ${asides.join(', ')}`);
      if (watermark !== null) io.out(`        ${name} has read everything up to ${watermark}`);
    }
    if (outcome.results.some(({ written }) => written.length > 0)) io.out('\nNext:  factorwatch findings');
  }
  for (const { name, error } of outcome.failed) {
    io.err(`${name} did not run; it reads what it missed when it can:`);
    reportError(error, { io, json: false, signal: context.signal });
  }
  if (options.failOn !== undefined) {
    const met = failing(outcome, options.failOn as Severity);
    if (met.length > 0) {
      io.err(`${counted(met.length, 'active finding')} of at least ${options.failOn}`);
      return ExitCode.failOnMet;
    }
  }
  return outcome.status === 'Success' ? ExitCode.done : ExitCode.partly;
}

const VERBS = { read: 'reading', detect: 'judging', write: 'writing' } as const;
