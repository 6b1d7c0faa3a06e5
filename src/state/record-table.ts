import type { ByteReader, ByteWriter } from '../core/bytes.ts';
import type { Store } from './store.ts';

const SEGMENT_SHIFT = 12;
const SEGMENT_RECORDS = 1 << SEGMENT_SHIFT;
const SEGMENT_MASK = SEGMENT_RECORDS - 1;
const LEAST_INDEX = 1024;
/** The first three words of every record: its key, and when it was last in use (Unix seconds), by which idle ones are evicted. */
export const RECORD_HEAD = 3;
export const LAST_SECONDS = 2;

/**
 * Fixed-size records by 64-bit key, interleaved in segments of an ArrayBuffer (struct-of-arrays was 1.25 times slower) under an
 * open-addressing index. At most `maxRecords`: when full, the eighth that was idle longest goes. Memory: 4 * words + 7 to 14 bytes a record.
 *
 * A cell of the index holds the record's number + 1 in its low bits and bits of the key's high half above them, so that a look-up that passes
 * other keys' cells reads no record but its own: each would be a cache miss. The number fits below the tag because the index always has more
 * cells than there are records.
 */
export class RecordTable implements Store {
  readonly words: number;
  readonly #max: number;
  readonly segments: Uint32Array[] = [];
  readonly #dirty: Uint8Array[] = [];
  #index = new Int32Array(LEAST_INDEX);
  #used = 0;
  #live = 0;
  #free: number[] = [];
  #removedKeys: number[] = [];
  #journal: Map<number, Uint32Array> | undefined;
  #created: number[] = [];

  constructor(words: number, maxRecords: number) {
    this.words = words;
    this.#max = maxRecords;
  }

  get size(): number {
    return this.#live;
  }

  /** Memory of the records, their marks and the index. */
  get bytes(): number {
    return this.segments.length * SEGMENT_RECORDS * (4 * this.words + 1) + 4 * this.#index.length;
  }

  segment(record: number): Uint32Array {
    return this.segments[record >> SEGMENT_SHIFT]!;
  }

  offset(record: number): number {
    return (record & SEGMENT_MASK) * this.words;
  }

