import type { EventView } from '../stream/event-view.ts';
import { HOUR_MS } from '../stream/unit.ts';

/** What is seen of one hand: in how many hours, the last of them, at which addresses. */
export interface Hand {
  readonly hours: number;
  readonly last: number;
  readonly addresses: readonly number[];
}
export const NOTHING: Hand = { hours: 0, last: 0, addresses: [] };
export const MAX_ADDRESSES = 12;

/** One more event of it, at its address or what stands for that; hours are counted, not events. */
export function add(hand: Hand, event: EventView, address = event.ipLo): Hand {
  const hour = Math.floor(event.timeMs / HOUR_MS);
  const isNew = !hand.addresses.includes(address) && hand.addresses.length < MAX_ADDRESSES;
  return {
    hours: hand.hours + (hour === hand.last ? 0 : 1),
    last: hour,
    addresses: isNew ? [...hand.addresses, address] : hand.addresses,
  };
}
