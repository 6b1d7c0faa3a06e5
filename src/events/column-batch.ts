import { type Data, DataType, Precision, type RecordBatch, Type } from 'apache-arrow';
import type { ByteReader, ByteWriter } from '../core/bytes.ts';
import { ExitCode, FactorwatchError } from '../core/errors.ts';
import type { KqlType } from '../core/kql-types.ts';
import { type EventKind, eventColumns } from './contracts.ts';

/** Strings as a dictionary: row r is entry indices[r], bytes offsets[entry]..offsets[entry + 1]; entry -1 is absent (''). */
export interface StringColumn {
  readonly indices: Int32Array;
  readonly offsets: Int32Array;
  readonly bytes: Buffer;
  readonly size: number;
}

/** The columns of a batch of one kind of event, decoded once. Times are Unix milliseconds; NaN where null. Booleans 1, 0, -1 (null). */
export interface ColumnBatch {
  readonly kind: EventKind;
  readonly rows: number;
  readonly strings: ReadonlyMap<string, StringColumn>;
  readonly numbers: ReadonlyMap<string, Float64Array>;
  readonly bools: ReadonlyMap<string, Int8Array>;
}

/** Whether no row has a text. */
export function isBlank({ size, offsets }: StringColumn): boolean {
  return size === 0 || offsets[size] === offsets[0];
}

/** The text of a dictionary's entry. A Buffer reads it three times as fast as a TextDecoder, which needs an array of its own for each. */
export function entryText(column: StringColumn, entry: number): string {
  const start = column.offsets[entry]!;
  const end = column.offsets[entry + 1]!;
  if (start === end) return '';
  return column.bytes.toString('utf8', start, end);
}

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array) => Buffer.from(buffer, byteOffset, byteLength);

export function textAt(batch: ColumnBatch, name: string, row: number): string {
  const column = batch.strings.get(name);
  const entry = column?.indices[row] ?? -1;
  return column === undefined || entry < 0 ? '' : entryText(column, entry);
}

function isValid(data: Data, row: number): boolean {
  if (data.nullCount === 0 || data.nullBitmap === null || data.nullBitmap === undefined || data.nullBitmap.length === 0) return true;
  const bit = data.offset + row;
  return ((data.nullBitmap[bit >> 3]! >> (bit & 7)) & 1) === 1;
}

function utf8Of(chunks: readonly Data[]): { offsets: Int32Array; bytes: Buffer; size: number } {
  const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const [only] = chunks;
  // After IPC valueOffsets is padded: `size` counts, not the length of the offsets.
  if (chunks.length === 1 && only?.nullCount === 0) {
    return { offsets: only.valueOffsets as Int32Array, bytes: bufferOf(only.values as Uint8Array), size };
  }
  const offsets = new Int32Array(size + 1);
  const parts: Uint8Array[] = [];
  let entry = 0;
  let at = 0;
  for (const chunk of chunks) {
    const from = chunk.valueOffsets as Int32Array;
    for (let i = 0; i < chunk.length; i++) {
      if (isValid(chunk, i)) {
        const part = (chunk.values as Uint8Array).subarray(from[i]!, from[i + 1]!);
        parts.push(part);
        at += part.length;
      }
      offsets[++entry] = at;
    }
  }
  const bytes = Buffer.alloc(at);
  let to = 0;
  for (const part of parts) {
    bytes.set(part, to);
    to += part.length;
  }
  return { offsets, bytes, size };
}

function stringColumn(data: Data): StringColumn {
  const { length } = data;
  const dictionary = data.dictionary?.data as readonly Data[] | undefined;
  const entries = utf8Of(dictionary ?? [data]);
  let indices: Int32Array;
  if (dictionary === undefined) {
    indices = Int32Array.from({ length }, (_, row) => row);
  } else {
    const values = data.values as Int32Array | Int8Array | Int16Array | Uint32Array;
    indices = values instanceof Int32Array ? values.subarray(0, length) : Int32Array.from(values.subarray(0, length));
  }
  if (data.nullCount > 0) indices = indices.map((entry, row) => (isValid(data, row) ? entry : -1));
  return { indices, ...entries };
}

const EPOCH_HIGH = 144670709; // 1970-01-01 in ticks = EPOCH_HIGH * 2^32 + EPOCH_LOW
const EPOCH_LOW = 4155867136;

function timeColumn(data: Data): Float64Array {
  const values = data.values as BigInt64Array;
  const words = new Int32Array(values.buffer, values.byteOffset, data.length * 2);
  const out = new Float64Array(data.length);
  for (let row = 0; row < out.length; row++) {
    // Exact without BigInt (one allocation a value): 2^32 = 429496 * 10000 + 7296.
    const high = words[2 * row + 1]! - EPOCH_HIGH;
    const low = (words[2 * row]! >>> 0) - EPOCH_LOW;
    out[row] = high * 429496 + Math.floor((high * 7296 + low) / 10000);
  }
  if (data.nullCount > 0) for (let row = 0; row < out.length; row++) if (!isValid(data, row)) out[row] = Number.NaN;
  return out;
}

