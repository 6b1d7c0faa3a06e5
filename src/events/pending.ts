import type { ByteReader, ByteWriter } from '../core/bytes.ts';
import type { EgressTest } from './address-hashes.ts';
import { type ColumnBatch, readRows, writeRows } from './column-batch.ts';
import type { EventKind } from './contracts.ts';
import { EVENT_WORDS, Word } from './event-record.ts';
import { sortedRecords } from './ordering.ts';
import { BLOCK_ROWS, buildRecords } from './record-builder.ts';
import { SeenIds } from './seen-ids.ts';

/** A batch whose rows wait for their turn, or are being judged. */
export interface PendingBatch<Table extends string> {
  readonly table: Table;
  readonly columns: ColumnBatch;
}

interface Held<Table extends string> extends PendingBatch<Table> {
  live: number;
}

const kinds: readonly EventKind[] = ['sign-in', 'audit', 'risk', 'identity'];

/** Called for each event in order: `at` is the offset of its first word in `words`. */
export type Visit<Table extends string> = (words: Uint32Array, doubles: Float64Array, at: number, batch: PendingBatch<Table>) => void;

/** Called with the offsets of the next events, `count` of them, before they are visited, so that what they need is fetched from memory meanwhile. */
export type Warm = (words: Uint32Array, ats: Int32Array, count: number) => void;
/** Events that are fetched for at once: what they need fits the nearest cache. */
export const AHEAD = 16;

export interface PendingOptions {
  readonly latenessMs: number;
  /** How far apart two copies of a row may stand and still be told. */
  readonly retentionMs: number;
  readonly egress: EgressTest;
}

/** Events that were read but whose turn has not come, with exact de-duplication. Memory: 100 bytes an event and its batch. */
export class PendingEvents<Table extends string> {
  readonly #options: PendingOptions;
  readonly #seen: SeenIds;
  #words = new Uint32Array(EVENT_WORDS * 1024);
  #doubles = new Float64Array(this.#words.buffer);
  #count = 0;
  #order: Uint32Array = new Uint32Array(0);
  #next = 0;
  #sorted = true;
  /** Pending events of which an earlier copy came after them. */
  #replaced = 0;
  readonly #ahead = new Int32Array(AHEAD);
  readonly #batches = new Map<number, Held<Table>>();
  #nextBatch = 0;
  committedMs = Number.NEGATIVE_INFINITY;

  constructor(options: PendingOptions) {
    this.#options = options;
    this.#seen = new SeenIds(options.retentionMs);
  }

  get size(): number {
    return this.#count - this.#next;
  }

  /** Takes in a batch; duplicates are dropped here, or at their turn where the earlier copy came later. */
  add(table: Table, columns: ColumnBatch): { rows: number; duplicates: number; late: number } {
    if (columns.rows === 0) return { rows: 0, duplicates: 0, late: 0 };
    this.#reserve(columns.rows);
    const first = this.#count;
    const number = this.#nextBatch++;
    buildRecords(columns, number, this.#options.latenessMs, this.#options.egress, this.#words, first);
    const admitted = { kept: 0, late: 0 };
    for (let row = 0; row < columns.rows; row += BLOCK_ROWS) this.#admit(first, row, Math.min(columns.rows, row + BLOCK_ROWS), admitted);
    const { kept, late } = admitted;
    this.#count = first + kept;
    if (kept > 0) {
      this.#batches.set(number, { table, columns, live: kept });
      this.#sorted = false;
    }
    return { rows: columns.rows, duplicates: columns.rows - kept, late };
  }

  /** Moves the records from..to of those that begin at `first` to the end of the ones that were kept, but for duplicates. */
  #admit(first: number, from: number, to: number, admitted: { kept: number; late: number }): void {
    const words = this.#words;
    let { kept, late } = admitted;
    for (let row = from; row < to; row++) {
      const at = (first + row) * EVENT_WORDS;
      const place = this.#doubles[(at + Word.order) >> 1]!;
      const lo = (words[at + Word.idLo]! ^ words[at + Word.content]!) >>> 0;
      const arrival = this.#seen.arrive(lo, words[at + Word.idHi]!, place, this.committedMs);
      if (arrival === 'duplicate') continue;
      if (arrival === 'earlier') this.#replaced++;
      if (place < this.committedMs) late++;
      if (kept !== row) words.copyWithin((first + kept) * EVENT_WORDS, at, at + EVENT_WORDS);
      kept++;
    }
    admitted.kept = kept;
    admitted.late = late;
  }

