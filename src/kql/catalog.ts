import type { KqlColumn } from '../core/kql-types.ts';

/** A column that every table of the service has, though the workspace does not store it: `sql` is its value in a scan of the table. */
export interface StandardColumn extends KqlColumn {
  readonly sql: string;
}

/** A table of the workspace: `physical` and `physicalColumns` are SQL text, quoted by whoever made the catalog. */
export interface KqlTable {
  readonly name: string;
  readonly columns: readonly KqlColumn[];
  readonly physical: string;
  /** In the order of `columns`. */
  readonly physicalColumns: readonly string[];
  /** BIGINT ticks of ingestion_time(). */
  readonly ingestionColumn?: string | undefined;
  /** BIGINT, grows with each row that is taken in. */
  readonly arrivalColumn?: string | undefined;
  /** Columns that are not among `columns` but there for a query that names them. */
  readonly standard?: readonly StandardColumn[] | undefined;
  /** It has no rows and is only there for a query that names it: no wildcard means it. */
  readonly silent?: boolean | undefined;
}

/** A stored function: `(a:string, b:long) { ... }`, or the body alone where it takes nothing. */
export interface KqlFunction {
  readonly name: string;
  readonly text: string;
  readonly file?: string | undefined;
}

export interface KqlCatalog {
  readonly tables: ReadonlyMap<string, KqlTable>;
  readonly functions: ReadonlyMap<string, KqlFunction>;
  /** By alias, for _GetWatchlist. */
  readonly watchlists?: ReadonlyMap<string, KqlTable> | undefined;
}
