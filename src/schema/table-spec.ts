import type { KqlColumn, KqlType } from '../core/kql-types.ts';

/** Column name to type, in the order in which the columns are shown. */
export type ColumnTypes = Readonly<Record<string, KqlType>>;

/** A table as Kusto sees it. */
export interface TableSpec {
  readonly name: string;
  readonly columns: readonly KqlColumn[];
}

export function tableOf(name: string, types: ColumnTypes): TableSpec {
  return { name, columns: Object.entries(types).map(([column, type]) => ({ name: column, type })) };
}
