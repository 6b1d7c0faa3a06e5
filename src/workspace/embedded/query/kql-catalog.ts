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
    columns,
    physical: `main.${tableSql(id)}`,
    physicalColumns: columns.map((_, i) => columnSql(i)),
    ...(kind === 'table' ? { ingestionColumn: HIDDEN_COLUMNS.ingestion, arrivalColumn: HIDDEN_COLUMNS.arrival } : {}),
  };
}