  #reserve(rows: number): void {
    const needed = (this.#count + rows) * EVENT_WORDS;
    if (needed <= this.#words.length) return;
    const grown = new Uint32Array(Math.max(needed, this.#words.length * 2));
    grown.set(this.#words.subarray(0, this.#count * EVENT_WORDS));
    this.#words = grown;
    this.#doubles = new Float64Array(grown.buffer);
  }

  /** Drops what was judged, so that record numbers start again. */
  #compact(): void {
    if (this.#next === 0) return;
    if (this.#next === this.#order.length) {
      this.#words.copyWithin(0, this.#next * EVENT_WORDS, this.#count * EVENT_WORDS);
      this.#count -= this.#next;
      this.#order = new Uint32Array(0);
      this.#next = 0;
      this.#sorted = false;
      return;
    }
    const unsorted = Uint32Array.from({ length: this.#count - this.#order.length }, (_, i) => this.#order.length + i);
    const kept = new Uint32Array(this.#order.length - this.#next + unsorted.length);
    kept.set(this.#order.subarray(this.#next));
    kept.set(unsorted, kept.length - unsorted.length);
    kept.sort().forEach((record, i) => {
      this.#words.copyWithin(i * EVENT_WORDS, record * EVENT_WORDS, (record + 1) * EVENT_WORDS);
    });
    this.#count = kept.length;
    this.#order = new Uint32Array(0);
    this.#next = 0;
    this.#sorted = false;
  }

  #sort(): void {
    if (this.#next * 2 > this.#count) this.#compact();
    if (this.#sorted) return;
    this.#compact();
    this.#order = sortedRecords(this.#words, this.#count);
    this.#sorted = true;
  }

  /** Whether another copy of this event stands earlier. Only asked when such a copy came at all. */
  #isReplaced(at: number): boolean {
    const lo = (this.#words[at + Word.idLo]! ^ this.#words[at + Word.content]!) >>> 0;
    return this.#seen.placeOf(lo, this.#words[at + Word.idHi]!) < this.#doubles[(at + Word.order) >> 1]!;
  }

  /**
   * Calls `visit` for the events before `until` in order, a few at a time: what is called often is compiled once and for all, whereas one long loop
   * would be compiled in the middle of each batch and left again at its end.
   */
  #visit(until: number, visit: Visit<Table>, forget: boolean, warm?: Warm): number {
    let next = this.#next;
    while (next < this.#count) {
      const end = Math.min(this.#count, next + AHEAD);
      if (warm !== undefined) this.#warmUp(next, end, warm);
      next = this.#visitSome(next, end, until, visit, forget);
      if (next < end) break;
    }
    return next;
  }

  #warmUp(from: number, to: number, warm: Warm): void {
    for (let i = from; i < to; i++) this.#ahead[i - from] = this.#order[i]! * EVENT_WORDS;
    warm(this.#words, this.#ahead, to - from);
  }

  /** The place in the order at which it ended. */
  #visitSome(from: number, to: number, until: number, visit: Visit<Table>, forget: boolean): number {
    const words = this.#words;
    const doubles = this.#doubles;
    const order = this.#order;
    let number = -1;
    let batch: Held<Table> | undefined;
    for (let next = from; next < to; next++) {
      const at = order[next]! * EVENT_WORDS;
      if (doubles[(at + Word.order) >> 1]! >= until) return next;
      // Events that follow each other are mostly of one batch.
      if (words[at + Word.batch] !== number) {
        number = words[at + Word.batch]!;
        batch = this.#batches.get(number);
      }
      if (batch === undefined) continue;
      if (this.#replaced === 0 || !this.#isReplaced(at)) visit(words, doubles, at, batch);
      else if (forget) this.#replaced--;
      if (forget && --batch.live === 0) this.#batches.delete(number);
    }
    return to;
  }

  /** Visits the events before `untilMs` in order and forgets them. */
  take(untilMs: number, visit: Visit<Table>, warm?: Warm): void {
    this.#sort();
    const until = Math.max(untilMs, this.committedMs);
    this.#next = this.#visit(until, visit, true, warm);
    this.committedMs = until;
  }

  /** Visits every pending event in order and keeps them. */
  peek(visit: Visit<Table>): void {
    this.#sort();
    this.#visit(Number.POSITIVE_INFINITY, visit, false);
  }

  /** Writes the pending rows and the recent Ids (all of them, or what is new since the last write). */
  write(writer: ByteWriter, { onlyFresh = false } = {}): void {
    this.#sort();
    writer.f64(this.committedMs);
    writer.u32(this.#replaced);
    if (onlyFresh) this.#seen.writeFresh(writer);
    else this.#seen.write(writer, this.committedMs);
    const rows = new Map<number, number[]>();
    for (let i = this.#next; i < this.#count; i++) {
      const at = this.#order[i]! * EVENT_WORDS;
      const number = this.#words[at + Word.batch]!;
      const list = rows.get(number);
      if (list === undefined) rows.set(number, [this.#words[at + Word.row]!]);
      else list.push(this.#words[at + Word.row]!);
    }
    writer.u32(rows.size);
    for (const [number, list] of rows) {
      const { table, columns } = this.#batches.get(number)!;
      writer.text(table);
      writer.u32(kinds.indexOf(columns.kind));
      writeRows(writer, columns, Uint32Array.from(list));
    }
  }

  /** Replaces the pending rows by those written, and adds the Ids. */
  read(reader: ByteReader): void {
    this.committedMs = reader.f64();
    this.#replaced = reader.u32();
    this.#seen.read(reader, this.committedMs);
    this.#batches.clear();
    this.#count = 0;
    this.#order = new Uint32Array(0);
    this.#next = 0;
    for (let left = reader.u32(); left > 0; left--) {
      const table = reader.text() as Table;
      const columns = readRows(reader, kinds[reader.u32()]!);
      this.#reserve(columns.rows);
      const number = this.#nextBatch++;
      buildRecords(columns, number, this.#options.latenessMs, this.#options.egress, this.#words, this.#count);
      this.#count += columns.rows;
      this.#batches.set(number, { table, columns, live: columns.rows });
    }
    this.#sorted = false;
  }
}
