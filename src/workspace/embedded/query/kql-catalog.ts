import type { KqlCatalog, KqlFunction, KqlTable } from '../../../kql/translate.ts';
import type { Catalogue, StoredTable } from '../catalogue.ts';
import { columnSql, HIDDEN_COLUMNS, tableSql } from '../storage-types.ts';

/** The catalogue as the translator wants it. */
export function kqlCatalog(catalogue: Catalogue, functions: ReadonlyMap<string, KqlFunction>): KqlCatalog {
  return { tables: all(catalogue.tables), watchlists: all(catalogue.watchlists), functions };
}

function all(tables: ReadonlyMap<string, StoredTable>): ReadonlyMap<string, KqlTable> {
  return new Map([...tables].map(([name, table]) => [name, kqlTable(table)]));
}

function kqlTable({ id, kind, name, columns }: StoredTable): KqlTable {
  return {
    name,
    // Nothing else of a column: a table that was just made knows more of it than one that was read, and SQL is kept by what is here.
    columns: columns.map(({ name, type }) => ({ name, type })),
    physical: `main.${tableSql(id)}`,
    physicalColumns: columns.map((_, i) => columnSql(i)),
    ...(kind === 'table' ? { ingestionColumn: HIDDEN_COLUMNS.ingestion, arrivalColumn: HIDDEN_COLUMNS.arrival } : {}),
  };
}
