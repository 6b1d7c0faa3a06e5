import { subjectOf } from '../events/audit/interpret.ts';
import { methodKind } from '../events/audit/methods.ts';
import { EventClass, Flag } from '../events/event-record.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { client, isOwnClient, isPerhapsPhone, isUsual, isUsualDevice, isUsualPlace, newLevel, prefix } from './shared/habits.ts';
import { SHARED_DEVICE } from './shared/novelty/client-ratio.ts';
import { plantedDevices } from './shared/planted.ts';
import { addPrompt, dripSays, type PromptDrip } from './shared/prompt-drip.ts';
import { deviceUsers } from './stream/crowds.ts';
import type { EventView } from './stream/event-view.ts';
import { UserFlag, UserWord } from './stream/layout.ts';
import { addEvent, dayText, FOLLOWED_MS } from './stream/unit.ts';

/** Fixed point of the decaying count. */
const SCALE = 1024;
/** Refused prompts of a user at the time of the last one. */
interface Prompts {
  touchedMs: number;
  count: number;
  /** The same, decaying over hours. */
  slow: number;
  seconds: number;
  /** When somebody last pressed a button, or the log does not say that nobody did; 0 where never. */
  pressedSeconds: number;
  /** The last prompt that a device of the user's own, or one of the organisation's at hand, asked for, and the last that anything else did. */
  ownSeconds: number;
  strangeSeconds: number;
  /** Those from one range that is new to the user. */
  drip?: PromptDrip;
}
/** Where the report stands: apart from what sign-ins say, of which the last or riskiest may take the place of another. */
const REPORTED = 'D3-mfa-fatigue:reported';
const REPORTED_LLR = 8;
/** What it says less where the user's own device had asked for it within an hour, and nothing else within a day: pressed by mistake. */
const REPORTED_OWN = 4;
const REPORTED_WITHIN = 3600;
const STRANGE_WITHIN = 24 * 3600;
const CAP = 5;
/** Prompts of hours that matter when a sign-in from a new place follows, and what they say. */
const SLOW_PROMPTS = 2.5;
const SLOW_LLR = 2.5;
/** Within the hour so many: an owner has given up by then, or found another way (none of 25 had more than seven, 12 of 17 victims had). */
const SIEGE_PROMPTS = 8;
const SIEGE = 1.5;
/**
 * Most that a burst of fewer prompts says, by their decayed count (two or three, four): owners are refused so often and then get in, whoever wears
 * somebody down goes on. By counts of two, three, four and more, 1, 3, 1 and 17 victims and 6, 5, 2 and no owners.
 */
const FEW = [
  [2.5, 0.8],
  [3.3, 1.6],
] as const;
/**
 * Whoever is at home and whose telephone does not ring is refused as often as an intruder is: what a burst says less of the owner's own device, of a
 * range where the user always is, and of a new one of a usual network.
 */
const ON_OWN_DEVICE = 3.5;
/** On a computer or tablet that the organisation manages, new or one for all: nobody has it at hand who is not there. */
const ON_MANAGED = 2;
const AT_USUAL_RANGE = 2.3;
const IN_USUAL_NETWORK = 0.8;
/** What is left of these in a computer's system and browser that are new to the user: who is at home is at their own, and a carrier's range is half the town's. */
const ON_STRANGE = 0.4;
/** Of so many prompts in an hour, by the slower count, a burst is not of few. */
const MANY_IN_AN_HOUR = 4.5;
/** What helps against a telephone that does not ring is another method, or a code that it shows offline; who does not hold the first has none. */
const BY_ANOTHER_METHOD = 2;
const OTHER_METHODS: ReadonlySet<string> = new Set([
  'totp',
  'sms',
  'voice',
  'phone',
  'fido2',
  'passkey',
  'windows-hello',
  'certificate',
  'tap',
]);

/**
 * Of so many prompts in a row none was turned down, all ran out: whoever is woken by a stranger's prompts declines one of them, a telephone that is
 * switched off none.
 */
const NOBODY_PRESSED = 2;
const PRESSED_SECONDS = 2 * 3600;
const RAN_OUT = /did not respond|no response|timed? ?-?out|expired/i;

