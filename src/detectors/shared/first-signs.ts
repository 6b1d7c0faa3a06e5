import { DAY_MS } from '../../core/durations.ts';
import { Flag } from '../../events/event-record.ts';
import type { Host } from '../detector.ts';
import type { EventView } from '../stream/event-view.ts';
import type { AccountAge } from './account-age.ts';

/** What the tenant's log shows of first methods of users not seen before: how many, and how many of those accounts it saw being made. */
interface Beginners {
  touchedMs: number;
  firstMs: number;
  seen: number;
  created: number;
}
/** Before anything is known: two beginners, most of whose accounts were seen being made. */
const PSEUDO_SEEN = 2;
const PSEUDO_UNEXPLAINED = 0.2;
const PSEUDO_GUESTS = 0.6;
const EXPECTED_NATS = -0.3;
const EXPECTED = 'The account was made recently: a first method is expected.';
/** What a first sign of an account says that is known to be old; where accounts are not logged as they are made it would say nothing otherwise. */
const OLD = 2;
const MOST = 3.5;

export interface FirstSigns {
  /** Notes that the log has begun. */
  begin(event: EventView): void;
  /** Whether the tenant's log reaches far enough back. */
  isLongEnough(event: EventView): boolean;
  /** What a registration says that is the first sign of its account, in nats and words; `share` is that of what an old account says. */
  of(event: EventView, share: number): readonly [number, string];
  /** Counts such a registration. */
  count(event: EventView): void;
}

/**
 * How unusual it is in the tenant that an account's first sign is a registration while the log does not show the account being made. A log of less
 * than `leastDays` says nothing, one of `logDays` all that it can: some people come once a fortnight. Memory: two lines a tenant, 1,000 at most.
 */
export function firstSigns(host: Host, name: string, age: AccountAge, leastDays: number, logDays: number): FirstSigns {
  const tenants = host.objects<Beginners>(name, 1000);
  /** The tenant of the sign-in before, which has a record. */
  let known = '';
  let knownAt = -1;
  /** Guests apart: an invitation may lie for months before its guest comes. */
  const keyOf = (event: EventView) => (event.has(Flag.guest) ? `${event.scope()} guests` : event.scope());
  const edit = (event: EventView, key: string) =>
    tenants.edit(key, () => ({ touchedMs: event.timeMs, firstMs: event.timeMs, seen: 0, created: 0 }));
  const isLongEnough = (event: EventView): boolean => {
    const since = tenants.get(event.scope())?.firstMs;
    return since !== undefined && event.timeMs - since >= leastDays * DAY_MS;
  };
  return {
    isLongEnough,
    begin(event) {
      const scope = event.scope();
      if (scope === known && tenants.version === knownAt) return;
      if (tenants.get(scope) === undefined) edit(event, scope);
      known = scope;
      knownAt = tenants.version;
    },
    of(event, share) {
      if (!isLongEnough(event)) return [0, ''];
      if (age.isNew(event)) return [EXPECTED_NATS, EXPECTED];
      const { seen, created } = tenants.get(keyOf(event)) ?? { seen: 0, created: 0 };
      const pseudo = event.has(Flag.guest) ? PSEUDO_GUESTS : PSEUDO_UNEXPLAINED;
      const unexplained = (seen - created + pseudo) / (seen + PSEUDO_SEEN);
      const days = Math.floor((event.timeMs - tenants.get(event.scope())!.firstMs) / DAY_MS);
      const nats = Math.min(MOST, Math.max(age.isOld(event) ? share * OLD : 0, Math.log(0.95 / unexplained)));
      return [nats * Math.min(1, days / logDays), `First sign of this account in ${days} days of log, ${age.words(event)}.`];
    },
    count(event) {
      const counts = edit(event, keyOf(event));
      counts.seen++;
      if (age.isNew(event)) counts.created++;
      counts.touchedMs = event.timeMs;
    },
  };
}
