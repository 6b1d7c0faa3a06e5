import { DAY_SECONDS, HOUR_MS } from '../../core/durations.ts';
import { EventClass } from '../../events/event-record.ts';
import { ASKED_TO_ENROL } from '../../events/sign-in-results.ts';
import type { Host } from '../detector.ts';
import type { EventView } from '../stream/event-view.ts';
import { UserWord } from '../stream/layout.ts';
import { residents, SHARED_ADDRESS, userKey } from './habits.ts';

const SHORTLY_MS = 2 * HOUR_MS;
/** Sign-ins before a user has a measure of their own, and how many times the usual pause a silence is. */
const MEASURED_SIGN_INS = 3;
const PAUSES = 4;
const MOST_USERS = 50_000;

export interface Enrolling {
  /** To be called for interrupts, before the user's sign-ins are counted. */
  note(event: EventView): void;
  /**
   * Days of silence before the user was asked to enrol within the two hours before, away from colleagues and on what showed no device id; 0 where the
   * silence is nothing special by what the user did before, undefined where nobody was asked.
   */
  silentDays(event: EventView): number | undefined;
}

/** Whether the account has no method that Entra accepts, and whoever has its password was asked to register one. */
export function isAskedToEnrol(event: EventView): boolean {
  return event.eventClass === EventClass.interrupt && ASKED_TO_ENROL.has(event.text('ResultType'));
}

/** Who had no method until now. Memory: a line a user who was asked, 50,000 at most. */
export function enrolling(host: Host, name: string, leastDays: number): Enrolling {
  const asked = host.objects<{ touchedMs: number; silent: number }>(name, MOST_USERS);
  const silence = ({ user, userAt, seconds }: EventView): number => {
    const signIns = user[userAt + UserWord.signIns]!;
    if (signIns < MEASURED_SIGN_INS) return 0;
    const last = user[userAt + UserWord.lastSeconds]!;
    const days = (seconds - last) / DAY_SECONDS;
    const pause = Math.max(1, (last - user[userAt + UserWord.firstSeconds]!) / DAY_SECONDS / (signIns - 1));
    return days >= Math.max(leastDays, PAUSES * pause) ? days : 0;
  };
  return {
    note(event) {
      if (event.device !== 0 || !isAskedToEnrol(event) || residents(event) >= SHARED_ADDRESS) return;
      const before = asked.get(userKey(event));
      // Asked again in one visit, the user has just been there.
      const isSameVisit = before !== undefined && event.timeMs - before.touchedMs <= SHORTLY_MS;
      const silent = isSameVisit ? Math.max(before.silent, silence(event)) : silence(event);
      Object.assign(
        asked.edit(userKey(event), () => ({ touchedMs: 0, silent: 0 })),
        { touchedMs: event.timeMs, silent },
      );
    },
    silentDays(event) {
      const found = asked.get(userKey(event));
      return found === undefined || event.timeMs < found.touchedMs || event.timeMs - found.touchedMs > SHORTLY_MS
        ? undefined
        : found.silent;
    },
  };
}
