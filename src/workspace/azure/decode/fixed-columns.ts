import { Bool, type Data, type DataType, Float64, Int32, Int64, makeData } from 'apache-arrow';
import { ticksFromIso } from '../../../core/ticks.ts';
import { type ColumnBuilder, FIRST_ROWS, NullFlags, nullAt } from './column-builder.ts';
import { writeDatetime, writeSafeInteger } from './int64-cell.ts';
import { MalformedAnswer, skipValue } from './json-bytes.ts';
import { ticksFromTimespan } from './timespan-cell.ts';

/** Common part of the columns with a fixed width: nulls, and where a cell ends. */
abstract class FixedColumn implements ColumnBuilder {
  abstract readonly type: DataType;
  protected readonly name: string;
  protected capacity = FIRST_ROWS;
  protected nulls = new NullFlags();

  constructor(name: string) {
    this.name = name;
  }

  abstract read(bytes: Buffer, pos: number, end: number, row: number): number;
  abstract reserve(rows: number): void;
  abstract finish(rows: number): Data;

  heldBytes(): number {
    return 0;
  }

  /** The slow way: the whole cell as text, without quotes. undefined = not there in full. */
  protected cell(bytes: Buffer, pos: number, end: number): { readonly text: string; readonly after: number } | undefined {
    const after = skipValue(bytes, pos, end);
    if (after < 0) return undefined;
    const quoted = bytes[pos] === 0x22;
    return { text: bytes.toString('utf8', quoted ? pos + 1 : pos, quoted ? after - 1 : after), after };
  }

  protected wrong(text: string): MalformedAnswer {
    return new MalformedAnswer(`column ${this.name}: ${JSON.stringify(text.slice(0, 40))} is not a value of its type`);
  }
}

function grow<T extends Int32Array | Float64Array | Uint8Array>(array: T, larger: T): T {
  larger.set(array);
  return larger;
}

/** datetime, timespan and long: Int64 through 32-bit words. */
abstract class Int64Column extends FixedColumn {
  readonly type = new Int64();
  protected words = new Int32Array(FIRST_ROWS * 2);

  reserve(rows: number): void {
    this.words = grow(this.words, new Int32Array(rows * 2));
    this.capacity = rows;
  }

  finish(rows: number): Data {
    const { bitmap, count } = this.nulls.finish(rows);
    const words = rows === this.capacity ? this.words : this.words.slice(0, rows * 2);
    this.words = new Int32Array(FIRST_ROWS * 2);
    this.capacity = FIRST_ROWS;
    return makeData({ type: this.type, length: rows, nullCount: count, nullBitmap: bitmap, data: new BigInt64Array(words.buffer) });
  }

  read(bytes: Buffer, pos: number, end: number, row: number): number {
    const none = nullAt(bytes, pos, end);
    if (none < 0) return -1;
    if (none > 0) {
      this.nulls.set(row, this.capacity);
      this.words[row * 2] = 0;
      this.words[row * 2 + 1] = 0;
      return pos + none;
    }
    return this.readFast(bytes, pos, end, row) || this.readSlow(bytes, pos, end, row);
  }

  /** 0 = take the slow way. */
  protected abstract readFast(bytes: Buffer, pos: number, end: number, row: number): number;
  protected abstract parse(text: string): bigint | undefined;

  private readSlow(bytes: Buffer, pos: number, end: number, row: number): number {
    const cell = this.cell(bytes, pos, end);
    if (cell === undefined) return -1;
    const value = this.parse(cell.text);
    if (value === undefined) throw this.wrong(cell.text);
    this.words[row * 2] = Number(BigInt.asIntN(32, value));
    this.words[row * 2 + 1] = Number(BigInt.asIntN(32, value >> 32n));
    return cell.after;
  }
}

const MIN_LONG = -(2n ** 63n);
const MAX_LONG = 2n ** 63n - 1n;

export class LongColumn extends Int64Column {
  protected readFast(bytes: Buffer, pos: number, end: number, row: number): number {
    const negative = bytes[pos] === 0x2d;
    const start = negative ? pos + 1 : pos;
    let value = 0;
    for (let i = start; i < end; i++) {
      const c = bytes[i]!;
      if (c >= 48 && c <= 57) {
        value = value * 10 + (c - 48);
        continue;
      }
      if (i === start || i - start > 15 || (c !== 0x2c && c !== 0x5d)) return 0;
      writeSafeInteger(this.words, row, negative ? -value : value);
      return i;
    }
    return -1;
  }

  protected parse(text: string): bigint | undefined {
    if (/^-?\d{1,19}$/.test(text)) {
      const value = BigInt(text);
      return value >= MIN_LONG && value <= MAX_LONG ? value : undefined;
    }
    const number = Number(text);
    return text.trim() !== '' && Number.isSafeInteger(number) ? BigInt(number) : undefined;
  }
}

export class DatetimeColumn extends Int64Column {
  protected readFast(bytes: Buffer, pos: number, end: number, row: number): number {
    if (bytes[pos] !== 0x22) return 0;
    const limit = Math.min(end, pos + 30);
    for (let i = pos + 20; i < limit; i++) {
      if (bytes[i] === 0x22) return writeDatetime(bytes, pos + 1, i, this.words, row) ? i + 1 : 0;
    }
    return limit === end ? -1 : 0;
  }

  protected parse(text: string): bigint | undefined {
    return ticksFromIso(text);
  }
}

export class TimespanColumn extends Int64Column {
  protected readFast(): number {
    return 0;
  }

  protected parse(text: string): bigint | undefined {
    return ticksFromTimespan(text);
  }
}

