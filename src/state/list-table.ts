import type { ByteReader, ByteWriter } from '../core/bytes.ts';
import { nthSmallestOf } from './nth-smallest.ts';
import { PairIndex } from './pair-index.ts';
import type { Store } from './store.ts';

/** What a ListTable keeps of one key. Times are Unix milliseconds of events. */
export interface Listed<V> {
  readonly lo: number;
  readonly hi: number;
  touchedMs: number;
  /** Of the event that it began with. */
  firstMs: number;
  /** A count of the owner's own. */
  count: number;
  /** As they came; only the table adds to them. */
  readonly values: readonly V[];
}

interface Held<V> extends Listed<V> {
  values: V[];
  /** Values at the end that were not written yet; all of them where it began anew since. */
  fresh: number;
  begun: boolean;
  changed: boolean;
  /** No longer the table's: what comes under its key is another. */
  gone: boolean;
}

/** How the values of many lists are written, one after the other. */
export interface ValueCodec<V> {
  write(writer: ByteWriter, values: readonly V[]): void;
  read(reader: ByteReader): ArrayLike<V>;
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
 * Lists by 64-bit key that mostly grow at their end, each with a count and its times. At most `maxKeys`, of which the eighth that was idle longest
 * goes when it is full, and `maxValues` a key. Of a list that grew only what is new is written.
 */
export class ListTable<V> implements Store {
  readonly #codec: ValueCodec<V>;
  readonly #maxKeys: number;
  readonly #maxValues: number;
  readonly #index = new PairIndex<Held<V>>();
  #changed: Held<V>[] = [];
  #dropped: number[] = [];
  /** What a key had before; undefined where it had nothing. */
  #journal: Map<Held<V>, Held<V> | undefined> | undefined;

  constructor(codec: ValueCodec<V>, maxKeys: number, maxValues: number) {
    this.#codec = codec;
    this.#maxKeys = maxKeys;
    this.#maxValues = maxValues;
  }

  get size(): number {
    return this.#index.size;
  }

  /** For reading only: whoever writes calls obtain or editExisting. */
  get(lo: number, hi: number): Readonly<Listed<V>> | undefined {
    return this.#index.get(lo, hi);
  }

  /** The list, to write to, where there is one. */
  editExisting(lo: number, hi: number): Listed<V> | undefined {
    const held = this.#index.get(lo, hi);
    if (held !== undefined) this.#note(held);
    return held;
  }

  /** The list, to write to; made when there was none. */
  obtain(lo: number, hi: number, timeMs: number): Listed<V> {
    const held = this.#index.get(lo, hi) ?? this.#create(lo, hi, timeMs);
    this.#note(held);
    return held;
  }

  /** Begins a list that was obtained anew: no values, no count. */
  restart(list: Listed<V>, timeMs: number): void {
    Object.assign(list, { firstMs: timeMs, count: 0, values: [], fresh: 0, begun: true });
  }

