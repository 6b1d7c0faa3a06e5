import { EventClass, Word } from '../../events/event-record.ts';
import { combine } from '../../events/hash.ts';
import { AHEAD } from '../../events/pending.ts';
import { RECORD_HEAD, type RecordTable } from '../../state/record-table.ts';
import type { Host } from '../detector.ts';
import { browserOf, type EventView } from '../stream/event-view.ts';
import { isUsualPlace, newLevel } from './habits.ts';
import { oncePerHost } from './once-per-host.ts';

const LAST_SECONDS = 2;
/** When it was first at a usual place, be the address range new; and at one all of which is usual to its user; 0 where never. */
const USUAL_SECONDS = RECORD_HEAD;
const HOME_SECONDS = RECORD_HEAD + 1;
/** The network (or country, where the log shows none) in which it was first seen and which was new to the user then; 0 where it began at a usual place. */
const BORN_AWAY = RECORD_HEAD + 2;
/** The system and browser in which it was first at a place that is wholly usual to its user; a cookie does not change them, a thief may. */
const HOME_CLIENT = RECORD_HEAD + 3;
/** When that was, where it was a sign-in by hand; else 0. */
const BORN_SECONDS = RECORD_HEAD + 4;
/** Address range in which it was first at a usual place. */
const USUAL_RANGE = RECORD_HEAD + 5;
/** When it first was at a usual place in another range than that; 0 where never. */
const MOVED_SECONDS = RECORD_HEAD + 6;
const WORDS = RECORD_HEAD + 7;
const MOST_SESSIONS = 1_000_000;
const DAY_SECONDS = 86_400;

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
/** Keys of the events ahead; filled and read at once. */
const los = new Int32Array(AHEAD);
const his = new Int32Array(AHEAD);

/** One for all detectors of a stream; D13 writes it. */
export const sessionAges = oncePerHost((host) => new SessionAges(host));

/**
 * Since when each session (the browser's cookie) of a user without a device id is known from usual places, other than the network in which it began
 * and which became usual by it. Written when it is first there and once a day: not at each sign-in. Memory: 40 bytes a session and its place in the index, a million at most; those that are idle longest go.
 */
class SessionAges {
  readonly #table: RecordTable;

  constructor(host: Host) {
    this.#table = host.records('D13.ages', WORDS, MOST_SESSIONS);
  }

  /** Fetches what of() will read of events that are about to come; see RecordTable.warm. */
  warm(words: Uint32Array, ats: Int32Array, count: number): number {
    let bare = 0;
    for (let i = 0; i < count; i++) {
      const at = ats[i]!;
      const browser = browserOf(words[at + Word.session]!, words[at + Word.device]!, words[at + Word.ipLo]!, words[at + Word.client]!);
      if (browser === 0 || words[at + Word.device] !== 0) continue;
      los[bare] = combine(browser, words[at + Word.userLo]! | 0);
      his[bare++] = words[at + Word.userHi]!;
    }
    return this.#table.warm(los, his, bare);
  }

