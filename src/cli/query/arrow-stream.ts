import {
  AsyncByteQueue,
  Bool,
  type DataType,
  Field,
  Float64,
  Int32,
  Int64,
  makeData,
  makeVector,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMicrosecond,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import type { KqlColumn, KqlType, KqlValue } from '../../core/kql-types.ts';
import { UNIX_EPOCH_TICKS } from '../../core/ticks.ts';
import { textCell } from '../cells.ts';
import type { Io } from '../io.ts';
import { type Holding, writePieces } from './write-pieces.ts';

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

type Row = readonly KqlValue[];

/** Rows of one record batch: few enough to hold, many enough that a reader has more data than headers. */
const BATCH = 16_384;

/** Writes an answer as an Arrow IPC stream, a record batch at a time as the rows come; without rows it has one empty batch. */
export function writeArrowStream(
  io: Pick<Io, 'write'>,
  columns: readonly KqlColumn[],
  chunks: AsyncIterable<readonly Row[]>,
  holding?: Holding,
): Promise<void> {
  return writePieces(io, encoded(columns, chunks), (bytes) => Buffer.concat(bytes), holding);
}

async function* encoded(columns: readonly KqlColumn[], chunks: AsyncIterable<readonly Row[]>): AsyncGenerator<Iterable<Uint8Array>> {
  const schema = new Schema(columns.map(({ name, type }) => new Field(name, KINDS[type].type(), true)));
  const writer = new RecordBatchStreamWriter();
  const sink = new Written();
  writer.reset(sink, schema);
  let rows: Row[] = [];
  for await (const chunk of chunks) {
    rows = rows.length === 0 ? [...chunk] : rows.concat(chunk);
    if (rows.length < BATCH) continue;
    writer.write(batch(schema, columns, rows));
    rows = [];
    yield sink.taken();
  }
  if (rows.length > 0 || !sink.any) writer.write(batch(schema, columns, rows));
  writer.finish();
  yield sink.taken();
}

/** What the writer has made, to be taken after each batch: the queue of the library keeps all of it. */
class Written extends AsyncByteQueue {
  #bytes: Uint8Array[] = [];
  any = false;

  override write(value: Uint8Array): void {
    if (value.byteLength === 0) return;
    this.any = true;
    this.#bytes.push(value);
  }

  taken(): Uint8Array[] {
    const bytes = this.#bytes;
    this.#bytes = [];
    return bytes;
  }
}

function batch(schema: Schema, columns: readonly KqlColumn[], rows: readonly Row[]): RecordBatch {
  const data = columns.map(({ type }, i) => {
    if (type === 'datetime') return timestamps(rows, i).data[0]!;
    const values = rows.map((row) => KINDS[type].value(row[i] ?? null));
    return vectorFromArray(values, KINDS[type].type()).data[0] ?? makeData({ type: KINDS[type].type(), length: 0 });
  });
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children: data }));
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
