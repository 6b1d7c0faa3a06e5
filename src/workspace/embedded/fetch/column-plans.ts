import { Bool, type DataType, Dictionary, Field, Float64, Int32, Int64, Schema, Utf8 } from 'apache-arrow';
import type { KqlColumn, KqlType } from '../../../core/kql-types.ts';

/** How the cells of a column leave DuckDB. */
export type Packing =
  /** Numbers, one list. */
  | { readonly kind: 'numbers'; readonly width: 1 | 4 | 8 }
  /** A 64-bit hash a row, and each different text once. */
  | { readonly kind: 'dictionary' }
  /** All texts one after another: cheaper where hardly one comes twice, and right also where two texts have the same hash. */
  | { readonly kind: 'concatenated' };

const NUMBERS: Readonly<Partial<Record<KqlType, { readonly width: 1 | 4 | 8; readonly type: DataType }>>> = {
  bool: { width: 1, type: new Bool() },
  int: { width: 4, type: new Int32() },
  long: { width: 8, type: new Int64() },
  datetime: { width: 8, type: new Int64() },
  timespan: { width: 8, type: new Int64() },
  real: { width: 8, type: new Float64() },
};

export function firstPacking({ type }: KqlColumn): Packing {
  const numbers = NUMBERS[type];
  return numbers ? { kind: 'numbers', width: numbers.width } : { kind: 'dictionary' };
}

/** One schema for all batches of a fetch: a Dictionary without an id would get a new one, and two batches different schemas. */
export function arrowSchema(columns: readonly KqlColumn[]): Schema {
  return new Schema(
    columns.map(
      ({ name, type }, i) => new Field(name, NUMBERS[type]?.type ?? new Dictionary(new Utf8(), new Int32(), i, false), type !== 'string'),
    ),
  );
}

/** SQL that yields one row with everything about the rows of `sql`, and at which column each part lies. */
export function packedSql(sql: string, packings: readonly Packing[]): string {
  const inner = packings.flatMap((packing, i) => {
    const c = `c${i}`;
    if (packing.kind === 'numbers') return [`list(${c}) AS a${i}`];
    if (packing.kind === 'concatenated') return [`list(strlen(${c})::INTEGER) AS a${i}`, `string_agg(${c}, '') AS b${i}`];
    return [`list(hash(${c})) AS a${i}`, `list(DISTINCT {'h': hash(${c}), 's': ${c}}) AS d${i}`];
  });
  const outer = packings.flatMap((packing, i) => {
    if (packing.kind === 'numbers') return [`a${i}`];
    if (packing.kind === 'concatenated') return [`a${i}`, `b${i}`];
    return [
      `a${i}`,
      `list_transform(d${i}, lambda x: x.h)`,
      `list_transform(d${i}, lambda x: strlen(x.s)::INTEGER)`,
      `array_to_string(list_transform(d${i}, lambda x: x.s), '')`,
    ];
  });
  return `SELECT n, ${outer.join(', ')} FROM (SELECT count(*)::INTEGER AS n, ${inner.join(', ')} FROM (${sql}))`;
}

/** Columns of the packed answer that a packing takes. */
export const PACKED_COLUMNS: Readonly<Record<Packing['kind'], number>> = { numbers: 1, concatenated: 2, dictionary: 4 };
