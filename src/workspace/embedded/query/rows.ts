import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { KqlColumn, KqlType, KqlValue } from '../../../core/kql-types.ts';

type Row = KqlValue[];

/** The rows of a chunk as Kusto values. */
export function chunkRows(chunk: DuckDBDataChunk, columns: readonly KqlColumn[]): Row[] {
  const rows: Row[] = Array.from({ length: chunk.rowCount }, () => new Array<KqlValue>(columns.length).fill(null));
  for (const [c, { type }] of columns.entries()) {
    const vector = chunk.getColumnVector(c);
    const read = READERS[type];
    for (let r = 0; r < rows.length; r++) {
      const value = vector.getItem(r);
      if (value !== null) (rows[r] as Row)[c] = read(value);
      else if (type === 'string') (rows[r] as Row)[c] = '';
    }
  }
  return rows;
}

const same = (value: unknown) => value as KqlValue;
const long = (value: unknown) => (typeof value === 'bigint' ? value : BigInt(Math.trunc(Number(value))));
const READERS: Readonly<Record<KqlType, (value: unknown) => KqlValue>> = {
  bool: same,
  int: Number,
  long,
  real: Number,
  decimal: String,
  string: same,
  datetime: long,
  timespan: long,
  guid: String,
  dynamic: (value) => (value === 'null' ? null : (value as string)),
};

/** About how many bytes a row takes in an answer. */
export function rowBytes(row: readonly KqlValue[]): number {
  let bytes = 2;
  for (const value of row) bytes += typeof value === 'string' ? value.length + 3 : value === null ? 5 : 22;
  return bytes;
}
