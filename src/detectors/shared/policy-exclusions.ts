import { DAY_MS } from '../../core/durations.ts';
import type { AuditFact } from '../../events/audit/interpret.ts';
import type { Kept } from '../../state/object-table.ts';
import type { Host } from '../detector.ts';
import type { EvidenceEvent } from '../evidence.ts';
import type { EventView } from '../stream/event-view.ts';

interface Told extends Kept {
  row: EvidenceEvent;
}
/** Groups that a user was put into lately, by the time of it. */
interface Joined extends Kept {
  groups: readonly { readonly group: string; readonly row: EvidenceEvent }[];
}
const MAX_GROUPS = 8;

/** That a user is out of a Conditional Access policy, since when, and by which audit records. */
export interface Exclusion {
  readonly timeMs: number;
  /** By a group, not by name. */
  readonly byGroup: boolean;
  readonly rows: readonly EvidenceEvent[];
}

export interface PolicyExclusions {
  note(fact: AuditFact, event: EventView): void;
  /** The last exclusion of the fact's user within a day before. */
  of(fact: AuditFact, timeMs: number): Exclusion | undefined;
}

/**
 * Users whom a Conditional Access policy no longer concerns: named by a change of it, or put into a group that such a change takes out. Who was in a
 * group before the log began is not known. Memory: a line a user who is excluded by name (20,000) or was put into a group (100,000), and a group (20,000).
 */
export function policyExclusions(host: Host): PolicyExclusions {
  const users = host.objects<Told>('D9.excluded', 20_000);
  const groups = host.objects<Told>('D9.excluded-groups', 20_000);
  const joined = host.objects<Joined>('D9.joined', 100_000);
  const set = (table: typeof users, key: string, row: EvidenceEvent) => {
    const told = { touchedMs: row.timeMs, row };
    Object.assign(
      table.edit(key, () => told),
      told,
    );
  };
  const userKey = ({ tenantId, userId }: AuditFact) => `${tenantId} ${userId}`;
  const byGroup = (fact: AuditFact): Exclusion | undefined => {
    const found = (joined.get(userKey(fact))?.groups ?? []).flatMap(({ group, row }) => {
      const out = groups.get(`${fact.tenantId} ${group}`);
      // Whichever of the two came last made it so.
      return out === undefined ? [] : [{ timeMs: Math.max(row.timeMs, out.touchedMs), byGroup: true, rows: [out.row, row] }];
    });
    return found.reduce<Exclusion | undefined>((a, b) => (a === undefined || b.timeMs > a.timeMs ? b : a), undefined);
  };
  return {
    note(fact, event) {
      if (fact.happening === 'policy-changed') {
        for (const user of fact.excluded) set(users, `${fact.tenantId} ${user}`, event.evidence());
        for (const group of fact.excludedGroups) set(groups, `${fact.tenantId} ${group}`, event.evidence());
      } else if (fact.happening === 'group-joined' && fact.group !== '') {
        const entry = joined.edit(userKey(fact), () => ({ touchedMs: event.timeMs, groups: [] }));
        const others = entry.groups.filter(({ group }) => group !== fact.group);
        entry.groups = [...others, { group: fact.group, row: event.evidence() }].slice(-MAX_GROUPS);
        entry.touchedMs = Math.max(entry.touchedMs, event.timeMs);
      }
    },
    of(fact, timeMs) {
      const named = users.get(userKey(fact));
      const byName = named === undefined ? undefined : { timeMs: named.touchedMs, byGroup: false, rows: [named.row] };
      const found = [byName, byGroup(fact)].filter((one) => one !== undefined && timeMs >= one.timeMs && timeMs - one.timeMs <= DAY_MS);
      return found[0];
    },
  };
}
