import type { AuditFact } from '../events/audit/interpret.ts';
import { hashText } from '../events/hash.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { callingCode } from './shared/calling-codes.ts';
import { isFromNewPlace, userKey } from './shared/habits.ts';
import type { EventView } from './stream/event-view.ts';
import { DAY_MS, HOUR_MS, type Unit } from './stream/unit.ts';

const SHORTLY = 2 * HOUR_MS;
const WEAK = 2;
/** As much as MFA switched off: that is what it does. */
const EXCLUDED = 1.5;

/** Numbers in the log before they tell where the tenant's people have theirs, countries that an attacker may choose among, and the most it says. */
const LEAST_NUMBERS = 10;
const CODES = 20;
const ALL = '*';
const FOREIGN_NUMBER = 2.5;
const NUMBER_WORDS = 'A phone number of a country';

interface Recent {
  touchedMs: number;
  resetMs: number;
  deviceMs: number;
  cancelledMs: number;
}

export const detector: DetectorSpec = defineDetector({
  /**
   * What kind of change it was and what led to it: the default taken down to the telephone network, a recovery method only, a password reset or a
   * device registration shortly before from a new place, a registration that was given up before, a Conditional Access policy or named location
   * changed within two hours, the user taken out of a policy within a day, a phone number of a country that the tenant's numbers are not from. Each is weak by itself. Needs the audit records of those steps. Cost: a look-up a registration. Memory: four times
   * a user with such steps. ATT&CK T1556.006, T1098.005, T1556.009. Signals that no peer uses (entra-events.md 2.3).
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
    const excluded = host.objects<{ touchedMs: number; id: string }>('D9.excluded', 20_000);
    const note = (event: EventView, step: 'resetMs' | 'deviceMs' | 'cancelledMs'): void => {
      const entry = recent.edit(userKey(event), () => ({ touchedMs: event.timeMs, resetMs: 0, deviceMs: 0, cancelledMs: 0 }));
      entry[step] = Math.max(entry[step], event.timeMs);
      entry.touchedMs = Math.max(entry.touchedMs, event.timeMs);
    };
    const shortly = (event: EventView, timeMs: number | undefined) =>
      timeMs !== undefined && timeMs > 0 && event.timeMs >= timeMs && event.timeMs - timeMs <= SHORTLY;

    const kindOf = (fact: AuditFact): Contribution | undefined => {
      if (fact.happening === 'default-changed' && fact.strength > 0 && fact.strength <= WEAK) {
        return contribution(detector, 1, `The default was changed to a weak method: ${fact.method}.`, { strength: fact.strength }, [
          fact.id,
        ]);
      }
      if (fact.happening === 'mfa-disabled') {
        return contribution(detector, 1.5, 'MFA was switched off for the account.', {}, [fact.id]);
      }
      if (fact.methodKind === 'email' || fact.methodKind === 'questions') {
        return contribution(detector, -0.7, `Only a way to recover the account: ${fact.method}.`, {}, [fact.id]);
      }
      return undefined;
    };
    const ledBy = (unit: Unit, fact: AuditFact, event: EventView): readonly Contribution[] => {
      const out: Contribution[] = [];
      const steps = recent.get(userKey(event));
      const isNewPlace = isFromNewPlace(unit, fact, event);
      if (isNewPlace && shortly(event, steps?.resetMs)) {
        out.push(contribution(detector, 1, 'The password was reset within two hours before, and the place is new to the user.', {}, []));
      }
      // Windows Hello on a computer that was just joined is how a new laptop begins.
      if (isNewPlace && fact.methodKind !== 'windows-hello' && shortly(event, steps?.deviceMs)) {
        out.push(contribution(detector, 0.7, 'A device was registered within two hours before, and the place is new to the user.', {}, []));
      }
      if (isNewPlace && shortly(event, steps?.cancelledMs)) {
        out.push(contribution(detector, 0.3, 'A registration was started and given up shortly before.', {}, []));
      }
      const policy = policies.get(fact.tenantId);
      if (policy !== undefined && shortly(event, policy.touchedMs) && (isNewPlace || fact.byOther)) {
        out.push(contribution(detector, 0.7, `Within two hours after "${policy.words}".`, {}, [policy.id]));
      }
      const exclusion = excluded.get(`${fact.tenantId} ${fact.userId}`);
      const since = exclusion === undefined ? Number.NaN : event.timeMs - exclusion.touchedMs;
      if (exclusion !== undefined && since >= 0 && since <= DAY_MS) {
        const words = `The user was excluded from a Conditional Access policy ${Math.round(since / 60_000)} min before.`;
        out.push(contribution(detector, EXCLUDED, words, {}, [exclusion.id]));
      }
      return out;
    };
    /** A number of a country where hardly any number of the tenant is from. */
    const byNumber = (fact: AuditFact, event: EventView): readonly Contribution[] => {
      const code = fact.targets.map(callingCode).find((found) => found !== '');
      const total = codes.get(codeKey(fact, ALL));
      if (code === undefined || total < LEAST_NUMBERS || event.userAt < 0) return [];
      const known = codes.get(codeKey(fact, code)) - 1;
      const popularity = (Math.max(0, known) + 0.5) / (total + 0.5 * CODES);
      const llr = Math.min(FOREIGN_NUMBER, Math.log(0.5 + 0.5 / CODES / popularity));
      const words = `${NUMBER_WORDS} (+${code}) that ${known < 1 ? 'no number' : `${known} of ${total} numbers`} in the tenant's log had.`;
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
        if (!fact.succeeded && fact.happening !== 'cancelled') return;
        if (fact.happening === 'password-reset') note(event, 'resetMs');
        else if (fact.happening === 'device-registered') note(event, 'deviceMs');
        else if (fact.happening === 'cancelled') note(event, 'cancelledMs');
        else if (fact.happening === 'policy-changed') {
          const entry = policies.edit(fact.tenantId, () => ({ touchedMs: event.timeMs, words: '', id: '' }));
          Object.assign(entry, { touchedMs: Math.max(entry.touchedMs, event.timeMs), words: fact.operation, id: fact.id });
          for (const user of fact.excluded) {
            const key = `${fact.tenantId} ${user}`;
            Object.assign(
              excluded.edit(key, () => ({ touchedMs: 0, id: '' })),
              { touchedMs: event.timeMs, id: fact.id },
            );
          }
        }
      },
      registration(unit, fact, event) {
        const kept = (unit.evidence[detector.id] ?? []).filter(({ words }) => words.startsWith(NUMBER_WORDS));
        if (fact.isTwin && unit.evidence[detector.id] !== undefined) {
          unit.evidence[detector.id] = [...unit.evidence[detector.id]!, ...(kept.length > 0 ? [] : byNumber(fact, event))];
          return;
        }
        const kind = kindOf(fact);
        unit.evidence[detector.id] = [
          ...kept,
          ...(kind === undefined ? [] : [kind]),
          ...ledBy(unit, fact, event),
          ...byNumber(fact, event),
        ];
      },
    };
  },
});
