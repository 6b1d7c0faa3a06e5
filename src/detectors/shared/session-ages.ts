import { DAY_SECONDS } from '../../core/durations.ts';
import { EventClass } from '../../events/event-record.ts';
import type { Host } from '../detector.ts';
import type { EventView } from '../stream/event-view.ts';
import { type Sessions, SessionWord } from '../stream/sessions.ts';
import { isUsualPlace, newLevel } from './habits.ts';
import { oncePerHost } from './once-per-host.ts';

/** Since when a session is known from usual places, be the address range new, and from such as are wholly usual, in Unix seconds; 0 where never. */
export interface SessionAge {
  readonly usual: number;
  readonly home: number;
  /** Address range in which it was at a usual place first; 0 where never, or where the log shows none. */
  readonly range: number;
  /** Since when it is known from another range besides, Unix seconds; 0 where never. */
  readonly moved: number;
  /** Hash of the system and browser in which it was first at home; 0 where never, or where the log shows none. */
  readonly client: number;
}

const UNKNOWN: SessionAge = { usual: 0, home: 0, range: 0, moved: 0, client: 0 };

/** One for all detectors of a stream; D13 writes it. */
export const sessionAges = oncePerHost((host) => new SessionAges(host));

/**
 * Since when each session (the browser's cookie) of a user without a device id is known from usual places, other than the network in which it began
 * and which became usual by it. Written when it is first there, at home or in another range: not at each sign-in. In the session's record:
 * `usualSeconds` and `homeSeconds`: when it was first at a usual place, be the address range new, and at one all of which is usual to its user;
 * `usualRange`: the range of the former, and `movedSeconds`: when it was first at a usual place in another;
 * `homeClient`: the system and browser in which it was first at home; a cookie does not change them, a thief may;
 * `bornAway`: the network (or country, where the log shows none) in which it was first seen and which was new to the user then, 0 where it began at
 * a usual place; `bornSeconds`: when that was, where it was a sign-in by hand.
 */
class SessionAges {
  readonly #sessions: Sessions;

  constructor(host: Host) {
    this.#sessions = host.sessions;
  }

  note(event: EventView): void {
    if (event.browser === 0 || event.device !== 0) return;
    const isUsual = isUsualPlace(event);
    const network = event.asn || event.country;
    if (!isUsual && network === 0) return;
    const usual = wordOf(event, SessionWord.usualSeconds);
    const bornAway = wordOf(event, SessionWord.bornAway) | 0;
    if (!isUsual) {
      if (usual === 0 && bornAway === 0) this.#begin(event, network);
      return;
    }
    // A place that it made known itself, by coming again and again, does not speak for it.
    if (bornAway === network) return;
    const isFirst = usual === 0 || event.seconds < usual;
    const comesHome = newLevel(event) === undefined && event.prefix !== 0 && wordOf(event, SessionWord.homeSeconds) === 0;
    const moves = !isFirst && wordOf(event, SessionWord.movedSeconds) === 0 && (wordOf(event, SessionWord.usualRange) | 0) !== event.prefix;
    if ((!isFirst && !comesHome && !moves) || !this.#sessions.edit(event)) return;
    const { sessionWords: words, sessionAt: at } = event;
    if (isFirst) {
      words[at + SessionWord.usualSeconds] = event.seconds;
      words[at + SessionWord.usualRange] = event.prefix;
    }
    if (moves) words[at + SessionWord.movedSeconds] = event.seconds;
    if (comesHome) {
      words[at + SessionWord.homeSeconds] = event.seconds;
      words[at + SessionWord.homeClient] = event.client;
    }
  }

  /** Whether the event's computer or phone is the one that the session has been at home on for a day: new to its user, perhaps, and not a thief's. */
  isFromHome(event: EventView): boolean {
    const { home, client } = this.of(event);
    return client !== 0 && client === event.client && event.seconds - home >= DAY_SECONDS;
  }

  #begin(event: EventView, network: number): void {
    if (!this.#sessions.edit(event)) return;
    const { sessionWords: words, sessionAt: at } = event;
    words[at + SessionWord.bornAway] = network;
    words[at + SessionWord.bornSeconds] = event.eventClass === EventClass.signIn ? event.seconds : 0;
  }

  /**
   * Seconds since the session was begun by hand in another network that was new to its user, as the event's is; undefined where it was not, or was at a
   * usual place meanwhile.
   */
  sinceBornElsewhere(event: EventView): number | undefined {
    const network = event.asn || event.country;
    if (network === 0 || isUsualPlace(event)) return undefined;
    const born = wordOf(event, SessionWord.bornSeconds);
    if (born === 0 || wordOf(event, SessionWord.usualSeconds) !== 0) return undefined;
    return (wordOf(event, SessionWord.bornAway) | 0) === network ? undefined : Math.max(0, event.seconds - born);
  }

  /** The `usual` of of(), without an object. */
  usualSince(event: EventView): number {
    return wordOf(event, SessionWord.usualSeconds);
  }

  /** The same, and its `home` where the log has no session: what cannot be seen to move is only known from where it is. */
  knownSince(event: EventView): number {
    return wordOf(event, event.session === 0 ? SessionWord.homeSeconds : SessionWord.usualSeconds);
  }

  of(event: EventView): SessionAge {
    if (event.sessionAt < 0) return UNKNOWN;
    return {
      usual: wordOf(event, SessionWord.usualSeconds),
      home: wordOf(event, SessionWord.homeSeconds),
      range: wordOf(event, SessionWord.usualRange) | 0,
      moved: wordOf(event, SessionWord.movedSeconds),
      client: wordOf(event, SessionWord.homeClient) | 0,
    };
  }
}

/** A word of the record of the event's session; 0 where there is none. */
function wordOf({ sessionWords, sessionAt }: EventView, word: number): number {
  return sessionAt < 0 ? 0 : sessionWords[sessionAt + word]!;
}
