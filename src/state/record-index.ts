/** Records lie in segments of so many. */
export const SEGMENT_SHIFT = 12;
export const SEGMENT_RECORDS = 1 << SEGMENT_SHIFT;
export const SEGMENT_MASK = SEGMENT_RECORDS - 1;
const LEAST_CELLS = 1024;

/**
 * Where the record of a 64-bit key lies: open addressing over the records themselves, whose first two words are their keys.
 *
 * A cell holds the record's number + 1 in its low bits and bits of the key's high half above them, so that a look-up that passes
 * other keys' cells reads no record but its own: each would be a cache miss. The number fits below the tag because the index always has more
 * cells than there are records.
 */
export class RecordIndex {
  readonly #segments: readonly Uint32Array[];
  readonly #words: number;
  #cells: Int32Array = new Int32Array(LEAST_CELLS);
  /** Of warm(). */
  #found = new Int32Array(0);

  /** `segments` of records of `words` words each; the owner adds to them. */
  constructor(segments: readonly Uint32Array[], words: number) {
    this.#segments = segments;
    this.#words = words;
  }

  get bytes(): number {
    return 4 * this.#cells.length;
  }

  /** Number of the cell with this key, or of the empty one where it belongs. */
  slot(keyLo: number, keyHi: number): number {
    const lo = keyLo | 0;
    const hi = keyHi | 0;
    const cells = this.#cells;
    const mask = cells.length - 1;
    let slot = firstSlot(lo, hi, mask);
    for (let cell = cells[slot]!; cell !== 0; cell = cells[slot]!) {
      if (((cell ^ hi) & ~mask) === 0) {
        const record = (cell & mask) - 1;
        const words = this.#segments[record >> SEGMENT_SHIFT]!;
        const at = (record & SEGMENT_MASK) * this.#words;
        if ((words[at]! | 0) === lo && (words[at + 1]! | 0) === hi) break;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** The record of a cell, -1 where it is empty. */
  recordAt(slot: number): number {
    return (this.#cells[slot]! & (this.#cells.length - 1)) - 1;
  }

  /** See RecordTable.warm. */
  warm(los: Int32Array, his: Int32Array, count: number): number {
    const cells = this.#cells;
    const mask = cells.length - 1;
    const found = this.#found.length < count ? new Int32Array(count) : this.#found;
    this.#found = found;
    for (let i = 0; i < count; i++) found[i] = (cells[firstSlot(los[i]!, his[i]!, mask)]! & mask) - 1;
    const segments = this.#segments;
    const size = this.#words;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const record = found[i]!;
      if (record < 0) continue;
      const words = segments[record >> SEGMENT_SHIFT]!;
      const at = (record & SEGMENT_MASK) * size;
      sum ^= words[at]! ^ words[at + (size >> 1)]! ^ words[at + size - 1]!;
    }
    return sum;
  }

  /** Whether it is too small for so many records. */
  isFullWith(records: number): boolean {
    return isFull(records, this.#cells.length);
  }

  put(slot: number, hi: number, record: number): void {
    this.#cells[slot] = (hi & -this.#cells.length) | (record + 1);
  }

  /** Takes a record out, closing the gap in its probe chain. */
  remove(record: number): void {
    const cells = this.#cells;
    const mask = cells.length - 1;
    let hole = this.#slotOf(record);
    cells[hole] = 0;
    for (let slot = (hole + 1) & mask; cells[slot] !== 0; slot = (slot + 1) & mask) {
      const cell = cells[slot]!;
      const other = this.recordAt(slot);
      cells[slot] = 0;
      hole = this.#slotOf(other);
      cells[hole] = cell;
    }
  }

  #slotOf(record: number): number {
    const words = this.#segments[record >> SEGMENT_SHIFT]!;
    const at = (record & SEGMENT_MASK) * this.#words;
    return this.slot(words[at]!, words[at + 1]!);
  }

  /** Begins anew with records 0..used-1, read in the order in which they lie, but for the free ones; large enough for `expected`. */
  rebuild(used: number, free: readonly number[], expected: number): void {
    let capacity = LEAST_CELLS;
    while (isFull(expected, capacity)) capacity *= 2;
    const cells = new Int32Array(capacity);
    const mask = capacity - 1;
    const isFree = new Uint8Array(free.length === 0 ? 0 : used);
    for (const record of free) isFree[record] = 1;
    for (let record = 0; record < used; record++) {
      if (free.length > 0 && isFree[record] === 1) continue;
      const words = this.#segments[record >> SEGMENT_SHIFT]!;
      const at = (record & SEGMENT_MASK) * this.#words;
      const hi = words[at + 1]! | 0;
      let slot = firstSlot(words[at]! | 0, hi, mask);
      while (cells[slot] !== 0) slot = (slot + 1) & mask;
      cells[slot] = (hi & ~mask) | (record + 1);
    }
    this.#cells = cells;
  }

  /** The cells, for records that are numbered anew without the free ones: to be taken over as they are, which is ten times as fast as to rebuild them. */
  cellsWithout(used: number, free: readonly number[]): Int32Array {
    if (free.length === 0) return this.#cells;
    const numbers = new Int32Array(used);
    for (const record of free) numbers[record] = -1;
    for (let record = 0, next = 0; record < used; record++) if (numbers[record] === 0) numbers[record] = next++;
    const mask = this.#cells.length - 1;
    return this.#cells.map((cell) => (cell === 0 ? 0 : (cell & ~mask) | (numbers[(cell & mask) - 1]! + 1)));
  }

  /** Takes over cells, which stay where they lie, of records 0..used-1. False where they are not of an index that could have them. */
  take(cells: Uint32Array, used: number): boolean {
    const { length } = cells;
    if (length < LEAST_CELLS || (length & (length - 1)) !== 0 || isFull(used, length)) return false;
    this.#cells = new Int32Array(cells.buffer, cells.byteOffset, length);
    return true;
  }
}

/** Whether an index of this many cells is too small: at five eighths probe chains begin to grow. */
function isFull(records: number, cells: number): boolean {
  return records * 8 > cells * 5;
}

function firstSlot(lo: number, hi: number, mask: number): number {
  return (Math.imul(lo ^ (hi >>> 9), 0x9e3779b1) >>> 7) & mask;
}
