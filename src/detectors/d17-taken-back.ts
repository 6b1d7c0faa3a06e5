import type { AuditFact } from '../events/audit/interpret.ts';
import { methodKind } from '../events/audit/methods.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { commonTargets } from './shared/common-targets.ts';
import { userKey } from './shared/habits.ts';
import { familyOf } from './stream/same-act.ts';
import { HOUR_MS, type Unit } from './stream/unit.ts';

/** What the help desk, or whoever answers incidents, did to a user's methods and password lately. */
interface Steps {
  touchedMs: number;
  /** The last deletion of a method by somebody else: when, of what kind, in whose words. */
  deletedMs: number;
  family: string;
  method: string;
  deletedId: string;
  resetMs: number;
  resetId: string;
  /** Phones and devices that went, as the directory's twin says; it may come before or after the record of the deletion. */
  dropped: readonly { readonly timeMs: number; readonly target: string }[];
}
const MAX_DROPPED = 8;
/** The two records of one change are written within this time of each other. */
const TWIN_MS = 5 * 60_000;

/** It was this very phone or device, by its number or token; or one of the same kind; and the password was reset within a day of that. */
const THE_VERY_ONE = 4;
const SAME_KIND = 2;
const WITH_RESET = 2.5;

export const detector: DetectorSpec = defineDetector({
  /**
   * The organisation takes back what was registered: within a week somebody other than the user deletes the method, known by its phone
   * number or device token where the directory's twin shows it, else by its kind; more so with a reset of the password about then. That
   * is how an incident is answered; for a lost phone the old method goes, not the new one. A temporary access pass, deleted by routine,
   * does not count. Works where administrators' deletions are logged under their names, and late by nature: it finds what somebody has
   * found, and says why. Blind where nobody reacts, and to scripts that act as the user. Cost: a look-up for audit records. Memory: a
   * line a user with such steps, 50,000 at most. ATT&CK T1098.005. Ref: Microsoft's response playbook for compromised accounts (revoke,
   * reset, remove methods).
   */
  id: 'D17-taken-back',
  title: 'The organisation took the method back',
  group: 'registration',
  techniques: ['T1098.005'],
  benignIf: 'The help desk deleted the method because its owner could not use it, for example a phone that was set up wrongly.',
  parameters: {
    reset_hours: { default: 24, doc: 'Hours between the deletion of the method and a reset of the password that belong together' },
  },
  userWords: 0,
  sourceWords: 0,
  create(host, parameters) {
    const common = commonTargets(host);
    const steps = host.objects<Steps>('D17.steps', 50_000);
    const edit = (fact: AuditFact, timeMs: number, key: string): Steps => {
      const entry = steps.edit(key, () => ({
        touchedMs: timeMs,
        deletedMs: 0,
        family: '',
        method: '',
        deletedId: '',
        resetMs: 0,
        resetId: '',
        dropped: [],
      }));
      entry.touchedMs = Math.max(entry.touchedMs, timeMs);
      if (fact.dropped.length > 0) {
        const mine = fact.dropped.map((target) => ({ timeMs, target }));
        entry.dropped = [...entry.dropped, ...mine].slice(-MAX_DROPPED);
      }
      return entry;
    };
    /** Whether what was deleted is what the unit is about: its phone or device, its kind, or something else. */
    const matchOf = (unit: Readonly<Unit>, { deletedMs, family, dropped }: Steps): number => {
      const facts = unit.registration!;
      const isTelling = (target: string) => !common.has(unit.tenantId, target);
      const came = facts.targets.filter(isTelling);
      const gone = dropped.filter(({ timeMs, target }) => Math.abs(timeMs - deletedMs) <= TWIN_MS && isTelling(target));
      if (gone.some(({ target }) => came.includes(target))) return THE_VERY_ONE;
      if (gone.length > 0 && came.length > 0) return 0;
      return family !== '' && family === familyOf(facts.methodKind, facts.targets) ? SAME_KIND : 0;
    };
    return {
      audit(fact, event) {
        if (!fact.succeeded || event.userAt < 0) return;
        const isReset = fact.happening === 'password-reset' && fact.byOther;
        const isDeleted = fact.happening === 'deleted' && fact.byOther;
        if (!isReset && !isDeleted && fact.dropped.length === 0) return;
        const entry = edit(fact, event.timeMs, userKey(event));
        // Some tenants have the directory's record alone; beside the service's own it says nothing more.
        const isDeletion = isDeleted && !(fact.isTwin && event.timeMs - entry.deletedMs <= TWIN_MS);
        if (isReset && event.timeMs >= entry.resetMs) Object.assign(entry, { resetMs: event.timeMs, resetId: fact.id });
        if (isDeletion && event.timeMs >= entry.deletedMs)
          Object.assign(entry, {
            deletedMs: event.timeMs,
            // What the directory's record is about may be the default that is left.
            family: familyOf(fact.isTwin ? methodKind(fact.removed[0] ?? '') : fact.methodKind, fact.dropped),
            method: fact.isTwin ? fact.removed.join(', ') : fact.method,
            deletedId: fact.id,
          });
      },
      afterwards(unit, event) {
        if (event.fact === undefined || unit.registration === undefined || unit.registration.methodKind === 'tap') return undefined;
        const found = steps.get(userKey(event));
        if (found === undefined || found.deletedMs <= unit.openedMs) return undefined;
        const match = matchOf(unit, found);
        const before = unit.evidence[detector.id]?.[0];
        // The directory's record, which may come second, shows that it was another phone: what was said by the kind is taken back.
        const isSame = before?.eventIds.includes(found.deletedId) === true;
        if (match === 0) return isSame ? { [detector.id]: [] } : undefined;
        const isReset = found.resetMs > unit.openedMs && Math.abs(found.resetMs - found.deletedMs) <= parameters.reset_hours * HOUR_MS;
        const llr = match + (isReset ? WITH_RESET : 0);
        if (before !== undefined && (before.llr === llr || (before.llr > llr && !isSame))) return undefined;
        const hours = Math.round((found.deletedMs - unit.openedMs) / HOUR_MS);
        const what =
          match === THE_VERY_ONE
            ? 'the very phone or device that was registered'
            : `a method of the kind that was registered (${found.method})`;
        const words = `Somebody other than the user deleted ${what}, ${hours} h after it came${isReset ? ', and the password was reset' : ''}.`;
        const ids = [found.deletedId, ...(isReset ? [found.resetId] : [])];
        const item: Contribution = contribution(detector, llr, words, { hours }, ids);
        return { [detector.id]: [item] };
      },
    };
  },
});
