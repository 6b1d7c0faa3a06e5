import type { DuckDBConnection } from '@duckdb/node-api';
import { withoutHalfPairs } from '../half-pairs.ts';
import { groupedSql } from './group.ts';
import { DocumentSplitter } from './record-splitter.ts';

const BATCH = 500;

/**
 * Lines that DuckDB cannot take as they are and that are right all the same: half a surrogate pair (`\ud83d` alone, from text that an
 * exporter has cut), and an envelope of records among plain lines. Who writes the log must not be able to hide a row that way.
 */
export async function rescue(connection: DuckDBConnection, table: string): Promise<void> {
  const where = `look IN ('none', 'envelope') AND (look = 'envelope' OR contains(l, '\\u'))`;
  const rows = (await connection.runAndReadAll(`SELECT rowid, line, l FROM ${table} WHERE ${where}`)).getRowsJS() as [
    bigint,
    bigint,
    string,
  ][];
  for (let i = 0; i < rows.length; i += BATCH) {
    const rescued = rows
      .slice(i, i + BATCH)
      .map(([id, line, text]) => ({ id, records: recordsOf(text).map((record) => ({ line: String(line), l: record })) }));
    const found = rescued.filter(({ records }) => records.length > 0);
    if (found.length === 0) continue;
    await connection.run(`DELETE FROM ${table} WHERE rowid IN (${found.map(({ id }) => id).join(', ')})`);
    const lines = `SELECT r.line::BIGINT AS line, r.l AS l FROM (SELECT unnest(from_json($1, '[{"line":"VARCHAR","l":"VARCHAR"}]')) AS r)`;
    await connection.run(`INSERT INTO ${table} ${groupedSql(lines)}`, [JSON.stringify(found.flatMap(({ records }) => records))]);
  }
}

function recordsOf(text: string): string[] {
  const whole = withoutHalfPairs(text);
  try {
    JSON.parse(whole);
  } catch {
    return [];
  }
  const splitter = new DocumentSplitter();
  return [...splitter.next(whole), ...splitter.end()].map((record) => record.text);
}
