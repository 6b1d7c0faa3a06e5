/** Records lie in segments of so many. */
export const SEGMENT_SHIFT = 12;
export const SEGMENT_RECORDS = 1 << SEGMENT_SHIFT;
export const SEGMENT_MASK = SEGMENT_RECORDS - 1;
const LEAST_BITS = 10;
/** Bits of a cell that say how far it lies behind its first slot; all ones: so far or further. */
const DISTANCE_BITS = 3;
const FAR = (1 << DISTANCE_BITS) - 1;

/**
 * Where the record of a 64-bit key lies: open addressing over the records themselves, whose first two words are their keys.
 *
 * The highest bits of a key's hash say where its search begins. A cell holds the record's number + 1 in its low bits, which fit because the index
 * always has more cells than there are records; above them how far it lies behind that place; and above that the bits of the hash that come next, so
 * that a look-up that passes other keys' cells reads no record but its own: each would be a cache miss. To grow and to take a record out read none either.
 */
export class RecordIndex {
  readonly #segments: readonly Uint32Array[];
  readonly #words: number;
  /** The logarithm of the number of cells. */
  #bits = LEAST_BITS;
  #cells: Int32Array = new Int32Array(1 << LEAST_BITS);

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
    const hash = hashOf(lo, hi);
    const tag = hash << this.#bits;
    const tagMask = -1 << (this.#bits + DISTANCE_BITS);
    let slot = hash >>> (32 - this.#bits);
    for (let cell = cells[slot]!; cell !== 0; cell = cells[slot]!) {
      if (((cell ^ tag) & tagMask) === 0) {
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
    const shift = 32 - this.#bits;
    let sum = 0;
    for (let i = 0; i < count; i++) sum ^= cells[hashOf(los[i]!, his[i]!) >>> shift]!;
    for (let i = 0; i < count; i++) sum ^= this.#readRecord(hashOf(los[i]!, his[i]!));
    return sum;
  }

  /** Reads the first, middle and last word of the record that a key with this hash seems to have. */
  #readRecord(hash: number): number {
    const cells = this.#cells;
    const mask = cells.length - 1;
    const tag = hash << this.#bits;
    const tagMask = -1 << (this.#bits + DISTANCE_BITS);
    let slot = hash >>> (32 - this.#bits);
    let cell = cells[slot]!;
    while (cell !== 0 && ((cell ^ tag) & tagMask) !== 0) {
      slot = (slot + 1) & mask;
      cell = cells[slot]!;
    }
    if (cell === 0) return 0;
    const record = (cell & mask) - 1;
    const words = this.#segments[record >> SEGMENT_SHIFT]!;
    const size = this.#words;
    const at = (record & SEGMENT_MASK) * size;
    return words[at]! ^ words[at + (size >> 1)]! ^ words[at + size - 1]!;
  }

  /** Makes room for so many records. */
  reserve(records: number): void {
    if (!isFull(records, this.#cells.length)) return;
    let bits = this.#bits;
    while (isFull(records, 2 ** bits)) bits++;
    this.#grow(bits);
  }

  /** In the order of the cells, which is nearly that of the new ones: memory is not waited for. */
  #grow(bits: number): void {
    const { length } = this.#cells;
    const cells = new Int32Array(2 ** bits);
    const mask = cells.length - 1;
    for (let slot = 0; slot < length; slot++) {
      const cell = this.#cells[slot]!;
      if (cell === 0) continue;
      const hash = this.#hashAt(slot);
      const first = hash >>> (32 - bits);
      let to = first;
      while (cells[to] !== 0) to = (to + 1) & mask;
      cells[to] = cellOf(hash, bits, (to - first) & mask, (cell & (length - 1)) - 1);
    }
    this.#cells = cells;
    this.#bits = bits;
  }

  /** The hash of a cell's key, but for its lowest bits, which no index uses. */
  #hashAt(slot: number): number {
    const cell = this.#cells[slot]!;
    const bits = this.#bits;
    const distance = (cell >>> bits) & FAR;
    if (distance === FAR) return this.#hashOf(this.recordAt(slot));
    const first = (slot - distance) & (this.#cells.length - 1);
    return (first << (32 - bits)) | ((cell & (-1 << (bits + DISTANCE_BITS))) >>> bits);
  }

  #hashOf(record: number): number {
    const words = this.#segments[record >> SEGMENT_SHIFT]!;
    const at = (record & SEGMENT_MASK) * this.#words;
    return hashOf(words[at]! | 0, words[at + 1]! | 0);
  }

  /** Fills the cell that slot() gave for a key. */
  put(slot: number, lo: number, hi: number, record: number): void {
    const hash = hashOf(lo, hi);
    const distance = (slot - (hash >>> (32 - this.#bits))) & (this.#cells.length - 1);
    this.#cells[slot] = cellOf(hash, this.#bits, distance, record);
  }

  /** Takes a record out, closing the gap in its probe chain. */
  remove(record: number): void {
    const cells = this.#cells;
    const bits = this.#bits;
    const mask = cells.length - 1;
    let hole = this.#hashOf(record) >>> (32 - bits);
    while ((cells[hole]! & mask) !== record + 1) hole = (hole + 1) & mask;
    for (let slot = (hole + 1) & mask; cells[slot] !== 0; slot = (slot + 1) & mask) {
      const cell = cells[slot]!;
      const held = (cell >>> bits) & FAR;
      const distance = held < FAR ? held : (slot - (this.#hashAt(slot) >>> (32 - bits))) & mask;
      const by = (slot - hole) & mask;
      // It lies behind the hole because its search begins there or before.
      if (distance < by) continue;
      cells[hole] = (cell & ~(FAR << bits)) | (Math.min(FAR, distance - by) << bits);
      hole = slot;
    }
    cells[hole] = 0;
  }

  /** The cells, for records that are numbered anew without the free ones: to be taken over as they are, which is ten times as fast as to make them. */
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
    if (length < 1 << LEAST_BITS || (length & (length - 1)) !== 0 || isFull(used, length)) return false;
    this.#cells = new Int32Array(cells.buffer, cells.byteOffset, length);
    this.#bits = 31 - Math.clz32(length);
    return true;
  }
}

/** Whether an index of this many cells is too small: at five eighths probe chains begin to grow. */
function isFull(records: number, cells: number): boolean {
  return records * 8 > cells * 5;
}

function hashOf(lo: number, hi: number): number {
  return Math.imul(lo ^ (hi >>> 9), 0x9e3779b1);
}

function cellOf(hash: number, bits: number, distance: number, record: number): number {
  return ((hash << bits) & (-1 << (bits + DISTANCE_BITS))) | (Math.min(FAR, distance) << bits) | (record + 1);
}
