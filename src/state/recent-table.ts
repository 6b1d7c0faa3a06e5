import { type Listed, ListTable, type ValueCodec } from './list-table.ts';

/** What a RecentTable keeps of one key. */
export type Recent = Listed<number>;

const words: ValueCodec<number> = {
  write(writer, values) {
    writer.words(values.length).set(values);
  },
  read: (reader) => reader.i32s(),
};

/** Lists of recent distinct values of 32 bits: who failed from one network, from where one user failed. */
export class RecentTable extends ListTable<number> {
  constructor(maxKeys: number, maxValues: number) {
    super(words, maxKeys, maxValues);
  }

  /** Notes a value at a time; what is older than `keepMs` is forgotten as a whole first. */
  add(lo: number, hi: number, value: number, timeMs: number, keepMs: number): Recent {
    const list = this.obtain(lo, hi, timeMs);
    if (timeMs - list.firstMs > keepMs) this.restart(list, timeMs);
    if (!list.values.includes(value | 0)) this.append(list, value | 0);
    list.touchedMs = Math.max(list.touchedMs, timeMs);
    return list;
  }
}
