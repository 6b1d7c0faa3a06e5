import type { ByteReader, ByteWriter } from '../core/bytes.ts';
import { GrowingWords } from './growing-words.ts';
import { Marks } from './marks.ts';
import { nthSmallest } from './nth-smallest.ts';
import { RecordIndex, SEGMENT_MASK, SEGMENT_RECORDS, SEGMENT_SHIFT } from './record-index.ts';
import type { Store } from './store.ts';

/** The first three words of every record: its key, and when it was last in use (Unix seconds), by which idle ones are evicted. */
export const RECORD_HEAD = 3;
export const LAST_SECONDS = 2;
/** Later than any time that a record can have. */
const NEVER = 2 ** 32 - 1;

/**
 * Fixed-size records by 64-bit key, interleaved in segments of an ArrayBuffer (struct-of-arrays was 1.25 times slower) under an
 * index. At most `maxRecords`: when full, the eighth that was idle longest goes. Memory: 4 * words + 7 to 13 bytes a record.
 */
export class RecordTable implements Store {
  readonly words: number;
  readonly #max: number;
  readonly segments: Uint32Array[] = [];
  /** The records that changed since the last write. */
  readonly #dirty = new Marks();
  readonly #index: RecordIndex;
  #used = 0;
  #live = 0;
  #free: number[] = [];
  readonly #removedKeys = new GrowingWords();
  #journal: Map<number, Uint32Array> | undefined;
  #created: number[] = [];
  /** Means nothing; keeps reads whose values nobody needs. */
  #read = 0;

  constructor(words: number, maxRecords: number) {
    this.words = words;
    this.#index = new RecordIndex(this.segments, words);
    this.#max = maxRecords;
  }

  get size(): number {
    return this.#live;
  }

  /** Memory of the records, their marks and the index. */
  get bytes(): number {
    return this.segments.length * SEGMENT_RECORDS * 4 * this.words + this.#dirty.bytes + this.#index.bytes;
  }

  segment(record: number): Uint32Array {
    return this.segments[record >> SEGMENT_SHIFT]!;
  }

  offset(record: number): number {
    return (record & SEGMENT_MASK) * this.words;
  }

  /**
   * Reads where records with these keys (`count` pairs) would lie, so that they are in the cache when they are asked for: first the cells of the
   * index, then the records. Reads of one kind in a row wait for memory at the same time, look-ups one after the other. The sum means nothing; using
   * it keeps the reads.
   */
  warm(los: Int32Array, his: Int32Array, count: number): number {
    return this.#index.warm(los, his, count);
  }

  /** Number of the record with this key, -1 when there is none. */
  find(lo: number, hi: number): number {
    return this.#index.recordAt(this.#index.slot(lo, hi));
  }

  /** Number of the record with this key, made with zeros when there was none. */
  obtain(lo: number, hi: number): number {
    const slot = this.#index.slot(lo, hi);
    const found = this.#index.recordAt(slot);
    if (found >= 0) return found;
    if (this.#live >= this.#max && this.#journal === undefined) {
      this.#evict();
      return this.#create(lo, hi);
    }
    return this.#create(lo, hi, slot);
  }

  #create(lo: number, hi: number, slot = this.#index.slot(lo, hi)): number {
    const freed = this.#free.pop();
    const record = freed ?? this.#used++;
    if (freed === undefined) this.#addSegments();
    const words = this.segment(record);
    const at = this.offset(record);
    // A call of fill() costs more than the few words.
    if (freed !== undefined) for (let i = at + 2; i < at + this.words; i++) words[i] = 0;
    words[at] = lo;
    words[at + 1] = hi;
    this.#index.put(slot, lo, hi, record);
    this.#index.reserve(++this.#live);
    if (this.#journal !== undefined) this.#created.push(record);
    else this.#dirty.mark(record);
    return record;
  }

