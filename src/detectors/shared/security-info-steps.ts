import { HOUR_MS } from '../../core/durations.ts';
import { type AuditFact, isTwin, WIZARD_MS } from '../../events/audit/interpret.ts';
import type { MethodKind } from '../../events/audit/methods.ts';
import { Flag } from '../../events/event-record.ts';
import type { Kept } from '../../state/object-table.ts';
import type { Host } from '../detector.ts';
import type { EventView } from '../stream/event-view.ts';
import { answersOf } from './answers.ts';
import { isStrangeComputer, lookUpPlace, newLevel, tenureOf, userKey } from './habits.ts';
import { SETTLED } from './never-met.ts';

/** Steps around security info that a user went through lately, by their times. */
interface Steps extends Kept {
  resetMs: number;
  /** The reset came from a place that was new to the user; a telephone number answered after it, on what showed no device id: when. */
  resetIsNew: boolean;
  numberMs: number;
  /** That was a computer that is not like the user's; and when the account itself deleted a number after it. */
  isStrange: boolean;
  goneMs: number;
  deviceMs: number;
  /** Registrations that were cancelled or failed. */
  givenUp: readonly number[];
  /** Registrations that were begun; the one that is finished is taken off again. */
  started: readonly number[];
}
const MAX_STEPS = 8;
export const SHORTLY = 2 * HOUR_MS;

/** What answers by the telephone network: whoever takes over a number has it. */
export const NUMBERS: ReadonlySet<MethodKind> = new Set(['sms', 'voice', 'phone']);

/** An audit record has the address alone; where the address was never seen its range is what is new. */
function isNewPlace(event: EventView): boolean {
  lookUpPlace(event);
  return newLevel(event) !== undefined;
}

/** A telephone number answered after a reset of the password, and then a number was deleted. */
export interface NumberAnswered {
  readonly isNewPlace: boolean;
  readonly isStrange: boolean;
  readonly isGone: boolean;
}

export interface SecurityInfoSteps {
  note(fact: AuditFact, event: EventView): void;
  /** Whether the password was reset, or a device registered, within two hours before. */
  wasReset(event: EventView): boolean;
  hadDevice(event: EventView): boolean;
  /** To be called for sign-ins by hand. */
  signIn(event: EventView): void;
  /** Whether a telephone number answered within two hours before on what showed no device id, after a reset; and that reset came from a new place. */
  numberAnswered(event: EventView): NumberAnswered | undefined;
  /** Registrations that were begun, cancelled or failed in the two hours before; the one that the event finishes was begun too. */
  unfinished(event: EventView): number;
  /** The same from `sinceMs` on, with what has only just begun. */
  unfinishedSince(event: EventView, sinceMs: number): number;
}

export const isShortly = (timeMs: number, thenMs: number | undefined) =>
  thenMs !== undefined && thenMs > 0 && timeMs >= thenMs && timeMs - thenMs <= SHORTLY;

/** Memory: at most 16 times a user with such steps, 100,000 users. */
export function securityInfoSteps(host: Host): SecurityInfoSteps {
  const recent = host.objects<Steps>('D9.recent', 100_000);
  const edit = (event: EventView): Steps => {
    const entry = recent.edit(userKey(event), () => ({
      touchedMs: event.timeMs,
      resetMs: 0,
      resetIsNew: false,
      numberMs: 0,
      isStrange: false,
      goneMs: 0,
      deviceMs: 0,
      givenUp: [],
      started: [],
    }));
    entry.touchedMs = Math.max(entry.touchedMs, event.timeMs);
    return entry;
  };
  const add = (times: readonly number[], timeMs: number) => [...times, timeMs].slice(-MAX_STEPS);
  /** What was cancelled was begun as well. */
  const most = (event: EventView, isOf: (timeMs: number) => boolean, begunIsOf = isOf): number => {
    const steps = recent.get(userKey(event));
    return Math.max((steps?.givenUp ?? []).filter(isOf).length, (steps?.started ?? []).filter(begunIsOf).length);
  };
  return {
    note(fact, event) {
      if (fact.happening === 'cancelled' || (fact.happening === 'registered' && !fact.succeeded && !fact.byOther)) {
        const steps = edit(event);
        steps.givenUp = add(steps.givenUp, event.timeMs);
        return;
      }
      if (!fact.succeeded) return;
      // What an administrator does is D11's: one fact counts once.
      if (fact.happening === 'password-reset' && fact.byOther && fact.actorId !== '') return;
      if (fact.happening === 'password-reset') {
        const steps = edit(event);
        steps.resetMs = Math.max(steps.resetMs, event.timeMs);
        if (fact.ip !== '') steps.resetIsNew = isNewPlace(event);
      } else if (fact.happening === 'deleted' && !fact.byOther && NUMBERS.has(fact.methodKind)) {
        if (recent.get(userKey(event)) !== undefined) edit(event).goneMs = Math.max(edit(event).goneMs, event.timeMs);
      } else if (fact.happening === 'device-registered') edit(event).deviceMs = Math.max(edit(event).deviceMs, event.timeMs);
      else if (fact.happening === 'started') {
        const steps = edit(event);
        steps.started = add(steps.started, event.timeMs);
      } else if (fact.happening === 'registered' && !fact.byOther && !isTwin(fact)) {
        // The last one that was begun shortly before is finished by this.
        const steps = recent.get(userKey(event));
        const own = steps?.started.findLast((timeMs) => event.timeMs >= timeMs && event.timeMs - timeMs <= WIZARD_MS);
        if (own !== undefined) edit(event).started = steps!.started.filter((timeMs) => timeMs !== own);
      }
    },
    signIn(event) {
      if (event.device !== 0 || !event.has(Flag.answered)) return;
      const steps = recent.get(userKey(event));
      if (steps === undefined || !isShortly(event.timeMs, steps.resetMs) || !answersOf(event).some(({ kind }) => NUMBERS.has(kind))) return;
      // A new telephone is what makes its owner reset and register; a computer is none.
      const isStrange = isStrangeComputer(event) && tenureOf(event, SETTLED) === 1;
      const entry = edit(event);
      entry.isStrange = isStrange || (entry.isStrange && entry.numberMs >= entry.resetMs);
      entry.numberMs = Math.max(entry.numberMs, event.timeMs);
    },
    numberAnswered(event) {
      const steps = recent.get(userKey(event));
      if (steps === undefined || !isShortly(event.timeMs, steps.numberMs) || !isShortly(event.timeMs, steps.resetMs)) return undefined;
      const isGone = steps.goneMs >= steps.numberMs && isShortly(event.timeMs, steps.goneMs);
      return { isNewPlace: steps.resetIsNew, isStrange: steps.isStrange, isGone };
    },
    wasReset: (event) => isShortly(event.timeMs, recent.get(userKey(event))?.resetMs),
    hadDevice: (event) => isShortly(event.timeMs, recent.get(userKey(event))?.deviceMs),
    unfinished: (event) =>
      most(
        event,
        (timeMs) => isShortly(event.timeMs, timeMs),
        (timeMs) => isShortly(event.timeMs, timeMs) && event.timeMs - timeMs > WIZARD_MS,
      ),
    unfinishedSince: (event, sinceMs) => most(event, (timeMs) => timeMs >= sinceMs && timeMs <= event.timeMs),
  };
}
