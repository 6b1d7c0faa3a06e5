import type { AuditFact } from '../events/audit/interpret.ts';
import { methodKind, methodStrength } from '../events/audit/methods.ts';
import { Flag } from '../events/event-record.ts';
import { hashText } from '../events/hash.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { callingCode } from './shared/calling-codes.ts';
import { cameFromNewPlace, newLevel, newnessOfPlace, prefix, userKey } from './shared/habits.ts';
import { policyExclusions } from './shared/policy-exclusions.ts';
import type { EventView } from './stream/event-view.ts';
import { snapshotText } from './stream/identities.ts';
import { addEvent, HOUR_MS, type Unit } from './stream/unit.ts';

const SHORTLY = 2 * HOUR_MS;
const WEAK = 2;
/** Methods that live in a computer, and what it says that one was set up just before. */
const DEVICE_BOUND: ReadonlySet<string> = new Set(['windows-hello', 'passkey', 'fido2']);
const NEW_COMPUTER = -2;
/** As much as MFA switched off: that is what it does. */
const EXCLUDED = 1.5;

/** Numbers in the log before they tell where the tenant's people have theirs, countries that an attacker may choose among, and the most it says. */
const LEAST_NUMBERS = 10;
const CODES = 20;
const ALL = '*';
const FOREIGN_NUMBER = 2.5;

/** Steps around security info that a user went through lately, by their times. */
interface Recent {
  touchedMs: number;
  resetMs: number;
  deviceMs: number;
  /** Registrations that were cancelled or failed. */
  givenUp: readonly number[];
  /** Registrations that were begun; the one that is finished is taken off again. */
  started: readonly number[];
}
const MAX_STEPS = 8;
/** A registration is finished within this time of its beginning, or never. */
const WIZARD_MS = 15 * 60_000;
/** A default taken down from something stronger says more than one that is merely weak, and so does a weak method that is all that is left. */
const WEAK_DEFAULT = 1;
const DOWNGRADE = 1.5;
/** A method that becomes the default as it is registered: people who give up an app for a number do so too. */
const ADDED_AS_DEFAULT = 0.3;
const LEFT_WEAK = 1;
const DEVICE_AFTER = 0.7;
const SERVICE_ACCOUNT = 1;
/** What a change of an emergency account says, and its least score (Medium): somebody has to know of each. */
const EMERGENCY = 2;
const EMERGENCY_SCORE = 50;

