import type { Data, DataType } from 'apache-arrow';

/** First and greatest number of rows for which a builder holds room. Four times as many a batch took a tenth more time: less of it stays in the cache. */
export const FIRST_ROWS = 64;
export const MAX_BATCH_ROWS = 16_384;

/**
 * Reads the cells of one column into typed arrays. A row may be read more than once, when it was cut by the end of a chunk: a
 * builder therefore writes by row number and counts nothing until `finish`.
 */
export interface ColumnBuilder {
  readonly type: DataType;
  /** Reads the cell at `pos` as the value of `row`; the position after it, or -1 when the cell is not there in full. */
  read(bytes: Buffer, pos: number, end: number, row: number): number;
  /** Makes room for `rows` rows. */
  reserve(rows: number): void;
  /** Bytes held outside the fixed-width arrays. */
  heldBytes(): number;
  /** The first `rows` rows as Arrow data; the builder is empty after. */
  finish(rows: number): Data;
}

/** Which rows are null: a byte a row while reading (a row may be read twice), bits at the end. */
export class NullFlags {
  private flags: Uint8Array | undefined;

  set(row: number, capacity: number): void {
    if (this.flags === undefined || this.flags.length < capacity) {
      const larger = new Uint8Array(capacity);
      if (this.flags) larger.set(this.flags);
      this.flags = larger;
    }
    this.flags[row] = 1;
  }

  /** Validity bitmap of Arrow (1 = there) and the number of nulls; empties the flags. */
  finish(rows: number): { readonly bitmap: Uint8Array | null; readonly count: number } {
    const flags = this.flags;
    this.flags = undefined;
    if (flags === undefined) return { bitmap: null, count: 0 };
    let count = 0;
    const bitmap = new Uint8Array((rows + 7) >> 3);
    for (let row = 0; row < rows; row++) {
      if (flags[row] === 1) count++;
      else bitmap[row >> 3]! |= 1 << (row & 7);
    }
    return count === 0 ? { bitmap: null, count } : { bitmap, count };
  }
}

/** `null` at `pos`: 4 when it is, 0 when it is not, -1 when the bytes end first. */
export function nullAt(bytes: Buffer, pos: number, end: number): number {
  if (bytes[pos] !== 0x6e) return 0;
  return pos + 4 <= end ? 4 : -1;
}
