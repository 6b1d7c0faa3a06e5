import type { EventView } from '../stream/event-view.ts';
import { DAY_MS } from '../stream/unit.ts';
import { isUsualDevice } from './habits.ts';
import type { sessionAges } from './session-ages.ts';

/** Whether the user was known, at a time, by what the event shows: a device of theirs, or a session that was at usual places a day before. */
export function isKnownAt(ages: ReturnType<typeof sessionAges>, event: EventView, timeMs: number): boolean {
  if (isUsualDevice(event)) return true;
  const { home } = ages.of(event);
  return home !== 0 && timeMs / 1000 - home >= DAY_MS / 1000;
}
