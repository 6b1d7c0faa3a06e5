import type { DuckDBConnection } from '@duckdb/node-api';
import type { StoredTable } from './catalogue.ts';
import { columnSql, HIDDEN_COLUMNS, tableSql } from './storage-types.ts';

/** Hash of a row's content as it is stored: neither ingestion time nor arrival belongs to it. */
export function contentHashSql(columns: readonly string[]): string {
  return columns.length === 0 ? '0::UBIGINT' : `hash(${columns.join(', ')})`;
}

/** Computes the hashes of a table anew. */
export async function rehash(connection: DuckDBConnection, table: StoredTable): Promise<void> {
  const columns = table.columns.map((_, i) => columnSql(i));
  await connection.run(`UPDATE ${tableSql(table.id)} SET ${HIDDEN_COLUMNS.hash} = ${contentHashSql(columns)}`);
}
