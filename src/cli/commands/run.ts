import { defineCommand } from '../command.ts';
import { timeOption, wholeNumber } from '../option-values.ts';

export const command = defineCommand({
  name: 'run',
  summary: 'read new rows, judge them, write findings',
  description: `Runs pipelines (all of the folder pipelines/, or those named) from where they stopped: reads the rows that were ingested
since, judges them, writes findings to FactorFindings_CL and what it did to FactorRuns_CL. Findings are no failure: it ends
with 0. A run that is interrupted is made good by the next one; nothing is lost or written twice.
Ends with 3 when --fail-on is met, 4 when rows were set aside or one of several pipelines could not run, 64 for an unknown pipeline or a --from before the
checkpoint, 69 when the workspace does not answer, 75 while another live process runs, 78 for a fault in a pipeline or query.`,
  examples: ['factorwatch run', 'factorwatch run account-takeover --until 2026-01-31T00:00:00Z', 'factorwatch run --fail-on High --json'],
  arguments: [{ name: 'PIPELINE', about: 'names of pipelines; all of them when none is given', many: true }],
  options: {
    from: { value: 'TIME', about: 'first start only: begin at this ingestion time', parse: timeOption },
    until: { value: 'TIME', about: 'exclusive end of ingestion time; else now less the delay of the pipeline', parse: timeOption },
    failOn: {
      value: 'SEVERITY',
      about: 'end with 3 when it wrote an active finding of at least this severity',
      choices: ['Low', 'Medium', 'High'],
    },
    watch: { about: 'keep running on the schedules of the pipelines; --json then prints a line a run' },
    lockWait: {
      value: 'SECONDS',
      about: 'how long to wait for another run that is still alive (default: 0; 75 with state in Azure Blob)',
      parse: wholeNumber({ most: 86_400 }),
    },
  },
  relayed: true,
  async run(context, args, { watch, ...options }) {
    if (watch) {
      const { watchRuns } = await import('../run/watch.ts');
      return watchRuns(context, { ...options, names: args });
    }
    const { printRun } = await import('../run/print-run.ts');
    return printRun(context, { ...options, names: args });
  },
});
