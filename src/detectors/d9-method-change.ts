import type { AuditFact } from '../events/audit/interpret.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { newLevel, userKey } from './shared/habits.ts';
import type { EventView } from './stream/event-view.ts';
import { HOUR_MS } from './stream/unit.ts';

const SHORTLY = 2 * HOUR_MS;
const WEAK = 2;

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
   * changed within two hours. Each is weak by itself. Needs the audit records of those steps. Cost: a look-up a registration. Memory: four times
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
    const policies = host.objects<{ touchedMs: number; words: string; id: string }>('D9.policies', 1000);
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
    const ledBy = (fact: AuditFact, event: EventView): readonly Contribution[] => {
      const out: Contribution[] = [];
      const steps = recent.get(userKey(event));
      const isNewPlace = event.userAt >= 0 && newLevel(event) !== undefined;
      if (isNewPlace && shortly(event, steps?.resetMs)) {
        out.push(contribution(detector, 1, 'The password was reset within two hours before, and the place is new to the user.', {}, []));
      }
      if (isNewPlace && shortly(event, steps?.deviceMs)) {
        out.push(contribution(detector, 0.7, 'A device was registered within two hours before, and the place is new to the user.', {}, []));
      }
      if (isNewPlace && shortly(event, steps?.cancelledMs)) {
        out.push(contribution(detector, 0.3, 'A registration was started and given up shortly before.', {}, []));
      }
      const policy = policies.get(fact.tenantId);
      if (policy !== undefined && shortly(event, policy.touchedMs) && (isNewPlace || fact.byOther)) {
        out.push(contribution(detector, 0.7, `Within two hours after "${policy.words}".`, {}, [policy.id]));
      }
      return out;
    };
    return {
      audit(fact, event) {
        if (!fact.succeeded && fact.happening !== 'cancelled') return;
        if (fact.happening === 'password-reset') note(event, 'resetMs');
        else if (fact.happening === 'device-registered') note(event, 'deviceMs');
        else if (fact.happening === 'cancelled') note(event, 'cancelledMs');
        else if (fact.happening === 'policy-changed') {
          const entry = policies.edit(fact.tenantId, () => ({ touchedMs: event.timeMs, words: '', id: '' }));
          Object.assign(entry, { touchedMs: Math.max(entry.touchedMs, event.timeMs), words: fact.operation, id: fact.id });
        }
      },
      registration(unit, fact, event) {
        if (fact.isTwin && unit.evidence[detector.id] !== undefined) return;
        const kind = kindOf(fact);
        unit.evidence[detector.id] = [...(kind === undefined ? [] : [kind]), ...ledBy(fact, event)];
      },
    };
  },
});
