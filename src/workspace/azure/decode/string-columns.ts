import type { Data, Dictionary, Int32, Utf8 } from 'apache-arrow';
import { type ColumnBuilder, FIRST_ROWS, NullFlags, nullAt } from './column-builder.ts';
import { skipValue, Unescaper } from './json-bytes.ts';
import { dictionaryType, StringDictionary } from './string-dictionary.ts';
import { hashBytes, StringScanner } from './string-hash.ts';

const EMPTY = Buffer.alloc(0);
const EMPTY_HASH = hashBytes(EMPTY, 0, 0);

/** One for all columns: only one string is read at a time. */
const unescaper = new Unescaper();
const scanner = new StringScanner();

/** string, guid and decimal: text as it came. `nullable`: a null stays null; else (string) it is ''. */
export class TextColumn implements ColumnBuilder {
  readonly type: Dictionary<Utf8, Int32> = dictionaryType();
  private readonly nullable: boolean;
  private indices = new Int32Array(FIRST_ROWS);
  private capacity = FIRST_ROWS;
  private dictionary = new StringDictionary();
  private readonly nulls = new NullFlags();

  constructor({ nullable }: { readonly nullable: boolean }) {
    this.nullable = nullable;
  }

  read(bytes: Buffer, pos: number, end: number, row: number): number {
    if (bytes[pos] !== 0x22) return this.readBare(bytes, pos, end, row);
    const close = scanner.run(bytes, pos + 1, end);
    if (close < 0) return -1;
    if (bytes[close] === 0x5c) return this.readEscaped(bytes, pos, end, row);
    this.put(bytes, pos + 1, close, scanner.hash, row);
    return close + 1;
  }

  reserve(rows: number): void {
    const larger = new Int32Array(rows);
    larger.set(this.indices);
    this.indices = larger;
    this.capacity = rows;
  }

  heldBytes(): number {
    return this.dictionary.byteLength;
  }

  finish(rows: number): Data {
    const { bitmap, count } = this.nulls.finish(rows);
    const indices = rows === this.capacity ? this.indices : this.indices.slice(0, rows);
    const data = this.dictionary.toData(this.type, indices, rows, bitmap, count);
    this.dictionary = new StringDictionary(this.dictionary);
    this.indices = new Int32Array(FIRST_ROWS);
    this.capacity = FIRST_ROWS;
    return data;
  }

  /** Stores the unescaped text in bytes[start, end). */
  protected put(bytes: Buffer, start: number, end: number, hash: number, row: number): void {
    this.indices[row] = this.dictionary.add(bytes, start, end, hash);
  }

  /** A cell that is not a JSON string: null, or a value whose JSON text is kept. */
  protected readBare(bytes: Buffer, pos: number, end: number, row: number): number {
    const none = nullAt(bytes, pos, end);
    if (none < 0) return -1;
    if (none > 0) {
      if (this.nullable) this.putNull(row);
      else this.put(EMPTY, 0, 0, EMPTY_HASH, row);
      return pos + none;
    }
    const after = skipValue(bytes, pos, end);
    if (after >= 0) this.put(bytes, pos, after, hashBytes(bytes, pos, after), row);
    return after;
  }

  protected putNull(row: number): void {
    this.nulls.set(row, this.capacity);
    // The slot must still point at a string that is there.
    this.indices[row] = this.dictionary.add(EMPTY, 0, 0, EMPTY_HASH);
  }

  private readEscaped(bytes: Buffer, pos: number, end: number, row: number): number {
    const after = unescaper.run(bytes, pos, end);
    if (after >= 0) this.put(unescaper.bytes, 0, unescaper.length, hashBytes(unescaper.bytes, 0, unescaper.length), row);
    return after;
  }
}

const OPEN_TO_CLOSE: Readonly<Record<number, number>> = { 123: 0x7d, 91: 0x5d };
const MAYBE_SCALAR = new Set([...'"-0123456789tfn'].map((c) => c.charCodeAt(0)));

/**
 * dynamic: JSON text. The service sends it as a JSON string of JSON text, sometimes as bare JSON, and a dynamic that holds a
 * plain string as that string. Objects and arrays are told by their first and last byte: parsing them here would cost as much
 * as the rest of the row, and most are never looked at.
 */
export class DynamicColumn extends TextColumn {
  constructor() {
    super({ nullable: true });
  }

  protected override put(bytes: Buffer, start: number, end: number, hash: number, row: number): void {
    const close = OPEN_TO_CLOSE[bytes[start] ?? 0];
    if (end > start && close !== undefined && bytes[end - 1] === close) {
      super.put(bytes, start, end, hash, row);
      return;
    }
    const text = bytes.toString('utf8', start, end);
    if (text === '' || text === 'null') {
      this.putNull(row);
      return;
    }
    if (MAYBE_SCALAR.has(bytes[start]!) && isJson(text)) {
      super.put(bytes, start, end, hash, row);
      return;
    }
    const quoted = Buffer.from(JSON.stringify(text));
    super.put(quoted, 0, quoted.length, hashBytes(quoted, 0, quoted.length), row);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