  note(event: EventView): void {
    if (event.browser === 0 || event.device !== 0) return;
    const isUsual = isUsualPlace(event);
    const network = event.asn || event.country;
    if (!isUsual && network === 0) return;
    const lo = combine(event.browser, event.userLo);
    const before = this.#table.find(lo, event.userHi);
    if (!isUsual) {
      if (before < 0) this.#begin(lo, event, network);
      return;
    }
    // A place that it made known itself, by coming again and again, does not speak for it.
    if (before >= 0 && this.#table.segment(before)[this.#table.offset(before) + BORN_AWAY] === network >>> 0) return;
    const isHome = newLevel(event) === undefined && event.prefix !== 0;
    if (before >= 0) {
      const words = this.#table.segment(before);
      const at = this.#table.offset(before);
      const isOlder = event.seconds < words[at + USUAL_SECONDS]! || words[at + USUAL_SECONDS] === 0;
      const comesHome = isHome && words[at + HOME_SECONDS] === 0;
      const moves = words[at + MOVED_SECONDS] === 0 && (words[at + USUAL_RANGE]! | 0) !== event.prefix;
      if (!isOlder && !comesHome && !moves && event.seconds - words[at + LAST_SECONDS]! < DAY_SECONDS) return;
    }
    const record = before >= 0 ? before : this.#table.obtain(lo, event.userHi);
    this.#table.touch(record);
    const words = this.#table.segment(record);
    const at = this.#table.offset(record);
    words[at + LAST_SECONDS] = Math.max(words[at + LAST_SECONDS]!, event.seconds);
    const usual = words[at + USUAL_SECONDS]!;
    if (usual === 0 || event.seconds < usual) {
      words[at + USUAL_SECONDS] = event.seconds;
      words[at + USUAL_RANGE] = event.prefix;
    } else if (words[at + MOVED_SECONDS] === 0 && (words[at + USUAL_RANGE]! | 0) !== event.prefix)
      words[at + MOVED_SECONDS] = event.seconds;
    if (isHome && words[at + HOME_SECONDS] === 0) {
      words[at + HOME_SECONDS] = event.seconds;
      words[at + HOME_CLIENT] = event.client;
    }
  }

  /** Whether the event's computer or phone is the one that the session has been at home on for a day: new to its user, perhaps, and not a thief's. */
  isFromHome(event: EventView): boolean {
    const { home, client } = this.of(event);
    return client !== 0 && client === event.client && event.seconds - home >= DAY_SECONDS;
  }

  #find(event: EventView): number {
    return event.browser === 0 ? -1 : this.#table.find(combine(event.browser, event.userLo), event.userHi);
  }

  #begin(lo: number, event: EventView, network: number): void {
    const record = this.#table.obtain(lo, event.userHi);
    this.#table.touch(record);
    const words = this.#table.segment(record);
    const at = this.#table.offset(record);
    words[at + LAST_SECONDS] = event.seconds;
    words[at + BORN_AWAY] = network >>> 0;
    words[at + BORN_SECONDS] = event.eventClass === EventClass.signIn ? event.seconds : 0;
  }

  /**
   * Seconds since the session was begun by hand in another network that was new to its user, as the event's is; undefined where it was not, or was at a
   * usual place meanwhile.
   */
  sinceBornElsewhere(event: EventView): number | undefined {
    const network = event.asn || event.country;
    if (network === 0 || isUsualPlace(event)) return undefined;
    const record = this.#find(event);
    if (record < 0) return undefined;
    const words = this.#table.segment(record);
    const at = this.#table.offset(record);
    const born = words[at + BORN_SECONDS]!;
    if (born === 0 || words[at + USUAL_SECONDS] !== 0 || words[at + BORN_AWAY] === network >>> 0) return undefined;
    return Math.max(0, event.seconds - born);
  }

  /** The `usual` of of(), without an object. */
  usualSince(event: EventView): number {
    return this.#word(event, USUAL_SECONDS);
  }

  /** The same, and its `home` where the log has no session: what cannot be seen to move is only known from where it is. */
  knownSince(event: EventView): number {
    return this.#word(event, event.session === 0 ? HOME_SECONDS : USUAL_SECONDS);
  }

  #word(event: EventView, word: number): number {
    const record = this.#find(event);
    return record < 0 ? 0 : this.#table.segment(record)[this.#table.offset(record) + word]!;
  }

  of(event: EventView): SessionAge {
    const record = this.#find(event);
    if (record < 0) return UNKNOWN;
    const words = this.#table.segment(record);
    const at = this.#table.offset(record);
    return {
      usual: words[at + USUAL_SECONDS]!,
      home: words[at + HOME_SECONDS]!,
      range: words[at + USUAL_RANGE]! | 0,
      moved: words[at + MOVED_SECONDS]!,
      client: words[at + HOME_CLIENT]! | 0,
    };
  }
}
