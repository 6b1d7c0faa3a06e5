import type { RecordTable } from '../../state/record-table.ts';
import type { EventView } from '../stream/event-view.ts';
import { isCrowded } from './crowded.ts';
import { isInDesktopCloud } from './desktop-cloud.ts';
import { residents, SHARED_ADDRESS } from './habits.ts';
import type { Hand } from './hand.ts';
import { isHosting } from './hosting.ts';
import { mostByReturns, type Telephones } from './two-telephones.ts';

/** Hours of the owner's things and of the browser from which on it says something, and what, that the two never met. */
interface Apart {
  readonly others: number;
  readonly browser: number;
  readonly llr: number;
}
/**
 * A computer without an id that is not like the user's, by its system and browser or because theirs have one. An owner's second one is at home, where
 * their telephone is too, or comes to the office once in a week: one that registers a method and is never where anything of the owner's is has another
 * owner. By hours on both sides, in the tenants at hand, 8 and 1: 71 of 472 intruders and no owner of 6,646; 3 and 0: 123 and 3.
 */
const STRANGE_COMPUTER: readonly Apart[] = [
  { others: 8, browser: 1, llr: 6 },
  { others: 3, browser: 1, llr: 5.3 },
  { others: 8, browser: 0, llr: 4 },
  { others: 3, browser: 0, llr: 3 },
];
/**
 * The same in a system and browser like the user's: 8 and 1: 85 and 2, 8 and 0: 102 and 7, 3 and 0: 121 and 22. One that is never seen again is more
 * often the owner's private one that was used for this alone.
 */
const COMPUTER: readonly Apart[] = [
  { others: 8, browser: 1, llr: 5.5 },
  { others: 3, browser: 1, llr: 1.8 },
  { others: 8, browser: 0, llr: 1.3 },
  { others: 3, browser: 0, llr: 0.9 },
];
/** The same of a user without habits, whose things are hardly known. */
const BEGINNERS: readonly Apart[] = COMPUTER.slice(2);
/**
 * A telephone is in its carrier's network while the owner's computer is at a desk (21 of 530 intruders and 206 of 8,000 owners, be its browser new or
 * not), and a device with an id may be a new one.
 */
const TELEPHONE: readonly Apart[] = [{ others: 3, browser: 0, llr: 0.3 }];
/**
 * Two telephones, the user's and the one that registered, by hours of either: whoever has two has them in one pocket, or in one Wi-Fi at home. Without a
 * range in common, in six tenants: 7 of 23 intruders on telephones and no owner of 690.
 */
const TWO_TELEPHONES: readonly Apart[] = [
  { others: 6, browser: 3, llr: 5.5 },
  { others: 3, browser: 4, llr: 5.3 },
];
/** More where the browser of the computer is new to the user, too, and that is not counted yet. */
const NEW_BROWSER = 0.5;
/** From when on a user's own things are known. */
export const SETTLED = { signIns: 5, days: 5 } as const;
/** What is known by then is the user's where it goes on in eight hours. */
export const ALMOST_SETTLED = { signIns: 3, days: 4 } as const;
const LONG_HOURS = 8;
/**
 * Where the browser cannot be followed, since the log has no sessions or it is thrown away: what comes back to the range of the registration. One
 * computer that does so in two hours, while the owner's things go on and none of them is ever there: 10 of 122 intruders and no owner of 1,120, in
 * the tenants at hand that log few sessions. At an owner's home there is their telephone.
 */
const AT_PLACE = { others: LONG_HOURS, there: 2, llr: 4 } as const;
/**
 * What is left of it where the browser is at an address of many colleagues, or at a range of theirs that belongs to a hosting company: a gateway, the
 * organisation's desktops in a cloud. From there nobody ever is where the own computer is. And at a range that many live in, most often
 * a carrier's: 35 intruders' computers went on there, and no owner's of 7,100.
 */
