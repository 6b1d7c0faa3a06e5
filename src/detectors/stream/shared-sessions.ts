import { EventClass, Flag } from '../../events/event-record.ts';
import { LAST_SECONDS, RECORD_HEAD, type RecordTable } from '../../state/record-table.ts';
import type { EventView } from './event-view.ts';

/** Two users of a session, and whether there was a third. */
const FIRST = RECORD_HEAD;
const SECOND = RECORD_HEAD + 1;
const MANY = RECORD_HEAD + 2;
export const SESSION_WORDS = RECORD_HEAD + 3;
/** A value that many rows have comes again at once: only the last so many are kept. */
export const MOST_SESSIONS = 65_536;
/** Second half of a session's key. */
const KEY = 0x73657373;

/**
 * SessionIds that are none: a browser's session is one account's, and a value that a third user shows (two may be one person in two tenants) was
 * written by an exporter or a filter into rows that have nothing to do with each other. Taken for a session it would join everybody, so it is
 * taken for absent. Looked for among sign-ins by hand. Memory: 24 bytes and an index a session, 65,536 at most.
 */
export class SharedSessions {
  readonly #sessions: RecordTable;

  constructor(sessions: RecordTable) {
    this.#sessions = sessions;
  }

  /** Takes from the event a session that is none. */
  resolve(view: EventView): void {
    if (view.session === 0) return;
    const isByHand = view.eventClass === EventClass.signIn && !view.has(Flag.byName);
    const record = isByHand ? this.#sessions.obtain(view.session, KEY) : this.#sessions.find(view.session, KEY);
    if (record < 0) return;
    const words = this.#sessions.segment(record);
    const at = this.#sessions.offset(record);
    if (isByHand) {
      this.#sessions.touch(record);
      words[at + LAST_SECONDS] = Math.max(words[at + LAST_SECONDS]!, view.seconds);
      note(words, at, view.userLo >>> 0);
    }
    if (words[at + MANY] !== 0) view.dropSession();
  }
}

function note(words: Uint32Array, at: number, user: number): void {
  if (user === 0 || words[at + FIRST] === user || words[at + SECOND] === user) return;
  if (words[at + FIRST] === 0) words[at + FIRST] = user;
  else if (words[at + SECOND] === 0) words[at + SECOND] = user;
  else words[at + MANY] = 1;
}
