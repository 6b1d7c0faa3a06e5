import { defineCommand } from '../command.ts';
import { timeOption, wholeNumber } from '../option-values.ts';
import { usageError } from '../usage-error.ts';

export const command = defineCommand({
  name: 'backfill',
  summary: 'read a past interval again, apart from the live runs',
  description: `Judges the rows that were ingested in an interval of the past, with a state of its own that knows nothing before --from. The findings
have RunKind Backfill, which the alert rules leave out. An interrupted backfill goes on when it is called again with the same
interval. It may run beside live runs: what they read and found is not touched, and each revision is written once. TimeGenerated of the findings is now, as the service would replace older
times; when it happened stands in EventStartTime.`,
  examples: ['factorwatch backfill --from 2026-01-01T00:00:00Z --to 2026-02-01T00:00:00Z'],
  arguments: [{ name: 'PIPELINE', about: 'names of pipelines; all of them when none is given', many: true }],
  options: {
    from: { value: 'TIME', about: 'begin at this ingestion time', parse: timeOption },
    to: { value: 'TIME', about: 'exclusive end of ingestion time', parse: timeOption },
    lockWait: {
      value: 'SECONDS',
      about: 'how long to wait for the same backfill elsewhere, and for a live run that writes (600 s at least)',
      parse: wholeNumber({ most: 86_400 }),
    },
  },
  relayed: true,
  async run(context, args, { from, to, lockWait }) {
    if (from === undefined || to === undefined) throw usageError('backfill needs --from and --to');
    if (from >= to) throw usageError('--from must lie before --to');
    const [{ printRun }, { ticksFromMs }] = await Promise.all([import('../run/print-run.ts'), import('../../core/ticks.ts')]);
    if (to > ticksFromMs(context.clock()))
      throw usageError('--to lies in the future', 'What is still to come is read by `factorwatch run`.');
    return printRun(context, { names: args, lockWait, backfill: { from, until: to } });
  },
});
