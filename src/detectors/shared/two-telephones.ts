import { Flag } from '../../events/event-record.ts';
import type { EventView } from '../stream/event-view.ts';
import { add, type Hand, NOTHING } from './hand.ts';

/** Where the telephone that registered a method was, and where telephones were that the user is known by: hours, and address ranges. */
export interface Telephones {
  readonly registrant: Hand;
  readonly owner: Hand;
  /** Hours of the owner's in a range in which they had been before. */
  readonly returns: number;
  /** Both were in one range. */
  readonly met: boolean;
}
export const NO_TELEPHONES: Telephones = { registrant: NOTHING, owner: NOTHING, returns: 0, met: false };

/** One more event by a telephone; others leave it as it is. A carrier gives another address each time, so that the range counts. */
export function noteTelephone(before: Telephones, event: EventView, whose: 'registrant' | 'owner'): Telephones {
  if (!event.has(Flag.mobile) || event.prefix === 0) return before;
  const mine = add(before[whose], event, event.prefix);
  const other = before[whose === 'owner' ? 'registrant' : 'owner'];
  const isReturn = whose === 'owner' && mine.hours > before.owner.hours && before.owner.addresses.includes(event.prefix);
  return {
    ...before,
    [whose]: mine,
    returns: before.returns + Number(isReturn),
    met: before.met || other.addresses.includes(event.prefix),
  };
}

/**
 * What it says at most, in nats, that the two were never in one range: the second telephone of an owner whose own comes back to its ranges in a share p of
 * its hours stays out of them in n hours with (1 - p)^n. Where a carrier gives another range each time nothing is said by it.
 */
export function mostByReturns({ registrant, owner, returns }: Telephones): number {
  return -registrant.hours * Math.log(1 - (returns + 0.5) / (owner.hours + 1));
}
