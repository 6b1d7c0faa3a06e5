import type { Kusto } from './shapes.ts';

interface Found<T> {
  v?: T | null;
}
type Mutable = Record<string, unknown>;
interface Prototype {
  readonly prototype: Mutable;
}

/** A set with the names of the package's own. */
class FastSet<T> {
  readonly #items = new Set<T>();

  add(item: T): boolean {
    const before = this.#items.size;
    return this.#items.add(item).size > before;
  }

  contains(item: T): boolean {
    return this.#items.has(item);
  }

  clear(): void {
    this.#items.clear();
  }
}

/** A dictionary by text with the names of the package's own. */
class FastMap<T> {
  readonly #items = new Map<string, T>();

  add(key: string, value: T): void {
    if (this.#items.has(key)) throw new TypeError(`the key '${key}' is there already`);
    this.#items.set(key, value);
  }

  setItem(key: string, value: T): void {
    this.#items.set(key, value);
  }

  tryGetValue(key: string, found: Found<T>): boolean {
    const value = this.#items.get(key);
    found.v = value ?? null;
    return value !== undefined;
  }

  containsKey(key: string): boolean {
    return this.#items.has(key);
  }

  remove(key: string): boolean {
    return this.#items.delete(key);
  }

  clear(): void {
    this.#items.clear();
  }
}

/**
 * Sets and maps of JavaScript where the package fills tables of its own with each query: the names and columns of every operator that
 * keeps the columns before it, and the texts of the tokens. Theirs put an object into each slot before anything is in them.
 */
export function replaceCollections({ language }: Pick<Kusto, 'language'>): void {
  afterInit(language['Binding'].ProjectionBuilder, (builder) => {
    builder['_doNotAdd'] = new FastSet<unknown>();
    builder['_declaredNames'] = new FastSet<string>();
    builder['_columnIndexMap'] = new FastMap<number>();
  });
  afterInit(language['Utils'].UniqueNameTable, (table) => {
    table['nameMap'] = new FastMap<number>();
  });
  // One text for the same token wherever it stands: JavaScript compares texts by what is in them.
  language['Parsing'].TokenParser.prototype.GetSubstring = (text: string, start: number, length: number) =>
    text.slice(start, start + length);
}

/** Fields of a class as the package sets them, but for those given here. */
function afterInit(type: Prototype, set: (object: Mutable) => void): void {
  const before = type.prototype['$initMembers'] as (this: Mutable) => void;
  type.prototype['$initMembers'] = function initMembers(this: Mutable) {
    before.call(this);
    set(this);
  };
}
