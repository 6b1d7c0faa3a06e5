import { DAY_MS } from '../../core/durations.ts';
import { type AuditFact, isTwin } from '../../events/audit/interpret.ts';
import type { Happening } from '../../events/audit/operations.ts';
import type { Kept, ObjectTable } from '../../state/object-table.ts';

/** What a tenant's log shows of changes of methods. */
interface Shown extends Kept {
  /** Of the last record that a service wrote about a change of its own; 0 where there was none. */
  ownMs: number;
  /** The directory's records since then. */
  twins: number;
}
const changes: ReadonlySet<Happening> = new Set(['registered', 'updated', 'deleted', 'default-changed']);
const LEAST_TWINS = 5;
const FORGET_MS = 30 * DAY_MS;

/**
 * Some tenants log a change of methods as "Update user" of Core Directory alone (Azure-Sentinel#4786). There its records are no twins of others,
 * and count as the service's would. Known from the fifth on that has no service's record near it. Memory: a line a tenant, 1000 at most.
 */
export class SoleRecords {
  readonly #tenants: ObjectTable<Shown>;

  constructor(tenants: ObjectTable<Shown>) {
    this.#tenants = tenants;
  }

  /** The fact as it is to be taken; notes what it shows. */
  read(fact: AuditFact, timeMs: number): AuditFact {
    if (!changes.has(fact.happening) || !fact.succeeded) return fact;
    const shown = this.#tenants.edit(fact.tenantId, () => ({ touchedMs: timeMs, ownMs: 0, twins: 0 }));
    shown.touchedMs = Math.max(shown.touchedMs, timeMs);
    if (!isTwin(fact)) {
      Object.assign(shown, { ownMs: Math.max(shown.ownMs, timeMs), twins: 0 });
      return fact;
    }
    const isSole = shown.twins >= LEAST_TWINS && timeMs - shown.ownMs > FORGET_MS;
    shown.twins++;
    return isSole ? { ...fact, writer: 'methods' } : fact;
  }
}
