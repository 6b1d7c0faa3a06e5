import { EventClass, Flag } from '../events/event-record.ts';
import { combine } from '../events/hash.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { asn, client, country, device, featureValue, isUsualPlace, isUsualValue, newLevel } from './shared/habits.ts';
import type { EventView } from './stream/event-view.ts';
import { UserWord } from './stream/layout.ts';

const SAME_BROWSER = -2;
const SAME_SESSION = -1;
const TAKEN = 3;
const DEVICE_CODE = 2;
const LEGACY = 1.5;
const LEAST_SIGN_INS = 10;

export const detector: DetectorSpec = defineDetector({
  /**
   * The session (the browser's cookie) of a sign-in. One that is known from the user's usual places and goes on in a usual country is the user on
   * the move; one that goes on in a new country with another client, and no device that the user is
   * known by, is a cookie or a token in other hands (AiTM). Device code and legacy sign-ins from a new place by users who never had them count too.
   * Needs SessionId. Blind to a thief who copies the browser and comes from the victim's country. Cost: a table look-up a sign-in. Memory: 16
   * to 32 bytes a session, at most a million. ATT&CK T1539, T1550.004, T1528.
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
        if (isUsualValue(event.user, event.userAt, country, event.country)) return sameClient ? SAME_BROWSER : SAME_SESSION;
        return sameClient && sameDevice ? 0 : TAKEN;
      }
      if (event.eventClass === EventClass.backgroundSignIn || (level !== country && level !== asn) || event.device !== 0) return 0;
      if (event.has(Flag.deviceCode) && codes.get(event.userLo) === 0) return DEVICE_CODE;
      return event.has(Flag.legacyProtocol) && codes.get(event.userHi) === 0 ? LEGACY : 0;
    };
    const wordsFor = (llr: number): string => {
      if (llr < 0) return 'The same session as at the usual places, in a usual country.';
      if (llr === TAKEN)
        return 'A session of the user goes on in another place with another client, without a device that the user is known by.';
      return llr === DEVICE_CODE
        ? 'First sign-in by device code, from a new place.'
        : 'First sign-in by a legacy protocol, from a new place.';
    };
    return {
      classes: [EventClass.signIn, EventClass.backgroundSignIn],
      judge,
      explain(event): readonly Contribution[] {
        const llr = judge(event);
        return llr === 0 ? [] : [contribution(detector, llr, wordsFor(llr), {}, [event.text('Id')])];
      },
      learn(event) {
        if (event.has(Flag.deviceCode)) codes.add(event.userLo);
        if (event.has(Flag.legacyProtocol)) codes.add(event.userHi);
        if (event.session !== 0 && isUsualPlace(event)) sessions.add(keyOf(event));
      },
    };
  },
});
