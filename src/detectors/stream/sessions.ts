import { DAY_SECONDS } from '../../core/durations.ts';
import { Word } from '../../events/event-record.ts';
import { combine } from '../../events/hash.ts';
import { AHEAD } from '../../events/pending.ts';
import { LAST_SECONDS, RECORD_HEAD, type RecordTable } from '../../state/record-table.ts';
import { browserOf, type EventView } from './event-view.ts';

/**
 * Words of a session's record. One for what several detectors ask of a session, since each table of its own would be one more wait for memory; what
 * they mean say shared/session-ages.ts, session-system.ts, unproven-sessions.ts and D13, which write them. 0 where nothing is known.
 */
export const SessionWord = {
  usualSeconds: RECORD_HEAD,
  homeSeconds: RECORD_HEAD + 1,
  bornAway: RECORD_HEAD + 2,
  homeClient: RECORD_HEAD + 3,
  bornSeconds: RECORD_HEAD + 4,
  usualRange: RECORD_HEAD + 5,
  movedSeconds: RECORD_HEAD + 6,
  marks: RECORD_HEAD + 7,
} as const;
export const SESSION_WORDS = RECORD_HEAD + 8;

/** Bits of `marks`; in the two lowest the kind of operating system that the session began on. */
export const SessionMark = {
  systemMask: 3,
  /** It began with a program, or a telephone. */
  script: 4,
  phone: 8,
  /** D23 has met it; it began unproven, on the page on which methods are changed; somebody proved something in it since. */
  met: 16,
  unproven: 32,
  onPage: 64,
  proved: 128,
  /** It was at a usual place on a device with an id. */
  bound: 256,
  /** Its user is counted among the session's, see shared-sessions.ts. */
  counted: 512,
} as const;

export const MOST_SESSIONS = 2_000_000;
/** Keys of the events ahead; filled and read at once. */
const los = new Int32Array(AHEAD);
const his = new Int32Array(AHEAD);

/** What stands for the session in its key: where the log has none the browser, of which only what shows no device id is kept; 0 where nothing is. */
const browserToKeep = (session: number, device: number, browser: number) => (session !== 0 || device === 0 ? browser : 0);

/**
 * The sessions (browser's cookies) of each user, or where the log has none the user's browsers, see EventView.browser. An event's record is found once,
 * by the stream; whoever has something to keep calls edit(). Memory: 44 bytes a session and its place in the index, two million at most; those go
 * that were not in use for longest, to the day.
 */
export class Sessions {
  readonly #table: RecordTable;
  /** Number of the record at hand. */
  #record = -1;

  constructor(table: RecordTable) {
    this.#table = table;
  }

  /** Fetches what find() will read of events that are about to come; see RecordTable.warm. */
  warm(words: Uint32Array, ats: Int32Array, count: number): number {
    let sessions = 0;
    for (let i = 0; i < count; i++) {
      const at = ats[i]!;
      const session = words[at + Word.session]!;
      const device = words[at + Word.device]!;
      const browser = browserToKeep(session, device, browserOf(session, device, words[at + Word.ipLo]!, words[at + Word.client]!));
      if (browser === 0) continue;
      los[sessions] = combine(browser, words[at + Word.userLo]! | 0);
      his[sessions++] = words[at + Word.userHi]!;
    }
    return this.#table.warm(los, his, sessions);
  }

  /** Puts the record of a sign-in's session at hand, and notes once a day that it is in use. */
  find(view: EventView): void {
    view.sessionAt = -1;
    const browser = browserToKeep(view.session, view.device, view.browser);
    this.#record = browser === 0 ? -1 : this.#table.find(combine(browser, view.userLo), view.userHi);
    if (this.#record < 0) return;
    this.#show(view);
    if (view.seconds - view.sessionWords[view.sessionAt + LAST_SECONDS]! < DAY_SECONDS) return;
    this.#table.touch(this.#record);
    view.sessionWords[view.sessionAt + LAST_SECONDS] = view.seconds;
  }

  /** Makes the record of the session at hand where there is none, to write to it; false where the event shows neither session nor browser to keep. */
  edit(view: EventView): boolean {
    if (view.sessionAt >= 0) {
      this.#table.touch(this.#record);
      return true;
    }
    const browser = browserToKeep(view.session, view.device, view.browser);
    if (browser === 0) return false;
    this.#record = this.#table.obtain(combine(browser, view.userLo), view.userHi);
    this.#table.touch(this.#record);
    this.#show(view);
    view.sessionWords[view.sessionAt + LAST_SECONDS] = view.seconds;
    return true;
  }

  #show(view: EventView): void {
    view.sessionWords = this.#table.segment(this.#record);
    view.sessionAt = this.#table.offset(this.#record);
  }

  /** Sets bits of the session's marks, where there is something to keep. */
  mark(view: EventView, bits: number): void {
    if ((marksOf(view) & bits) === bits || !this.edit(view)) return;
    const at = view.sessionAt + SessionWord.marks;
    view.sessionWords[at] = view.sessionWords[at]! | bits;
  }
}

/** The marks of the session at hand; 0 where it has no record. */
export function marksOf(view: EventView): number {
  return view.sessionAt < 0 ? 0 : view.sessionWords[view.sessionAt + SessionWord.marks]!;
}
