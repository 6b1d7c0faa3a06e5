import type { KqlColumn, KqlType } from '../../../core/kql-types.ts';
import { quoteString } from '../../../kql/quote.ts';
import type { KqlCatalog, KqlFunction, KqlTable } from '../../../kql/translate.ts';
import { CONNECTOR_TABLES } from '../../../schema/connector-tables.ts';
import type { Catalogue, StoredTable } from '../catalogue.ts';
import { columnSql, HIDDEN_COLUMNS, STORAGE_TYPES, tableSql } from '../storage-types.ts';
import { missingStandard, standardColumns } from './standard-columns.ts';

/** The catalogue as the translator wants it. */
export function kqlCatalog(catalogue: Catalogue, functions: ReadonlyMap<string, KqlFunction>, workspaceId: string): KqlCatalog {
  const tables = new Map(all(catalogue.tables, workspaceId));
  for (const table of SILENT) if (!tables.has(table.name)) tables.set(table.name, table);
  return { tables, watchlists: all(catalogue.watchlists, workspaceId), functions };
}

/** Nothing to read, under the names that a scan asks for. */
const NO_ROWS = `(SELECT 0::BIGINT AS ${HIDDEN_COLUMNS.ingestion}, 0::BIGINT AS ${HIDDEN_COLUMNS.arrival} WHERE false)`;

/** Tables of connectors that nobody has imported into. */
const SILENT: readonly KqlTable[] = [...CONNECTOR_TABLES.values()].map(({ name, columns }) => ({
  name,
  columns,
  physical: NO_ROWS,
  physicalColumns: columns.map(({ type }) => absent(type)),
  ingestionColumn: HIDDEN_COLUMNS.ingestion,
  arrivalColumn: HIDDEN_COLUMNS.arrival,
  standard: missingStandard(columns).map((column) => ({ ...column, sql: absent(column.type) })),
  silent: true,
}));

function absent(type: KqlType): string {
  const { sql, absent: value } = STORAGE_TYPES[type];
  return `${value}::${sql}`;
}

function all(tables: ReadonlyMap<string, StoredTable>, workspaceId: string): ReadonlyMap<string, KqlTable> {
  return new Map([...tables].map(([name, table]) => [name, kqlTable(table, workspaceId)]));
}

const bareColumns = new WeakMap<readonly KqlColumn[], readonly KqlColumn[]>();

/**
 * Name and type of columns and nothing else: a table that was just made knows more of them than one that was read, and SQL is kept
 * by what is here. The same array each time, for the translator keeps its symbols by it.
 */
function bare(columns: readonly KqlColumn[]): readonly KqlColumn[] {
  const known = bareColumns.get(columns) ?? columns.map(({ name, type }) => ({ name, type }));
  bareColumns.set(columns, known);
  return known;
}

function kqlTable(table: StoredTable, workspaceId: string): KqlTable {
  const { id, kind, name, columns } = table;
  return {
    name,
    columns: bare(columns),
    physical: `main.${tableSql(id)}`,
    // Type is the name of the table by definition, whatever a row that was imported said or left out; in a custom table it may be data.
    physicalColumns: columns.map((column, i) => (column.name === 'Type' && !name.endsWith('_CL') ? quoteString(name) : columnSql(i))),
    ...(kind === 'table' && {
      ingestionColumn: HIDDEN_COLUMNS.ingestion,
      arrivalColumn: HIDDEN_COLUMNS.arrival,
      standard: standardColumns(table, workspaceId),
    }),
  };
}
