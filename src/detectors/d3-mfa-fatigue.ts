import { EventClass } from '../events/event-record.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { EventView } from './stream/event-view.ts';
import { UserFlag, UserWord } from './stream/layout.ts';

/** Fixed point of the decaying count. */
const SCALE = 1024;
/** Refused prompts of a user at the time of the last one. */
interface Prompts {
  touchedMs: number;
  count: number;
  seconds: number;
}
/** Where the report stands: apart from what sign-ins say, of which the last or riskiest may take the place of another. */
const REPORTED = 'D3-mfa-fatigue:reported';
const REPORTED_LLR = 8;
const CAP = 5;

export const detector: DetectorSpec = defineDetector({
  /**
   * A burst of MFA prompts that the user turned down or let pass (result 500121), and a sign-in after it. A decaying count of prompts
   * against the rate of users at large: K ln(attack / usual) - (attack - usual), from `prompts` on. A user's own report of a prompt is hard
   * evidence.
   * Works wherever prompts are logged. Blind to the one prompt that is approved at once, and to attackers who wait an hour between prompts.
   * Cost: one count's decay per prompt, and per sign-in of a user with one. Memory: a short record a user with a refused prompt, 100,000 at
   * most.
   * ATT&CK T1621. Ref: MFASpammingfollowedbySuccessfullogin of Azure-Sentinel; detectors.md B1 D3.
   */
  id: 'D3-mfa-fatigue',
  title: 'Burst of refused MFA prompts',
  group: 'credential',
  techniques: ['T1621'],
  benignIf: 'The user confirms having caused the prompts, for example with a phone that was out of reach.',
  parameters: {
    half_life_minutes: { default: 10, doc: 'Half-life of the count of refused prompts' },
    prompts: { default: 5, doc: 'Refused prompts that are a burst by themselves' },
    prompts_before_approval: { default: 3, doc: 'Refused prompts that matter when a sign-in follows' },
    usual_prompts: { default: 0.02, doc: 'Refused prompts of a usual user in ten minutes' },
    attack_prompts: { default: 8, doc: 'Refused prompts of an attacked user in ten minutes' },
  },
  userWords: 0,
  sourceWords: 0,
  create(host, parameters) {
    const prompts = host.objects<Prompts>('D3.prompts', 100_000);
    const halfLife = parameters.half_life_minutes * 60;
    const countAt = (event: EventView): number => {
      if ((event.user[event.userAt + UserWord.flags]! & UserFlag.prompted) === 0) return 0;
      const held = prompts.getPair(event.userLo, event.userHi);
      if (held === undefined) return 0;
      const count = held.count / SCALE;
      const since = event.seconds - held.seconds;
      return since <= 0 ? count : count * 2 ** (-since / halfLife);
    };
    // Half of the prompts of the last minutes have decayed when the gate is asked: the gate is in prompts of one half-life.
    const burst = (count: number): number => {
      const { usual_prompts: usual, attack_prompts: attack } = parameters;
      return Math.min(CAP, Math.max(0, count * Math.log(attack / usual) - (attack - usual)));
    };
    const judge = (event: EventView): number => {
      const count = countAt(event);
      if (event.eventClass === EventClass.promptRefused) return count + 1 >= parameters.prompts * 0.75 ? burst(count + 1) : 0;
      return count >= parameters.prompts_before_approval * 0.5 ? Math.min(CAP, 3 + Math.max(0, burst(count) - 3)) : 0;
    };
    return {
      judges: [EventClass.promptRefused, EventClass.signIn],
      learns: [EventClass.promptRefused],
      judge,
      explain(event) {
        const count = countAt(event) + (event.eventClass === EventClass.promptRefused ? 1 : 0);
        const words =
          event.eventClass === EventClass.signIn
            ? `Signed in after about ${Math.round(count)} refused or ignored MFA prompts in the ${parameters.half_life_minutes} minutes before.`
            : `About ${Math.round(count)} MFA prompts refused or ignored in ${parameters.half_life_minutes} minutes.`;
        return [contribution(detector, judge(event), words, { prompts: Math.round(count * 10) / 10 }, [event.text('Id')])];
      },
      learn(event) {
        const before = countAt(event);
        const flagsAt = event.userAt + UserWord.flags;
        const held = prompts.editPair(event.userLo, event.userHi, () => ({ touchedMs: event.timeMs, count: 0, seconds: 0 }));
        if ((event.user[flagsAt]! & UserFlag.prompted) === 0) held.seconds = 0;
        event.user[flagsAt] = event.user[flagsAt]! | UserFlag.prompted;
        const behind = held.seconds - event.seconds;
        // Forward decay: a prompt that comes late adds what is left of it, so that order does not matter.
        const weight = behind > 0 ? 2 ** (-behind / halfLife) : 1;
        held.count = Math.min(0xffffffff, Math.round((before + weight) * SCALE));
        held.seconds = Math.max(held.seconds, event.seconds);
        held.touchedMs = Math.max(held.touchedMs, event.timeMs);
      },
      audit(fact, event) {
        if (fact.happening !== 'reported' || (fact.userId === '' && fact.upn === '')) return;
        const subject = fact.userId || fact.upn.toLowerCase();
        const day = new Date(event.timeMs).toISOString().slice(0, 10);
        const unit = host.unit('user-day', fact.tenantId, subject, day, event, [{ userId: fact.userId, upn: fact.upn }]);
        const words = 'The user reported an MFA prompt as not their own.';
        unit.evidence = {
          ...unit.evidence,
          [REPORTED]: [{ ...contribution(detector, REPORTED_LLR, words, { reports: 1 }, [fact.id]), hard: true }],
        };
        const evidence = event.evidence();
        unit.events = [...unit.events.filter(({ id }) => id !== evidence.id), evidence].slice(-50);
        unit.endMs = Math.max(unit.endMs, event.timeMs);
      },
      later(unit, event) {
        if (event.eventClass !== EventClass.audit) return false;
        const reported = /reported/i.test(event.text('OperationName')) && event.text('OperationName') !== '';
        if (!reported || event.user[event.userAt + UserWord.lastSeconds] === undefined) return false;
        const words = 'The user reported an MFA prompt as not their own within a day after the registration.';
        unit.evidence[REPORTED] = [{ ...contribution(detector, REPORTED_LLR, words, { reports: 1 }, [event.text('Id')]), hard: true }];
        return true;
      },
    };
  },
});
