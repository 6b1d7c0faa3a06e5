import {
  Bool,
  type DataType,
  Field,
  Float64,
  Int32,
  Int64,
  makeVector,
  Schema,
  Table,
  TimestampMicrosecond,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import type { KqlColumn, KqlType, KqlValue } from '../../core/kql-types.ts';
import { UNIX_EPOCH_TICKS } from '../../core/ticks.ts';
import { textCell } from '../cells.ts';

interface ArrowKind {
  readonly type: () => DataType;
  readonly value: (value: KqlValue) => unknown;
}
const text: (type: KqlType) => ArrowKind = (type) => ({
  type: () => new Utf8(),
  value: (value) => (value === null ? null : textCell(value, type)),
});
const same = (value: KqlValue) => value;

/**
 * Arrow has no ticks of 100 ns: a datetime is a timestamp of microseconds in UTC (the last digit is cut), a timespan is
 * the text that Kusto prints. dynamic is JSON text; decimal and guid are text.
 */
const KINDS: Readonly<Record<KqlType, ArrowKind>> = {
  bool: { type: () => new Bool(), value: same },
  int: { type: () => new Int32(), value: same },
  long: { type: () => new Int64(), value: same },
  real: { type: () => new Float64(), value: same },
  datetime: { type: () => new TimestampMicrosecond('UTC'), value: same },
  decimal: text('decimal'),
  string: text('string'),
  timespan: text('timespan'),
  guid: text('guid'),
  dynamic: text('dynamic'),
};

/** An answer as an Arrow IPC stream of one batch. */
export function arrowStream(columns: readonly KqlColumn[], rows: readonly (readonly KqlValue[])[]): Uint8Array {
  const fields = columns.map(({ name, type }) => new Field(name, KINDS[type].type(), true));
  const vectors = columns.map(({ type }, i) =>
    type === 'datetime'
      ? timestamps(rows, i)
      : vectorFromArray(
          rows.map((row) => KINDS[type].value(row[i] ?? null)),
          KINDS[type].type(),
        ),
  );
  const schema = new Schema(fields);
  return tableToIPC(new Table(schema, Object.fromEntries(columns.map(({ name }, i) => [name, vectors[i]!]))), 'stream');
}

/** Built from raw buffers: the library's own builder takes a timestamp as milliseconds in a double. */
function timestamps(rows: readonly (readonly KqlValue[])[], column: number) {
  const data = new BigInt64Array(rows.length);
  const valid = new Uint8Array(Math.ceil(rows.length / 8));
  let nullCount = 0;
  rows.forEach((row, r) => {
    const ticks = row[column] as bigint | null | undefined;
    if (ticks === null || ticks === undefined) {
      nullCount++;
      return;
    }
    // Rounded down, also before 1970.
    data[r] = BigInt.asIntN(64, ticks / 10n - UNIX_EPOCH_TICKS / 10n);
    valid[r >> 3] = valid[r >> 3]! | (1 << (r & 7));
  });
  return makeVector({ type: new TimestampMicrosecond('UTC'), data, length: rows.length, nullBitmap: valid, nullCount });
}