export const detector: DetectorSpec = defineDetector({
  /**
   * What kind of change it was and what led to it: the default taken down to the telephone network (more where the record shows from what),
   * an account left with telephone methods alone that had an app, a recovery method only, a password reset or a device registration shortly
   * before, a device registration shortly after, registrations that were begun and not finished, each from a new place; a Conditional
   * Access policy or named location changed within two hours, the user taken out of a policy within a day (by name, or by a group that they
   * were put into), a phone number of a country that
   * the tenant's numbers are not from, a service account by IdentityInfo. Each is weak by itself, but for an account that the operator
   * named as break-glass: each of its changes is at least Medium.
   * Works with the audit records of those steps, and the directory's twin for what was there before; passkeys and Windows Hello are not in
   * it. Blind to steps that other tools log.
   * Cost: a look-up a registration. Memory: at most 16 times a user with such steps, 100,000 users. No parameters.
   * ATT&CK T1556.006, T1098.005, T1556.009. Ref: signals that no peer uses (entra-events.md 2.3); Elastic's
   * device_registration_to_prt_chain; detectors.md B1 D9.
   */
  id: 'D9-method-change',
  title: 'What kind of change, and what led to it',
  group: 'registration',
  techniques: ['T1556.006'],
  benignIf: 'The user asked for the reset or set up a device, or the change of policy was planned.',
  parameters: {},
  userWords: 0,
  sourceWords: 0,
  create(host) {
    const recent = host.objects<Recent>('D9.recent', 100_000);
    /** Calling codes of each tenant's numbers, and under ALL how many numbers there were. */
    const codes = host.counts('D9.codes', 4000);
    const codeKey = (fact: AuditFact, code: string) => hashText(`${fact.tenantId} ${code}`)[0];
    const policies = host.objects<{ touchedMs: number; words: string; id: string }>('D9.policies', 1000);
    const exclusions = policyExclusions(host);
    const edit = (event: EventView): Recent => {
      const fresh = () => ({ touchedMs: event.timeMs, resetMs: 0, deviceMs: 0, givenUp: [], started: [] });
      const entry = recent.edit(userKey(event), fresh);
      entry.touchedMs = Math.max(entry.touchedMs, event.timeMs);
      return entry;
    };
    const add = (times: readonly number[], timeMs: number) => [...times, timeMs].slice(-MAX_STEPS);
    const shortly = (event: EventView, timeMs: number | undefined) =>
      timeMs !== undefined && timeMs > 0 && event.timeMs >= timeMs && event.timeMs - timeMs <= SHORTLY;

    const kindOf = (fact: AuditFact): Contribution | undefined => {
      if (fact.happening === 'mfa-disabled') {
        return contribution(detector, 1.5, 'MFA was switched off for the account.', {}, [fact.id]);
      }
      if (fact.methodKind === 'email' || fact.methodKind === 'questions') {
        return contribution(detector, -0.7, `Only a way to recover the account: ${fact.method}.`, {}, [fact.id]);
      }
      return undefined;
    };
    /** The strongest of the record's kinds of methods; 0 where it names none. */
    const strongest = (methods: readonly string[]) => Math.max(0, ...methods.map((words) => methodStrength[methodKind(words)]));
    /** By the service's record only how weak the new default is; by the directory's from what it was taken down, too. */
    const byDefault = (fact: AuditFact): Contribution | undefined => {
      const [from, to] = [strongest([fact.defaultBefore]), strongest([fact.defaultAfter])];
      if (from > to && to > 0 && to <= WEAK) {
        const words = `The default was taken down from ${fact.defaultBefore} to a weak method: ${fact.defaultAfter}.`;
        const llr = fact.happening === 'default-changed' ? DOWNGRADE : ADDED_AS_DEFAULT;
        return contribution(detector, llr, words, { before: from, after: to }, [fact.id]);
      }
      if (fact.happening !== 'default-changed' || fact.strength <= 0 || fact.strength > WEAK) return undefined;
      const words = `The default was changed to a weak method: ${fact.method}.`;
      return contribution(detector, WEAK_DEFAULT, words, { strength: fact.strength }, [fact.id]);
    };
    const whatIsLeft = (fact: AuditFact): Contribution | undefined => {
      const left = strongest(fact.methodsAfter);
      if (left === 0 || left > WEAK || strongest(fact.methodsBefore) <= WEAK) return undefined;
      const gone = fact.methodsBefore.filter((words) => !fact.methodsAfter.includes(words));
      const words = `Leaves the account with ${fact.methodsAfter.join(', ')} of its app and telephone methods: ${gone.join(', ')} went in the same change.`;
      return contribution(detector, LEFT_WEAK, words, { before: fact.methodsBefore.length, after: fact.methodsAfter.length }, [fact.id]);
    };
    const byService = (fact: AuditFact, event: EventView): Contribution | undefined => {
      const identity = host.identity(event);
      if (identity?.isServiceAccount !== true || fact.byOther) return undefined;
      const words = `A service account by ${snapshotText(identity)}: nobody signs in with it who would need a method.`;
      return contribution(detector, SERVICE_ACCOUNT, words, {}, [fact.id]);
    };
    const ofEmergency = (fact: AuditFact): Contribution => {
      const words = `${fact.upn || fact.userId} is an account for emergencies (break-glass), which nobody uses from day to day.`;
      return { ...contribution(detector, EMERGENCY, words, {}, [fact.id]), least: EMERGENCY_SCORE };
    };
    /** Registrations that were begun, cancelled or failed in the two hours before; the one at hand was begun too. */
    const unfinished = (event: EventView, steps: Recent | undefined): number => {
      const cancelled = (steps?.givenUp ?? []).filter((timeMs) => shortly(event, timeMs));
      const begun = (steps?.started ?? []).filter((timeMs) => shortly(event, timeMs) && event.timeMs - timeMs > WIZARD_MS);
      // What was cancelled was begun as well.
      return Math.max(cancelled.length, begun.length);
    };
    const ledBy = (unit: Unit, fact: AuditFact, event: EventView): readonly Contribution[] => {
      const out: Contribution[] = [];
      const steps = recent.get(userKey(event));
      const share = newnessOfPlace(unit, fact, event);
      const isNewPlace = share > 0;
      if (isNewPlace && shortly(event, steps?.resetMs)) {
        out.push(
          contribution(detector, share, 'The password was reset within two hours before, and the place is new to the user.', {}, []),
        );
      }
      // Windows Hello on a computer that was just joined is how a new laptop begins.
      const isNear = event.asn !== 0 && newLevel(event) === prefix;
      if (isNear && DEVICE_BOUND.has(fact.methodKind) && shortly(event, steps?.deviceMs)) {
        const words = 'A device was registered within two hours before, in a usual network: how a new computer begins.';
        out.push(contribution({ ...detector, group: 'client' }, NEW_COMPUTER, words, {}, []));
      } else if (isNewPlace && fact.methodKind !== 'windows-hello' && shortly(event, steps?.deviceMs)) {
        out.push(
          contribution(detector, 0.7 * share, 'A device was registered within two hours before, and the place is new to the user.', {}, []),
        );
      }
      const tries = isNewPlace ? unfinished(event, steps) : 0;
      if (tries > 0) {
        const words = `${tries} registration${tries === 1 ? ' was' : 's were'} started and not finished in the two hours before, and the place is new to the user.`;
        out.push(contribution(detector, share * Math.min(0.9, 0.1 + 0.2 * tries), words, { tries }, []));
      }
      const policy = policies.get(fact.tenantId);
      if (policy !== undefined && shortly(event, policy.touchedMs) && (isNewPlace || fact.byOther)) {
        out.push(contribution(detector, fact.byOther ? 0.7 : 0.7 * share, `Within two hours after "${policy.words}".`, {}, [policy.id]));
      }
      const exclusion = exclusions.of(fact, event.timeMs);
      if (exclusion !== undefined) {
        const how = exclusion.byGroup ? ', by a group that it leaves out' : '';
        const since = Math.round((event.timeMs - exclusion.timeMs) / 60_000);
        const words = `The user was excluded from a Conditional Access policy ${since} min before${how}.`;
        out.push(contribution(detector, EXCLUDED, words, {}, exclusion.ids));
      }
      return out;
    };
    /** A number of a country where hardly any number of the tenant is from. */
    const byNumber = (fact: AuditFact, event: EventView): readonly Contribution[] => {
      const code = fact.targets.map(callingCode).find((found) => found !== '');
      const total = codes.get(codeKey(fact, ALL));
      if (code === undefined || total < LEAST_NUMBERS || event.userAt < 0 || event.has(Flag.guest)) return [];
      const known = codes.get(codeKey(fact, code)) - 1;
      const popularity = (Math.max(0, known) + 0.5) / (total + 0.5 * CODES);
      const llr = Math.min(FOREIGN_NUMBER, Math.log(0.5 + 0.5 / CODES / popularity));
      const words = `A phone number of a country (+${code}) that ${known < 1 ? 'no number' : `${known} of ${total} numbers`} in the tenant's log had.`;
      return llr < 0.3 ? [] : [contribution(detector, llr, words, { known, numbers: total }, [fact.id])];
    };
    return {
      audit(fact, event) {
        for (const target of [...fact.targets, ...fact.held]) {
          const code = callingCode(target);
          if (code === '') continue;
          codes.add(codeKey(fact, code));
          codes.add(codeKey(fact, ALL));
        }
        if (fact.succeeded) exclusions.note(fact, event);
        if (event.userAt < 0 && fact.happening !== 'policy-changed') return;
        if (fact.happening === 'cancelled' || (fact.happening === 'registered' && !fact.succeeded && !fact.byOther)) {
          const steps = edit(event);
          steps.givenUp = add(steps.givenUp, event.timeMs);
          return;
        }
        if (!fact.succeeded) return;
        if (fact.happening === 'password-reset') edit(event).resetMs = Math.max(edit(event).resetMs, event.timeMs);
        else if (fact.happening === 'device-registered') edit(event).deviceMs = Math.max(edit(event).deviceMs, event.timeMs);
        else if (fact.happening === 'started') {
          const steps = edit(event);
          steps.started = add(steps.started, event.timeMs);
        } else if (fact.happening === 'registered' && !fact.byOther && !fact.isTwin) {
          // The last one that was begun shortly before is finished by this.
          const steps = recent.get(userKey(event));
          const own = steps?.started.findLast((timeMs) => event.timeMs >= timeMs && event.timeMs - timeMs <= WIZARD_MS);
          if (own !== undefined) edit(event).started = steps!.started.filter((timeMs) => timeMs !== own);
        } else if (fact.happening === 'policy-changed') {
          const entry = policies.edit(fact.tenantId, () => ({ touchedMs: event.timeMs, words: '', id: '' }));
          Object.assign(entry, { touchedMs: Math.max(entry.touchedMs, event.timeMs), words: fact.operation, id: fact.id });
        }
      },
      registration(unit, fact, event) {
        /** Each part has a place of its own: one of the two records of a change knows what the other does not. */
        const put = (part: string, items: readonly (Contribution | undefined)[]): void => {
          const found = items.filter((item) => item !== undefined);
          const before = unit.evidence[part];
          if (before === undefined || found.some(({ llr }) => Math.abs(llr) > Math.abs(before[0]?.llr ?? 0))) unit.evidence[part] = found;
        };
        if (!fact.isTwin || unit.evidence[detector.id] === undefined) {
          const kind = kindOf(fact);
          unit.evidence[detector.id] = [...(kind === undefined ? [] : [kind]), ...ledBy(unit, fact, event)];
        }
        put(`${detector.id}:default`, [byDefault(fact)]);
        put(`${detector.id}:left`, [whatIsLeft(fact)]);
        put(`${detector.id}:number`, byNumber(fact, event));
        put(`${detector.id}:service`, [byService(fact, event)]);
        if (host.isBreakGlass([fact.userId, fact.upn], event.timeMs)) put(`${detector.id}:break-glass`, [ofEmergency(fact)]);
      },
      later(unit, event) {
        const { fact } = event;
        if (fact?.happening !== 'device-registered' || !fact.succeeded || fact.byOther || unit.registration?.byOther !== false)
          return false;
        const since = event.timeMs - unit.openedMs;
        if (since < 0 || since > SHORTLY || unit.registration.methodKind === 'windows-hello') return false;
        if (unit.evidence[`${detector.id}:device`] !== undefined || !cameFromNewPlace(unit)) return false;
        const words = `A device was registered ${Math.round(since / 60_000)} min after, by the account itself: it can sign in without the method from then on.`;
        unit.evidence[`${detector.id}:device`] = [contribution(detector, DEVICE_AFTER, words, {}, [fact.id])];
        addEvent(unit, event.evidence());
        return true;
      },
    };
  },
});
