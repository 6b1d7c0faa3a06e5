import type { EventView } from '../stream/event-view.ts';
import { addHour, type Hours, NO_HOURS } from './hours.ts';

/** What is seen of one hand: in how many hours, at which addresses. */
export interface Hand extends Hours {
  readonly addresses: readonly number[];
}
export const NOTHING: Hand = { ...NO_HOURS, addresses: [] };
export const MAX_ADDRESSES = 12;

/** One more event of it, at its address or what stands for that. */
export function add(hand: Hand, event: EventView, address = event.ipLo): Hand {
  const isNew = !hand.addresses.includes(address) && hand.addresses.length < MAX_ADDRESSES;
  return { ...addHour(hand, event), addresses: isNew ? [...hand.addresses, address] : hand.addresses };
}
