import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOG_ANALYTICS_TABLES } from '../../schema/log-analytics-tables.ts';
import type { TableName } from '../../simulate/events.ts';
import { SIMULATED_TABLES } from '../../simulate/simulate.ts';

/**
 * The columns of each simulated table that a query of the folder (extraction, enrichment, baselines) may read: those whose name stands as a word in
 * a query that names the table. One too many costs space, one too few would cost findings.
 */
export function columnsRead(folder: string): Readonly<Partial<Record<TableName, readonly string[]>>> {
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.kql'))
    .map((path) => new Set(readFileSync(join(folder, path), 'utf8').match(/\w+/g)));
  const columnsOf = (table: TableName) => {
    const queries = texts.filter((words) => words.has(table));
    return LOG_ANALYTICS_TABLES.get(table)!
      .columns.map(({ name }) => name)
      .filter((name) => queries.some((words) => words.has(name)));
  };
  return Object.fromEntries(SIMULATED_TABLES.map((table) => [table, columnsOf(table)]));
}