  /** Adds a value to a list that was obtained; the oldest goes when there are too many. */
  append(list: Listed<V>, value: V): void {
    const held = list as Held<V>;
    if (held.values.push(value) > this.#maxValues) held.values.shift();
    held.fresh = Math.min(held.values.length, held.fresh + 1);
  }

  #create(lo: number, hi: number, timeMs: number): Held<V> {
    if (this.#index.size >= this.#maxKeys && this.#journal === undefined) this.#evict();
    const held = newHeld<V>(lo, hi);
    held.touchedMs = timeMs;
    held.firstMs = timeMs;
    held.begun = true;
    this.#journal?.set(held, undefined);
    this.#index.set(lo, hi, held);
    return held;
  }

  #note(held: Held<V>): void {
    if (this.#journal === undefined) {
      if (held.changed) return;
      held.changed = true;
      this.#changed.push(held);
    } else if (!this.#journal.has(held)) this.#journal.set(held, { ...held, values: [...held.values] });
  }

  #evict(): void {
    const held = this.#index.list();
    const quota = Math.max(1, this.#maxKeys >> 3);
    const stamps = new Float64Array(held.length);
    for (let i = 0; i < held.length; i++) stamps[i] = held[i]!.touchedMs;
    const limit = nthSmallestOf(stamps.slice(), Math.min(quota, held.length) - 1);
    const atLimit: Held<V>[] = [];
    let left = quota;
    for (let i = 0; i < held.length; i++) {
      if (stamps[i]! < limit) {
        this.#drop(held[i]!);
        left--;
      } else if (stamps[i] === limit) atLimit.push(held[i]!);
    }
    if (atLimit.length > left) atLimit.sort((a, b) => (a.hi >>> 0) - (b.hi >>> 0) || (a.lo >>> 0) - (b.lo >>> 0));
    for (const idle of atLimit.slice(0, left)) this.#drop(idle);
    // Those of a long time without a write would pile up.
    this.#changed = this.#changed.filter(({ gone }) => !gone);
  }

  #drop(held: Held<V>): void {
    this.#index.delete(held.lo, held.hi);
    held.gone = true;
    this.#dropped.push(held.lo, held.hi);
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

  #writeHeld(writer: ByteWriter, list: readonly Held<V>[], whole: boolean): void {
    const heads = writer.words(list.length * HEAD_WORDS);
    const values: V[] = [];
    for (let i = 0; i < list.length; i++) writeList(heads, i * HEAD_WORDS, list[i]!, whole, values);
    this.#codec.write(writer, values);
    for (const held of this.#changed) held.changed = false;
    this.#changed = [];
    this.#dropped = [];
  }

  write(writer: ByteWriter): void {
    writer.array(new Int32Array(0));
    this.#writeHeld(writer, this.#index.list(), true);
  }

  writeChanges(writer: ByteWriter): void {
    writer.array(Int32Array.from(this.#dropped));
    this.#writeHeld(writer, this.#changed, false);
  }

  read(reader: ByteReader): void {
    const dropped = reader.i32s();
    for (let i = 0; i < dropped.length; i += 2) this.#index.delete(dropped[i]!, dropped[i + 1]!);
    const heads = reader.wordsInPlace();
    const values = this.#codec.read(reader);
    for (let at = 0, next = 0; at < heads.length; at += HEAD_WORDS) {
      const [lo, hi, head] = [heads[at]! | 0, heads[at + 1]! | 0, heads[at + 2]!];
      const known = head >= BEGUN ? undefined : this.#index.get(lo, hi);
      const held = known ?? newHeld<V>(lo, hi);
      held.count = heads[at + 3]!;
      held.touchedMs = readTime(heads, at + 4);
      held.firstMs = readTime(heads, at + 6);
      for (const end = next + (head % BEGUN); next < end; next++) this.append(held, values[next]!);
      held.fresh = 0;
      if (known === undefined) this.#index.set(lo, hi, held);
    }
  }
}

/** Writes what is kept of a list to words[at] and on, and adds to `values` those that are to be written: all of them, or what is new. */
function writeList<V>(words: Uint32Array, at: number, held: Held<V>, whole: boolean, values: V[]): void {
  const anew = whole || held.begun;
  const size = anew ? held.values.length : held.fresh;
  words[at] = held.lo;
  words[at + 1] = held.hi;
  words[at + 2] = size + (anew ? BEGUN : 0);
  words[at + 3] = held.count;
  writeTime(words, at + 4, held.touchedMs);
  writeTime(words, at + 6, held.firstMs);
  for (let i = held.values.length - size; i < held.values.length; i++) values.push(held.values[i]!);
  held.fresh = 0;
  held.begun = false;
}

function newHeld<V>(lo: number, hi: number): Held<V> {
  return { lo: lo | 0, hi: hi | 0, touchedMs: 0, firstMs: 0, count: 0, values: [], fresh: 0, begun: false, changed: false, gone: false };
}
