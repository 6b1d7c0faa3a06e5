import { EventClass, Flag, systemOf, Word } from '../../events/event-record.ts';
import { combine } from '../../events/hash.ts';
import { AHEAD } from '../../events/pending.ts';
import { LAST_SECONDS, RECORD_HEAD } from '../../state/record-table.ts';
import type { Host, Warming } from '../detector.ts';
import type { EventView } from '../stream/event-view.ts';
import { newLevel } from './habits.ts';
import { oncePerHost } from './once-per-host.ts';

/** What a session was begun on: the kind of operating system in the two lowest bits, above them whether it was a program or a telephone. */
const BEGUN = RECORD_HEAD;
const WORDS = RECORD_HEAD + 1;
const SCRIPT = 4;
const PHONE = 8;
const SYSTEM_MASK = 3;
const MOST_SESSIONS = 500_000;
/** Keys of the events ahead; filled and read at once. */
const los = new Int32Array(AHEAD);
const his = new Int32Array(AHEAD);

/** How a session is seen to be in other hands than those that began it. */
export const Moved = {
  no: 0,
  /** On another kind of operating system. */
  system: 1,
  /** A program that speaks HTTP goes on with what a browser began. */
  script: 2,
} as const;
export type Moved = (typeof Moved)[keyof typeof Moved];

export interface SessionSystems {
  /** A cookie stays in its browser, a stolen one need not. */
  readonly moved: (event: EventView) => Moved;
  /** By a program at a place that is new to a user who has none at the usual ones. */
  readonly scripted: (event: EventView) => boolean;
  /** Keeps what a session's first sign-in by hand was on, and who has programs of their own. */
  readonly note: (event: EventView) => void;
  /** Fetches what moved() and note() will read of sign-ins by hand that are about to come; see RecordTable.warm. */
  readonly warm: Warming['read'];
}

/**
 * On what kind of operating system each session began, or by a program; one for all detectors of a stream, which D13 writes. It has moved only where no
 * device id is shown: a sign-in with one proves itself. Kinds are coarse (Windows; Apple's; Android, Linux and ChromeOS), since one tablet names itself iOS in
 * an app and macOS in the browser; programs are told by hand alone, since apps in the background name their libraries. Another browser on the
 * same kind of system says nothing: of the own generator's people some have two in one session. Memory: 16 bytes a session and its place in the
 * index.
 */
export const sessionSystems: (host: Host) => SessionSystems = oncePerHost(make);

const isByHand = ({ eventClass }: EventView) => eventClass === EventClass.signIn || eventClass === EventClass.interrupt;
const tells = (event: EventView) => event.session !== 0 && (systemOf(event.flags) !== 0 || isScript(event));
const isScript = (event: EventView) => event.has(Flag.script);

function make(host: Host): SessionSystems {
  const programmers = host.counts('D13.programs', 100_000);
  const begun = host.records('D13.systems', WORDS, MOST_SESSIONS);
  const find = (event: EventView) => begun.find(combine(event.session, event.userLo), event.userHi);
  return {
    warm(words, ats, count) {
      let sessions = 0;
      for (let i = 0; i < count; i++) {
        const at = ats[i]!;
        if (words[at + Word.session] === 0) continue;
        los[sessions] = combine(words[at + Word.session]! | 0, words[at + Word.userLo]! | 0);
        his[sessions++] = words[at + Word.userHi]!;
      }
      return begun.warm(los, his, sessions);
    },
    moved(event) {
      if (event.device !== 0 || !tells(event)) return Moved.no;
      const record = find(event);
      if (record < 0) return Moved.no;
      const word = begun.segment(record)[begun.offset(record) + BEGUN]!;
      if (isByHand(event) && isScript(event)) return (word & SCRIPT) !== 0 ? Moved.no : Moved.script;
      // The mail of one telephone at work on the next is an account that was moved to it.
      if (!isByHand(event) && event.has(Flag.mobile) && (word & PHONE) !== 0) return Moved.no;
      const [before, now] = [word & SYSTEM_MASK, systemOf(event.flags)];
      return before !== 0 && now !== 0 && before !== now ? Moved.system : Moved.no;
    },
    scripted: (event) =>
      isByHand(event) && isScript(event) && event.device === 0 && newLevel(event) !== undefined && programmers.get(event.userLo) === 0,
    note(event) {
      if (event.eventClass !== EventClass.signIn) return;
      if (isScript(event) && newLevel(event) === undefined) programmers.add(event.userLo);
      if (!tells(event)) return;
      // A cookie lives in a browser: that is what counts, though a program was seen with it first.
      const before = find(event);
      if (before >= 0 && (isScript(event) || (begun.segment(before)[begun.offset(before) + BEGUN]! & SCRIPT) === 0)) return;
      const record = before >= 0 ? before : begun.obtain(combine(event.session, event.userLo), event.userHi);
      begun.touch(record);
      const words = begun.segment(record);
      const at = begun.offset(record);
      words[at + LAST_SECONDS] = event.seconds;
      words[at + BEGUN] = systemOf(event.flags) | (isScript(event) ? SCRIPT : 0) | (event.has(Flag.mobile) ? PHONE : 0);
    },
  };
}
