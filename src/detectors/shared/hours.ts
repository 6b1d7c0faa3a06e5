import { HOUR_MS } from '../../core/durations.ts';
import type { EventView } from '../stream/event-view.ts';

/** In how many hours something was seen, and the last of them: a busy hour tells no more than one event in it. */
export interface Hours {
  readonly hours: number;
  readonly last: number;
}
export const NO_HOURS: Hours = { hours: 0, last: 0 };

/** One more event, which comes in about the order of time. */
export function addHour({ hours, last }: Hours, { timeMs }: EventView): Hours {
  const hour = Math.floor(timeMs / HOUR_MS);
  return { hours: hours + (hour === last ? 0 : 1), last: hour };
}