  #addSegments(): void {
    while (this.segments.length * SEGMENT_RECORDS < this.#used) {
      this.segments.push(new Uint32Array(SEGMENT_RECORDS * this.words));
    }
    this.#dirty.reserve(this.#used);
  }

  /** Must be called before a record is written to. */
  touch(record: number): void {
    if (this.#journal === undefined) this.#dirty.mark(record);
    else if (!this.#journal.has(record)) {
      const at = this.offset(record);
      this.#journal.set(record, this.segment(record).slice(at, at + this.words));
    }
  }

  /** Lets the eighth go that was idle longest. */
  #evict(): void {
    const isFree = this.#freeFlags();
    const stamps = this.#stamps();
    const quota = Math.max(1, this.#live >> 3);
    const { value: limit, below } = nthSmallest(stamps, quota - 1);
    const atLimit: number[] = [];
    for (let record = 0; record < stamps.length; record++) {
      if (stamps[record]! > limit || isFree[record] === 1) continue;
      if (stamps[record]! < limit) this.#letGo(record);
      else atLimit.push(record);
    }
    // Equal stamps: by key, not by record number, which a restart changes.
    if (atLimit.length > quota - below) atLimit.sort((a, b) => this.#compareKeys(a, b));
    for (const record of atLimit.slice(0, quota - below)) this.#letGo(record);
  }

  /** By record, 1 where it is free; empty where none is. */
  #freeFlags(): Uint8Array {
    const flags = new Uint8Array(this.#free.length === 0 ? 0 : this.#used);
    for (const record of this.#free) flags[record] = 1;
    return flags;
  }

  /** By record, when it was last in use; later than any where it is free. */
  #stamps(): Uint32Array {
    const stamps = new Uint32Array(this.#used);
    for (let first = 0; first < this.#used; first += SEGMENT_RECORDS) {
      const words = this.segments[first >> SEGMENT_SHIFT]!;
      const end = Math.min(this.#used, first + SEGMENT_RECORDS);
      for (let record = first, at = LAST_SECONDS; record < end; record++, at += this.words) stamps[record] = words[at]!;
    }
    for (const record of this.#free) stamps[record] = NEVER;
    return stamps;
  }

  #letGo(record: number): void {
    const words = this.segment(record);
    const at = this.offset(record);
    this.#removedKeys.push(words[at]!);
    this.#removedKeys.push(words[at + 1]!);
    this.#remove(record);
  }

  #compareKeys(a: number, b: number): number {
    const x = this.segment(a);
    const y = this.segment(b);
    const i = this.offset(a);
    const j = this.offset(b);
    return x[i]! - y[j]! || x[i + 1]! - y[j + 1]!;
  }

  #remove(record: number): void {
    this.#index.remove(record);
    this.#live--;
    this.#free.push(record);
    this.#dirty.unmark(record);
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

  write(writer: ByteWriter): void {
    writer.array(new Uint32Array(0));
    writer.array(this.#index.cellsWithout(this.#used, this.#free));
    this.#dirty.markAll(this.#used);
    for (const record of this.#free) this.#dirty.unmark(record);
    this.#writeMarked(writer);
  }

  writeChanges(writer: ByteWriter): void {
    writer.array(this.#removedKeys.words);
    writer.array(new Int32Array(0));
    this.#writeMarked(writer);
  }

  /** The records that are marked, by number, and takes the marks off. */
  #writeMarked(writer: ByteWriter): void {
    const out = writer.words(this.words * this.#dirty.count);
    for (let first = 0, to = 0; first < this.#used; first += SEGMENT_RECORDS) to = this.#writeSegment(first, out, to);
    this.#dirty.clear();
    this.#removedKeys.clear();
  }

  /**
   * Those of one segment; gives where they end. A reading of the records before the copying lets many wait for memory at the same time, as warm() does:
   * where one in ten is marked it takes half the time. The neighbours of each other are copied in one go.
   */
  #writeSegment(first: number, out: Uint32Array, to: number): number {
    const runs = this.#dirty.runs(first, SEGMENT_RECORDS);
    const from = this.segment(first);
    const { words } = this;
    let sum = 0;
    for (let i = 0; i < runs.length; i += 2) sum ^= from[runs[i]! * words]! ^ from[runs[i + 1]! * words - 1]!;
    this.#read ^= sum;
    let at = to;
    for (let i = 0; i < runs.length; i += 2) {
      const start = runs[i]! * words;
      const end = runs[i + 1]! * words;
      copyWords(from, start, end, out, at);
      at += end - start;
    }
    return at;
  }

  read(reader: ByteReader): void {
    const removed = reader.u32s();
    for (let i = 0; i + 1 < removed.length; i += 2) {
      const record = this.find(removed[i]!, removed[i + 1]!);
      if (record >= 0) this.#remove(record);
    }
    const cells = reader.wordsInPlace();
    const records = reader.wordsInPlace();
    if (this.#used === 0) this.#take(records, cells);
    else this.#lay(records);
  }

  /**
   * Records for an empty table: they stay where they lie, and so do the cells of their index where those were written. To copy them would take
   * longer than all else that is read.
   */
  #take(records: Uint32Array, cells: Uint32Array): void {
    const count = Math.floor(records.length / this.words);
    this.#used = count;
    this.#live = count;
    const length = SEGMENT_RECORDS * this.words;
    for (let at = 0; at < count * this.words; at += length) {
      let segment = records.subarray(at, at + length);
      // The last has room for records to come.
      if (segment.length < length) {
        segment = new Uint32Array(length);
        segment.set(records.subarray(at, count * this.words));
      }
      this.segments.push(segment);
    }
    this.#dirty.reserve(count);
    if (!this.#index.take(cells, count)) this.#indexAll();
  }

  #indexAll(): void {
    this.#index.reserve(this.#used);
    for (let record = 0; record < this.#used; record++) {
      const words = this.segment(record);
      const at = this.offset(record);
      this.#index.put(this.#index.slot(words[at]!, words[at + 1]!), words[at]!, words[at + 1]!, record);
    }
  }

  #lay(records: Uint32Array): void {
    this.#index.reserve(Math.min(this.#max, this.#live + Math.floor(records.length / this.words)));
    for (let at = 0; at + this.words <= records.length; at += this.words) {
      const slot = this.#index.slot(records[at]!, records[at + 1]!);
      const found = this.#index.recordAt(slot);
      const record = found >= 0 ? found : this.#create(records[at]!, records[at + 1]!, slot);
      const to = this.segment(record);
      for (let i = 0, from = this.offset(record); i < this.words; i++) to[from + i] = records[at + i]!;
      this.#dirty.unmark(record);
    }
  }
}

/** Longer pieces are worth a call. */
const LEAST_WORDS = 64;

function copyWords(from: Uint32Array, start: number, end: number, out: Uint32Array, to: number): void {
  if (end - start >= LEAST_WORDS) out.set(from.subarray(start, end), to);
  else for (let i = start, k = to; i < end; i++, k++) out[k] = from[i]!;
}
