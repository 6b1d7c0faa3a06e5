import { LAST_SECONDS, RECORD_HEAD, type RecordTable } from '../../state/record-table.ts';
import type { Host } from '../detector.ts';

/** Words of a record: its key, when it was last in use, when it began (float64, Unix ms), how many values it has, the values. */
const FIRST_MS = RECORD_HEAD;
const COUNT = RECORD_HEAD + 2;
const VALUES = RECORD_HEAD + 3;
const time = new Float64Array(1);
const timeWords = new Uint32Array(time.buffer);

/**
 * As RecentTable, for lists that are short and many, one for each new place of a user: a record of fixed size, no object. Memory: 24 bytes and 4 a value,
 * and the record's place in the index.
 */
export class RecentValues {
  readonly #table: RecordTable;
  readonly #max: number;

  constructor(host: Host, name: string, maxKeys: number, maxValues: number) {
    this.#table = host.records(name, VALUES + maxValues, maxKeys);
    this.#max = maxValues;
  }

  /** Notes a value of 32 bits at a time; what is older than `keepMs` is forgotten as a whole first, and the oldest value goes when there are too many. */
  add(lo: number, hi: number, value: number, timeMs: number, keepMs: number): void {
    const record = this.#table.obtain(lo, hi);
    this.#table.touch(record);
    const words = this.#table.segment(record);
    const at = this.#table.offset(record);
    words[at + LAST_SECONDS] = Math.max(words[at + LAST_SECONDS]!, Math.floor(timeMs / 1000));
    if (words[at + COUNT] === 0 || timeMs - firstMs(words, at) > keepMs) begin(words, at, timeMs);
    const from = at + VALUES;
    const count = words[at + COUNT]!;
    for (let i = from; i < from + count; i++) if (words[i] === value >>> 0) return;
    if (count === this.#max) words.copyWithin(from, from + 1, from + count);
    else words[at + COUNT] = count + 1;
    words[from + Math.min(count, this.#max - 1)] = value;
  }

  /** Whether there are any: nothing is allocated. */
  has(lo: number, hi: number): boolean {
    return this.#table.find(lo, hi) >= 0;
  }

  /** Signed, as they came. */
  get(lo: number, hi: number): readonly number[] {
    const record = this.#table.find(lo, hi);
    if (record < 0) return [];
    const words = this.#table.segment(record);
    const at = this.#table.offset(record);
    return Array.from(words.subarray(at + VALUES, at + VALUES + words[at + COUNT]!), (word) => word | 0);
  }
}

function firstMs(words: Uint32Array, at: number): number {
  timeWords[0] = words[at + FIRST_MS]!;
  timeWords[1] = words[at + FIRST_MS + 1]!;
  return time[0]!;
}

function begin(words: Uint32Array, at: number, timeMs: number): void {
  time[0] = timeMs;
  words[at + FIRST_MS] = timeWords[0]!;
  words[at + FIRST_MS + 1] = timeWords[1]!;
  words[at + COUNT] = 0;
}
