import { DAY_MS } from '../../core/durations.ts';
import { combine } from '../../events/hash.ts';
import type { Host } from '../detector.ts';
import type { EventView } from '../stream/event-view.ts';
import { isHosting } from './hosting.ts';
import { oncePerHost } from './once-per-host.ts';
import { RecentValues } from './recent-values.ts';

const MAX_DAYS = 8;
const KEEP_MS = 14 * DAY_MS;
const COMPANY = 0x5eed;
/** Earlier days from which on it is the owner who comes from there: no victim was talked into it three times. */
export const DAYS_OF_OWNER = 3;

/** Stands for all ranges of a hosting or VPN company, which gives another one each time; 0 for other networks. */
export const companyOf = (asn: number) => (isHosting(asn) ? combine(asn, COMPANY) : 0);

/**
 * On which of the last days a user was asked for a method of theirs at a place that was new to them, and gave it. A place is an address range, or a company
 * of companyOf(). One for all detectors of a stream; D19 writes it. Memory: eight days a user and place, 100,000 of them, for two weeks.
 */
export const givenMethods = oncePerHost((host) => new GivenMethods(host));

class GivenMethods {
  readonly #days: RecentValues;

  constructor(host: Host) {
    this.#days = new RecentValues(host, 'D19.proofs', 100_000, MAX_DAYS);
  }

  note(event: EventView, place: number): void {
    this.#days.add(combine(event.userLo, place), event.userHi, dayOf(event.timeMs), event.timeMs, KEEP_MS);
  }

  /** Days before that of `timeMs`. */
  daysBefore(event: EventView, place: number, timeMs: number): number {
    const today = dayOf(timeMs);
    return this.#days.get(combine(event.userLo, place), event.userHi).filter((day) => day < today).length;
  }
}

const dayOf = (timeMs: number) => Math.floor(timeMs / DAY_MS);
