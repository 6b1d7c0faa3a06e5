import { DAY_MS, HOUR_MS } from '../../core/durations.ts';
import { keyText } from '../../core/key-text.ts';
import { EventClass } from '../../events/event-record.ts';
import type { Kept, ObjectTable } from '../../state/object-table.ts';
import type { Host } from '../detector.ts';
import type { EventView } from '../stream/event-view.ts';
import { UserFlag, UserWord } from '../stream/layout.ts';
import { client, isPerhapsPhone, isUsual, isUsualDevice, residents, SHARED_ADDRESS, showsClients, tenureOf } from './habits.ts';
import { add, type Hand, NOTHING } from './hand.ts';
import { isHosting } from './hosting.ts';
import { isKnownAt, isPhoneFromElsewhere } from './known-hand.ts';
import { SETTLED } from './never-met.ts';
import type { sessionAges } from './session-ages.ts';

/** A new browser on a computer without an id, of a user who registered nothing, followed for a week beside what is the user's. */
interface Line extends Kept {
  readonly startedMs: number;
  browsers: readonly number[];
  /** Hash of its system and browser where that is new to the user, else 0. */
  readonly client: number;
  stranger: Hand;
  owner: Hand;
  met: boolean;
}

/** Of the lines in which the owner went on: how many, in how many the two have not met, and in how many of these the browser goes on, too. */
interface Tally extends Kept {
  lines: number;
  apart: number;
  apartGoingOn: number;
}

/** What a tenant's habit leaves of "the two never met", in nats at most, and what it rests on. */
export interface Habit {
  readonly most: number;
  readonly lines: number;
  readonly apart: number;
}

/** Lines at one time: a tenant's habit shows in a few hundred. */
const MOST_LINES = 300;
const MOST_TENANTS = 1000;
const MOST_BROWSERS = 8;
const FOLLOWED_MS = 7 * DAY_MS;
/** What belongs to the sign-in itself: a method is registered some minutes after one. */
const SIGN_IN_MS = 10 * 60_000;
/** Hours in which the owner went on. */
const OWNER_HOURS = 8;
/** The other side of the ratio, set by hand: an intruder's computer hardly ever is where the owner is, and rather more than half of them go on. */
const INTRUDERS = { goingOn: 0.55, atAll: 0.95 } as const;
/** One line may be an intruder's who registered nothing; so many lines stand for the tenants in which there was none. */
const UNCOUNTED = 1;
const LINES_BEFORE = 20;
/** From so many lines on half of what was counted is forgotten, as habits change. */
const MOST_COUNTED = 2000;

/**
 * How often, in a tenant, people who registered nothing have a computer without an id that never is where their own things are: the control group of
 * D18. Nurses have the ward's computers at work and their own at home. In tenants of nine generators it was none in most, a third in some. Memory: 300
 * lines and one a tenant. Cost: a look-up a sign-in.
 */
export class TwoLives {
  readonly #lines: ObjectTable<Line>;
  readonly #tallies: ObjectTable<Tally>;
  /** When lines whose week is over were last dropped: their users may never come again. */
  readonly #sweeps: ObjectTable<Kept>;
  readonly #ages: ReturnType<typeof sessionAges>;

  constructor(host: Host, ages: ReturnType<typeof sessionAges>) {
    this.#lines = host.objects<Line>('D18.control', MOST_LINES);
    this.#tallies = host.objects<Tally>('D18.tally', MOST_TENANTS);
    this.#sweeps = host.objects<Kept>('D18.sweep', 1);
    this.#ages = ages;
  }

  learn(event: EventView): void {
    const { userLo, userHi } = event;
    if (event.userAt < 0 || event.ipLo === 0) return;
    const found = this.#lines.getPair(userLo, userHi);
    const hasRegistered = (event.user[event.userAt + UserWord.flags]! & UserFlag.registered) !== 0;
    if (found === undefined) {
      if (!hasRegistered && this.#isStranger(event)) this.#begin(event);
      return;
    }
    if (hasRegistered) {
      this.#count(event, found, undefined);
      this.#lines.delete(keyText(userLo, userHi));
    } else if (event.timeMs - found.startedMs > FOLLOWED_MS) this.#lines.delete(keyText(userLo, userHi));
    else if (event.timeMs - found.startedMs > SIGN_IN_MS) this.#note(found, event);
  }

  /** What is left of it, in the tenant of an event, that a browser on a computer without an id never met the owner; whether or not it goes on. */
  habit(event: EventView, goesOn: boolean): Habit {
    const { lines, apart: all, apartGoingOn } = this.#tallies.get(event.scope()) ?? { lines: 0, apart: 0, apartGoingOn: 0 };
    const apart = goesOn ? apartGoingOn : all;
    const share = Math.max(0, apart - UNCOUNTED) / (lines + LINES_BEFORE);
    return { most: Math.max(0, Math.log((goesOn ? INTRUDERS.goingOn : INTRUDERS.atAll) / share)), lines, apart };
  }

  #isStranger(event: EventView): boolean {
    if (event.eventClass !== EventClass.signIn || event.browser === 0 || event.device !== 0 || isPerhapsPhone(event)) return false;
    if (isHosting(event.asn) || residents(event) >= SHARED_ADDRESS) return false;
    const usual = this.#ages.usualSince(event);
    return tenureOf(event, SETTLED) === 1 && showsClients(event) && (usual === 0 || usual >= event.seconds);
  }

