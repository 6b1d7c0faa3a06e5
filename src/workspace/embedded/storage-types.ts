import type { KqlColumn, KqlType } from '../../core/kql-types.ts';

/** How a Kusto type lies in DuckDB. The reasons are in docs/storage-types.md. */
interface StorageType {
  readonly sql: 'VARCHAR' | 'BIGINT' | 'INTEGER' | 'DOUBLE' | 'BOOLEAN';
  /** What a cell without a value holds. */
  readonly absent: "''" | 'NULL';
}

export const STORAGE_TYPES = {
  bool: { sql: 'BOOLEAN', absent: 'NULL' },
  int: { sql: 'INTEGER', absent: 'NULL' },
  long: { sql: 'BIGINT', absent: 'NULL' },
  real: { sql: 'DOUBLE', absent: 'NULL' },
  decimal: { sql: 'VARCHAR', absent: 'NULL' },
  string: { sql: 'VARCHAR', absent: "''" },
  /** 100 ns ticks since 0001-01-01. */
  datetime: { sql: 'BIGINT', absent: 'NULL' },
  /** 100 ns ticks. */
  timespan: { sql: 'BIGINT', absent: 'NULL' },
  guid: { sql: 'VARCHAR', absent: 'NULL' },
  /** JSON text. */
  dynamic: { sql: 'VARCHAR', absent: 'NULL' },
} as const satisfies Record<KqlType, StorageType>;

/** Columns that every table has and that no query sees: ingestion time in ticks, arrival number, hash of the content. */
export const HIDDEN_COLUMNS = { ingestion: 'ing', arrival: 'arr', hash: 'h' } as const;

/** SQL names are numbers: table and column names come from logs, and DuckDB takes "A" for "a". */
export function tableSql(id: number): string {
  return `t${id}`;
}

export function columnSql(ordinal: number): string {
  return `c${ordinal}`;
}

export function columnDdl(ordinal: number, { type }: KqlColumn): string {
  const { sql, absent } = STORAGE_TYPES[type];
  return `${columnSql(ordinal)} ${sql}${absent === "''" ? " NOT NULL DEFAULT ''" : ''}`;
}

export function tableDdl(id: number, columns: readonly KqlColumn[]): string {
  // The hidden columns come first, so that columns added later follow in the order of the catalogue.
  const hidden = `${HIDDEN_COLUMNS.ingestion} BIGINT NOT NULL, ${HIDDEN_COLUMNS.arrival} BIGINT NOT NULL, ${HIDDEN_COLUMNS.hash} UBIGINT NOT NULL`;
  return `CREATE TABLE ${tableSql(id)} (${[hidden, ...columns.map((column, i) => columnDdl(i, column))].join(', ')})`;
}
