import { Flag } from '../../events/event-record.ts';
import type { EventView } from '../stream/event-view.ts';
import { OWN_ADDRESSES, UserWord } from '../stream/layout.ts';
import { newLevel } from './habits.ts';

/**
 * Notes an address where the owner has just proved to be, as the newest of six. A telephone's only in a range that is usual: a carrier gives another
 * address each time.
 */
export function noteOwnAddress(event: EventView): void {
  const first = event.userAt + UserWord.ownAddresses;
  const { user, ipLo } = event;
  if (ipLo === 0 || (user[first]! | 0) === ipLo) return;
  if (event.has(Flag.mobile) && newLevel(event) !== undefined) return;
  const end = first + OWN_ADDRESSES;
  let at = first;
  while (at < end - 1 && (user[at]! | 0) !== ipLo) at++;
  user.copyWithin(first + 1, first, at);
  user[first] = ipLo;
}

/** The last addresses where the user proved to be by then, newest first, as events have them in `ipLo`. */
export function ownAddresses(event: EventView): readonly number[] {
  if (event.userAt < 0) return [];
  const first = event.userAt + UserWord.ownAddresses;
  return Array.from(event.user.subarray(first, first + OWN_ADDRESSES), (word) => word | 0).filter((address) => address !== 0);
}
