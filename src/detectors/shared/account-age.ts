import { DAY_MS } from '../../core/durations.ts';
import type { AuditFact } from '../../events/audit/interpret.ts';
import type { Host } from '../detector.ts';
import type { EventView } from '../stream/event-view.ts';
import { snapshotText } from '../stream/identities.ts';
import { userKey } from './habits.ts';

export interface AccountAge {
  /** Notes that an account was made, where the record says so. */
  note(fact: AuditFact, event: EventView): void;
  /** Made lately, by the log of that act, else by IdentityInfo. */
  isNew(event: EventView): boolean;
  /** Known to IdentityInfo as made long ago: it has been there all the time. */
  isOld(event: EventView): boolean;
  /** What the log does not show of it, for a sentence about its first sign. */
  words(event: EventView): string;
}

/** How old accounts are; one older than `newDays` is old. Memory: a time for each account made, 200,000 at most. */
export function accountAge(host: Host, name: string, newDays: number): AccountAge {
  const made = host.objects<{ touchedMs: number }>(name, 200_000);
  const newMs = newDays * DAY_MS;
  return {
    note(fact, event) {
      if (fact.happening !== 'user-created' || event.userLo === 0) return;
      made.edit(userKey(event), () => ({ touchedMs: event.timeMs })).touchedMs = event.timeMs;
    },
    isNew(event) {
      const at = made.get(userKey(event))?.touchedMs ?? host.identity(event)?.createdMs;
      return at !== undefined && event.timeMs - at <= newMs;
    },
    isOld(event) {
      const at = host.identity(event)?.createdMs;
      return at !== undefined && event.timeMs - at > newMs;
    },
    words(event) {
      const identity = host.identity(event);
      if (identity?.createdMs === undefined) return 'which does not show its creation';
      return `though it is ${Math.floor((event.timeMs - identity.createdMs) / DAY_MS)} days old by ${snapshotText(identity)}`;
    },
  };
}
