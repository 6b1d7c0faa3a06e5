import type { ByteReader, ByteWriter } from '../core/bytes.ts';
import type { Store } from './store.ts';

const SEGMENT_SHIFT = 12;
const SEGMENT_RECORDS = 1 << SEGMENT_SHIFT;
const SEGMENT_MASK = SEGMENT_RECORDS - 1;
/** The first three words of every record: its key, and when it was last in use (Unix seconds), by which idle ones are evicted. */
export const RECORD_HEAD = 3;
export const LAST_SECONDS = 2;

/**
 * Fixed-size records by 64-bit key, interleaved in segments of an ArrayBuffer (struct-of-arrays was 1.25 times slower) under an
 * open-addressing index. At most `maxRecords`: when full, the eighth that was idle longest goes. Memory: 4 * words + 8 to 16 bytes a record.
 */
export class RecordTable implements Store {
  readonly words: number;
  readonly #max: number;
  readonly segments: Uint32Array[] = [];
  readonly #dirty: Uint8Array[] = [];
  #index = new Int32Array(1024);
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

  #slot(lo: number, hi: number): number {
    const mask = this.#index.length - 1;
    let slot = Math.imul(lo ^ (hi >>> 9), 0x9e3779b1) >>> 7;
    for (slot &= mask; this.#index[slot] !== 0; slot = (slot + 1) & mask) {
      const record = this.#index[slot]! - 1;
      const words = this.segments[record >> SEGMENT_SHIFT]!;
      const at = (record & SEGMENT_MASK) * this.words;
      if (words[at] === lo && words[at + 1] === hi) break;
    }
    return slot;
  }

  /** Number of the record with this key, -1 when there is none. */
  find(lo: number, hi: number): number {
    return this.#index[this.#slot(lo, hi)]! - 1;
  }

  /** Number of the record with this key, made with zeros when there was none. */
  obtain(lo: number, hi: number): number {
    const slot = this.#slot(lo, hi);
    const found = this.#index[slot]! - 1;
    if (found >= 0) return found;
    if (this.#live >= this.#max && this.#journal === undefined) {
      this.#evict();
      return this.#create(lo, hi);
    }
    return this.#create(lo, hi, slot);
  }

  #create(lo: number, hi: number, slot = this.#slot(lo, hi)): number {
    const record = this.#free.pop() ?? this.#used++;
    if (record >> SEGMENT_SHIFT === this.segments.length) {
      this.segments.push(new Uint32Array(SEGMENT_RECORDS * this.words));
      this.#dirty.push(new Uint8Array(SEGMENT_RECORDS));
    }
    const words = this.segment(record);
    const at = this.offset(record);
    words.fill(0, at, at + this.words);
    words[at] = lo;
    words[at + 1] = hi;
    this.#index[slot] = record + 1;
    if (++this.#live * 2 > this.#index.length) this.#reindex(this.#index.length * 2);
    if (this.#journal !== undefined) this.#created.push(record);
    else this.#dirty[record >> SEGMENT_SHIFT]![record & SEGMENT_MASK] = 1;
    return record;
  }

  #reindex(capacity: number): void {
    const old = this.#index;
    this.#index = new Int32Array(capacity);
    for (let slot = 0; slot < old.length; slot++) {
      const entry = old[slot]!;
      if (entry === 0) continue;
      const words = this.segment(entry - 1);
      const at = this.offset(entry - 1);
      this.#index[this.#slot(words[at]!, words[at + 1]!)] = entry;
    }
  }

  /** Makes the index large enough at once. */
  #expect(records: number): void {
    let capacity = this.#index.length;
    while (capacity < 2 * Math.min(records, this.#max)) capacity *= 2;
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
    for (let slot = 0; slot < this.#index.length; slot++) if (this.#index[slot] !== 0) list[count++] = this.#index[slot]! - 1;
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
      const entry = this.#index[slot]!;
      const other = this.segment(entry - 1);
      const otherAt = this.offset(entry - 1);
      this.#index[slot] = 0;
      hole = this.#slot(other[otherAt]!, other[otherAt + 1]!);
      this.#index[hole] = entry;
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
    const out = new Uint32Array(records.length * words);
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
    writer.array(out);
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
      for (let i = flags.indexOf(1); i >= 0; i = flags.indexOf(1, i + 1)) changed[count++] = (segment << SEGMENT_SHIFT) + i;
    }
    this.#writeRecords(writer, changed.subarray(0, count));
  }

  read(reader: ByteReader): void {
    const removed = reader.u32s();
    for (let i = 0; i + 1 < removed.length; i += 2) {
      const record = this.find(removed[i]!, removed[i + 1]!);
      if (record >= 0) this.#remove(record);
    }
    const records = reader.u32s();
    this.#expect(this.#live + Math.floor(records.length / this.words));
    for (let at = 0; at + this.words <= records.length; at += this.words) {
      const slot = this.#slot(records[at]!, records[at + 1]!);
      const found = this.#index[slot]! - 1;
      const record = found >= 0 ? found : this.#create(records[at]!, records[at + 1]!, slot);
      const to = this.segment(record);
      for (let i = 0, from = this.offset(record); i < this.words; i++) to[from + i] = records[at + i]!;
      this.#dirty[record >> SEGMENT_SHIFT]![record & SEGMENT_MASK] = 0;
    }
  }
}
