import { DAY_SECONDS } from '../../core/durations.ts';
import { EventClass } from '../../events/event-record.ts';
import { combine } from '../../events/hash.ts';
import type { EventView } from './event-view.ts';
import { UserWord } from './layout.ts';

/** Whether another row of the same sign-in said the same already, just before in the user's order; notes what this one says. */
export function isRepeatedRow(view: EventView): boolean {
  const failure = view.eventClass === EventClass.passwordFailure || view.eventClass === EventClass.promptRefused;
  // Not of another address, day, app or client: an id that a filter wrote into every row would make one sign-in of a user's whole month.
  const where = combine(combine(view.ipLo, Math.floor(view.seconds / DAY_SECONDS)), combine(view.app, view.client));
  const fold = combine(combine(failure ? view.idLo : view.foldLo, view.eventClass + 1), where) | 0;
  const at = view.userAt + UserWord.lastFold;
  if ((view.user[at]! | 0) === fold) return true;
  view.user[at] = fold;
  return false;
}
