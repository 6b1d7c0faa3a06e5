import { defineCommand } from '../command.ts';

export const command = defineCommand({
  name: 'import',
  summary: 'load log files into the embedded workspace',
  description: `Loads .ndjson, .jsonl, .json, .csv and .parquet files (also .gz), and directories of them: exports of Log Analytics, diagnostic records
of Entra ID, answers of Microsoft Graph. The table is told by --table, the record or the file name. Rows that are there already are skipped and counted;
rows that cannot be taken go to DIR/rejected with file, line and reason, and the command ends with 4. A kill leaves each file wholly in or wholly out.`,
  examples: ['factorwatch import samples/', 'factorwatch import signins.json --table SigninLogs'],
  arguments: [{ name: 'PATH', about: 'file or directory', required: true, many: true }],
  options: {
    table: { value: 'NAME', about: 'table that every row belongs to' },
  },
  relayed: true,
  async run(context, paths, options) {
    const { importLogs } = await import('../import/import-logs.ts');
    return importLogs(context, paths, options.table);
  },
});