export const detector: DetectorSpec = defineDetector({
  /**
   * A burst of MFA prompts that the user turned down or let pass (result 500121), and a sign-in after it. A decaying count of prompts
   * against the rate of users at large: K ln(attack / usual) - (attack - usual), from `prompts` on; a slower count sees prompts some ten
   * minutes apart, where a sign-in from a new place follows, a siege of an hour, and prompts of one new range in three hours or more. The
   * owner whose telephone does not ring is refused as well: it says less on their own device, on one that the organisation has handed out
   * to nobody else or to all, at a usual place (but hardly in a system and browser that is new to the user), where another method helped,
   * and where all prompts ran out and none was declined. A user's own report of a prompt is hard evidence, but for one that nothing but a
   * known device of theirs had asked for, or a telephone like theirs where they usually are.
   * Works wherever prompts are logged. Blind to the one prompt that is approved at once, and to attackers who wait an hour between
   * prompts and change their range.
   * Cost: one count's decay per prompt, and per sign-in of a user with one. Memory: a short record a user with a refused prompt, 100,000
   * at most, and a line a device that an account registered from a new place, 20,000 at most.
   * ATT&CK T1621. Ref: MFASpammingfollowedbySuccessfullogin of Azure-Sentinel; detectors.md B1 D3.
   */
  id: 'D3-mfa-fatigue',
  title: 'Burst of refused MFA prompts',
  group: 'credential',
  techniques: ['T1621'],
  benignIf: 'The user confirms having caused the prompts, for example with a phone that was out of reach.',
  parameters: {
    half_life_minutes: { default: 10, doc: 'Half-life of the count of refused prompts' },
    slow_half_life_minutes: { default: 60, doc: 'Half-life of the slower count' },
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
    const slowHalfLife = parameters.slow_half_life_minutes * 60;
    const planted = plantedDevices(host, 'D3.planted');
    /** Handed out to nobody else, or to everybody; a colleague's own is a colleague's. */
    const isManaged = (event: EventView): boolean => {
      if (event.device === 0 || !event.has(Flag.managedDevice)) return false;
      const others = deviceUsers(host.crowds, event);
      return (others === 0 || others >= SHARED_DEVICE) && !planted.has(event, FOLLOWED_MS);
    };
    /** A telephone's browser shows no id: like the user's, in a network of theirs. */
    const isOwnPhone = (event: EventView) => event.device === 0 && event.has(Flag.mobile) && isOwnClient(event) && isUsualPlace(event);
    const heldFor = (event: EventView): Readonly<Prompts> | undefined =>
      (event.user[event.userAt + UserWord.flags]! & UserFlag.prompted) === 0 ? undefined : prompts.getPair(event.userLo, event.userHi);
    const left = (count: number, event: EventView, { seconds }: Readonly<Prompts>, life: number): number =>
      (count / SCALE) * 2 ** (-Math.max(0, event.seconds - seconds) / life);
    const countAt = (event: EventView): number => {
      const held = heldFor(event);
      return held === undefined ? 0 : left(held.count, event, held, halfLife);
    };
    const slowCountAt = (event: EventView): number => {
      const held = heldFor(event);
      return held === undefined ? 0 : left(held.slow, event, held, slowHalfLife);
    };
    const wasPressed = (event: EventView): boolean => event.seconds - (heldFor(event)?.pressedSeconds ?? 0) <= PRESSED_SECONDS;
    // Half of the prompts of the last minutes have decayed when the gate is asked: the gate is in prompts of one half-life.
    const burst = (count: number): number => {
      const { usual_prompts: usual, attack_prompts: attack } = parameters;
      return Math.min(CAP, Math.max(0, count * Math.log(attack / usual) - (attack - usual)));
    };
    const isBurst = (count: number) => count >= parameters.prompts_before_approval * 0.5;
    const isSiege = (event: EventView): boolean => slowCountAt(event) >= SIEGE_PROMPTS;
    const isStrange = (event: EventView) => event.device === 0 && event.client !== 0 && !isPerhapsPhone(event) && !isUsual(event, client);
    /** What speaks for the owner's own slip, to be taken off. */
    const ownSlip = (event: EventView): number => {
      const level = newLevel(event);
      const atPlace = level === undefined ? AT_USUAL_RANGE : level === prefix ? IN_USUAL_NETWORK : 0;
      const byPlace = isStrange(event) ? ON_STRANGE * atPlace : atPlace;
      const here = isUsualDevice(event) ? ON_OWN_DEVICE : Math.max(byPlace, isManaged(event) ? ON_MANAGED : 0);
      const another = event
        .text('Methods')
        .split('; ')
        .some((words) => OTHER_METHODS.has(methodKind(words)));
      const isSilent = event.eventClass === EventClass.signIn && !wasPressed(event);
      return here + (another ? BY_ANOTHER_METHOD : 0) + (isSilent ? NOBODY_PRESSED : 0);
    };
    /** An hour apart each: what comes in bursts has been told. */
    const dripped = (event: EventView): number => (newLevel(event) === undefined ? 0 : dripSays(heldFor(event)?.drip, event));
    const byCount = (event: EventView): number => {
      const count = countAt(event);
      if (event.eventClass === EventClass.promptRefused) {
        if (count + 1 < parameters.prompts * 0.75) return 0;
        // At the user's place on what is not the user's, a neighbour or colleague may be asking.
        const isOwn = isUsualDevice(event) || isOwnClient(event) || isManaged(event);
        return Math.max(0, burst(count + 1) - (isOwn ? ownSlip(event) : 0));
      }
      const siege = isSiege(event) ? SIEGE : 0;
      if (isBurst(count)) {
        const isMany = slowCountAt(event) >= MANY_IN_AN_HOUR && isStrange(event);
        const most = (isMany ? undefined : FEW.find(([prompts]) => count < prompts)?.[1]) ?? CAP;
        return Math.max(0, Math.min(most + siege, Math.min(CAP, 3 + Math.max(0, burst(count) - 3)) + siege - ownSlip(event)));
      }
      if (slowCountAt(event) < SLOW_PROMPTS || newLevel(event) === undefined) return 0;
      return Math.max(0, SLOW_LLR + siege - ownSlip(event));
    };
    const judge = (event: EventView): number =>
      event.eventClass === EventClass.signIn ? Math.max(byCount(event), dripped(event)) : byCount(event);
    /** Whether a prompt that was reported was the user's own: their device had asked for one, and nobody else had. */
    const isOwnPrompt = (event: EventView): boolean => {
      const { ownSeconds = 0, strangeSeconds = 0 } = (event.userAt < 0 ? undefined : heldFor(event)) ?? {};
      return Math.abs(event.seconds - ownSeconds) <= REPORTED_WITHIN && Math.abs(event.seconds - strangeSeconds) > STRANGE_WITHIN;
    };
    const report = (event: EventView, id: string, when: string): Contribution => {
      const words = `The user reported an MFA prompt as not their own${when}`;
      if (!isOwnPrompt(event)) return { ...contribution(detector, REPORTED_LLR, `${words}.`, { reports: 1 }, [id]), hard: true };
      return contribution(
        detector,
        REPORTED_LLR - REPORTED_OWN,
        `${words}, which a known device of theirs had asked for.`,
        { reports: 1 },
        [id],
      );
    };
    return {
      judges: [EventClass.promptRefused, EventClass.signIn],
      learns: [EventClass.promptRefused],
      judge,
      explain(event) {
        const isSignIn = event.eventClass === EventClass.signIn;
        const isSlow = isSignIn && (isSiege(event) || !isBurst(countAt(event)));
        const count = isSlow ? slowCountAt(event) : countAt(event) + (isSignIn ? 0 : 1);
        const minutes = isSlow ? parameters.slow_half_life_minutes : parameters.half_life_minutes;
        const words = isSignIn
          ? `Signed in after about ${Math.round(count)} refused or ignored MFA prompts in the ${minutes} minutes before.`
          : `About ${Math.round(count)} MFA prompts refused or ignored in ${minutes} minutes.`;
        const llr = judge(event);
        const drip = isSignIn && llr > byCount(event) ? heldFor(event)?.drip : undefined;
        if (drip !== undefined) {
          const { prompts: all, seen } = drip;
          const told = `Signed in from a range that is new to the user and had caused ${all} MFA prompts in ${seen.hours} hours of the days before, all refused or ignored.`;
          return [contribution(detector, llr, told, { prompts: all, hours: seen.hours }, [event.text('Id')])];
        }
        return llr === 0 ? [] : [contribution(detector, llr, words, { prompts: Math.round(count * 10) / 10 }, [event.text('Id')])];
      },
      learn(event) {
        const before = countAt(event);
        const slowBefore = slowCountAt(event);
        const flagsAt = event.userAt + UserWord.flags;
        const held = prompts.editPair(event.userLo, event.userHi, () => ({
          touchedMs: event.timeMs,
          count: 0,
          slow: 0,
          seconds: 0,
          pressedSeconds: 0,
          ownSeconds: 0,
          strangeSeconds: 0,
        }));
        if ((event.user[flagsAt]! & UserFlag.prompted) === 0) held.seconds = 0;
        event.user[flagsAt] = event.user[flagsAt]! | UserFlag.prompted;
        const behind = held.seconds - event.seconds;
        // Forward decay: a prompt that comes late adds what is left of it, so that order does not matter.
        const weight = (life: number) => (behind > 0 ? 2 ** (-behind / life) : 1);
        held.count = Math.min(0xffffffff, Math.round((before + weight(halfLife)) * SCALE));
        held.slow = Math.min(0xffffffff, Math.round((slowBefore + weight(slowHalfLife)) * SCALE));
        held.seconds = Math.max(held.seconds, event.seconds);
        if (!RAN_OUT.test(event.text('ResultDetail'))) held.pressedSeconds = Math.max(held.pressedSeconds, event.seconds);
        const asker = isUsualDevice(event) || isManaged(event) || isOwnPhone(event) ? 'ownSeconds' : 'strangeSeconds';
        held[asker] = Math.max(held[asker], event.seconds);
        if (event.prefix !== 0 && newLevel(event) !== undefined) held.drip = addPrompt(held.drip, event);
        held.touchedMs = Math.max(held.touchedMs, event.timeMs);
      },
      audit(fact, event) {
        planted.note(fact, event);
        if (fact.happening !== 'reported' || (fact.userId === '' && fact.upn === '')) return;
        const subject = subjectOf(fact);
        const unit = host.unit('user-day', fact.tenantId, subject, dayText(event.timeMs), event, [{ userId: fact.userId, upn: fact.upn }]);
        unit.evidence = { ...unit.evidence, [REPORTED]: [report(event, fact.id, '')] };
        addEvent(unit, event.evidence());
      },
      later(unit, event) {
        if (event.fact?.happening !== 'reported') return false;
        unit.evidence[REPORTED] = [report(event, event.text('Id'), ' within a day after the registration')];
        return true;
      },
    };
  },
});
