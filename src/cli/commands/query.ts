import { defineCommand } from '../command.ts';
import { usageError } from '../usage-error.ts';

export const command = defineCommand({
  name: 'query',
  summary: 'ask the workspace in KQL',
  description: `Runs KQL on the workspace of the target. Prints a table on a terminal and JSON otherwise.
A query that is wrong or not supported ends with 78 and names each fault with line and column; an answer that is
not whole ends with 4. JSON, CSV and Arrow are written as the rows come: where a query fails or is stopped in the
middle of a large answer, the array or stream stays open, and standard error and the exit code say why.`,
  examples: [
    'factorwatch query "SigninLogs | summarize count() by ResultType | top 5 by count_"',
    'factorwatch query -f hunt.kql --timespan P7D --csv > hunt.csv',
    'factorwatch query "AuditLogs | summarize count() by bin(TimeGenerated, 1h) | render timechart"',
  ],
  arguments: [{ name: 'KQL', about: 'the query' }],
  options: {
    file: { short: 'f', value: 'FILE', about: 'read the query from a file' },
    csv: { about: 'print CSV with a header line' },
    arrow: { about: 'print an Arrow IPC stream' },
    timespan: { value: 'SPAN', about: 'ISO 8601 duration (P1D) or interval; intersects with the filters of the query' },
    explain: { about: 'compile only: print the columns of the answer and what would be run' },
  },
  relayed: true,
  async run(context, args, options) {
    if ([context.json, options.csv, options.arrow].filter(Boolean).length > 1) {
      throw usageError('--json, --csv and --arrow exclude each other', 'Choose one form of output.');
    }
    const { queryText } = await import('../query/query-text.ts');
    const { text, file } = queryText(context, args[0], options.file);
    const workspace = await context.openWorkspace();
    const request = { kql: text, file, timespan: options.timespan, signal: context.signal };
    if (options.explain) {
      const { printPlan } = await import('../query/print-plan.ts');
      return printPlan(context, workspace, request);
    }
    const { printAnswer } = await import('../query/print-answer.ts');
    const form = options.arrow ? 'arrow' : options.csv ? 'csv' : context.json || !context.io.isTTY ? 'json' : 'table';
    return printAnswer(context, await workspace.query(request), form);
  },
});
