import { DAY_MS } from '../../core/durations.ts';
import { EventClass, Flag } from '../../events/event-record.ts';
import type { EventView } from '../stream/event-view.ts';
import { isUsualDevice } from './habits.ts';
import type { sessionAges } from './session-ages.ts';

/** Whether the user was known, at a time, by what the event shows: a device of theirs, or a session that was at usual places a day before. */
export function isKnownAt(ages: ReturnType<typeof sessionAges>, event: EventView, timeMs: number): boolean {
  if (isUsualDevice(event)) return true;
  const { home } = ages.of(event);
  return home !== 0 && timeMs / 1000 - home >= DAY_MS / 1000;
}

/** Whether what the event shows was at home before a time, in the background at least: then what is the user's is known, though they seldom come by hand. */
export function isLongKnown(ages: ReturnType<typeof sessionAges>, event: EventView, timeMs: number): boolean {
  const { home } = ages.of(event);
  return home !== 0 && event.client !== 0 && home * 1000 <= timeMs;
}

/**
 * Whether the event is an app's on the owner's telephone, by its session: at work in the background, before `timeMs` in another address range of a usual
 * network. Mail goes where its owner goes; cookies and tokens are taken from browsers and computers.
 */
export function isPhoneFromElsewhere(ages: ReturnType<typeof sessionAges>, event: EventView, timeMs: number): boolean {
  if (event.eventClass !== EventClass.backgroundSignIn || !event.has(Flag.mobile) || event.device !== 0) return false;
  const { usual, range, moved } = ages.of(event);
  const isBefore = (seconds: number) => seconds !== 0 && seconds * 1000 < timeMs;
  return isBefore(moved) || (isBefore(usual) && range !== 0 && range !== event.prefix);
}
