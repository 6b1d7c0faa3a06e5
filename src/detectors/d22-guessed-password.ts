import { DAY_MS, MINUTE_MS } from '../core/durations.ts';
import { EventClass, Flag } from '../events/event-record.ts';
import { combine } from '../events/hash.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import { isUsualDevice, newLevel, prefix, residents, SHARED_ADDRESS, userKey } from './shared/habits.ts';
import { RecentValues } from './shared/recent-values.ts';
import type { EventView } from './stream/event-view.ts';
import { UserFlag, UserWord } from './stream/layout.ts';

const MAX_ATTEMPTS = 8;
/** What the lowest bit of a minute says: that the right password came then. */
const RIGHT = 1;
const ONE = 1.8;
const SEVERAL = 2.4;

export const detector: DetectorSpec = defineDetector({
  /**
   * The right password from an address range that is new to the user, long after wrong ones from there and none that was right in between.
   * Who knows their password and mistypes it has it right a minute later, or resets it; who works through a list of leaked or guessed ones
   * is there for hours. One account, one address, a few attempts: too little for a spray.
   * Works where wrong passwords are logged. Blind to who has the password already, to guesses from elsewhere, and at addresses of many.
   * Cost: a list look-up per wrong password from a new place, and per sign-in there of a user with one. Memory: eight minutes a user and
   * new range with a wrong password, for three days, 100,000 at most; a line a user whose password was reset, 50,000 at most.
   * ATT&CK T1110.001, T1110.004. Ref: failures before the first success of a source, as Azure-Sentinel's SigninBruteForce counts them;
   * detectors.md B1 D4.
   */
  id: 'D22-guessed-password',
  title: 'The password was guessed',
  group: 'credential',
  techniques: ['T1110.001', 'T1110.004'],
  benignIf: 'The user confirms having tried several passwords there before remembering the right one.',
  parameters: {
    least_minutes: { default: 30, doc: 'Minutes between a wrong password and the right one from which it is no typing error' },
    keep_days: { default: 3, doc: 'Days that wrong passwords are remembered' },
  },
  userWords: 0,
  sourceWords: 0,
  create(host, parameters) {
    const attempts = new RecentValues(host, 'D22.attempts', 100_000, MAX_ATTEMPTS);
    const resets = host.objects<{ touchedMs: number }>('D22.resets', 50_000);
    const keyOf = (event: EventView) => combine(event.userLo, event.prefix);
    const minuteOf = ({ timeMs }: EventView) => Math.floor(timeMs / MINUTE_MS);
    const wasTried = (event: EventView) => (event.user[event.userAt + UserWord.flags]! & UserFlag.passwordTried) !== 0;
    const add = (event: EventView, right: number) =>
      attempts.add(keyOf(event), event.userHi, 2 * minuteOf(event) + right, event.timeMs, parameters.keep_days * DAY_MS);
    /** Wrong passwords from here that are no slip of the owner's: none was right in between, and none was reset. */
    const guessesOf = (event: EventView): number => {
      const level = newLevel(event);
      if (event.prefix === 0 || level === undefined || !wasTried(event) || isUsualDevice(event)) return 0;
      // A telephone that still has the old password comes from a carrier's next range.
      if ((level === prefix && event.has(Flag.mobile)) || residents(event) >= SHARED_ADDRESS || event.has(Flag.knownEgress)) return 0;
      // Few have tried one here; the rest makes lists and texts.
      if (!attempts.has(keyOf(event), event.userHi)) return 0;
      const now = minuteOf(event);
      const list = attempts.get(keyOf(event), event.userHi);
      const since = Math.max(
        (resets.get(userKey(event))?.touchedMs ?? 0) / MINUTE_MS,
        now - parameters.keep_days * (DAY_MS / MINUTE_MS),
        ...list.filter((value) => (value & RIGHT) !== 0).map((value) => Math.floor(value / 2)),
      );
      return list.filter((value) => (value & RIGHT) === 0 && value / 2 >= since && now - value / 2 >= parameters.least_minutes).length;
    };
    const judge = (event: EventView): number => {
      const guesses = event.has(Flag.firstFactor) ? guessesOf(event) : 0;
      return guesses === 0 ? 0 : guesses === 1 ? ONE : SEVERAL;
    };
    return {
      judges: [EventClass.signIn, EventClass.interrupt],
      learns: [EventClass.passwordFailure, EventClass.signIn, EventClass.interrupt],
      judge,
      explain(event) {
        const guesses = guessesOf(event);
        const llr = judge(event);
        const words = `The right password came from a range that is new to the user, half an hour or more after ${guesses === 1 ? 'a wrong one' : `${guesses} wrong ones`} from there.`;
        return llr === 0 ? [] : [contribution(detector, llr, words, { wrong: guesses }, [event.text('Id')])];
      },
      learn(event) {
        if (event.prefix === 0) return;
        if (event.eventClass === EventClass.passwordFailure) {
          if (newLevel(event) !== undefined && !isUsualDevice(event)) add(event, 0);
        } else if (wasTried(event) && event.has(Flag.firstFactor) && attempts.has(keyOf(event), event.userHi)) add(event, RIGHT);
      },
      audit(fact, event) {
        if (fact.happening !== 'password-reset' || !fact.succeeded || event.userAt < 0) return;
        const entry = resets.edit(userKey(event), () => ({ touchedMs: event.timeMs }));
        entry.touchedMs = Math.max(entry.touchedMs, event.timeMs);
      },
    };
  },
});
