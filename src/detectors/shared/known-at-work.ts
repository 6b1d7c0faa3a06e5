import type { EventView } from '../stream/event-view.ts';
import { UserFlag, UserWord } from '../stream/layout.ts';
import { isUsual, prefix, residents, tenureOf, WORKPLACE } from './habits.ts';

/** Before that nobody is known anywhere, and no office has its people yet. */
const KNOWN = { signIns: 4, days: 3 };

/** Whether it is known where the user usually is. */
export const hasHabits = (event: EventView): boolean => tenureOf(event, KNOWN) === 1;

/** Notes that the user is usually seen at a place that is nobody's office. To be called for sign-ins. */
export function noteElsewhere(event: EventView): void {
  const at = event.userAt + UserWord.flags;
  if ((event.user[at]! & UserFlag.elsewhere) !== 0 || event.prefix === 0 || !hasHabits(event)) return;
  if (isUsual(event, prefix) && residents(event) < WORKPLACE) event.user[at] = event.user[at]! | UserFlag.elsewhere;
}

/** Whether the user was never seen for long but where many colleagues are: nobody knows what their home, telephone and own computer look like. */
export const isKnownAtWorkOnly = (event: EventView): boolean => (event.user[event.userAt + UserWord.flags]! & UserFlag.elsewhere) === 0;