const AMONG_MANY = 0.5;
const IN_THEIR_RANGE = 0.95;
/** A hosted desktop never is where anything of its user's is. */
const HOSTED_DESKTOP = 0.15;

/** What is left, 0..1, of that two never meet, by the place of one of them. */
export function shareAt(crowds: RecordTable, event: EventView): number {
  if (isInDesktopCloud(crowds, event)) return HOSTED_DESKTOP;
  if (!isCrowded(crowds, event)) return 1;
  return residents(event) >= SHARED_ADDRESS || isHosting(event.asn) ? AMONG_MANY : IN_THEIR_RANGE;
}

/** Two hands, the first of which registered a method, and what shows of the first. */
interface Pair {
  readonly registrant: Hand;
  readonly others: Hand;
  readonly telephones: Telephones;
  readonly isBare: boolean;
  readonly isMobile: boolean;
  /** Whether the owner was known by then: 1 settled, 0.5 almost, 0 a beginner. */
  readonly settled: number;
  /** It would be known again wherever it went: by a session, or a device id. */
  readonly isFollowed: boolean;
  readonly isStrange: boolean;
  /** Systems and browsers of it that are new to the user. */
  readonly clients: readonly number[];
  readonly share: number;
}

/** What it says, in nats, that the two never met, and in how many hours at least the owner went on. */
interface NeverMet {
  readonly llr: number;
  readonly others: number;
  /** Where the first is on a computer without an id: whether that goes on. */
  readonly computer: { readonly goesOn: boolean } | undefined;
}

function twoTelephones({ isMobile, isBare, settled, telephones: { registrant, owner, met } }: Pair): Apart | undefined {
  if (!isMobile || !isBare || settled < 1 || met) return undefined;
  return TWO_TELEPHONES.find(({ others, browser }) => owner.hours >= others && registrant.hours >= browser);
}

function ofComputer({ settled, isStrange }: Pair): readonly Apart[] {
  const steps = isStrange ? STRANGE_COMPUTER : COMPUTER;
  if (settled === 1) return steps;
  return settled === 0 ? BEGINNERS : [...steps.filter(({ others }) => others >= LONG_HOURS), ...BEGINNERS];
}

/** Undefined where it was not long enough. */
export function neverMet(pair: Pair): NeverMet | undefined {
  const telephones = twoTelephones(pair);
  if (telephones !== undefined) {
    const llr = Math.min(telephones.llr, mostByReturns(pair.telephones));
    return { llr: pair.share * llr, others: telephones.others, computer: undefined };
  }
  const isNew = pair.clients.length > 0;
  const isComputer = pair.isBare && !pair.isMobile;
  const steps = isComputer ? ofComputer(pair) : TELEPHONE;
  // Of one that nothing tells from another it is not known that it was never seen again.
  const seen = pair.isFollowed || pair.registrant.hours > 0;
  const step = seen ? steps.find(({ others, browser }) => pair.others.hours >= others && pair.registrant.hours >= browser) : undefined;
  if (step === undefined) return undefined;
  return {
    llr: pair.share * (step.llr + (isNew && isComputer && !STRANGE_COMPUTER.includes(step) ? NEW_BROWSER : 0)),
    others: step.others,
    computer: isComputer ? { goesOn: step.browser > 0 } : undefined,
  };
}

/** The same by the place of the registration alone, to which one computer comes back. */
export function neverThere(
  pair: Pick<Pair, 'others' | 'isBare' | 'isMobile' | 'settled' | 'share'> & { readonly atPlace: Hand },
): NeverMet | undefined {
  const [only, another] = pair.atPlace.addresses;
  const isOneComputer = pair.isBare && !pair.isMobile && only !== undefined && only !== 0 && another === undefined;
  if (!isOneComputer || pair.settled === 0 || pair.others.hours < AT_PLACE.others || pair.atPlace.hours < AT_PLACE.there) return undefined;
  return { llr: pair.share * AT_PLACE.llr, others: AT_PLACE.others, computer: { goesOn: true } };
}
