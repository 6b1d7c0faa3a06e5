import { DAY_SECONDS } from '../../../core/durations.ts';
import type { EventView } from '../../stream/event-view.ts';
import { HABITS_AT } from '../habits.ts';
import { signInsOf } from './habit-ratio.ts';

/** Hours of the day (UTC) at which the user was seen at usual places: 24 bits; above them what was last learnt of a client in the background. */
const HOURS_AT = HABITS_AT + 21;
const HOURS_BITS = 24;
const HOURS_MASK = (1 << HOURS_BITS) - 1;
const HOURS_SIGN_INS = 30;

export const hourOf = (event: EventView) => Math.floor((event.seconds % DAY_SECONDS) / 3600);

export function noteHour(event: EventView): void {
  const at = event.userAt + HOURS_AT;
  event.user[at] = event.user[at]! | (1 << hourOf(event));
}

/** An hour, and the ones around it, at which the user was never seen. */
export function isOddHour(event: EventView): boolean {
  if (signInsOf(event) < HOURS_SIGN_INS) return false;
  const seen = event.user[event.userAt + HOURS_AT]!;
  return [-2, -1, 0, 1, 2].every((by) => ((seen >>> ((hourOf(event) + by + 24) % 24)) & 1) === 0);
}

/** Notes eight bits of what a client in the background shows; false where they stand there already. */
export function isFreshPrint(event: EventView, hash: number): boolean {
  const at = event.userAt + HOURS_AT;
  const print = hash >>> HOURS_BITS;
  if (event.user[at]! >>> HOURS_BITS === print) return false;
  event.user[at] = ((event.user[at]! & HOURS_MASK) | (print << HOURS_BITS)) >>> 0;
  return true;
}
