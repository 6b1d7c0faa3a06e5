import { popCount } from '../core/pop-count.ts';

const LEAST_WORDS = 128;

/**
 * A bit for each record of a table, by its number: an eighth of what bytes would take, so that those of a hundred thousand records stay in the cache,
 * and thirty-two are passed over at once.
 */
export class Marks {
  #words = new Int32Array(LEAST_WORDS);

  get bytes(): number {
    return this.#words.byteLength;
  }

  /** Makes room for records 0..count-1. */
  reserve(count: number): void {
    if (count <= 32 * this.#words.length) return;
    const grown = new Int32Array(Math.max(2 * this.#words.length, (count + 31) >> 5));
    grown.set(this.#words);
    this.#words = grown;
  }

  mark(record: number): void {
    const at = record >> 5;
    this.#words[at] = this.#words[at]! | (1 << (record & 31));
  }

  unmark(record: number): void {
    const at = record >> 5;
    this.#words[at] = this.#words[at]! & ~(1 << (record & 31));
  }

  /** Marks records 0..count-1, for which there is room. */
  markAll(count: number): void {
    this.#words.fill(-1, 0, count >> 5);
    if ((count & 31) !== 0) this.#words[count >> 5] = (1 << (count & 31)) - 1;
  }

  clear(): void {
    this.#words.fill(0);
  }

  get count(): number {
    let count = 0;
    for (const word of this.#words) if (word !== 0) count += popCount(word);
    return count;
  }

  /** Number of the first marked record from one on; -1 where there is none. */
  next(record: number): number {
    const words = this.#words;
    let at = record >> 5;
    if (at >= words.length) return -1;
    let word = words[at]! & (-1 << (record & 31));
    while (word === 0) {
      if (++at === words.length) return -1;
      word = words[at]!;
    }
    return 32 * at + lowest(word);
  }

  /** Number of the first record from one on that is not marked. */
  nextGap(record: number): number {
    const words = this.#words;
    let at = record >> 5;
    let word = at < words.length ? ~words[at]! & (-1 << (record & 31)) : -1;
    while (word === 0) {
      at++;
      word = at < words.length ? ~words[at]! : -1;
    }
    return 32 * at + lowest(word);
  }
}

/** Position of the lowest bit that is set. */
const lowest = (word: number) => 31 - Math.clz32(word & -word);
