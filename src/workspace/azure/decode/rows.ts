import type { Data, RecordBatch } from 'apache-arrow';
import type { KqlColumn, KqlType, KqlValue } from '../../../core/kql-types.ts';

type Cell = (row: number) => KqlValue;

function isNull(data: Data, row: number): boolean {
  return data.nullCount > 0 && (data.nullBitmap[row >> 3]! & (1 << (row & 7))) === 0;
}

/** Every string of the column's dictionary is made once, however many rows point at it. */
function textCell(data: Data): Cell {
  const strings = data.dictionary!.data[0]!;
  const { valueOffsets } = strings;
  const values = strings.values as Uint8Array;
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  const made: (string | undefined)[] = new Array(strings.length);
  return (row) => {
    if (isNull(data, row)) return null;
    const index = data.values[row] as number;
    made[index] ??= bytes.toString('utf8', valueOffsets[index], valueOffsets[index + 1]);
    return made[index];
  };
}

const plainCell =
  (data: Data): Cell =>
  (row) =>
    isNull(data, row) ? null : (data.values[row] as KqlValue);

const CELLS: Readonly<Record<KqlType, (data: Data) => Cell>> = {
  bool: (data) => (row) => (isNull(data, row) ? null : ((data.values[row >> 3] as number) & (1 << (row & 7))) !== 0),
  int: plainCell,
  real: plainCell,
  long: plainCell,
  datetime: plainCell,
  timespan: plainCell,
  decimal: textCell,
  guid: textCell,
  string: textCell,
  dynamic: textCell,
};

/** The first `limit` rows of a decoded batch as values of the program. */
export function rowsOf(batch: RecordBatch, columns: readonly KqlColumn[], limit = batch.numRows): KqlValue[][] {
  const cells = columns.map(({ type }, i) => CELLS[type](batch.data.children[i]!));
  return Array.from({ length: Math.min(limit, batch.numRows) }, (_, row) => cells.map((cell) => cell(row)));
}
