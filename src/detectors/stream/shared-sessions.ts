import { EventClass, Flag } from '../../events/event-record.ts';
import { LAST_SECONDS, RECORD_HEAD, type RecordTable } from '../../state/record-table.ts';
import type { EventView } from './event-view.ts';
import { type Nobodys, NobodysKind } from './nobodys.ts';
import { marksOf, SessionMark, type Sessions } from './sessions.ts';

/** Two users of a session. */
const FIRST = RECORD_HEAD;
const SECOND = RECORD_HEAD + 1;
export const SHARED_WORDS = RECORD_HEAD + 2;
/** A value that many rows have comes again at once: only the last so many are kept. */
export const MOST_SHARED = 65_536;
/** Second half of a session's key. */
const KEY = 0x73657373;

/**
 * SessionIds that are none: a browser's session is one account's, and a value that a third user shows (two may be one person in two tenants) was
 * written by an exporter or a filter into rows that have nothing to do with each other. Taken for a session it would join everybody, so it is
 * taken for absent. Looked for among sign-ins by hand, once a user and session. Memory: 20 bytes and an index a session, 65,536 at most.
 */
export class SharedSessions {
  readonly #users: RecordTable;
  readonly #sessions: Sessions;
  readonly #nobodys: Nobodys;

  constructor(users: RecordTable, sessions: Sessions, nobodys: Nobodys) {
    this.#users = users;
    this.#sessions = sessions;
    this.#nobodys = nobodys;
  }

  /** Takes from the event, whose session's record is at hand, a session that is none. */
  resolve(view: EventView): void {
    if (view.session === 0) return;
    if (!this.#nobodys.has(NobodysKind.session, view.session, view.seconds)) {
      const isByHand = view.eventClass === EventClass.signIn && !view.has(Flag.byName) && view.userLo !== 0;
      if (!isByHand || (marksOf(view) & SessionMark.counted) !== 0 || this.#count(view)) return;
      this.#nobodys.add(NobodysKind.session, view.session, view.seconds);
    }
    view.dropSession();
    this.#sessions.find(view);
  }

  /** Whether at most two users have shown the session, the event's among them. */
  #count(view: EventView): boolean {
    const record = this.#users.obtain(view.session, KEY);
    this.#users.touch(record);
    const words = this.#users.segment(record);
    const at = this.#users.offset(record);
    words[at + LAST_SECONDS] = Math.max(words[at + LAST_SECONDS]!, view.seconds);
    const isOne = note(words, at, view.userLo >>> 0);
    if (isOne) this.#sessions.mark(view, SessionMark.counted);
    return isOne;
  }
}

/** Notes a user; false where there are two others. */
function note(words: Uint32Array, at: number, user: number): boolean {
  if (words[at + FIRST] === user || words[at + SECOND] === user) return true;
  if (words[at + FIRST] === 0) words[at + FIRST] = user;
  else if (words[at + SECOND] === 0) words[at + SECOND] = user;
  else return false;
  return true;
}
