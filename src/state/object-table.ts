import type { ByteReader, ByteWriter } from '../core/bytes.ts';
import { keyHalves, keyText } from '../core/key-text.ts';
import { type EntriesCodec, jsonEntries, type WrittenEntry } from './entries-codec.ts';
import { nthSmallestOf } from './nth-smallest.ts';
import { PairIndex } from './pair-index.ts';
import type { Store } from './store.ts';

/** What an ObjectTable keeps: plain JSON data that says when it was last in use. */
export interface Kept {
  /** Unix milliseconds, of event time. */
  touchedMs: number;
}

interface Entry<T> {
  readonly key: string;
  readonly value: T;
  /** Whether its key stands among the changed ones: asked at each edit instead of the set. */
  changed: boolean;
}

/**
 * Plain objects for what is rare (registrations, risky sessions, sources over a threshold), by text key. At most `maxEntries`:
 * when full, the eighth that was idle longest goes. Each object must bound its own lists.
 *
 * Keys of 64 bits (keyText) may be asked for by their halves: a text would be made and hashed each time.
 */
export class ObjectTable<T extends Kept> implements Store {
  readonly #max: number;
  readonly #codec: EntriesCodec<T>;
  #entries = new Map<string, Entry<T>>();
  /** Made when the first pair is asked for. */
  #pairs: PairIndex<Entry<T>> | undefined;
  #changed = new Set<string>();
  /** Another number whenever an object came or went: until then an object that was found is still the one. */
  version = 0;
  /** What was asked for last: a fact of the tenant's is asked for at each event, and the Map hashes and compares its key. */
  readonly #last: { key: string; version: number; value: Readonly<T> | undefined } = { key: '', version: -1, value: undefined };
  #journal: Map<string, string | undefined> | undefined;

  constructor(maxEntries: number, codec: EntriesCodec<T> = jsonEntries as EntriesCodec<T>) {
    this.#max = maxEntries;
    this.#codec = codec;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** For reading only: whoever writes calls edit. */
  get(key: string): Readonly<T> | undefined {
    const last = this.#last;
    if (key !== last.key || this.version !== last.version) {
      last.value = this.#entries.get(key)?.value;
      last.key = key;
      last.version = this.version;
    }
    return last.value;
  }

  keys(): IterableIterator<string> {
    return this.#entries.keys();
  }

  #note(key: string, entry: Entry<T> | undefined): void {
    if (this.#journal === undefined) {
      if (entry?.changed === true) return;
      this.#changed.add(key);
      if (entry !== undefined) entry.changed = true;
    } else if (!this.#journal.has(key)) {
      this.#journal.set(key, entry === undefined ? undefined : JSON.stringify(entry.value));
    }
  }

  #put(key: string, value: T, changed: boolean): void {
    const entry = { key, value, changed };
    this.version++;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (this.#pairs !== undefined) setPair(this.#pairs, entry);
  }

  #drop(key: string): void {
    this.version++;
    if (!this.#entries.delete(key) || this.#pairs === undefined) return;
    const [lo, hi] = keyHalves(key);
    if (this.#pairs.get(lo, hi)?.key === key) this.#pairs.delete(lo, hi);
  }

  #indexPairs(): PairIndex<Entry<T>> {
    this.#pairs = new PairIndex();
    for (const entry of this.#entries.values()) setPair(this.#pairs, entry);
    return this.#pairs;
  }

  #findPair(lo: number, hi: number): Entry<T> | undefined {
    return (this.#pairs ?? this.#indexPairs()).get(lo, hi);
  }

  /** As get(keyText(lo, hi)). */
  getPair(lo: number, hi: number): Readonly<T> | undefined {
    return this.#findPair(lo, hi)?.value;
  }

  /** As edit(keyText(lo, hi)). */
  editPair(lo: number, hi: number, create: () => T): T {
    const found = this.#findPair(lo, hi);
    if (found !== undefined) {
      this.#note(found.key, found);
      return found.value;
    }
    const key = keyText(lo, hi);
    this.#note(key, undefined);
    this.#makeRoom();
    const entry = { key, value: create(), changed: this.#journal === undefined };
    this.version++;
    this.#entries.set(key, entry);
    this.#pairs?.set(lo, hi, entry);
    return entry.value;
  }

  /** The object, to write to; made when there was none. */
  edit(key: string, create: () => T): T {
    return this.#edit(key, this.#entries.get(key), create);
  }

  #edit(key: string, found: Entry<T> | undefined, create: () => T): T {
    this.#note(key, found);
    if (found !== undefined) return found.value;
    this.#makeRoom();
    const made = create();
    this.#put(key, made, this.#journal === undefined);
    return made;
  }

  /** The object, to write to, where there is one. */
  editExisting(key: string): T | undefined {
    const found = this.#entries.get(key);
    if (found !== undefined) this.#note(key, found);
    return found?.value;
  }

  delete(key: string): void {
    const found = this.#entries.get(key);
    if (found === undefined) return;
    this.#note(key, found);
    this.#drop(key);
  }

  #makeRoom(): void {
    if (this.#entries.size >= this.#max && this.#journal === undefined) this.#evict();
  }

  #evict(): void {
    const entries = [...this.#entries.values()];
    const quota = Math.max(1, this.#max >> 3);
    const stamps = new Float64Array(entries.length);
    for (let i = 0; i < entries.length; i++) stamps[i] = entries[i]!.value.touchedMs;
    const limit = nthSmallestOf(stamps, quota - 1);
    const idle = entries.filter(({ value }) => value.touchedMs <= limit);
    idle.sort((a, b) => a.value.touchedMs - b.value.touchedMs || (a.key < b.key ? -1 : 1));
    for (const { key } of idle.slice(0, quota)) this.delete(key);
  }

  begin(): void {
    this.#journal = new Map();
  }

  rollback(): void {
    for (const [key, before] of this.#journal ?? []) {
      if (before === undefined) this.#drop(key);
      else this.#put(key, JSON.parse(before) as T, this.#changed.has(key));
    }
    this.#journal = undefined;
  }

  /** `keys`: all, or those that changed. */
  #writeKeys(writer: ByteWriter, keys: Iterable<string>): void {
    const written: WrittenEntry<T>[] = [];
    for (const key of keys) {
      const entry = this.#entries.get(key);
      if (entry !== undefined) entry.changed = false;
      written.push([key, entry?.value ?? null]);
    }
    this.#codec.write(writer, written);
    this.#changed = new Set();
  }

  write(writer: ByteWriter): void {
    this.#writeKeys(writer, this.#entries.keys());
  }

  writeChanges(writer: ByteWriter): void {
    this.#writeKeys(writer, this.#changed);
  }

  read(reader: ByteReader): void {
    for (const [key, value] of this.#codec.read(reader)) {
      if (value === null) this.#drop(key);
      else this.#put(key, value, false);
    }
  }
}

/** A key that is no pair's is not found by halves. */
function setPair<T>(pairs: PairIndex<Entry<T>>, entry: Entry<T>): void {
  const [lo, hi] = keyHalves(entry.key);
  if (keyText(lo, hi) === entry.key) pairs.set(lo, hi, entry);
}
