import type { Host } from '../detector.ts';
import type { EventView } from '../stream/event-view.ts';

/**
 * What a phone that came is beside the user's telephones: of the system of one of them, of another, or nobody knows. They are known by sign-ins, else by
 * the phones that had the app before.
 */
export type Beside = 'same' | 'other' | 'same-app' | 'other-app' | 'none';
/** Which telephones are at usual places in the days after it: of the new one's system alone, of the other alone. */
export type After = 'same' | 'other';

type Counts = Record<Beside, number>;
/** Registrations of a tenant; of how many of them it was seen what came after; and of those where it was the other system. */
interface Tally {
  touchedMs: number;
  readonly came: Counts;
  readonly followed: Counts;
  readonly other: Counts;
}

/**
 * Of intruders, in 21 tenants of four generators whose names are of the phones: 119 of 344 were of another system; of 88 that were followed the victim's went
 * on alone 85 times. Of owners there 606 of 5,678, and 8 of 490.
 */
const INTRUDERS = { other: 0.38, goesOn: 0.9, afterNone: 0.35 } as const;
/**
 * Shares of owners that a tenant begins with, which count as so many of its registrations: one in twenty changes the system with the phone, or has a
 * tablet besides; one in seven of those who move the app; and the old one goes on alone for a week with a fifth of them.
 */
const OWNERS = {
  other: { share: 0.05, weight: 10 },
  otherApp: { share: 0.15, weight: 10 },
  goesOn: { share: 0.2, weight: 4 },
  afterNone: { share: 0.03, weight: 10 },
} as const;
/** Bounds of what is said of it when it comes, and of what comes after. */
const MOST = 2.5;
const LEAST = -0.6;
const MOST_AFTER = 2.5;
/** Older registrations count for half with every so many newer ones. */
const WINDOW = 2048;

const zeros = (): Counts => ({ same: 0, other: 0, 'same-app': 0, 'other-app': 0, none: 0 });
const total = (counts: Readonly<Counts>) => Object.values(counts).reduce((sum, count) => sum + count, 0);
const shareOf = (hits: number, all: number, { share, weight }: { readonly share: number; readonly weight: number }) =>
  (hits + share * weight) / (all + weight);

/**
 * How often an owner's new phone is of another system than the telephones that the user is known by, in this tenant: the other side of the ratio. Where the
 * log's names have nothing to do with the phones it is as often as not, and the ratio is one.
 */
export class PhoneTallies {
  readonly #tallies: ReturnType<typeof tallyTable>;

  constructor(host: Host, name: string) {
    this.#tallies = tallyTable(host, name);
  }

  /** What it says, in nats, that the phone is so. */
  ratio(event: EventView, beside: Beside): number {
    const { came } = this.#of(event);
    if (beside === 'none') return 0;
    const isOther = beside === 'other' || beside === 'other-app';
    const [others, all, usual] =
      beside === 'other' || beside === 'same'
        ? [came.other, came.other + came.same, OWNERS.other]
        : [came['other-app'], came['other-app'] + came['same-app'], OWNERS.otherApp];
    const share = shareOf(others, all, usual);
    if (isOther) return Math.min(MOST, Math.max(0, Math.log(INTRUDERS.other / share)));
    return Math.max(LEAST, Math.min(0, Math.log((1 - INTRUDERS.other) / (1 - share))));
  }

  /** The same that telephones of the other system go on alone, beside the first. */
  ratioAfter(event: EventView, beside: Beside): number {
    if (beside === 'same' || beside === 'same-app') return 0;
    const { followed, other } = this.#of(event);
    const [intruders, usual, most] =
      beside === 'none' ? [INTRUDERS.afterNone, OWNERS.afterNone, MOST] : [INTRUDERS.goesOn, OWNERS.goesOn, MOST_AFTER];
    return Math.min(most, Math.max(0, Math.log(intruders / shareOf(other[beside], followed[beside], usual))));
  }

  /** Counts a registration, after its ratio was taken. */
  count(event: EventView, beside: Beside): void {
    const tally = this.#of(event);
    if (total(tally.came) >= WINDOW) {
      for (const counts of [tally.came, tally.followed, tally.other]) for (const key of Object.keys(counts) as Beside[]) counts[key] /= 2;
    }
    tally.came[beside]++;
  }

  /** Counts what came after one. */
  countAfter(event: EventView, beside: Beside, after: After): void {
    const tally = this.#of(event);
    tally.followed[beside]++;
    if (after === 'other') tally.other[beside]++;
  }

  #of(event: EventView): Tally {
    const tally = this.#tallies.edit(event.scope(), () => ({ touchedMs: 0, came: zeros(), followed: zeros(), other: zeros() }));
    tally.touchedMs = Math.max(tally.touchedMs, event.timeMs);
    return tally;
  }
}

const tallyTable = (host: Host, name: string) => host.objects<Tally>(name, 1000);
