import type { ByteReader, ByteWriter } from '../core/bytes.ts';
import { GrowingWords } from './growing-words.ts';
import type { Store } from './store.ts';

const LEAST_CELLS = 256;
/** Marks, in the word of a count, that it changed since the last write: the sign. */
const CHANGED = 1 << 31;
const COUNT_MASK = ~CHANGED;

/**
 * Exact counts of 32-bit keys and their total. At most `maxKeys` keys: when full (or a count is) all counts are halved, the total with them,
 * and those that reach 0 go, so that rare old keys make room. 0 is never a key. Key and count lie side by side: one cache line a look-up.
 * Memory: 16 to 32 bytes a key. Only the counts that changed are written as changes.
 */
export class CountTable implements Store {
  readonly #max: number;
  /** Key, count; key, count; ... */
  #cells = new Int32Array(2 * LEAST_CELLS);
  #distinct = 0;
  /** Cells with a key: more than have a count after a rollback. */
  #taken = 0;
  #total = 0;
  #journal: number[] | undefined;
  /** Where the counts lie that changed since the last write: to look each key up once more would wait for memory once more. */
  readonly #changedAt = new GrowingWords();
  /** Whether changes alone would not do: everything was halved. */
  #halved = false;

  constructor(maxKeys: number) {
    this.#max = maxKeys;
  }

  /** Number of keys with a count. */
  get distinct(): number {
    return this.#distinct;
  }

  get total(): number {
    return this.#total;
  }

