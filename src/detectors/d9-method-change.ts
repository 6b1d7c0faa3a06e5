import { DAY_MS } from '../core/durations.ts';
import { type AuditFact, isTwin, subjectOf } from '../events/audit/interpret.ts';
import type { Happening } from '../events/audit/operations.ts';
import { EventClass, Flag } from '../events/event-record.ts';
import { hashText } from '../events/hash.ts';
import { contribution, type DetectorSpec, defineDetector, withRows } from './detector.ts';
import type { Contribution, EvidenceEvent } from './evidence.ts';
import { callingCode } from './shared/calling-codes.ts';
import { cameFromNewPlace, isUsualPlace, lookUpPlace, newLevel, newnessOfPlace, prefix } from './shared/habits.ts';
import { policyExclusions } from './shared/policy-exclusions.ts';
import { isShortly, NUMBERS, SHORTLY, securityInfoSteps } from './shared/security-info-steps.ts';
import { newDefault, onlyWeakLeft } from './shared/weaker-methods.ts';
import type { EventView } from './stream/event-view.ts';
import { snapshotText } from './stream/identities.ts';
import { UserWord } from './stream/layout.ts';
import { DAY_RISK } from './stream/risky.ts';
import { addEvent, dayText, type RiskySession, type Unit } from './stream/unit.ts';

/** They open a forgotten account, and prove nothing in a sign-in. */
const WAYS_BACK: ReadonlySet<string> = new Set(['email', 'questions']);
/** Whoever takes an account over wants what answers its prompts: 1 of 228 reported intruders gave such a thing, 17 of 194 reported owners. */
const WAY_BACK = -2.5;
/** Methods that live in a computer, and what it says that one was set up just before. */
const DEVICE_BOUND: ReadonlySet<string> = new Set(['windows-hello', 'passkey', 'fido2']);
const NEW_COMPUTER = -2;
/** As much as MFA switched off: that is what it does. */
const EXCLUDED = 1.5;

/** Numbers in the log before they tell where the tenant's people have theirs, countries that an attacker may choose among, and the most it says. */
const LEAST_NUMBERS = 10;
const CODES = 20;
const ALL = '*';
const FOREIGN_NUMBER = 3.75;
/** After a suspicious sign-in 124 of 1,630 intruders and 24 of 3,005 owners had one, 2.2 nats: more than the ratio by itself gives. */
const RARE_NUMBER = 1.5;

const DEVICE_AFTER = 0.7;
/**
 * Whoever holds nothing but the number resets the password with it, signs in with it and then puts a method of their own beside it. Who forgot the
 * password has the app and the computer still; who lost the telephone registers the next one, not an app beside the number.
 */
const NUMBER_ALONE = 3;
/** Nobody deletes the number that has just let them in, but who will not have it for long. */
const NUMBER_GONE = 5;
const SERVICE_ACCOUNT = 1;
/** What a change of an emergency account says, and its least score (Medium): somebody has to know of each. */
const EMERGENCY = 2;
const EMERGENCY_SCORE = 50;
/** Steps that are told of on the day of a sign-in that looked wrong, and where. */
const STEPS: ReadonlySet<Happening> = new Set(['started', 'cancelled', 'registered', 'reviewed']);
const TRIED = 'D9-method-change:tried';
const LOOKED = 'D9-method-change:looked';
const LOOKED_LLR = 0.5;
/** To begin a registration is about as rare as to finish one. */
const TRIED_LLR = 5;
const EACH_MORE = 0.5;
const MOST_TRIED = 6;
/** The owner has seen the list of methods with the new one on it. */
const SEEN = 'D9-method-change:seen';
const SEEN_BY_OWNER = -1;

/** The step follows the sign-in within a day, from its address or range; without an address, within two hours. */
function isSameVisit(fact: AuditFact, event: EventView, { timeMs, ipLo, ipHi, prefix: range }: RiskySession): boolean {
  if (event.timeMs < timeMs || event.timeMs - timeMs > DAY_MS) return false;
  if (fact.ip === '') return isShortly(event.timeMs, timeMs);
  return (event.ipLo === ipLo && event.ipHi === ipHi) || (event.prefix !== 0 && event.prefix === range);
}