  #begin(event: EventView): void {
    const { timeMs, browser } = event;
    if (!this.#hasRoom(timeMs)) return;
    const isNew = event.client !== 0 && !isUsual(event, client);
    this.#lines.editPair(event.userLo, event.userHi, () => ({
      touchedMs: timeMs,
      startedMs: timeMs,
      browsers: [browser],
      client: isNew ? event.client : 0,
      stranger: { ...NOTHING, addresses: [event.ipLo] },
      owner: NOTHING,
      met: false,
    }));
  }

  /** No line makes way for another: where many begin none would last for its week. Once an hour those go that have. */
  #hasRoom(timeMs: number): boolean {
    if (this.#lines.size < MOST_LINES - 1) return true;
    const swept = this.#sweeps.get('')?.touchedMs ?? 0;
    if (timeMs - swept < HOUR_MS) return false;
    this.#sweeps.edit('', () => ({ touchedMs: timeMs })).touchedMs = timeMs;
    const over = [...this.#lines.keys()].filter((key) => timeMs - this.#lines.get(key)!.startedMs > FOLLOWED_MS);
    for (const key of over) this.#lines.delete(key);
    return over.length > 0;
  }

  #note(found: Readonly<Line>, event: EventView): void {
    const after = this.#after(found, event);
    if (after === found) return;
    this.#count(event, found, after);
    Object.assign(
      this.#lines.editPair(event.userLo, event.userHi, () => ({ ...found })),
      after,
    );
  }

  #after(line: Readonly<Line>, event: EventView): Readonly<Line> {
    const { browser, ipLo } = event;
    const isThere = line.browsers.includes(browser);
    if (!isUsualDevice(event) && (isThere || (event.client !== 0 && event.client === line.client))) {
      const stranger = add(line.stranger, event);
      // By its system and browser alone it may be the user's: it takes no address with it.
      const { addresses } = isThere ? stranger : line.stranger;
      return { ...line, stranger: { ...stranger, addresses }, met: line.met || line.owner.addresses.includes(ipLo) };
    }
    const isAtStrangers = line.stranger.addresses.includes(ipLo);
    if (isKnownAt(this.#ages, event, line.startedMs)) return { ...line, owner: add(line.owner, event), met: line.met || isAtStrangers };
    if (!isAtStrangers) return line;
    if (isPhoneFromElsewhere(this.#ages, event, line.startedMs)) return { ...line, met: true };
    if (browser === 0) return line;
    return { ...line, stranger: add(line.stranger, event), browsers: [...line.browsers, browser].slice(-MOST_BROWSERS) };
  }

  #count(event: EventView, before: Readonly<Line>, after: Readonly<Line> | undefined): void {
    const was = countsOf(before);
    const is = countsOf(after);
    if (was.every((count, i) => count === is[i])) return;
    const tally = this.#tallies.edit(event.scope(), () => ({ touchedMs: 0, lines: 0, apart: 0, apartGoingOn: 0 }));
    tally.touchedMs = Math.max(tally.touchedMs, event.timeMs);
    const keep = tally.lines >= MOST_COUNTED ? 0.5 : 1;
    tally.lines = keep * tally.lines + is[0] - was[0];
    tally.apart = Math.max(0, keep * tally.apart + is[1] - was[1]);
    tally.apartGoingOn = Math.max(0, keep * tally.apartGoingOn + is[2] - was[2]);
  }
}

/** What a line adds to each number of the tally. */
function countsOf(line: Readonly<Line> | undefined): readonly [lines: number, apart: number, apartGoingOn: number] {
  if (line === undefined || line.owner.hours < OWNER_HOURS) return [0, 0, 0];
  return [1, Number(!line.met), Number(!line.met && line.stranger.hours > 0)];
}
