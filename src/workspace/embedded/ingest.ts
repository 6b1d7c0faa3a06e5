import type { DuckDBConnection } from '@duckdb/node-api';
import { TICKS_PER_DAY, type Ticks, ticksFromIso } from '../../core/ticks.ts';
import type { IngestOutcome } from '../workspace.ts';
import type { StoredTable } from './catalogue.ts';
import { coerce } from './coerce.ts';
import { contentHashSql } from './content-hash.ts';
import { columnSql, HIDDEN_COLUMNS, STORAGE_TYPES, tableSql } from './storage-types.ts';
import type { Store } from './store.ts';

type IncomingRow = Readonly<Record<string, unknown>>;
/** The cells of a row by SQL column name, as text that DuckDB casts. */
export type StoredRow = Readonly<Record<string, string | null>>;

/** Writes uploaded rows as the Logs Ingestion API does: unknown columns are dropped, long fields cut, far times re-dated. */
export async function ingestRows(
  store: Store,
  table: StoredTable,
  rows: readonly IncomingRow[],
  signal?: AbortSignal,
): Promise<IngestOutcome> {
  const now = store.clock();
  const accepted: StoredRow[] = [];
  const rejected: { row: number; reason: string }[] = [];
  for (const [i, row] of rows.entries()) {
    const stored = storedRow(table, row, now);
    if (typeof stored === 'string') rejected.push({ row: i, reason: stored });
    else accepted.push(stored);
  }
  signal?.throwIfAborted();
  if (accepted.length > 0) {
    await store.write(async (connection, arrival) => {
      await insertRows(connection, table, accepted, now, arrival);
      return { value: undefined, rows: accepted.length };
    });
  }
  return { accepted: accepted.length, rejected };
}

/** The row as text a column, or the reason why it is refused. */
function storedRow(table: StoredTable, row: IncomingRow, now: Ticks): StoredRow | string {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return 'a row must be a JSON object';
  const cells: Record<string, string | null> = {};
  for (const [i, { name, type }] of table.columns.entries()) {
    const value = Object.hasOwn(row, name) ? row[name] : undefined;
    if (name === 'TimeGenerated' && type === 'datetime') {
      cells[columnSql(i)] = String(receivedTime(value, now));
      continue;
    }
    const cell = coerce(value, type);
    if ('refused' in cell) return `${name}: ${cell.refused}`;
    cells[columnSql(i)] = cell.text;
  }
  return cells;
}

/** TimeGenerated of an uploaded row: kept within 2 days back and 1 day ahead, else the time of receipt. */
function receivedTime(value: unknown, now: Ticks): Ticks {
  const given = typeof value === 'bigint' ? value : typeof value === 'string' ? ticksFromIso(value) : undefined;
  return given !== undefined && given >= now - 2n * TICKS_PER_DAY && given <= now + TICKS_PER_DAY ? given : now;
}

/** Inserts rows inside the caller's transaction. */
export async function insertRows(
  connection: DuckDBConnection,
  table: StoredTable,
  rows: readonly StoredRow[],
  ingested: Ticks,
  arrival: bigint,
): Promise<void> {
  const names = table.columns.map((_, i) => columnSql(i));
  const shape = JSON.stringify([Object.fromEntries(names.map((name) => [name, 'VARCHAR']))]);
  const cells = table.columns.map(({ type }, i) => {
    const { sql, absent } = STORAGE_TYPES[type];
    const text = `r.${columnSql(i)}`;
    const cast = sql === 'VARCHAR' ? text : `CAST(${text} AS ${sql})`;
    return `${absent === 'NULL' ? cast : `coalesce(${cast}, ${absent})`} AS ${columnSql(i)}`;
  });
  const { ingestion, arrival: arrivalColumn, hash } = HIDDEN_COLUMNS;
  // The rows travel as one bound JSON text; only column numbers are in the SQL.
  await connection.run(
    `INSERT INTO ${tableSql(table.id)} (${ingestion}, ${arrivalColumn}, ${hash}, ${names.join(', ')})
     SELECT $1::BIGINT, $2::BIGINT, ${contentHashSql(names)}, ${names.join(', ')}
     FROM (SELECT ${cells.join(', ')} FROM (SELECT unnest(from_json($3, '${shape}')) AS r))`,
    [ingested, arrival, JSON.stringify(rows)],
  );
}