export const detector: DetectorSpec = defineDetector({
  /**
   * What kind of change it was and what led to it: the default taken down to the telephone network (more where the record shows from
   * what), an account left with telephone methods alone that had an app, a recovery method only, a password reset or a device registration
   * shortly before, a device registration shortly after, registrations that were begun and not finished, each from a new place; a
   * Conditional Access policy or named location changed within two hours, the user taken out of a policy within a day (by name, or by a
   * group that they were put into), a number alone that reset the password, signed in (from a new place, or on a computer that is not
   * like the user's) and put another method beside it, more so where it was then deleted itself, a phone number of a country that the
   * tenant's numbers are not from, a service account by IdentityInfo. Each is weak by itself, but for an account that the operator named
   * as break-glass: each of its changes is at least Medium. On the day of a sign-in that looked wrong: registrations that were begun from
   * its address and not finished. Against: the owner looked through the security info at a usual place afterwards and let it stand.
   * Works with the audit records of those steps, and the directory's twin for what was there before; passkeys and Windows Hello are not in
   * it. Blind to steps that other tools log.
   * Cost: a look-up a registration, and a sign-in with a method on what shows no device id. Memory: at most 16 times a user with such
   * steps, 100,000 users. No parameters.
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
    const steps = securityInfoSteps(host);
    /** Calling codes of each tenant's numbers, and under ALL how many numbers there were. */
    const codes = host.counts('D9.codes', 4000);
    const codeKey = (fact: AuditFact, code: string) => hashText(`${fact.tenantId} ${code}`)[0];
    const policies = host.objects<{ touchedMs: number; words: string; row: EvidenceEvent }>('D9.policies', 1000);
    const exclusions = policyExclusions(host);
    const kindOf = (fact: AuditFact): Contribution | undefined => {
      if (fact.happening === 'mfa-disabled') {
        return contribution(detector, 1.5, 'MFA was switched off for the account.', {}, [fact.id]);
      }
      if (WAYS_BACK.has(fact.methodKind)) {
        return contribution(detector, WAY_BACK, `Only a way to recover the account: ${fact.method}.`, {}, [fact.id]);
      }
      return undefined;
    };
    const byNumberAlone = (unit: Unit, fact: AuditFact, event: EventView): Contribution | undefined => {
      if (fact.byOther || fact.methodKind === 'unknown' || NUMBERS.has(fact.methodKind) || WAYS_BACK.has(fact.methodKind)) return undefined;
      const found = steps.numberAnswered(event);
      const first = event.userAt < 0 ? 0 : event.user[event.userAt + UserWord.firstSeconds]!;
      // Of whoever was never seen before this day no place is known.
      if (found === undefined || first === 0 || event.seconds - first < DAY_MS / 1000) return undefined;
      const isNewPlace = found.isNewPlace || newnessOfPlace(unit, fact, event) > 0;
      const isElsewhere = isNewPlace || found.isStrange;
      if (!isElsewhere && !found.isGone) return undefined;
      const where = isNewPlace ? ' from a place that is new to the user' : '';
      const what = found.isStrange ? "a computer that is not like the user's" : 'something without a device id';
      const gone = found.isGone ? ', that number was deleted' : '';
      const words = `The password was reset${where}, a phone number answered for ${what}${gone}, and another method was added.`;
      return contribution(detector, (isElsewhere ? NUMBER_ALONE : 0) + (found.isGone ? NUMBER_GONE : 0), words, {}, [fact.id]);
    };
    const byService = (fact: AuditFact, event: EventView): Contribution | undefined => {
      const identity = host.identity(event);
      if (identity?.isServiceAccount !== true || fact.byOther) return undefined;
      const words = `A service account by ${snapshotText(identity)}: no person signs in with it who would need a method.`;
      return contribution(detector, SERVICE_ACCOUNT, words, {}, [fact.id]);
    };
    const ofEmergency = (fact: AuditFact): Contribution => {
      const words = `${fact.upn || fact.userId} is an account for emergencies (break-glass), which nobody uses from day to day.`;
      return { ...contribution(detector, EMERGENCY, words, {}, [fact.id]), least: EMERGENCY_SCORE };
    };
    /**
     * On the day of a sign-in that looked wrong, from its address: what was begun and given up, or looked through. Registrations are rare, and so is to
     * begin one; whoever does so there tried to stay.
     */
    const onDay = (fact: AuditFact, event: EventView): void => {
      if (fact.byOther || isTwin(fact) || !STEPS.has(fact.happening)) return;
      const session = host.person(event)?.sessions.find((one) => one.risk >= DAY_RISK && isSameVisit(fact, event, one));
      if (session === undefined) return;
      const party = { userId: fact.userId, upn: fact.upn };
      const subject = subjectOf(fact);
      const unit = host.unit('user-day', fact.tenantId, subject, dayText(session.timeMs), event, [party]);
      const tries = steps.unfinishedSince(event, session.timeMs);
      if (tries === 0) delete unit.evidence[TRIED];
      else {
        const words = `${tries} registration${tries === 1 ? ' of a method was' : 's of methods were'} begun after this sign-in and not finished, from its address.`;
        unit.evidence[TRIED] = [
          contribution(detector, Math.min(MOST_TRIED, TRIED_LLR + EACH_MORE * (tries - 1)), words, { tries }, [fact.id]),
        ];
      }
      if (fact.happening === 'reviewed') {
        const words = 'The security info was viewed after this sign-in, from its address.';
        unit.evidence[LOOKED] = [contribution(detector, LOOKED_LLR, words, {}, [fact.id])];
      }
      addEvent(unit, event.evidence());
    };
    const ledBy = (unit: Unit, fact: AuditFact, event: EventView): readonly Contribution[] => {
      const out: Contribution[] = [];
      const share = newnessOfPlace(unit, fact, event);
      const isNewPlace = share > 0;
      if (isNewPlace && steps.wasReset(event)) {
        out.push(
          contribution(detector, share, 'The password was reset within two hours before, and the place is new to the user.', {}, []),
        );
      }
      // Windows Hello on a computer that was just joined is how a new laptop begins.
      const isNear = event.asn !== 0 && newLevel(event) === prefix;
      if (isNear && DEVICE_BOUND.has(fact.methodKind) && steps.hadDevice(event)) {
        const words = 'A device was registered within two hours before, in a usual network: how a new computer begins.';
        out.push(contribution({ ...detector, group: 'client' }, NEW_COMPUTER, words, {}, []));
      } else if (isNewPlace && fact.methodKind !== 'windows-hello' && steps.hadDevice(event)) {
        out.push(
          contribution(detector, 0.7 * share, 'A device was registered within two hours before, and the place is new to the user.', {}, []),
        );
      }
      const tries = isNewPlace ? steps.unfinished(event) : 0;
      if (tries > 0) {
        const words = `${tries} registration${tries === 1 ? ' was' : 's were'} started and not finished in the two hours before, and the place is new to the user.`;
        out.push(contribution(detector, share * Math.min(0.9, 0.1 + 0.2 * tries), words, { tries }, []));
      }
      const policy = policies.get(fact.tenantId);
      if (policy !== undefined && isShortly(event.timeMs, policy.touchedMs) && (isNewPlace || fact.byOther)) {
        const words = `Within two hours after "${policy.words}".`;
        out.push(withRows(contribution(detector, fact.byOther ? 0.7 : 0.7 * share, words, {}, []), [policy.row]));
      }
      const exclusion = exclusions.of(fact, event.timeMs);
      if (exclusion !== undefined) {
        const how = exclusion.byGroup ? ', by a group that it leaves out' : '';
        const since = Math.round((event.timeMs - exclusion.timeMs) / 60_000);
        const words = `The user was excluded from a Conditional Access policy ${since} min before${how}.`;
        out.push(withRows(contribution(detector, EXCLUDED, words, {}, []), exclusion.rows));
      }
      return out;
    };
    /** Whoever looked through the security info at a usual place, after it was changed from a new one, and left it. */
    const seenByOwner = (unit: Unit, fact: AuditFact, event: EventView): boolean => {
      if (!fact.succeeded || fact.byOther || fact.ip === '' || event.timeMs < unit.openedMs || unit.evidence[SEEN] !== undefined)
        return false;
      lookUpPlace(event);
      if (newLevel(event) !== undefined || !isUsualPlace(event) || !cameFromNewPlace(unit)) return false;
      const minutes = Math.round((event.timeMs - unit.openedMs) / 60_000);
      const words = `The user viewed the security info ${minutes} min after, at a usual place, and left it as it was.`;
      unit.evidence[SEEN] = [contribution({ ...detector, group: 'context' }, SEEN_BY_OWNER, words, {}, [fact.id])];
      addEvent(unit, event.evidence());
      return true;
    };
    /** A number of a country where hardly any number of the tenant is from. */
    const byNumber = (fact: AuditFact, event: EventView): readonly Contribution[] => {
      const code = fact.targets.map(callingCode).find((found) => found !== '');
      const total = codes.get(codeKey(fact, ALL));
      if (code === undefined || total < LEAST_NUMBERS || event.userAt < 0 || event.has(Flag.guest)) return [];
      const known = codes.get(codeKey(fact, code)) - 1;
      const popularity = (Math.max(0, known) + 0.5) / (total + 0.5 * CODES);
      const llr = Math.min(FOREIGN_NUMBER, RARE_NUMBER * Math.log(0.5 + 0.5 / CODES / popularity));
      const words = `A phone number of a country (+${code}) that ${known < 1 ? 'no number' : `${known} of ${total} numbers`} in the tenant's log had.`;
      return llr < 0.3 ? [] : [contribution(detector, llr, words, { known, numbers: total }, [fact.id])];
    };
    return {
      learns: [EventClass.signIn],
      learn: (event) => steps.signIn(event),
      audit(fact, event) {
        for (const target of [...fact.targets, ...fact.held]) {
          const code = callingCode(target);
          if (code === '') continue;
          codes.add(codeKey(fact, code));
          codes.add(codeKey(fact, ALL));
        }
        if (fact.succeeded) exclusions.note(fact, event);
        if (event.userAt >= 0) {
          steps.note(fact, event);
          onDay(fact, event);
        }
        if (!fact.succeeded || fact.happening !== 'policy-changed') return;
        const row = event.evidence();
        const entry = policies.edit(fact.tenantId, () => ({ touchedMs: event.timeMs, words: '', row }));
        Object.assign(entry, { touchedMs: Math.max(entry.touchedMs, event.timeMs), words: fact.operation, row });
      },
      registration(unit, fact, event) {
        /** Each part has a place of its own: one of the two records of a change knows what the other does not. */
        const put = (part: string, items: readonly (Contribution | undefined)[]): void => {
          const found = items.filter((item) => item !== undefined);
          const before = unit.evidence[part];
          if (before === undefined || found.some(({ llr }) => Math.abs(llr) > Math.abs(before[0]?.llr ?? 0))) unit.evidence[part] = found;
        };
        if (!isTwin(fact) || unit.evidence[detector.id] === undefined) {
          const kind = kindOf(fact);
          unit.evidence[detector.id] = [...(kind === undefined ? [] : [kind]), ...ledBy(unit, fact, event)];
        }
        put(`${detector.id}:default`, [newDefault(detector, unit, fact)]);
        put(`${detector.id}:left`, [onlyWeakLeft(detector, fact)]);
        put(`${detector.id}:number`, byNumber(fact, event));
        put(`${detector.id}:number-alone`, [byNumberAlone(unit, fact, event)]);
        put(`${detector.id}:service`, [byService(fact, event)]);
        if (host.isBreakGlass([fact.userId, fact.upn], event.timeMs)) put(`${detector.id}:break-glass`, [ofEmergency(fact)]);
      },
      later(unit, event) {
        const { fact } = event;
        if (fact?.happening === 'reviewed') return seenByOwner(unit, fact, event);
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
