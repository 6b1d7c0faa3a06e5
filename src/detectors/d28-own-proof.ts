import { DAY_MS } from '../core/durations.ts';
import { methodStrength } from '../events/audit/methods.ts';
import { EventClass, Flag } from '../events/event-record.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import { answersOf, isOfKind } from './shared/answers.ts';
import { userKey } from './shared/habits.ts';
import { says, wasReset } from './shared/says.ts';
import { Moved, sessionSystems } from './shared/session-system.ts';
import type { EventView } from './stream/event-view.ts';
import { UserFlag, UserWord } from './stream/layout.ts';
import type { Unit } from './stream/unit.ts';

/** When and where a user's method was asked for and given on the way to the page of the methods. */
interface Proof {
  readonly timeMs: number;
  readonly prefix: number;
  readonly id: string;
}
const ID = 'D28-own-proof';
const MAX_PROOFS = 4;
/** As hard to take over as the telephone network. */
const LEAST_STRENGTH = 2;
/** What came lately may be an intruder's, and proves nothing. */
const SETTLED_MS = 21 * DAY_MS;
/**
 * Of the registrations that followed a suspicious sign-in, in 63 tenants of eleven generators, 12 of 1,630 intruders' and 1,121 of 3,005 owners' had it:
 * -3.9 nats. This is -3.5 by the weight of its group: at -4 nats one more takeover was lost for seven false.
 */
const GIVEN = -5;
/** Evidence from which on it is two people (D18), or the organisation took the method or the password back (D17). */
const TWO = 2;
const TAKEN_BACK = 2;

export const detector: DetectorSpec = defineDetector({
  /**
   * Whoever opened the security-info page was asked for a method that the user had, and gave it, at the place of the registration within
   * the hour before. Entra wants a fresh proof there; an intruder has a session whose proof was given elsewhere, and shows a claim in the
   * token, or a password and nothing to show beside it. The owner has the phone in hand.
   * Evidence against only. A method that was registered in the last weeks proves nothing, nor does a temporary access pass, which the help
   * desk gives to whoever calls. It says nothing after refused prompts (D3: the victim approved one at last), after a reset of the
   * password or of methods (D9: a number may have been moved to another card), and is taken back where two people use the account
   * (D18) or the organisation took the method or the password back (D17), at the user's next event.
   * Works where the log has the methods of sign-ins. Blind to a page in between that passes on the very sign-in to this page.
   * Cost: a look-up for sign-ins to that page by a method. Memory: four such sign-ins a user, 100,000 users.
   * ATT&CK T1098.005. Ref: combined registration of Entra ID, which asks for MFA before methods are managed; detectors.md B1 D6.
   */
  id: ID,
  title: 'A method of the user was given where the new one was registered',
  group: 'credential',
  techniques: ['T1098.005'],
  benignIf: 'The user confirms that they answered the prompt on the page.',
  parameters: {
    visit_minutes: { default: 60, doc: 'Minutes between the sign-in to the security-info page and a registration that belongs to it' },
  },
  userWords: 0,
  sourceWords: 0,
  create(host, parameters) {
    const proofs = host.objects<{ touchedMs: number; list: readonly Proof[] }>('D28.proofs', 100_000);
    const systems = sessionSystems(host);
    const isSettled = (event: EventView): boolean => {
      const given = answersOf(event).filter(({ kind }) => kind !== 'tap' && methodStrength[kind] >= LEAST_STRENGTH);
      if ((event.user[event.userAt + UserWord.flags]! & UserFlag.registered) === 0) return given.length > 0;
      const fresh = (host.person(event)?.changes ?? []).filter(
        ({ happening, timeMs }) => happening !== 'deleted' && timeMs <= event.timeMs && event.timeMs - timeMs <= SETTLED_MS,
      );
      return given.some(({ kind }) => !fresh.some(({ methodKind }) => isOfKind(kind, methodKind)));
    };
    const isProof = (event: EventView): boolean =>
      event.eventClass === EventClass.signIn &&
      event.has(Flag.securityInfo) &&
      event.has(Flag.gaveMethod) &&
      event.prefix !== 0 &&
      !systems.scripted(event) &&
      systems.moved(event) === Moved.no &&
      isSettled(event);
    const proofOf = (event: EventView): Proof => ({ timeMs: event.timeMs, prefix: event.prefix, id: event.text('Id') });
    /** Of the registration: in the hour before, and at its place where the record has one. */
    const isOf = (unit: Readonly<Unit>, { timeMs, prefix }: Proof): boolean => {
      const facts = unit.registration!;
      const before = unit.openedMs - timeMs;
      return before >= 0 && before <= parameters.visit_minutes * 60_000 && (facts.prefix === 0 || facts.prefix === prefix);
    };
    const weigh = (unit: Unit, found: Proof | undefined): boolean => {
      const before = unit.evidence[ID]?.[0];
      if (found === undefined || isDoubtful(unit)) {
        if (before === undefined) return false;
        unit.evidence[ID] = [];
        return true;
      }
      if (before?.eventIds[0] === found.id) return false;
      const minutes = Math.round((unit.openedMs - found.timeMs) / 60_000);
      const words = `A method that the user had before was asked for and given on the security-info page, ${minutes} min before and in the same address range.`;
      unit.evidence[ID] = [contribution(detector, GIVEN, words, { minutes }, [found.id])];
      return true;
    };
    return {
      learns: [EventClass.signIn],
      learn(event) {
        if (!isProof(event)) return;
        const entry = proofs.edit(userKey(event), () => ({ touchedMs: event.timeMs, list: [] }));
        entry.touchedMs = Math.max(entry.touchedMs, event.timeMs);
        entry.list = [...entry.list, proofOf(event)].slice(-MAX_PROOFS);
      },
      registration(unit, fact, event) {
        if (fact.byOther || event.userAt < 0) return;
        const found = (proofs.get(userKey(event))?.list ?? []).findLast((proof) => isOf(unit, proof));
        weigh(unit, found);
      },
      later(unit, event) {
        // The row of the visit came late.
        if (unit.registration?.byOther !== false || event.fact !== undefined || event.userAt < 0 || !isProof(event)) return false;
        const proof = proofOf(event);
        return isOf(unit, proof) && weigh(unit, proof);
      },
      afterwards(unit) {
        return (unit.evidence[ID] ?? []).length > 0 && isDoubtful(unit) ? { [ID]: [] } : undefined;
      },
    };
  },
});

/** Whether the proof may be another's, or was wrung from the victim. */
function isDoubtful(unit: Readonly<Unit>): boolean {
  if (says(unit, 'D3-mfa-fatigue', Number.MIN_VALUE) || wasReset(unit)) return true;
  return says(unit, 'D17-taken-back', TAKEN_BACK) || says(unit, 'D18-two-hands', TWO);
}