  /** Where the cell of this key lies, or the empty one where it belongs. */
  #at(hash: number): number {
    const cells = this.#cells;
    const key = hash | 0;
    const mask = cells.length - 1;
    let at = firstCell(key, mask);
    while (cells[at] !== 0 && cells[at] !== key) at = (at + 2) & mask;
    return at;
  }

  /** Reads where a key would lie, so that it is in the cache when it is asked for; see RecordTable.warm. Only a key that is asked for soon is worth it. */
  warm(key: number): number {
    return this.#cells[firstCell(key, this.#cells.length - 1)]!;
  }

  get(key: number): number {
    return this.#cells[this.#at(key) + 1]! & COUNT_MASK;
  }

  add(key: number): void {
    const at = this.#at(key) + 1;
    const word = this.#cells[at]!;
    // Mostly it has a count that changed already since the last write: the sign is set, and the rest neither empty nor full.
    if (word < -1 && word !== CHANGED && this.#journal === undefined) {
      this.#cells[at] = word + 1;
      this.#total++;
    } else this.#count(key | 0);
  }

  #count(key: number): void {
    let at = this.#at(key);
    if (this.#cells[at] === 0) {
      const before = this.#cells;
      if (this.#distinct >= this.#max && this.#journal === undefined) this.#halve();
      if (4 * this.#taken >= this.#cells.length) this.#rehash(2 * this.#cells.length);
      if (this.#cells !== before) at = this.#at(key);
      this.#cells[at] = key;
      this.#taken++;
    }
    let word = this.#cells[at + 1]!;
    if ((word & COUNT_MASK) === COUNT_MASK) {
      if (this.#journal !== undefined) return;
      this.#halve();
      at = this.#at(key);
      word = this.#cells[at + 1]!;
    }
    if ((word & COUNT_MASK) === 0) this.#distinct++;
    this.#total++;
    if (this.#journal !== undefined) this.#journal.push(key);
    else if (word >= 0) {
      word |= CHANGED;
      this.#changedAt.push(at + 1);
    }
    this.#cells[at + 1] = word + 1;
  }

  #halve(): void {
    this.#total = 0;
    for (let at = 1; at < this.#cells.length; at += 2) {
      this.#cells[at] = (this.#cells[at]! & COUNT_MASK) >>> 1;
      this.#total += this.#cells[at]!;
    }
    this.#halved = true;
    this.#rehash(this.#cells.length);
  }

  /** Leaves out the keys without a count. */
  #rehash(length: number): void {
    const cells = this.#cells;
    this.#begin(length);
    this.#changedAt.clear();
    let kept = 0;
    for (let at = 0; at < cells.length; at += 2) {
      const word = cells[at + 1]!;
      if ((word & COUNT_MASK) === 0) continue;
      const to = this.#addNew(cells[at]!, word);
      if (word < 0) this.#changedAt.push(to + 1);
      kept++;
    }
    this.#taken = kept;
    this.#distinct = kept;
  }

  #begin(length: number): void {
    this.#cells = new Int32Array(length);
    this.#taken = 0;
    this.#distinct = 0;
  }

  /** Puts in a key that is known not to be there, where there is room, and gives its place; the caller counts it. */
  #addNew(key: number, word: number): number {
    const cells = this.#cells;
    const mask = cells.length - 1;
    let at = firstCell(key, mask);
    while (cells[at] !== 0) at = (at + 2) & mask;
    cells[at] = key;
    cells[at + 1] = word;
    return at;
  }

  #set(key: number, word: number): void {
    if (4 * this.#taken >= this.#cells.length) this.#rehash(2 * this.#cells.length);
    const at = this.#at(key);
    if (this.#cells[at] === 0) {
      this.#cells[at] = key;
      this.#taken++;
    }
    if ((this.#cells[at + 1]! & COUNT_MASK) === 0 && (word & COUNT_MASK) !== 0) this.#distinct++;
    this.#cells[at + 1] = word;
  }

  begin(): void {
    this.#journal = [];
  }

  rollback(): void {
    for (const key of this.#journal ?? []) {
      const at = this.#at(key) + 1;
      this.#cells[at]!--;
      if ((this.#cells[at]! & COUNT_MASK) === 0) this.#distinct--;
      this.#total--;
    }
    this.#journal = undefined;
  }

  /** Room for so many pairs of key and count, after what is said of all. */
  #beginWrite(writer: ByteWriter, whole: boolean, count: number): Uint32Array {
    writer.u32(whole ? 1 : 0);
    writer.f64(this.#total);
    this.#changedAt.clear();
    this.#halved = false;
    return writer.words(2 * count);
  }

  write(writer: ByteWriter): void {
    const pairs = this.#beginWrite(writer, true, this.#distinct);
    for (let at = 0, to = 0; at < this.#cells.length; at += 2) {
      const count = this.#cells[at + 1]! & COUNT_MASK;
      if (count === 0) continue;
      this.#cells[at + 1] = count;
      pairs[to++] = this.#cells[at]!;
      pairs[to++] = count;
    }
  }

  writeChanges(writer: ByteWriter): void {
    if (this.#halved) {
      this.write(writer);
      return;
    }
    const changed = this.#changedAt.words;
    const pairs = this.#beginWrite(writer, false, changed.length);
    const cells = this.#cells;
    for (let i = 0; i < changed.length; i++) {
      const at = changed[i]!;
      const count = cells[at]! & COUNT_MASK;
      cells[at] = count;
      pairs[2 * i] = cells[at - 1]!;
      pairs[2 * i + 1] = count;
    }
  }

  read(reader: ByteReader): void {
    const whole = reader.u32() === 1;
    const total = reader.f64();
    const pairs = reader.wordsInPlace();
    if (whole) {
      let length = 2 * LEAST_CELLS;
      while (length <= 2 * pairs.length) length *= 2;
      this.#begin(length);
      for (let i = 0; i < pairs.length; i += 2) this.#addNew(pairs[i]! | 0, pairs[i + 1]!);
      this.#taken = pairs.length >> 1;
      this.#distinct = this.#taken;
    } else for (let i = 0; i < pairs.length; i += 2) this.#set(pairs[i]!, pairs[i + 1]!);
    this.#total = total;
  }
}

/** Where the search for a key begins: an even number. */
function firstCell(key: number, mask: number): number {
  return (Math.imul(key, 0x9e3779b1) >>> 7) & (mask ^ 1);
}
