import { popCount } from '../core/pop-count.ts';

const LEAST_WORDS = 128;

/**
 * A bit for each record of a table, by its number: an eighth of what bytes would take, so that those of a hundred thousand records stay in the cache,
 * and thirty-two are passed over at once.
 */
export class Marks {
  #words = new Int32Array(LEAST_WORDS);
  #runs = new Int32Array(0);

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

  /**
   * Where marked records lie among `count` from `first` on, both multiples of 32: begin and end of each run of neighbours, counted from `first`. To be
   * read before the next call.
   */
  runs(first: number, count: number): Int32Array {
    if (this.#runs.length < count + 1) this.#runs = new Int32Array(count + 1);
    const runs = this.#runs;
    const words = this.#words;
    const end = Math.min(words.length, (first + count) >> 5);
    let length = 0;
    /** All ones within a run. */
    let within = 0;
    for (let at = first >> 5, record = 0; at < end; at++, record += 32) {
      // Bits that differ from what comes before them.
      let word = words[at]! ^ within;
      while (word !== 0) {
        const bit = lowest(word);
        runs[length++] = record + bit;
        within = ~within;
        word = ~word & (-1 << bit);
      }
    }
    if (within !== 0) runs[length++] = 32 * (end - (first >> 5));
    return runs.subarray(0, length);
  }
}

/** Position of the lowest bit that is set. */
const lowest = (word: number) => 31 - Math.clz32(word & -word);
