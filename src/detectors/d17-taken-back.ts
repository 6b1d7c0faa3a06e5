import { DAY_MS, HOUR_MS } from '../core/durations.ts';
import { type AuditFact, isTwin, TWIN_MS } from '../events/audit/interpret.ts';
import { methodKind } from '../events/audit/methods.ts';
import { contribution, type DetectorSpec, defineDetector, withRows } from './detector.ts';
import type { Contribution, EvidenceEvent } from './evidence.ts';
import { commonTargets } from './shared/common-targets.ts';
import { userKey } from './shared/habits.ts';
import { isShortly } from './shared/security-info-steps.ts';
import { weeklyRate } from './shared/weekly-rate.ts';
import type { EventView } from './stream/event-view.ts';
import { familyOf } from './stream/same-act.ts';
import type { Unit } from './stream/unit.ts';

/** What the help desk, or whoever answers incidents, did to a user's methods and password lately. */
interface Steps {
  touchedMs: number;
  /** The last deletion of a method by somebody else: when, of what kind, in whose words. */
  deletedMs: number;
  family: string;
  method: string;
  deletion?: EvidenceEvent;
  resetMs: number;
  reset?: EvidenceEvent;
  /** The reset before that one, and the last by the user, or by the self-service in their name. */
  earlierMs: number;
  ownMs: number;
  /** When the account was disabled, and when it was enabled again. */
  disabledMs: number;
  enabledMs: number;
  disabling?: EvidenceEvent;
  enabling?: EvidenceEvent;
  /** Phones and devices that went, as the directory's twin says; it may come before or after the record of the deletion. */
  dropped: readonly { readonly timeMs: number; readonly target: string }[];
}
const MAX_DROPPED = 8;

/** It was this very phone or device, by its number or token; or one of the same kind; and the password was reset within a day of that. */
const THE_VERY_ONE = 4;
const SAME_KIND = 2;
const WITH_RESET = 2.5;
/** With a reset or after the account was disabled, a method of any kind: in 30 tenants of 46 intruders' users and no owner. Alone it is a lost phone. */
const OTHER_KIND = 1;
/**
 * An account that was disabled after the method came and enabled again: in 32 tenants of twelve generators 122 of 1,134 intruders' and none of 17,902
 * owners'. Disabled for good is who leaves as well (18 and 27). It depends on how often the tenant does so, as a reset does.
 */
const STOPPED_INTRUDERS = 0.1;
const LEAST_ENABLED = 0.003;
/**
 * Least score (Medium) where the organisation took the method back and reset the password within a day: an incident was answered, wherever the owner's
 * things were. In 30 tenants that reports nobody else.
 */
const ANSWERED_SCORE = 50;
/**
 * A reset of the password by an administrator, who let the method stand: in the tenants at hand it followed 24 of 51 intruders' registrations within the
 * week and none of 468 owners'; in 13 others 42 of 149 and none of 1,434. What it says depends on how many of a tenant's people have theirs reset in a
 * week, be it by order.
 */
const AFTER_INTRUDERS = 0.3;
const LEAST_RATE = 0.01;
/** What is left of it where the help desk had reset the password in the day before the registration, too: it may be the same help, gone on. */
const HELPED_BEFORE = 0.5;
/** How much more it says where the user had reset it shortly before the registration: who has just chosen a password needs no other. */
const AFTER_OWN = 1.5;
const RESET = 'D17-taken-back:reset';
const STOPPED = 'D17-taken-back:stopped';
const rowsOf = (...rows: readonly (EvidenceEvent | undefined)[]) => rows.filter((row) => row !== undefined);

