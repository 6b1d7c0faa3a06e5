import type { ByteReader, ByteWriter } from '../core/bytes.ts';
import type { EgressTest } from './address-hashes.ts';
import { type ColumnBatch, readRows, writeRows } from './column-batch.ts';
import type { EventKind } from './contracts.ts';
import { EVENT_WORDS, Word } from './event-record.ts';
import { sortedRecords } from './ordering.ts';
import { buildRecords } from './record-builder.ts';
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
    let kept = 0;
    let late = 0;
    for (let row = 0; row < columns.rows; row++) {
      const at = (first + row) * EVENT_WORDS;
      const place = this.#doubles[(at + Word.order) >> 1]!;
      const lo = (this.#words[at + Word.idLo]! ^ this.#words[at + Word.content]!) >>> 0;
      const arrival = this.#seen.arrive(lo, this.#words[at + Word.idHi]!, place, this.committedMs);
      if (arrival === 'duplicate') continue;
      if (arrival === 'earlier') this.#replaced++;
      if (place < this.committedMs) late++;
      if (kept !== row) this.#words.copyWithin((first + kept) * EVENT_WORDS, at, at + EVENT_WORDS);
      kept++;
    }
    this.#count = first + kept;
    if (kept > 0) {
      this.#batches.set(number, { table, columns, live: kept });
      this.#sorted = false;
    }
    return { rows: columns.rows, duplicates: columns.rows - kept, late };
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

  /** Calls `visit` for the events before `until` in order, and `done` with the number of events of each stretch of one batch. */
  #visit(until: number, visit: Visit<Table>, warm?: Warm, done?: (number: number, events: number) => void): number {
    let next = this.#next;
    let number = -1;
    let since = next;
    let batch: Held<Table> | undefined;
    let warmed = next;
    for (; next < this.#count; next++) {
      if (next === warmed && warm !== undefined) {
        warmed = Math.min(this.#count, next + AHEAD);
        for (let i = next; i < warmed; i++) this.#ahead[i - next] = this.#order[i]! * EVENT_WORDS;
        warm(this.#words, this.#ahead, warmed - next);
      }
      const at = this.#order[next]! * EVENT_WORDS;
      if (this.#doubles[(at + Word.order) >> 1]! >= until) break;
      // Events that follow each other are mostly of one batch.
      if (this.#words[at + Word.batch] !== number) {
        if (next > since) done?.(number, next - since);
        since = next;
        number = this.#words[at + Word.batch]!;
        batch = this.#batches.get(number);
      }
      if (batch !== undefined && (this.#replaced === 0 || !this.#isReplaced(at))) visit(this.#words, this.#doubles, at, batch);
    }
    if (next > since) done?.(number, next - since);
    return next;
  }

  /** Visits the events before `untilMs` in order and forgets them. */
  take(untilMs: number, visit: Visit<Table>, warm?: Warm): void {
    this.#sort();
    const until = Math.max(untilMs, this.committedMs);
    const next = this.#visit(until, visit, warm, (number, events) => {
      const batch = this.#batches.get(number);
      if (batch === undefined) return;
      batch.live -= events;
      if (batch.live === 0) this.#batches.delete(number);
    });
    this.#next = next;
    this.committedMs = until;
  }

  /** Visits every pending event in order and keeps them. */
  peek(visit: Visit<Table>): void {
    this.#sort();
    this.#visit(Number.POSITIVE_INFINITY, visit);
  }

  /** Writes the pending rows and the recent Ids (all of them, or what is new since the last write). */
  write(writer: ByteWriter, { onlyFresh = false } = {}): void {
    this.#sort();
    writer.f64(this.committedMs);
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
    this.#seen.read(reader, this.committedMs);
    this.#batches.clear();
    this.#count = 0;
    this.#order = new Uint32Array(0);
    this.#next = 0;
    // Which of two copies counts is in the Ids; whether there are any is not.
    this.#replaced = 1;
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