function boolColumn(data: Data): Int8Array {
  const values = data.values as Uint8Array;
  const out = new Int8Array(data.length);
  for (let row = 0, bit = data.offset; row < out.length; row++, bit++) out[row] = (values[bit >> 3]! >> (bit & 7)) & 1;
  if (data.nullCount > 0) for (let row = 0; row < out.length; row++) if (!isValid(data, row)) out[row] = -1;
  return out;
}

function realColumn(data: Data): Float64Array {
  const values = data.values as Float64Array;
  if (data.nullCount === 0) return values.subarray(0, data.length);
  return Float64Array.from({ length: data.length }, (_, row) => (isValid(data, row) ? values[row]! : Number.NaN));
}

const expected: Partial<Record<KqlType, (type: DataType) => boolean>> = {
  string: ({ typeId }) => typeId === Type.Dictionary || typeId === Type.Utf8,
  datetime: (type) => DataType.isInt(type) && type.bitWidth === 64,
  real: (type) => DataType.isFloat(type) && type.precision === Precision.DOUBLE,
  bool: ({ typeId }) => typeId === Type.Bool,
};

/** Decodes an Arrow batch. A column that is missing or of another type is FactorwatchError event-columns. */
export function columnBatch(kind: EventKind, batch: RecordBatch): ColumnBatch {
  const strings = new Map<string, StringColumn>();
  const numbers = new Map<string, Float64Array>();
  const bools = new Map<string, Int8Array>();
  for (const [name, type] of Object.entries(eventColumns[kind])) {
    const at = batch.schema.fields.findIndex((field) => field.name === name);
    const data = batch.data.children[at];
    if (data === undefined || expected[type]?.(data.type) !== true) {
      const found = data === undefined ? 'is missing' : `is ${data.type}`;
      throw new FactorwatchError('event-columns', `Column ${name} of ${kind} events ${found}; expected ${type}`, {
        exitCode: ExitCode.invalid,
        hint: 'Compare the extraction query with src/events/contracts.ts',
      });
    }
    // An empty batch has no buffers.
    if (batch.numRows === 0) continue;
    if (type === 'string') strings.set(name, stringColumn(data));
    else if (type === 'datetime') numbers.set(name, timeColumn(data));
    else if (type === 'real') numbers.set(name, realColumn(data));
    else bools.set(name, boolColumn(data));
  }
  return { kind, rows: batch.numRows, strings, numbers, bools };
}

/** Writes the chosen rows with only the dictionary entries that they use. */
export function writeRows(writer: ByteWriter, batch: ColumnBatch, rows: Uint32Array): void {
  writer.u32(rows.length);
  for (const column of batch.strings.values()) {
    const renumbered = new Int32Array(column.size).fill(-1);
    const indices = new Int32Array(rows.length);
    const used: number[] = [];
    let length = 0;
    for (let i = 0; i < rows.length; i++) {
      const entry = column.indices[rows[i]!]!;
      if (entry >= 0 && renumbered[entry] === -1) {
        renumbered[entry] = used.length;
        used.push(entry);
        length += column.offsets[entry + 1]! - column.offsets[entry]!;
      }
      indices[i] = entry < 0 ? -1 : renumbered[entry]!;
    }
    const offsets = new Int32Array(used.length + 1);
    const bytes = new Uint8Array(length);
    used.forEach((entry, i) => {
      const part = column.bytes.subarray(column.offsets[entry]!, column.offsets[entry + 1]!);
      bytes.set(part, offsets[i]!);
      offsets[i + 1] = offsets[i]! + part.length;
    });
    writer.array(indices);
    writer.array(offsets);
    writer.array(bytes);
  }
  for (const column of batch.numbers.values()) writer.array(Float64Array.from(rows, (row) => column[row]!));
  for (const column of batch.bools.values()) writer.array(Int8Array.from(rows, (row) => column[row]!));
}

/** Reads what writeRows wrote. */
export function readRows(reader: ByteReader, kind: EventKind): ColumnBatch {
  const rows = reader.u32();
  const names = Object.entries(eventColumns[kind]);
  const strings = new Map<string, StringColumn>();
  for (const [name, type] of names) {
    if (type !== 'string') continue;
    const indices = reader.i32s();
    const offsets = reader.i32s();
    strings.set(name, { indices, offsets, bytes: bufferOf(reader.bytes()), size: offsets.length - 1 });
  }
  const numeric = names.filter(([, type]) => type === 'datetime' || type === 'real');
  const numbers = new Map(numeric.map(([name]) => [name, reader.f64s()]));
  const bools = new Map(names.filter(([, type]) => type === 'bool').map(([name]) => [name, reader.i8s()]));
  return { kind, rows, strings, numbers, bools };
}
