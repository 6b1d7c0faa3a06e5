import { defineCommand } from '../command.ts';

export const command = defineCommand({
  name: 'import',
  summary: 'load log files into the embedded workspace',
  description: `Loads .ndjson, .jsonl, .json, .csv and .parquet files (also .gz), and directories of them: exports of Log Analytics, diagnostic records
of Entra ID, answers of Microsoft Graph. The table is told by --table, the record or the file name. Rows that are there already are skipped and counted;
rows that cannot be taken go to DIR/rejected with file, line and reason, and the command ends with 4. A kill leaves each file wholly in or wholly out.`,
  examples: [
    'factorwatch import samples/',
    'factorwatch import signins.json --table SigninLogs',
    'factorwatch import vips.csv --watchlist VIPUsers --key UserPrincipalName',
  ],
  arguments: [{ name: 'PATH', about: 'file or directory', required: true, many: true }],
  options: {
    table: { value: 'NAME', about: 'table that every row belongs to' },
    watchlist: { value: 'ALIAS', about: 'fill this watchlist from a CSV file, in place of what it holds' },
    key: { value: 'COLUMN', about: 'search key of the watchlist (default: the first column)' },
  },
  relayed: true,
  async run(context, paths, options) {
    const { usageError } = await import('../usage-error.ts');
    if (options.watchlist === undefined) {
      if (options.key !== undefined) throw usageError('--key belongs to --watchlist');
      const { importLogs } = await import('../import/import-logs.ts');
      return importLogs(context, paths, options.table);
    }
    if (options.table !== undefined || paths.length !== 1) throw usageError('a watchlist is filled from one CSV file, and has no table');
    const { fillWatchlist } = await import('../import/import-watchlist.ts');
    return fillWatchlist(context, paths[0]!, { alias: options.watchlist, key: options.key });
  },
});
