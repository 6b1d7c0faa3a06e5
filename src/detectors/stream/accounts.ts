import { accountName } from '../../events/account-name.ts';
import { Flag } from '../../events/event-record.ts';
import { hashText } from '../../events/hash.ts';
import type { Kept, ObjectTable } from '../../state/object-table.ts';
import type { RecordTable } from '../../state/record-table.ts';
import type { EventView } from './event-view.ts';
import { UserWord } from './layout.ts';

export type Alias = Kept & { readonly lo: number; readonly hi: number };

/**
 * One account under two keys, that of its object id and that of its name: some exports have the ids in one table alone. The audit log has both, so
 * that it is where they are joined: to the sign-ins by name where there are such and none by id, else those by name that follow are joined to the id.
 * Memory: a line an account that changes its methods, 100,000 at most.
 */
export class Accounts {
  readonly #aliases: ObjectTable<Alias>;
  readonly #users: RecordTable;

  constructor(aliases: ObjectTable<Alias>, users: RecordTable) {
    this.#aliases = aliases;
    this.#users = users;
  }

  /** Gives a sign-in or risk detection that has no object id the key of the account, where it is known. */
  resolve(view: EventView): void {
    const alias = view.has(Flag.byName) ? this.#aliases.getPair(view.userLo, view.userHi) : undefined;
    if (alias !== undefined) this.#rename(view, alias.lo, alias.hi);
  }

  /** The same of an audit record; notes what it shows. */
  resolveAudit(view: EventView): void {
    const { userId, upn } = view.party();
    if (view.has(Flag.byName) || userId === '' || upn === '') {
      this.resolve(view);
      return;
    }
    const [lo, hi] = hashText(accountName(upn));
    if (!this.#signsIn(view.userLo, view.userHi) && this.#signsIn(lo, hi)) {
      this.#rename(view, lo, hi);
      return;
    }
    const { userLo, userHi, timeMs } = view;
    this.#aliases.editPair(lo, hi, () => ({ touchedMs: timeMs, lo: userLo, hi: userHi })).touchedMs = timeMs;
  }

  /** Failures by name alone are somebody at the door, who may have guessed the name. */
  #signsIn(lo: number, hi: number): boolean {
    const record = this.#users.find(lo, hi);
    return record >= 0 && this.#users.segment(record)[this.#users.offset(record) + UserWord.lastSeconds] !== 0;
  }

  #rename(view: EventView, lo: number, hi: number): void {
    view.userLo = lo | 0;
    view.userHi = hi | 0;
  }
}
