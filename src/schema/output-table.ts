import type { KqlType } from '../core/kql-types.ts';
import type { TableSpec } from './table-spec.ts';

/** The types a column of our own tables may have: those that a DCR stream and a custom table can both carry. */
export type OutputType = Extract<KqlType, 'string' | 'int' | 'long' | 'real' | 'bool' | 'dynamic' | 'datetime'>;

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export interface OutputColumn {
  readonly name: string;
  readonly type: OutputType;
  readonly doc: string;
}

/** One of our own tables: DDL, DCR stream and row type all come from this. */
export interface OutputTable<Columns extends readonly OutputColumn[] = readonly OutputColumn[]> extends TableSpec {
  readonly columns: Columns;
  /** Name of the DCR stream that fills it. */
  readonly stream: `Custom-${string}`;
  readonly doc: string;
}

/** A column row of a spec: name, type, one line of documentation. */
export type ColumnRow = readonly [name: string, type: OutputType, doc: string];
type ColumnOf<Row extends ColumnRow> = { readonly name: Row[0]; readonly type: Row[1]; readonly doc: Row[2] };
type ColumnsOf<Rows extends readonly ColumnRow[]> = { readonly [K in keyof Rows]: ColumnOf<Rows[K]> };

export function outputTable<const Rows extends readonly ColumnRow[]>(
  name: `${string}_CL`,
  doc: string,
  rows: Rows,
): OutputTable<ColumnsOf<Rows>> {
  const columns = rows.map(([column, type, text]) => ({ name: column, type, doc: text }));
  return { name, doc, stream: `Custom-${name}`, columns: columns as unknown as ColumnsOf<Rows> };
}

/** What a cell is in a row that is sent: JSON, so datetimes are ISO 8601 text and a string is '' where it is absent. */
interface CellOf {
  readonly string: string;
  readonly int: number | null;
  readonly long: number | null;
  readonly real: number | null;
  readonly bool: boolean | null;
  readonly dynamic: JsonValue;
  readonly datetime: string | null;
}

/** The row type of an output table, e.g. `RowOf<typeof FACTOR_FINDINGS>`. Every column is named, so that none is forgotten. */
export type RowOf<Table extends OutputTable> = {
  readonly [Column in Table['columns'][number] as Column['name']]: CellOf[Column['type']];
};

/** The type names of DCR streams and custom tables differ from Kusto's only in `bool`. */
const STREAM_TYPES = {
  string: 'string',
  int: 'int',
  long: 'long',
  real: 'real',
  bool: 'boolean',
  dynamic: 'dynamic',
  datetime: 'datetime',
} as const satisfies Record<OutputType, string>;

export interface StreamColumn {
  readonly name: string;
  readonly type: (typeof STREAM_TYPES)[OutputType];
}

/** The `streamDeclarations` entry of a table: stream name and its columns in the DCR's type names. */
export function streamDeclaration(table: OutputTable): { readonly stream: string; readonly columns: readonly StreamColumn[] } {
  return { stream: table.stream, columns: table.columns.map(({ name, type }) => ({ name, type: STREAM_TYPES[type] })) };
}
