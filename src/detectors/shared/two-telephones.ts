import { Flag } from '../../events/event-record.ts';
import type { EventView } from '../stream/event-view.ts';
import { add, type Hand, NOTHING } from './hand.ts';

/** Where the telephone that registered a method was, and where telephones were that the user is known by: hours, and address ranges. */
export interface Telephones {
  readonly registrant: Hand;
  readonly owner: Hand;
  /** Both were in one range. */
  readonly met: boolean;
}
export const NO_TELEPHONES: Telephones = { registrant: NOTHING, owner: NOTHING, met: false };

/** One more event by a telephone; others leave it as it is. A carrier gives another address each time, so that the range counts. */
export function noteTelephone(before: Telephones, event: EventView, whose: 'registrant' | 'owner'): Telephones {
  if (!event.has(Flag.mobile) || event.prefix === 0) return before;
  const mine = add(before[whose], event, event.prefix);
  const other = before[whose === 'owner' ? 'registrant' : 'owner'];
  return { ...before, [whose]: mine, met: before.met || other.addresses.includes(event.prefix) };
}
