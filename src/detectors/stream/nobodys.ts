import { DAY_SECONDS } from '../../core/durations.ts';
import { LAST_SECONDS, RECORD_HEAD, type RecordTable } from '../../state/record-table.ts';

export const NOBODY_WORDS = RECORD_HEAD;
export const MOST_NOBODYS = 65_536;

/** What a value stands for; the second half of its key. */
export const NobodysKind = { session: 0x73657373, device: 0x64657669 } as const;
export type NobodysKind = (typeof NobodysKind)[keyof typeof NobodysKind];

/**
 * Values that stand for an id and are nobody's: an exporter or a filter wrote them into rows that have nothing to do with each other. Most logs have
 * none, which is asked of every sign-in: no look-up then. Memory: 12 bytes and an index a value, 65,536 at most.
 */
export class Nobodys {
  readonly #table: RecordTable;

  constructor(table: RecordTable) {
    this.#table = table;
  }

  has(kind: NobodysKind, value: number, seconds: number): boolean {
    if (this.#table.size === 0) return false;
    const record = this.#table.find(value, kind);
    if (record < 0) return false;
    // It is kept while it is in use.
    if (seconds - this.#table.segment(record)[this.#table.offset(record) + LAST_SECONDS]! >= DAY_SECONDS) this.#use(record, seconds);
    return true;
  }

  add(kind: NobodysKind, value: number, seconds: number): void {
    this.#use(this.#table.obtain(value, kind), seconds);
  }

  #use(record: number, seconds: number): void {
    this.#table.touch(record);
    this.#table.segment(record)[this.#table.offset(record) + LAST_SECONDS] = seconds;
  }
}
