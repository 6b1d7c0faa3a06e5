import type { Data, Dictionary, Int32, Utf8 } from 'apache-arrow';
import { type ColumnBuilder, FIRST_ROWS, NullFlags, nullAt } from './column-builder.ts';
import { skipValue, Unescaper } from './json-bytes.ts';
import { dictionaryType, StringDictionary } from './string-dictionary.ts';
import { hashBytes, StringScanner } from './string-hash.ts';

const EMPTY = Buffer.alloc(0);

/** One for all columns: only one string is read at a time. */
const unescaper = new Unescaper();
const scanner = new StringScanner();

/** So many cells that are not the one above them, and it is looked at only now and then whether one is. */
const TRIES = 8;
const NOW_AND_THEN = 31;

/** string, guid and decimal: text as it came. `nullable`: a null stays null; else (string) it is ''. */
export class TextColumn implements ColumnBuilder {
  readonly type: Dictionary<Utf8, Int32> = dictionaryType();
  private readonly nullable: boolean;
  private indices = new Int32Array(FIRST_ROWS);
  private capacity = FIRST_ROWS;
  private dictionary = new StringDictionary();
  private readonly nulls = new NullFlags();
  /** Strings as they stand on the wire, so that one that comes again is not unescaped again, and the entry that each became. */
  private raws: StringDictionary | undefined;
  /** Whether strings are looked up as they stand on the wire; `raws` is made when the first one with an escape comes. */
  private lookingUpRaws = true;
  private entryOfRaw: number[] = [];
  /** The string of the row before, where its bytes are those of an entry of `above`; many columns repeat it. */
  private above: StringDictionary | undefined;
  private aboveEntry = 0;
  private aboveIndex = 0;
  private tries = TRIES;

  constructor({ nullable }: { readonly nullable: boolean }) {
    this.nullable = nullable;
  }

  read(bytes: Buffer, pos: number, end: number, row: number): number {
    if (bytes[pos] !== 0x22) return this.readBare(bytes, pos, end, row);
    if (!this.dictionary.lookingUp) return this.readNew(bytes, pos, end, row);
    if (this.above !== undefined && (this.tries > 0 || (row & NOW_AND_THEN) === 0)) {
      const close = this.above.endIfAt(this.aboveEntry, bytes, pos + 1, end);
      if (close >= 0) {
        this.tries = TRIES;
        this.above.foundAgain();
        if (this.above !== this.dictionary) this.dictionary.foundAgain();
        this.setEntry(row, this.aboveIndex);
        return close + 1;
      }
      this.tries--;
    }
    const close = scanner.run(bytes, pos + 1, end);
    if (close < 0) return -1;
    if (scanner.escaped || this.rewrites) return this.readRaw(bytes, pos, close, row);
    const entry = this.dictionary.add(bytes, pos + 1, close, scanner.hash);
    this.above = this.dictionary;
    this.aboveEntry = entry;
    this.aboveIndex = entry;
    this.indices[row] = entry;
    return close + 1;
  }

  reserve(rows: number): void {
    const larger = new Int32Array(rows);
    larger.set(this.indices);
    this.indices = larger;
    this.capacity = rows;
  }

  heldBytes(): number {
    return this.dictionary.byteLength + (this.raws?.byteLength ?? 0);
  }

  finish(rows: number): Data {
    const { bitmap, count } = this.nulls.finish(rows);
    const indices = rows === this.capacity ? this.indices : this.indices.slice(0, rows);
    const data = this.dictionary.toData(this.type, indices, rows, bitmap, count);
    this.dictionary = new StringDictionary(this.dictionary);
    if (this.raws) this.raws = new StringDictionary(this.raws);
    this.entryOfRaw = [];
    this.above = undefined;
    this.indices = new Int32Array(FIRST_ROWS);
    this.capacity = FIRST_ROWS;
    return data;
  }

  /** Whether what is stored differs from the bytes of the string also where these have no escapes. */
  protected get rewrites(): boolean {
    return false;
  }