export class IntColumn extends FixedColumn {
  readonly type = new Int32();
  private values = new Int32Array(FIRST_ROWS);

  reserve(rows: number): void {
    this.values = grow(this.values, new Int32Array(rows));
    this.capacity = rows;
  }

  read(bytes: Buffer, pos: number, end: number, row: number): number {
    const none = nullAt(bytes, pos, end);
    if (none !== 0) {
      if (none < 0) return -1;
      this.nulls.set(row, this.capacity);
      this.values[row] = 0;
      return pos + none;
    }
    const cell = this.cell(bytes, pos, end);
    if (cell === undefined) return -1;
    const value = Number(cell.text);
    if (cell.text.trim() === '' || (value | 0) !== value) throw this.wrong(cell.text);
    this.values[row] = value;
    return cell.after;
  }

  finish(rows: number): Data {
    const { bitmap, count } = this.nulls.finish(rows);
    const data = rows === this.capacity ? this.values : this.values.slice(0, rows);
    this.values = new Int32Array(FIRST_ROWS);
    this.capacity = FIRST_ROWS;
    return makeData({ type: this.type, length: rows, nullCount: count, nullBitmap: bitmap, data });
  }
}

/** Numbers, and the texts that stand for what JSON has no number for. */
const REAL_WORDS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};
/** Powers of ten that a double holds exactly: m / 10^k with both exact is the nearest double, so no text need be made. */
const EXACT_POWERS = Array.from({ length: 16 }, (_, k) => 10 ** k);

export class RealColumn extends FixedColumn {
  readonly type = new Float64();
  private values = new Float64Array(FIRST_ROWS);

  reserve(rows: number): void {
    this.values = grow(this.values, new Float64Array(rows));
    this.capacity = rows;
  }

  read(bytes: Buffer, pos: number, end: number, row: number): number {
    const none = nullAt(bytes, pos, end);
    if (none !== 0) {
      if (none < 0) return -1;
      this.nulls.set(row, this.capacity);
      this.values[row] = 0;
      return pos + none;
    }
    const negative = bytes[pos] === 0x2d;
    let mantissa = 0;
    let digits = 0;
    let places = -1;
    for (let i = negative ? pos + 1 : pos; i < end; i++) {
      const c = bytes[i]!;
      if (c >= 48 && c <= 57) {
        mantissa = mantissa * 10 + (c - 48);
        digits++;
        if (places >= 0) places++;
      } else if (c === 0x2e && places < 0) places = 0;
      else if ((c === 0x2c || c === 0x5d) && digits > 0 && digits <= 15) {
        const value = places > 0 ? mantissa / EXACT_POWERS[places]! : mantissa;
        this.values[row] = negative ? -value : value;
        return i;
      } else return this.readSlow(bytes, pos, end, row);
    }
    return -1;
  }

  finish(rows: number): Data {
    const { bitmap, count } = this.nulls.finish(rows);
    const data = rows === this.capacity ? this.values : this.values.slice(0, rows);
    this.values = new Float64Array(FIRST_ROWS);
    this.capacity = FIRST_ROWS;
    return makeData({ type: this.type, length: rows, nullCount: count, nullBitmap: bitmap, data });
  }

  private readSlow(bytes: Buffer, pos: number, end: number, row: number): number {
    const cell = this.cell(bytes, pos, end);
    if (cell === undefined) return -1;
    const value = Object.hasOwn(REAL_WORDS, cell.text) ? REAL_WORDS[cell.text]! : Number(cell.text);
    if (cell.text.trim() === '' || (Number.isNaN(value) && cell.text !== 'NaN')) throw this.wrong(cell.text);
    this.values[row] = value;
    return cell.after;
  }
}

const BOOL_WORDS: Readonly<Record<string, number>> = { true: 1, false: 0, '1': 1, '0': 0, True: 1, False: 0 };

export class BoolColumn extends FixedColumn {
  readonly type = new Bool();
  private values = new Uint8Array(FIRST_ROWS);

  reserve(rows: number): void {
    this.values = grow(this.values, new Uint8Array(rows));
    this.capacity = rows;
  }

  read(bytes: Buffer, pos: number, end: number, row: number): number {
    const c = bytes[pos];
    // `true,` and `false,` are told by their first byte; five bytes are there unless the chunk ends.
    if (pos + 5 <= end) {
      if (c === 0x74 && bytes[pos + 3] === 0x65) {
        this.values[row] = 1;
        return pos + 4;
      }
      if (c === 0x66 && bytes[pos + 4] === 0x65) {
        this.values[row] = 0;
        return pos + 5;
      }
    }
    const none = nullAt(bytes, pos, end);
    if (none !== 0) {
      if (none < 0) return -1;
      this.nulls.set(row, this.capacity);
      this.values[row] = 0;
      return pos + none;
    }
    const cell = this.cell(bytes, pos, end);
    if (cell === undefined) return -1;
    if (!Object.hasOwn(BOOL_WORDS, cell.text)) throw this.wrong(cell.text);
    this.values[row] = BOOL_WORDS[cell.text]!;
    return cell.after;
  }

  finish(rows: number): Data {
    const { bitmap, count } = this.nulls.finish(rows);
    const bits = new Uint8Array((rows + 7) >> 3);
    for (let row = 0; row < rows; row++) if (this.values[row] === 1) bits[row >> 3]! |= 1 << (row & 7);
    this.values = new Uint8Array(FIRST_ROWS);
    this.capacity = FIRST_ROWS;
    return makeData({ type: this.type, length: rows, nullCount: count, nullBitmap: bitmap, data: bits });
  }
}
