const LEAST_CELLS = 64;

/**
 * Values by 64-bit key, asked for by its halves: no text is made or hashed, and a look-up of a key that is not there mostly reads one cell.
 * Open addressing, half full at most. Memory: 12 to 24 bytes a key and the values.
 */
export class PairIndex<T> {
  #keys = new Int32Array(2 * LEAST_CELLS);
  #values: (T | undefined)[] = new Array(LEAST_CELLS).fill(undefined);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  #slot(lo: number, hi: number): number {
    const keys = this.#keys;
    const values = this.#values;
    const mask = values.length - 1;
    let slot = firstSlot(lo, hi, mask);
    while (values[slot] !== undefined && (keys[2 * slot] !== lo || keys[2 * slot + 1] !== hi)) slot = (slot + 1) & mask;
    return slot;
  }

  get(lo: number, hi: number): T | undefined {
    return this.#values[this.#slot(lo | 0, hi | 0)];
  }

  set(lo: number, hi: number, value: T): void {
    const slot = this.#slot(lo | 0, hi | 0);
    const isNew = this.#values[slot] === undefined;
    this.#keys[2 * slot] = lo;
    this.#keys[2 * slot + 1] = hi;
    this.#values[slot] = value;
    if (isNew && 2 * ++this.#size > this.#values.length) this.#grow();
  }

  #grow(): void {
    const keys = this.#keys;
    const values = this.#values;
    this.#keys = new Int32Array(2 * keys.length);
    this.#values = new Array(2 * values.length).fill(undefined);
    for (let from = 0; from < values.length; from++) {
      const value = values[from];
      if (value === undefined) continue;
      const slot = this.#slot(keys[2 * from]!, keys[2 * from + 1]!);
      this.#keys[2 * slot] = keys[2 * from]!;
      this.#keys[2 * slot + 1] = keys[2 * from + 1]!;
      this.#values[slot] = value;
    }
  }

  /** Takes a key out, closing the gap in its probe chain. */
  delete(lo: number, hi: number): void {
    const values = this.#values;
    const mask = values.length - 1;
    const hole = this.#slot(lo | 0, hi | 0);
    if (values[hole] === undefined) return;
    values[hole] = undefined;
    this.#size--;
    for (let slot = (hole + 1) & mask; values[slot] !== undefined; slot = (slot + 1) & mask) {
      const value = values[slot];
      const [keyLo, keyHi] = [this.#keys[2 * slot]!, this.#keys[2 * slot + 1]!];
      values[slot] = undefined;
      const to = this.#slot(keyLo, keyHi);
      this.#keys[2 * to] = keyLo;
      this.#keys[2 * to + 1] = keyHi;
      values[to] = value;
    }
  }

  /** All values, in no promised order. */
  list(): T[] {
    return this.#values.filter((value) => value !== undefined);
  }
}

function firstSlot(lo: number, hi: number, mask: number): number {
  return (Math.imul(lo ^ (hi >>> 9), 0x9e3779b1) >>> 9) & mask;
}
