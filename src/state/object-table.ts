import type { ByteReader, ByteWriter } from '../core/bytes.ts';
import type { Store } from './store.ts';

/** What an ObjectTable keeps: plain JSON data that says when it was last in use. */
export interface Kept {
  /** Unix milliseconds, of event time. */
  touchedMs: number;
}

/**
 * Plain objects for what is rare (registrations, risky sessions, sources over a threshold), by text key. At most `maxEntries`:
 * when full, the eighth that was idle longest goes. Each object must bound its own lists.
 */
export class ObjectTable<T extends Kept> implements Store {
  readonly #max: number;
  #entries = new Map<string, T>();
  #changed = new Set<string>();
  #journal: Map<string, string | undefined> | undefined;

  constructor(maxEntries: number) {
    this.#max = maxEntries;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** For reading only: whoever writes calls edit. */
  get(key: string): Readonly<T> | undefined {
    return this.#entries.get(key);
  }

  keys(): IterableIterator<string> {
    return this.#entries.keys();
  }

  #note(key: string): void {
    if (this.#journal === undefined) {
      this.#changed.add(key);
    } else if (!this.#journal.has(key)) {
      const entry = this.#entries.get(key);
      this.#journal.set(key, entry === undefined ? undefined : JSON.stringify(entry));
    }
  }

  /** The object, to write to; made when there was none. */
  edit(key: string, create: () => T): T {
    this.#note(key);
    const found = this.#entries.get(key);
    if (found !== undefined) return found;
    if (this.#entries.size >= this.#max && this.#journal === undefined) this.#evict();
    const made = create();
    this.#entries.set(key, made);
    return made;
  }

  /** The object, to write to, where there is one. */
  editExisting(key: string): T | undefined {
    const found = this.#entries.get(key);
    if (found !== undefined) this.#note(key);
    return found;
  }

  delete(key: string): void {
    if (!this.#entries.has(key)) return;
    this.#note(key);
    this.#entries.delete(key);
  }

  #evict(): void {
    const byAge = [...this.#entries].sort(([a, x], [b, y]) => x.touchedMs - y.touchedMs || (a < b ? -1 : 1));
    for (const [key] of byAge.slice(0, Math.max(1, this.#max >> 3))) this.delete(key);
  }

  begin(): void {
    this.#journal = new Map();
  }

  rollback(): void {
    for (const [key, before] of this.#journal ?? []) {
      if (before === undefined) this.#entries.delete(key);
      else this.#entries.set(key, JSON.parse(before) as T);
    }
    this.#journal = undefined;
  }

  #writeKeys(writer: ByteWriter, keys: Iterable<string>): void {
    const pairs = [...keys].map((key) => [key, this.#entries.get(key) ?? null]);
    writer.text(JSON.stringify(pairs));
    this.#changed = new Set();
  }

  write(writer: ByteWriter): void {
    this.#writeKeys(writer, this.#entries.keys());
  }

  writeChanges(writer: ByteWriter): void {
    this.#writeKeys(writer, this.#changed);
  }

  read(reader: ByteReader): void {
    for (const [key, value] of JSON.parse(reader.text()) as readonly (readonly [string, T | null])[]) {
      if (value === null) this.#entries.delete(key);
      else this.#entries.set(key, value);
    }
  }
}