  /** Number of the index cell with this key, or of the empty one where it belongs. */
  #slot(keyLo: number, keyHi: number): number {
    const lo = keyLo | 0;
    const hi = keyHi | 0;
    const index = this.#index;
    const mask = index.length - 1;
    let slot = firstSlot(lo, hi, mask);
    for (let cell = index[slot]!; cell !== 0; cell = index[slot]!) {
      if (((cell ^ hi) & ~mask) === 0) {
        const record = (cell & mask) - 1;
        const words = this.segments[record >> SEGMENT_SHIFT]!;
        const at = (record & SEGMENT_MASK) * this.words;
        if ((words[at]! | 0) === lo && (words[at + 1]! | 0) === hi) break;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #recordAt(slot: number): number {
    return (this.#index[slot]! & (this.#index.length - 1)) - 1;
  }

  /**
   * Reads where a record with this key would lie, so that it is in the cache when it is asked for. Several of these in a row wait for memory at
   * the same time, lookups that need their answers one after the other. The sum means nothing; using it keeps the reads.
   */
  warm(lo: number, hi: number): number {
    const record = this.#recordAt(firstSlot(lo, hi, this.#index.length - 1));
    if (record < 0) return 0;
    const words = this.segments[record >> SEGMENT_SHIFT]!;
    const at = (record & SEGMENT_MASK) * this.words;
    return words[at]! ^ words[at + (this.words >> 1)]! ^ words[at + this.words - 1]!;
  }

  /** Number of the record with this key, -1 when there is none. */
  find(lo: number, hi: number): number {
    return this.#recordAt(this.#slot(lo, hi));
  }

  /** Number of the record with this key, made with zeros when there was none. */
  obtain(lo: number, hi: number): number {
    const slot = this.#slot(lo, hi);
    const found = this.#recordAt(slot);
    if (found >= 0) return found;
    if (this.#live >= this.#max && this.#journal === undefined) {
      this.#evict();
      return this.#create(lo, hi);
    }
    return this.#create(lo, hi, slot);
  }

  #create(lo: number, hi: number, slot = this.#slot(lo, hi)): number {
    const record = this.#free.pop() ?? this.#used++;
    this.#addSegments();
    const words = this.segment(record);
    const at = this.offset(record);
    words.fill(0, at, at + this.words);
    words[at] = lo;
    words[at + 1] = hi;
    if (isFull(++this.#live, this.#index.length)) this.#reindex(this.#index.length * 2);
    else this.#index[slot] = (hi & -this.#index.length) | (record + 1);
    if (this.#journal !== undefined) this.#created.push(record);
    else this.#dirty[record >> SEGMENT_SHIFT]![record & SEGMENT_MASK] = 1;
    return record;
  }

  #addSegments(): void {
    while (this.segments.length * SEGMENT_RECORDS < this.#used) {
      this.segments.push(new Uint32Array(SEGMENT_RECORDS * this.words));
      this.#dirty.push(new Uint8Array(SEGMENT_RECORDS));
    }
  }

  /** A new index over all records, read in the order in which they lie. */
  #reindex(capacity: number): void {
    const index = new Int32Array(capacity);
    const mask = capacity - 1;
    const isFree = new Uint8Array(this.#used);
    for (const record of this.#free) isFree[record] = 1;
    for (let record = 0; record < this.#used; record++) {
      if (isFree[record] === 1) continue;
      const words = this.segments[record >> SEGMENT_SHIFT]!;
      const at = (record & SEGMENT_MASK) * this.words;
      const hi = words[at + 1]! | 0;
      let slot = firstSlot(words[at]! | 0, hi, mask);
      while (index[slot] !== 0) slot = (slot + 1) & mask;
      index[slot] = (hi & ~mask) | (record + 1);
    }
    this.#index = index;
  }

  /** Makes the index large enough at once. */
  #expect(records: number): void {
    let capacity = this.#index.length;
    while (isFull(Math.min(records, this.#max), capacity)) capacity *= 2;
    if (capacity > this.#index.length) this.#reindex(capacity);
  }

  /** Must be called before a record is written to. */
  touch(record: number): void {
    if (this.#journal === undefined) {
      this.#dirty[record >> SEGMENT_SHIFT]![record & SEGMENT_MASK] = 1;
    } else if (!this.#journal.has(record)) {
      const at = this.offset(record);
      this.#journal.set(record, this.segment(record).slice(at, at + this.words));
    }
  }

  /** All records by number. */
  #records(): Uint32Array {
    const list = new Uint32Array(this.#live);
    let count = 0;
    for (let slot = 0; slot < this.#index.length; slot++) if (this.#index[slot] !== 0) list[count++] = this.#recordAt(slot);
    return list.sort();
  }

  #evict(): void {
    const records = this.#records();
    const idle = Uint32Array.from(records, (record) => this.segment(record)[this.offset(record) + LAST_SECONDS]!).sort();
    const quota = Math.max(1, records.length >> 3);
    const limit = idle[quota - 1]!;
    let gone = 0;
    // Equal stamps: by key, not by record number, which a restart changes.
    const candidates = [...records].filter((record) => this.segment(record)[this.offset(record) + LAST_SECONDS]! <= limit);
    candidates.sort((a, b) => this.#compareIdle(a, b));
    for (const record of candidates) {
      if (gone++ >= quota) break;
      this.#remove(record);
      this.#removedKeys.push(this.segment(record)[this.offset(record)]!, this.segment(record)[this.offset(record) + 1]!);
    }
  }

  #compareIdle(a: number, b: number): number {
    const x = this.segment(a);
    const y = this.segment(b);
    const i = this.offset(a);
    const j = this.offset(b);
    return x[i + LAST_SECONDS]! - y[j + LAST_SECONDS]! || x[i]! - y[j]! || x[i + 1]! - y[j + 1]!;
  }

  /** Takes a record out of the index, closing the gap in its probe chain. */
  #remove(record: number): void {
    const at = this.offset(record);
    const words = this.segment(record);
    const mask = this.#index.length - 1;
    let hole = this.#slot(words[at]!, words[at + 1]!);
    this.#index[hole] = 0;
    this.#live--;
    this.#free.push(record);
    this.#dirty[record >> SEGMENT_SHIFT]![record & SEGMENT_MASK] = 0;
    for (let slot = (hole + 1) & mask; this.#index[slot] !== 0; slot = (slot + 1) & mask) {
      const cell = this.#index[slot]!;
      const other = this.#recordAt(slot);
      const at = this.offset(other);
      this.#index[slot] = 0;
      hole = this.#slot(this.segment(other)[at]!, this.segment(other)[at + 1]!);
      this.#index[hole] = cell;
    }
  }

  begin(): void {
    this.#journal = new Map();
    this.#created = [];
  }

  rollback(): void {
    for (const [record, copy] of this.#journal ?? []) this.segment(record).set(copy, this.offset(record));
    for (const record of this.#created.reverse()) this.#remove(record);
    this.#journal = undefined;
    this.#created = [];
  }

  #writeRecords(writer: ByteWriter, records: Uint32Array): void {
    const { words } = this;
    const out = writer.words(records.length * words);
    for (let i = 0; i < records.length; ) {
      // Neighbours in one segment are copied in one go.
      let run = 1;
      while (i + run < records.length && records[i + run] === records[i]! + run && (records[i + run]! & SEGMENT_MASK) !== 0) run++;
      const from = this.segment(records[i]!);
      const at = this.offset(records[i]!);
      if (run < 4) for (let k = 0, to = i * words; k < run * words; k++) out[to + k] = from[at + k]!;
      else out.set(from.subarray(at, at + run * words), i * words);
      i += run;
    }
    for (const flags of this.#dirty) flags.fill(0);
    this.#removedKeys = [];
  }

  write(writer: ByteWriter): void {
    writer.array(new Uint32Array(0));
    this.#writeRecords(writer, this.#records());
  }

  writeChanges(writer: ByteWriter): void {
    writer.array(Uint32Array.from(this.#removedKeys));
    const changed = new Uint32Array(this.#live);
    let count = 0;
    for (let segment = 0; segment < this.#dirty.length; segment++) {
      const flags = this.#dirty[segment]!;
      const fours = new Uint32Array(flags.buffer);
      for (let four = 0; four < fours.length; four++) {
        if (fours[four] === 0) continue;
        for (let i = 4 * four; i < 4 * four + 4; i++) if (flags[i] === 1) changed[count++] = (segment << SEGMENT_SHIFT) + i;
      }
    }
    this.#writeRecords(writer, changed.subarray(0, count));
  }

  read(reader: ByteReader): void {
    const removed = reader.u32s();
    for (let i = 0; i + 1 < removed.length; i += 2) {
      const record = this.find(removed[i]!, removed[i + 1]!);
      if (record >= 0) this.#remove(record);
    }
    const records = reader.wordsInPlace();
    if (this.#used === 0) this.#take(records);
    else this.#lay(records);
  }

  /** Records for an empty table: copied as they lie, then indexed at once. */
  #take(records: Uint32Array): void {
    const count = Math.floor(records.length / this.words);
    this.#used = count;
    this.#live = count;
    this.#addSegments();
    const length = SEGMENT_RECORDS * this.words;
    this.segments.forEach((segment, i) => {
      segment.set(records.subarray(i * length, Math.min((i + 1) * length, count * this.words)));
    });
    let capacity = LEAST_INDEX;
    while (isFull(count, capacity)) capacity *= 2;
    this.#reindex(capacity);
  }

  #lay(records: Uint32Array): void {
    this.#expect(this.#live + Math.floor(records.length / this.words));
    for (let at = 0; at + this.words <= records.length; at += this.words) {
      const slot = this.#slot(records[at]!, records[at + 1]!);
      const found = this.#recordAt(slot);
      const record = found >= 0 ? found : this.#create(records[at]!, records[at + 1]!, slot);
      const to = this.segment(record);
      for (let i = 0, from = this.offset(record); i < this.words; i++) to[from + i] = records[at + i]!;
      this.#dirty[record >> SEGMENT_SHIFT]![record & SEGMENT_MASK] = 0;
    }
  }
}

/** Whether an index of this many cells is too small: at five eighths probe chains begin to grow. */
function isFull(records: number, cells: number): boolean {
  return records * 8 > cells * 5;
}

function firstSlot(lo: number, hi: number, mask: number): number {
  return (Math.imul(lo ^ (hi >>> 9), 0x9e3779b1) >>> 7) & mask;
}
