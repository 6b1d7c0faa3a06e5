import { hashAccount } from '../../events/account-hash.ts';
import { accountName } from '../../events/account-name.ts';
import { Flag } from '../../events/event-record.ts';
import { hashText } from '../../events/hash.ts';
import type { Kept, ObjectTable } from '../../state/object-table.ts';
import { LAST_SECONDS, RECORD_HEAD, type RecordTable } from '../../state/record-table.ts';
import type { EventView } from './event-view.ts';
import { UserWord } from './layout.ts';

export type Alias = Kept & { readonly lo: number; readonly hi: number };

const ID_LO = RECORD_HEAD;
const ID_HI = RECORD_HEAD + 1;
export const NAME_WORDS = RECORD_HEAD + 2;
/** Hash of the name at hand. */
const name = new Uint32Array(2);

/**
 * One account under two keys, that of its object id and that of its name: some exports have the ids in one table alone. Where the audit log has both,
 * it joins them: to the sign-ins by name where there are such and none by id, else those by name that follow are joined to the id. Where it has names
 * alone, the sign-ins join them, which say once a day of use what an id is called.
 * Memory: a line an account that changes its methods, 100,000 at most; 20 bytes and an index a name.
 */
export class Accounts {
  readonly #aliases: ObjectTable<Alias>;
  readonly #users: RecordTable;
  /** By the key of a name: that of the id that signed in under it last. */
  readonly #names: RecordTable;

  constructor(aliases: ObjectTable<Alias>, users: RecordTable, names: RecordTable) {
    this.#aliases = aliases;
    this.#users = users;
    this.#names = names;
  }

  /** Takes the name that a sign-in by id says; a change of it counts from the next day of use on. */
  noteName(view: EventView): void {
    const names = view.has(Flag.byName) ? undefined : view.batch?.strings.get('UserPrincipalName');
    const entry = names?.indices[view.row] ?? -1;
    if (names === undefined || entry < 0) return;
    hashAccount(names, entry, name, 0);
    if (name[0] === 0) return;
    const record = this.#names.obtain(name[0]!, name[1]!);
    this.#names.touch(record);
    const words = this.#names.segment(record);
    const at = this.#names.offset(record);
    words[at + LAST_SECONDS] = view.seconds;
    words[at + ID_LO] = view.userLo;
    words[at + ID_HI] = view.userHi;
  }

  /** Gives a sign-in or risk detection that has no object id the key of the account, where it is known. */
  resolve(view: EventView): void {
    const alias = view.has(Flag.byName) ? this.#aliases.getPair(view.userLo, view.userHi) : undefined;
    if (alias !== undefined) this.#rename(view, alias.lo, alias.hi);
  }

  /** The same of an audit record; notes what it shows. */
  resolveAudit(view: EventView): void {
    const { userId, upn } = view.party();
    if (view.has(Flag.byName)) {
      this.#resolveName(view);
      return;
    }
    if (userId === '' || upn === '') return;
    const [lo, hi] = hashText(accountName(upn));
    if (!this.#signsIn(view.userLo, view.userHi) && this.#signsIn(lo, hi)) {
      this.#rename(view, lo, hi);
      return;
    }
    const { userLo, userHi, timeMs } = view;
    this.#aliases.editPair(lo, hi, () => ({ touchedMs: timeMs, lo: userLo, hi: userHi })).touchedMs = timeMs;
  }

  /** The audit log's own joint holds; else who signs in by name is who is meant, and else who signed in by id under it. */
  #resolveName(view: EventView): void {
    const { userLo, userHi } = view;
    this.resolve(view);
    if (view.userLo !== userLo || view.userHi !== userHi || this.#signsIn(userLo, userHi)) return;
    const record = this.#names.find(userLo, userHi);
    if (record < 0) return;
    const words = this.#names.segment(record);
    const at = this.#names.offset(record);
    this.#rename(view, words[at + ID_LO]!, words[at + ID_HI]!);
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
