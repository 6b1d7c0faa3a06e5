import { EventClass, Flag, systemOf } from '../../events/event-record.ts';
import type { Host } from '../detector.ts';
import type { EventView } from '../stream/event-view.ts';
import { marksOf, SessionMark, SessionWord } from '../stream/sessions.ts';
import { newLevel } from './habits.ts';
import { oncePerHost } from './once-per-host.ts';

/** What a session was begun on, of the marks of its record; 0 where that is not known. */
const BEGUN_ON = SessionMark.systemMask | SessionMark.script | SessionMark.phone;

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
}

/**
 * On what kind of operating system each session began, or by a program; one for all detectors of a stream, which D13 writes. It has moved only where no
 * device id is shown: a sign-in with one proves itself. Kinds are coarse (Windows; Apple's; Android, Linux and ChromeOS), since one tablet names itself iOS in
 * an app and macOS in the browser; programs are told by hand alone, since apps in the background name their libraries. Another browser on the
 * same kind of system says nothing: of the own generator's people some have two in one session. In the marks of the session's record.
 */
export const sessionSystems: (host: Host) => SessionSystems = oncePerHost(make);

const isByHand = ({ eventClass }: EventView) => eventClass === EventClass.signIn || eventClass === EventClass.interrupt;
const tells = (event: EventView) => event.session !== 0 && (systemOf(event.flags) !== 0 || isScript(event));
const isScript = (event: EventView) => event.has(Flag.script);

function make(host: Host): SessionSystems {
  const programmers = host.counts('D13.programs', 100_000);
  return {
    moved(event) {
      if (event.device !== 0 || !tells(event)) return Moved.no;
      const begun = marksOf(event) & BEGUN_ON;
      if (begun === 0) return Moved.no;
      if (isByHand(event) && isScript(event)) return (begun & SessionMark.script) !== 0 ? Moved.no : Moved.script;
      // The mail of one telephone at work on the next is an account that was moved to it.
      if (!isByHand(event) && event.has(Flag.mobile) && (begun & SessionMark.phone) !== 0) return Moved.no;
      const [before, now] = [begun & SessionMark.systemMask, systemOf(event.flags)];
      return before !== 0 && now !== 0 && before !== now ? Moved.system : Moved.no;
    },
    scripted: (event) =>
      isByHand(event) && isScript(event) && event.device === 0 && newLevel(event) !== undefined && programmers.get(event.userLo) === 0,
    note(event) {
      if (event.eventClass !== EventClass.signIn) return;
      if (isScript(event) && newLevel(event) === undefined) programmers.add(event.userLo);
      if (!tells(event)) return;
      // A cookie lives in a browser: that is what counts, though a program was seen with it first.
      const before = marksOf(event) & BEGUN_ON;
      if (before !== 0 && (isScript(event) || (before & SessionMark.script) === 0)) return;
      if (!host.sessions.edit(event)) return;
      const at = event.sessionAt + SessionWord.marks;
      const begun = systemOf(event.flags) | (isScript(event) ? SessionMark.script : 0) | (event.has(Flag.mobile) ? SessionMark.phone : 0);
      event.sessionWords[at] = (event.sessionWords[at]! & ~BEGUN_ON) | begun;
    },
  };
}
