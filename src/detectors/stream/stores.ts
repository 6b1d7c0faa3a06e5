import { ByteReader, type ByteWriter } from '../../core/bytes.ts';
import { CountTable } from '../../state/count-table.ts';
import type { EntriesCodec } from '../../state/entries-codec.ts';
import { type Kept, ObjectTable } from '../../state/object-table.ts';
import { RecentTable } from '../../state/recent-table.ts';
import { RecordTable } from '../../state/record-table.ts';
import type { Store } from '../../state/store.ts';
import { TextTable } from '../../state/text-table.ts';

/** All stores of a stream, each under a name, so that a snapshot does not depend on which detectors are switched on. */
export class Stores {
  readonly #stores = new Map<string, Store>();
  readonly #records: RecordTable[] = [];
  /** Sections of stores that nobody has asked for (their detector is off): kept as they are. */
  readonly #unclaimed = new Map<string, Uint8Array[]>();

  #add<T extends Store>(name: string, store: T): T {
    if (this.#stores.has(name)) throw new Error(`Two stores are named ${name}`);
    this.#stores.set(name, store);
    return store;
  }

  records(name: string, words: number, maxRecords: number): RecordTable {
    const table = this.#add(name, new RecordTable(words, maxRecords));
    this.#records.push(table);
    return table;
  }

  /** Memory of all record tables: most of what there is. */
  get recordBytes(): number {
    return this.#records.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  counts(name: string, maxKeys: number): CountTable {
    return this.#add(name, new CountTable(maxKeys));
  }

  recents(name: string, maxKeys: number, maxValues: number): RecentTable {
    return this.#add(name, new RecentTable(maxKeys, maxValues));
  }

  texts(name: string, maxKeys: number, maxTexts: number): TextTable {
    return this.#add(name, new TextTable(maxKeys, maxTexts));
  }

  objects<T extends Kept>(name: string, maxEntries: number, codec?: EntriesCodec<T>): ObjectTable<T> {
    return this.#add(name, new ObjectTable<T>(maxEntries, codec));
  }

  begin(): void {
    for (const store of this.#stores.values()) store.begin();
  }

  rollback(): void {
    for (const store of this.#stores.values()) store.rollback();
  }

  write(writer: ByteWriter, part: 'whole' | 'changes'): void {
    const kept = part === 'whole' ? [...this.#unclaimed].flatMap(([name, sections]) => sections.map((bytes) => ({ name, bytes }))) : [];
    writer.u32(this.#stores.size + kept.length);
    for (const [name, store] of this.#stores) {
      writer.text(name);
      writer.section(() => {
        if (part === 'whole') store.write(writer);
        else store.writeChanges(writer);
      });
    }
    for (const { name, bytes } of kept) {
      writer.text(name);
      writer.array(bytes);
    }
  }

  read(reader: ByteReader): void {
    for (let left = reader.u32(); left > 0; left--) {
      const name = reader.text();
      const bytes = reader.inPlace();
      const store = this.#stores.get(name);
      if (store !== undefined) store.read(new ByteReader(bytes));
      else this.#unclaimed.set(name, [...(this.#unclaimed.get(name) ?? []), bytes.slice()]);
    }
  }
}