export const detector: DetectorSpec = defineDetector({
  /**
   * The organisation takes back what was registered: within a week somebody other than the user deletes the method, known by its phone
   * number or device token where the directory's twin shows it, else by its kind; more so with a reset of the password about then. That
   * is how an incident is answered; for a lost phone the old method goes, not the new one. A temporary access pass, deleted by routine,
   * does not count. With a reset it is Medium at least. A method of another kind counts with a reset, or where the account was disabled and
   * enabled again, which is an answer by itself.
   * A reset of the password alone counts by how rare it is in the tenant: who only cannot get in any more is helped
   * before a registration. Works where administrators' deletions are logged under their names, and late by nature: it finds what
   * somebody has found, and says why. Blind where nobody reacts, and to scripts that act as the user. Cost: a look-up for audit records.
   * Memory: a line a user with such steps, 50,000 at most. ATT&CK T1098.005. Ref: Microsoft's response playbook for compromised accounts
   * (revoke, reset, remove methods).
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
        resetMs: 0,
        earlierMs: 0,
        ownMs: 0,
        disabledMs: 0,
        enabledMs: 0,
        dropped: [],
      }));
      entry.touchedMs = Math.max(entry.touchedMs, timeMs);
      if (fact.dropped.length > 0) {
        const mine = fact.dropped.map((target) => ({ timeMs, target }));
        entry.dropped = [...entry.dropped, ...mine].slice(-MAX_DROPPED);
      }
      return entry;
    };
    const resets = weeklyRate(host, 'D17.resets', LEAST_RATE);
    const enabled = weeklyRate(host, 'D17.enabled', LEAST_ENABLED);
    /** What the reset says where it is all that the organisation did. */
    const byReset = (
      unit: Readonly<Unit>,
      { resetMs, reset, earlierMs, ownMs }: Steps,
    ): Readonly<Record<string, readonly Contribution[]>> | undefined => {
      if (resetMs - unit.openedMs <= TWIN_MS || unit.registration!.byOther || unit.evidence[RESET] !== undefined) return undefined;
      const wasHelped = earlierMs <= unit.openedMs && unit.openedMs - earlierMs <= DAY_MS;
      const llr = Math.log(AFTER_INTRUDERS / resets.rate()) * (wasHelped ? HELPED_BEFORE : isShortly(unit.openedMs, ownMs) ? AFTER_OWN : 1);
      if (llr <= 0) return undefined;
      const hours = Math.round((resetMs - unit.openedMs) / HOUR_MS);
      const words = `An administrator reset the user's password ${hours} h after the method came.`;
      return { [RESET]: [withRows(contribution(detector, llr, words, { hours }, []), rowsOf(reset))] };
    };
    /** An incident is stopped so, until the owner has been asked. */
    const byStop = (
      unit: Readonly<Unit>,
      { disabledMs, enabledMs, disabling, enabling }: Steps,
    ): Readonly<Record<string, readonly Contribution[]>> | undefined => {
      if (enabledMs - unit.openedMs <= TWIN_MS || unit.evidence[STOPPED] !== undefined) return undefined;
      const llr = Math.log(STOPPED_INTRUDERS / enabled.rate());
      if (llr <= 0) return undefined;
      const hours = Math.round((enabledMs - unit.openedMs) / HOUR_MS);
      const isSeen = disabledMs > unit.openedMs;
      const words = `The account was enabled again ${hours} h after the method came; it had been disabled${isSeen ? ` ${Math.round((disabledMs - unit.openedMs) / HOUR_MS)} h after it` : ''}.`;
      return { [STOPPED]: [withRows(contribution(detector, llr, words, { hours }, []), rowsOf(isSeen ? disabling : undefined, enabling))] };
    };
    /** Whether what was deleted is what the unit is about: its phone or device, its kind, or something else. */
    const matchOf = (unit: Readonly<Unit>, { deletedMs, family, dropped }: Steps): number => {
      const facts = unit.registration!;
      const isTelling = (target: string) => !common.has(unit.tenantId, target);
      const came = facts.targets.filter(isTelling);
      const gone = dropped.filter(({ timeMs, target }) => Math.abs(timeMs - deletedMs) <= TWIN_MS && isTelling(target));
      if (gone.some(({ target }) => came.includes(target))) return THE_VERY_ONE;
      if (gone.length > 0 && came.length > 0) return 0;
      return family !== '' && family === familyOf(facts.methodKind, facts.targets) ? SAME_KIND : OTHER_KIND;
    };
    const noteState = (entry: Steps, fact: AuditFact, event: EventView): void => {
      const isEnabled = fact.happening === 'account-enabled';
      if (isEnabled) enabled.count(event.timeMs);
      if (event.timeMs < (isEnabled ? entry.enabledMs : entry.disabledMs)) return;
      const [at, row] = isEnabled ? (['enabledMs', 'enabling'] as const) : (['disabledMs', 'disabling'] as const);
      Object.assign(entry, { [at]: event.timeMs, [row]: event.evidence() });
    };
    return {
      audit(fact, event) {
        if (!fact.succeeded || event.userAt < 0) return;
        const isOfPassword = fact.happening === 'password-reset';
        const isReset = isOfPassword && fact.byOther && (fact.actorId !== '' || fact.actorUpn !== '');
        const isOwn = isOfPassword && !isReset;
        const isDeleted = fact.happening === 'deleted' && fact.byOther;
        const isState = fact.happening === 'account-disabled' || fact.happening === 'account-enabled';
        if (!isOfPassword && !isDeleted && !isState && fact.dropped.length === 0) return;
        const entry = edit(fact, event.timeMs, userKey(event));
        if (isState) noteState(entry, fact, event);
        if (isOwn) entry.ownMs = Math.max(entry.ownMs, event.timeMs);
        // Some tenants have the directory's record alone; beside the service's own it says nothing more.
        const isDeletion = isDeleted && !(isTwin(fact) && event.timeMs - entry.deletedMs <= TWIN_MS);
        if (isReset && event.timeMs >= entry.resetMs) {
          const isAgain = event.timeMs - entry.resetMs > TWIN_MS;
          if (isAgain) resets.count(event.timeMs);
          Object.assign(entry, { resetMs: event.timeMs, reset: event.evidence(), ...(isAgain ? { earlierMs: entry.resetMs } : {}) });
        }
        if (isDeletion && event.timeMs >= entry.deletedMs)
          Object.assign(entry, {
            deletedMs: event.timeMs,
            // What the directory's record is about may be the default that is left.
            family: familyOf(isTwin(fact) ? methodKind(fact.removed[0] ?? '') : fact.methodKind, fact.dropped),
            method: isTwin(fact) ? fact.removed.join(', ') : fact.method,
            deletion: event.evidence(),
          });
      },
      afterwards(unit, event) {
        if (event.fact === undefined || unit.registration === undefined || unit.registration.methodKind === 'tap') return undefined;
        const found = steps.get(userKey(event));
        if (found === undefined) return undefined;
        const reset = byReset(unit, found);
        const stopped = byStop(unit, found);
        const said = reset === undefined && stopped === undefined ? undefined : { ...reset, ...stopped };
        if (found.deletedMs <= unit.openedMs) return said;
        const match = matchOf(unit, found);
        const before = unit.evidence[detector.id]?.[0];
        // The directory's record, which may come second, shows that it was another phone: what was said by the kind is taken back.
        const isSame = found.deletion !== undefined && before?.eventIds.includes(found.deletion.id) === true;
        if (match === 0) return isSame ? { [detector.id]: [], ...said } : said;
        const isReset = found.resetMs > unit.openedMs && Math.abs(found.resetMs - found.deletedMs) <= parameters.reset_hours * HOUR_MS;
        if (match === OTHER_KIND && !isReset && found.enabledMs <= unit.openedMs) return said;
        const llr = match + (isReset ? WITH_RESET : 0);
        if (before !== undefined && (before.llr === llr || (before.llr > llr && !isSame))) return isReset ? stopped : said;
        const hours = Math.round((found.deletedMs - unit.openedMs) / HOUR_MS);
        const what =
          match === THE_VERY_ONE
            ? 'the very phone or device that was registered'
            : `a method of ${match === SAME_KIND ? 'the kind that was registered' : 'theirs'} (${found.method})`;
        const words = `Somebody other than the user deleted ${what}, ${hours} h after it came${isReset ? ', and the password was reset' : ''}.`;
        const item: Contribution = {
          ...withRows(contribution(detector, llr, words, { hours }, []), rowsOf(found.deletion, isReset ? found.reset : undefined)),
          ...(isReset && match !== OTHER_KIND ? { least: ANSWERED_SCORE } : {}),
        };
        // The reset counts with the deletion then.
        return { [detector.id]: [item], ...stopped, ...(isReset ? { [RESET]: [] } : reset) };
      },
    };
  },
});
