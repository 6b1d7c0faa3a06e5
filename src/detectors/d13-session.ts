import { EventClass, Flag } from '../events/event-record.ts';
import { combine } from '../events/hash.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { client, country, device, featureValue, hoursSinceUsual, isUsualPlace, isUsualValue, newLevel, prefix } from './shared/habits.ts';
import type { EventView } from './stream/event-view.ts';
import { UserWord } from './stream/layout.ts';

const SAME_BROWSER = -2;
const SAME_SESSION = -1;
const TAKEN = 2.5;
const TOGETHER_HOURS = 2;
const NEW_SESSION = 0.4;
const NEW_SESSION_PASSWORD = 1.5;
const DEVICE_CODE = 2;
const LEGACY = 1.6;
const LEAST_SIGN_INS = 10;

export const detector: DetectorSpec = defineDetector({
  /**
   * The session (the browser's cookie) of a sign-in. One that is known from the user's usual places is the user on the move, unless it shows up in a
   * new country within two hours of a usual place: a cookie or token in other hands (AiTM). A session that was never seen, in a new place and
   * without a device id, is weak evidence; a first sign-in by device code or a legacy protocol there is more. Needs SessionId. Blind to a
   * thief who comes from the victim's country with the victim's cookie. Cost: a look-up a sign-in. Memory: 16 to 32 bytes a session, at most a
   * million. ATT&CK T1539, T1550.004, T1528.
   */
  id: 'D13-session',
  title: 'Session or token in other hands',
  group: 'client',
  techniques: ['T1539', 'T1550.004'],
  benignIf: 'The user moved the same browser to another network, or signed in a device by a code.',
  parameters: {},
  userWords: 0,
  sourceWords: 0,
  create(host) {
    const sessions = host.counts('D13.sessions', 1_000_000);
    const codes = host.counts('D13.codes', 100_000);
    const keyOf = (event: EventView) => combine(event.session, event.userLo);
    const judge = (event: EventView): number => {
      const level = newLevel(event);
      if (level === undefined || event.user[event.userAt + UserWord.signIns]! < LEAST_SIGN_INS) return 0;
      const sameDevice = isUsualValue(event.user, event.userAt, device, featureValue(event, device));
      const sameClient = event.client === 0 || isUsualValue(event.user, event.userAt, client, event.client);
      if (event.session !== 0 && sessions.get(keyOf(event)) > 0) {
        if (event.device !== 0 && sameDevice) return 0;
        if (level !== country) return sameClient ? SAME_BROWSER : SAME_SESSION;
        return hoursSinceUsual(event) < TOGETHER_HOURS ? TAKEN : sameClient ? SAME_BROWSER : 0;
      }
      if (event.eventClass === EventClass.backgroundSignIn || event.device !== 0) return 0;
      if (level !== prefix && event.has(Flag.deviceCode) && codes.get(event.userLo) === 0) return DEVICE_CODE;
      if (level !== prefix && event.has(Flag.legacyProtocol) && codes.get(event.userHi) === 0) return LEGACY;
      if (event.session === 0 || event.has(Flag.mobile)) return 0;
      // Who has the user's browser is not asked for the password again.
      return /^password/i.test(event.text('Methods')) ? NEW_SESSION_PASSWORD : NEW_SESSION;
    };
    const wordsFor = (llr: number): string => {
      if (llr < 0) return 'The same session as at the usual places, on the move.';
      if (llr === TAKEN)
        return 'A session of the user goes on in a new country shortly after the user was at a usual place, without a device that the user is known by.';
      if (llr === NEW_SESSION_PASSWORD)
        return 'A new session in a new place, begun with the password, without a device that the user is known by.';
      if (llr === NEW_SESSION) return 'A new session in a new place, without a device that the user is known by.';
      return llr === DEVICE_CODE
        ? 'First sign-in by device code, from a new place.'
        : 'First sign-in by a legacy protocol, from a new place.';
    };
    return {
      classes: [EventClass.signIn, EventClass.interrupt, EventClass.backgroundSignIn],
      judge,
      explain(event): readonly Contribution[] {
        const llr = judge(event);
        const spec = llr === NEW_SESSION || llr === NEW_SESSION_PASSWORD ? ({ ...detector, group: 'credential' } as const) : detector;
        return llr === 0 ? [] : [contribution(spec, llr, wordsFor(llr), {}, [event.text('Id')])];
      },
      learn(event) {
        if (event.eventClass === EventClass.interrupt) return;
        if (event.has(Flag.deviceCode)) codes.add(event.userLo);
        if (event.has(Flag.legacyProtocol)) codes.add(event.userHi);
        if (event.session !== 0 && isUsualPlace(event)) sessions.add(keyOf(event));
      },
    };
  },
});