  /** Entry for the unescaped text in bytes[start, end); NULL_ENTRY for a text that means null. */
  protected entryOf(bytes: Buffer, start: number, end: number): number {
    return this.addText(bytes, start, end);
  }

  protected addText(bytes: Buffer, start: number, end: number): number {
    const { dictionary } = this;
    return dictionary.add(bytes, start, end, dictionary.lookingUp ? hashBytes(bytes, start, end) : 0);
  }

  /** The entry of the string that was just appended, or that of what is stored in its place. */
  protected entryOfNewest(dictionary: StringDictionary): number {
    return dictionary.size - 1;
  }

  /** A string of a column in which nearly every one is new: into the dictionary in one pass. */
  private readNew(bytes: Buffer, pos: number, end: number, row: number): number {
    const { dictionary } = this;
    const close = dictionary.appendJson(bytes, pos + 1, end);
    if (close < 0) return -1;
    this.setEntry(row, this.entryOfNewest(dictionary));
    return close + 1;
  }

  /** A string whose bytes are not its text: `pos` and `close` are its quotes. */
  private readRaw(bytes: Buffer, pos: number, close: number, row: number): number {
    if (!this.lookingUpRaws) {
      this.above = undefined;
      this.setEntry(row, this.unescaped(bytes, pos, close));
      return close + 1;
    }
    this.raws ??= new StringDictionary();
    const { raws } = this;
    const raw = raws.add(bytes, pos + 1, close, scanner.hash);
    let entry = this.entryOfRaw[raw];
    if (entry === undefined) {
      entry = this.unescaped(bytes, pos, close);
      this.entryOfRaw[raw] = entry;
    } else this.dictionary.foundAgain();
    this.above = raws;
    this.aboveEntry = raw;
    this.aboveIndex = entry;
    this.setEntry(row, entry);
    if (!raws.lookingUp) {
      this.raws = undefined;
      this.lookingUpRaws = false;
      this.above = undefined;
    }
    return close + 1;
  }

  private unescaped(bytes: Buffer, pos: number, close: number): number {
    if (!scanner.escaped) return this.entryOf(bytes, pos + 1, close);
    unescaper.run(bytes, pos, close);
    return this.entryOf(unescaper.bytes, 0, unescaper.length);
  }

  /** A cell that is not a JSON string: null, or a value whose JSON text is kept. */
  private readBare(bytes: Buffer, pos: number, end: number, row: number): number {
    const none = nullAt(bytes, pos, end);
    if (none < 0) return -1;
    if (none > 0) {
      this.setEntry(row, this.nullable ? NULL_ENTRY : this.addText(EMPTY, 0, 0));
      return pos + none;
    }
    const after = skipValue(bytes, pos, end);
    if (after >= 0) this.setEntry(row, this.entryOf(bytes, pos, after));
    return after;
  }

  private setEntry(row: number, entry: number): void {
    if (entry !== NULL_ENTRY) {
      this.indices[row] = entry;
      return;
    }
    this.nulls.set(row, this.capacity);
    // The slot must still point at a string that is there.
    this.indices[row] = this.addText(EMPTY, 0, 0);
  }
}

const NULL_ENTRY = -1;
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

  protected override get rewrites(): boolean {
    return true;
  }

  protected override entryOfNewest(dictionary: StringDictionary): number {
    if (dictionary.newestIs(0x7b, 0x7d) || dictionary.newestIs(0x5b, 0x5d)) return dictionary.size - 1;
    const text = dictionary.takeBack();
    return this.entryOf(text, 0, text.length);
  }

  protected override entryOf(bytes: Buffer, start: number, end: number): number {
    const close = OPEN_TO_CLOSE[bytes[start] ?? 0];
    if (end > start && close !== undefined && bytes[end - 1] === close) return this.addText(bytes, start, end);
    const text = bytes.toString('utf8', start, end);
    if (text === '' || text === 'null') return NULL_ENTRY;
    if (MAYBE_SCALAR.has(bytes[start]!) && isJson(text)) return this.addText(bytes, start, end);
    const quoted = Buffer.from(JSON.stringify(text));
    return this.addText(quoted, 0, quoted.length);
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
