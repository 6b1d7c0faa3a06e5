import type { ByteReader, ByteWriter } from '../core/bytes.ts';
import { PairIndex } from './pair-index.ts';
import type { Store } from './store.ts';

/** What a RecentTable keeps of one key. Times are Unix milliseconds of events. */
export interface Recent {
  readonly lo: number;
  readonly hi: number;
  touchedMs: number;
  /** Of the event that it began with. */
  firstMs: number;
  /** A count of the owner's own. */
  count: number;
  /** Distinct values of 32 bits, as they came; the oldest goes when there are too many. */
  values: number[];
}

interface Held extends Recent {
  /** Values at the end that were not written yet; all of them where it began anew since. */
  fresh: number;
  begun: boolean;
  changed: boolean;
}

const HEAD_WORDS = 8;
const BEGUN = 2 ** 31;
const time = new Float64Array(1);
const timeWords = new Uint32Array(time.buffer);

function writeTime(words: Uint32Array, at: number, timeMs: number): void {
  time[0] = timeMs;
  words[at] = timeWords[0]!;
  words[at + 1] = timeWords[1]!;
}

function readTime(words: Uint32Array, at: number): number {
  timeWords[0] = words[at]!;
  timeWords[1] = words[at + 1]!;
  return time[0]!;
}

/**
 * Lists of recent distinct values by 64-bit key, each with a count and its times: who failed from one network, from where one user failed. At most
 * `maxKeys`, of which the eighth that was idle longest goes when it is full, and `maxValues` a key. Of a list that grew only what is new is written.
 */
export class RecentTable implements Store {
  readonly #maxKeys: number;
  readonly #maxValues: number;
  readonly #index = new PairIndex<Held>();
  #changed: Held[] = [];
  #dropped: number[] = [];
  /** What a key had before; undefined where it had nothing. */
  #journal: Map<Held, Held | undefined> | undefined;

  constructor(maxKeys: number, maxValues: number) {
    this.#maxKeys = maxKeys;
    this.#maxValues = maxValues;
  }

  get size(): number {
    return this.#index.size;
  }

  /** For reading only: whoever writes calls edit. */
  get(lo: number, hi: number): Readonly<Recent> | undefined {
    return this.#index.get(lo, hi);
  }

  /** The entry, to write to, where there is one. */
  editExisting(lo: number, hi: number): Recent | undefined {
    const held = this.#index.get(lo, hi);
    if (held !== undefined) this.#note(held);
    return held;
  }

  /** Notes a value at a time; what is older than `keepMs` is forgotten as a whole first. */
  add(lo: number, hi: number, value: number, timeMs: number, keepMs: number): Recent {
    const held = this.#index.get(lo, hi) ?? this.#create(lo, hi, timeMs);
    this.#note(held);
    if (timeMs - held.firstMs > keepMs) {
      Object.assign(held, { firstMs: timeMs, count: 0, values: [], fresh: 0, begun: true });
    }
    if (!held.values.includes(value | 0)) this.#append(held, value | 0);
    held.touchedMs = Math.max(held.touchedMs, timeMs);
    return held;
  }

  #append(held: Held, value: number): void {
    if (held.values.push(value) > this.#maxValues) held.values.shift();
    held.fresh = Math.min(held.values.length, held.fresh + 1);
  }

  #create(lo: number, hi: number, timeMs: number): Held {
    if (this.#index.size >= this.#maxKeys && this.#journal === undefined) this.#evict();
    const held: Held = {
      lo: lo | 0,
      hi: hi | 0,
      touchedMs: timeMs,
      firstMs: timeMs,
      count: 0,
      values: [],
      fresh: 0,
      begun: true,
      changed: false,
    };
    this.#journal?.set(held, undefined);
    this.#index.set(lo, hi, held);
    return held;
  }

  #note(held: Held): void {
    if (this.#journal === undefined) {
      if (held.changed) return;
      held.changed = true;
      this.#changed.push(held);
    } else if (!this.#journal.has(held)) this.#journal.set(held, { ...held, values: [...held.values] });
  }

  #evict(): void {
    const held = [...this.#index.values()].sort(
      (a, b) => a.touchedMs - b.touchedMs || (a.hi >>> 0) - (b.hi >>> 0) || (a.lo >>> 0) - (b.lo >>> 0),
    );
    for (const { lo, hi } of held.slice(0, Math.max(1, this.#maxKeys >> 3))) {
      this.#index.delete(lo, hi);
      this.#dropped.push(lo, hi);
    }
  }

  begin(): void {
    this.#journal = new Map();
  }

  rollback(): void {
    for (const [held, before] of this.#journal ?? []) {
      if (before === undefined) this.#index.delete(held.lo, held.hi);
      else Object.assign(held, before);
    }
    this.#journal = undefined;
  }

  #writeHeld(writer: ByteWriter, list: readonly Held[], whole: boolean): void {
    const sizeOf = (held: Held) => (whole || held.begun ? held.values.length : held.fresh);
    const out = writer.words(list.reduce((sum, held) => sum + HEAD_WORDS + sizeOf(held), 0));
    let at = 0;
    for (const held of list) {
      const size = sizeOf(held);
      out[at] = held.lo;
      out[at + 1] = held.hi;
      out[at + 2] = size + (whole || held.begun ? BEGUN : 0);
      out[at + 3] = held.count;
      writeTime(out, at + 4, held.touchedMs);
      writeTime(out, at + 6, held.firstMs);
      at += HEAD_WORDS;
      for (let i = held.values.length - size; i < held.values.length; i++) out[at++] = held.values[i]!;
    }
    for (const held of this.#changed) held.changed = false;
    for (const held of list) {
      held.fresh = 0;
      held.begun = false;
    }
    this.#changed = [];
    this.#dropped = [];
  }

  write(writer: ByteWriter): void {
    writer.array(new Int32Array(0));
    this.#writeHeld(writer, [...this.#index.values()], true);
  }

  writeChanges(writer: ByteWriter): void {
    writer.array(Int32Array.from(this.#dropped));
    this.#writeHeld(
      writer,
      // One that was dropped and came back is another.
      this.#changed.filter((held) => this.#index.get(held.lo, held.hi) === held),
      false,
    );
  }

  read(reader: ByteReader): void {
    const dropped = reader.i32s();
    for (let i = 0; i < dropped.length; i += 2) this.#index.delete(dropped[i]!, dropped[i + 1]!);
    const words = reader.wordsInPlace();
    for (let at = 0; at < words.length; ) {
      const [lo, hi, head] = [words[at]! | 0, words[at + 1]! | 0, words[at + 2]!];
      const known = head >= BEGUN ? undefined : this.#index.get(lo, hi);
      const held: Held = known ?? { lo, hi, touchedMs: 0, firstMs: 0, count: 0, values: [], fresh: 0, begun: false, changed: false };
      held.count = words[at + 3]!;
      held.touchedMs = readTime(words, at + 4);
      held.firstMs = readTime(words, at + 6);
      at += HEAD_WORDS;
      for (const end = at + (head % BEGUN); at < end; at++) this.#append(held, words[at]! | 0);
      held.fresh = 0;
      if (known === undefined) this.#index.set(lo, hi, held);
    }
  }
}
