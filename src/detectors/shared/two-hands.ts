import { Flag } from '../../events/event-record.ts';
import type { EvidenceEvent } from '../evidence.ts';
import type { EventView } from '../stream/event-view.ts';
import { client, isStrangeComputer, isUsual, isUsualDevice, newness } from './habits.ts';
import { type Hand, NOTHING } from './hand.ts';
import { NO_TELEPHONES, type Telephones } from './two-telephones.ts';

/** A sign-in to the page on which methods are changed. */
export interface Visit {
  readonly timeMs: number;
  /** Its session, or what tells the browser where the log has none; see EventView.browser. */
  readonly session: number;
  readonly address: number;
  readonly client: number;
  /** By a device of the user's, or in a session that they have had for a day and at usual places. */
  readonly isKnown: boolean;
  readonly isNewClient: boolean;
  /** A computer that is not like the user's. */
  readonly isStrange: boolean;
  readonly isMobile: boolean;
  /** Without a device id. */
  readonly isBare: boolean;
  /** It has a session or a device id, by which it is known again wherever it goes. */
  readonly isFollowed: boolean;
  /** What is left of it that it never meets the owner, where many colleagues live. */
  readonly share: number;
  /** How new the place was to the user, 0..1; 0 by a device of theirs, wherever that was. */
  readonly newness: number;
}

/** How new the place of an event is to the user, 0..1; a device of theirs is at home everywhere. */
export const newnessAt = (event: EventView) => (isUsualDevice(event) ? 0 : newness(event));

/** A sign-in to the page as it is kept; `isKnown` and `share` as above. */
export const visitBy = (event: EventView, isKnown: boolean, share: number): Visit => ({
  timeMs: event.timeMs,
  session: event.browser,
  address: event.ipLo,
  client: event.client,
  isKnown,
  isNewClient: event.client !== 0 && !isUsual(event, client),
  isStrange: isStrangeComputer(event),
  isMobile: event.has(Flag.mobile),
  isBare: event.device === 0,
  isFollowed: event.session !== 0 || event.device !== 0,
  share,
  newness: newnessAt(event),
});

export interface Visits {
  touchedMs: number;
  list: readonly Visit[];
}
/** The browser that registered a method, and what else uses the account in the week after. */
export interface Hands {
  touchedMs: number;
  sessions: readonly number[];
  clients: readonly number[];
  isKnown: boolean;
  /** It showed no device id: a known device in its session is the one that the session was taken from. */
  isBare: boolean;
  /** It is known again wherever it goes; else only a system and browser that is new to the user is. */
  isFollowed: boolean;
  share: number;
  /** A new system and browser of a telephone: more often the user's next one than a new computer is. */
  isMobile: boolean;
  /** It was a computer that is not like the user's. */
  isStrange: boolean;
  /** Whether the user had habits by then, and the log names systems and browsers, so that their own things are known: 1 yes, 0.5 almost, 0 no. */
  settled: number;
  /** That of the least new visit before the registration. */
  newness: number;
  registrant: Hand;
  others: Hand;
  telephones: Telephones;
  /** What is at the address range of the registration and not known as the user's: in how many hours, and as addresses the systems and browsers; 0 for
   * a telephone, for what shows none, and for what is the user's. */
  atPlace: Hand;
  /** The two were at one address; at one that many have in common. */
  met: boolean;
  metInCrowd: boolean;
  /** The browser itself, in its session, came to where the user always is, or a device of the user's to where it was. */
  metAtHome: boolean;
  /** Hours in which others were asked for a method in vain, and in which they could answer. */
  refused: Hand;
  answered: number;
  refusals: readonly EvidenceEvent[];
  /** It did not register the method but was the first to use it, after it had been registered on what the user is known by. */
  isUser: boolean;
}

/** Nothing seen of either yet. */
export const newHands = (timeMs: number, settled: number): Hands => ({
  touchedMs: timeMs,
  sessions: [],
  clients: [],
  isKnown: false,
  isBare: true,
  isFollowed: false,
  share: 1,
  isMobile: false,
  isStrange: false,
  settled,
  newness: 1,
  registrant: NOTHING,
  others: NOTHING,
  telephones: NO_TELEPHONES,
  atPlace: NOTHING,
  met: false,
  metInCrowd: false,
  metAtHome: false,
  refused: NOTHING,
  answered: 0,
  refusals: [],
  isUser: false,
});
