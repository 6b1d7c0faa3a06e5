import { DAY_MS } from '../core/durations.ts';
import { EventClass, Flag } from '../events/event-record.ts';
import { combine } from '../events/hash.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { isInDesktopCloud } from './shared/desktop-cloud.ts';
import {
  country,
  device,
  hoursSinceUsual,
  isOwnClient,
  isPerhapsPhone,
  isUsual,
  isUsualPlace,
  LEAST_SIGN_INS,
  newLevel,
  prefix,
  residents,
  SHARED_ADDRESS,
} from './shared/habits.ts';
import { isHosting } from './shared/hosting.ts';
import { noteOwn, Proof } from './shared/own-hand.ts';
import { plantedDevices } from './shared/planted.ts';
import { RecentValues } from './shared/recent-values.ts';
import { sessionAges } from './shared/session-ages.ts';
import { Moved, sessionSystems } from './shared/session-system.ts';
import { unprovenSessions } from './shared/unproven-sessions.ts';
import type { EventView } from './stream/event-view.ts';
import { UserWord } from './stream/layout.ts';
import { marksOf, SessionMark } from './stream/sessions.ts';
import type { Unit } from './stream/unit.ts';

const SAME_BROWSER = -2;
const UNBOUND = 1.2;
const TAKEN = 2.5;
/** In the very browser of the user it may be a VPN that was switched on. */
const ANOTHER_WAY_OUT = 1;
const TOGETHER_HOURS = 2;
/** Of registrations after a suspicious sign-in, in 63 tenants of eleven generators, 743 of 1,630 intruders' and 389 of 3,005 owners' had one: 1.3 nats. */
const NEW_SESSION = 1.15;
/** Begun in one network that is new to the user and gone on with in another within so long: a kit passed it on to whoever sent the mail. */
const PASSED_ON = 2.1;
const PASSED_ON_SECONDS = 3 * 3600;
/** In another range of a usual network: providers and carriers give out new ones every day, and browsers sign in anew. */
const NEW_SESSION_NEAR = 0.45;
/** A browser does not change its computer. */
const MOVED = 3.5;
/** Nor does it leave its browser for a program; and a program by hand at a new place, whosever session it has. */
const TO_PROGRAM = 4;
const BY_PROGRAM = 2.3;
/** So many sessions begun in one new range within days: nobody there keeps the cookie. People do so in private windows, too. */
const MANY = 3;
/** In the same tenants 105 and 34, 1.7 nats, which this is by the weight of the detector. */
const MANY_LLR = 1.4;
const MANY_SESSIONS = 'D13-session:many';
const DEVICE_CODE = 2;
const LEGACY = 1.6;
/** Age from which on a session from new ranges of usual networks is no new one. */
const OLD_SECONDS = 3 * 3600;
/** Age from which on it speaks for its owner: longer than what follows a registration is watched for the owner's own things. */
const PROVEN_SECONDS = 24 * 3600;
const PLANTED = 2.2;

export const detector: DetectorSpec = defineDetector({
  /**
   * The session (the browser's cookie) of a sign-in. One that is known from the user's usual places is the user on the move, unless it
   * shows up in a new country within two hours of a usual place, or without the device that it was bound to: a cookie or token in other
   * hands (AiTM). A session that was never seen, in a new place and without a device id, is weak evidence; a first sign-in by device code
   * or a legacy protocol there is more, and so is one with a device that the account had just registered from a new place (device
   * registration to PRT). One that was begun on another kind of operating system and goes on in a new place, or is gone on with
   * there by a program, was taken, wherever it was begun.
   * So was, it seems, one of a computer that goes on within three hours in a second network that is new to the user (a telephone
   * changes its own).
   * Three or more sessions begun in the range of a registration within days: nobody there keeps the cookie.
   * A new session on the organisation's hosted desktops says nothing: they have a browser of their own.
   * Where the log has no SessionId the user's own browser is known by its address with its system and browser, where it stays.
   * Works with SessionId, and for planted devices with the device's id in the record that registers it. Blind to a thief who comes from the
   * victim's country with the victim's cookie.
   * One that began within three hours in a new range of a usual network is still new there: a thief next door does not become the owner.
   * Cost: the session's record, which the stream finds. Memory: that record, 44 bytes and an index a session, two million at most; eight
   * sessions a user and new range, 100,000 at most; a line a device from a new place, 20,000 at most.
   * ATT&CK T1539, T1550.004, T1528, T1098.005. Ref: Elastic persistence_entra_id_device_registration_to_prt_chain; detectors.md B1 D13.
   */
  id: 'D13-session',
  title: 'Session or token in other hands',
  group: 'client',
  techniques: ['T1539', 'T1550.004'],
  benignIf: 'The user moved the same browser to another network, or signed in a device by a code.',
  parameters: {
    planted_days: { default: 7, doc: 'Days after a device was registered from a new place in which its use there is evidence' },
  },
  userWords: 0,
  sourceWords: 0,
  create(host, parameters) {
    const codes = host.counts('D13.codes', 100_000);
    const ages = sessionAges(host);
    /** What these sign in with is the account's for weeks (PRT). */
    const planted = plantedDevices(host, 'D13.planted');
    const systems = sessionSystems(host);
    const unproven = unprovenSessions(host);
    const begun = new RecentValues(host, 'D13.begun', 100_000, 8);
    const begunKey = (event: EventView, range: number) => combine(event.userLo, range);
    const many = (unit: Unit, event: EventView): boolean => {
      const facts = unit.registration;
      if (facts === undefined || facts.byOther || facts.prefix === 0 || unit.evidence[MANY_SESSIONS] !== undefined) return false;
      const sessionsThere = begun.get(begunKey(event, facts.prefix), event.userHi).length;
      if (sessionsThere < MANY || residents(event) >= SHARED_ADDRESS) return false;
      const words = `${sessionsThere} sessions were begun in the address range of the registration within days, without a known device of the user.`;
      unit.evidence[MANY_SESSIONS] = [contribution({ ...detector, group: 'credential' }, MANY_LLR, words, { sessions: sessionsThere }, [])];
      return true;
    };
    /** The browser's own cookie, on the kind of computer or phone that the user has, known from usual places for a day. */
    const isOwnSession = (event: EventView): boolean => {
      if (event.device !== 0 || event.user[event.userAt + UserWord.signIns]! < LEAST_SIGN_INS) return false;
      const known = ages.knownSince(event);
      if (known === 0 || event.seconds - known < PROVEN_SECONDS || isBound(event) || systems.moved(event) !== Moved.no) return false;
      return isOwnClient(event) || (isUsual(event, device) && ages.isFromHome(event));
    };
    /** What began just now in a new range of a usual network is as new as it was then. */
    const isOld = (event: EventView) => {
      if (event.session === 0) return false;
      const { usual, home } = ages.of(event);
      return home !== 0 || (usual !== 0 && event.seconds - usual >= OLD_SECONDS);
    };
    const isBound = (event: EventView) => event.session !== 0 && (marksOf(event) & SessionMark.bound) !== 0;
    const judge = (event: EventView): number => {
      const level = newLevel(event);
      const moved = level === undefined ? Moved.no : systems.moved(event);
      if (moved !== Moved.no) return moved === Moved.script ? TO_PROGRAM : MOVED;
      if (level === undefined || event.user[event.userAt + UserWord.signIns]! < LEAST_SIGN_INS) return 0;
      if (systems.scripted(event)) return BY_PROGRAM;
      if (planted.has(event, parameters.planted_days * DAY_MS)) return PLANTED;
      if (event.device !== 0) return 0;
      const isBare = isOld(event);
      if (isBare || isBound(event)) {
        // The browser of a computer with an id does not lose the id on the way; a cookie that was taken from it does.
        if (!isBare) return UNBOUND;
        const sameBrowser = isOwnClient(event) ? SAME_BROWSER : 0;
        if (level !== country) return sameBrowser;
        // A telephone's relay or its carrier's roaming changes the country from one minute to the next.
        return hoursSinceUsual(event) < TOGETHER_HOURS
          ? isPerhapsPhone(event)
            ? 0
            : isOwnClient(event)
              ? ANOTHER_WAY_OUT
              : TAKEN
          : sameBrowser;
      }
      if (event.eventClass === EventClass.backgroundSignIn) return 0;
      if (level !== prefix && event.has(Flag.deviceCode) && codes.get(event.userLo) === 0) return DEVICE_CODE;
      if (level !== prefix && event.has(Flag.legacyProtocol) && codes.get(event.userHi) === 0) return LEGACY;
      if (event.session === 0 || isPerhapsPhone(event)) return 0;
      if ((ages.sinceBornElsewhere(event) ?? Number.POSITIVE_INFINITY) <= PASSED_ON_SECONDS) return PASSED_ON;
      // A hosted desktop has a browser of its own, whose every session is new there.
      if (isInDesktopCloud(host.crowds, event)) return 0;
      return level === prefix ? NEW_SESSION_NEAR : NEW_SESSION;
    };
    const wordsFor = (llr: number): string => {
      if (llr === PLANTED)
        return 'Signed in with a device that the account itself had registered from a new place shortly before: it holds a token of its own (PRT).';
      if (llr < 0) return 'The same session as at the usual places, on the move.';
      if (llr === UNBOUND)
        return 'A session that the user had on a device with an id goes on in a new place without one: its cookie or token may have been taken.';
      if (llr === TAKEN || llr === ANOTHER_WAY_OUT)
        return 'A session of the user goes on in a new country shortly after the user was at a usual place, without a known device of the user.';
      if (llr === MOVED) return 'A session that was begun on another kind of system goes on in a new place: its cookie or token was taken.';
      if (llr === TO_PROGRAM)
        return 'A session that was begun in a browser goes on in a new place by a program: its cookie or token was taken.';
      if (llr === PASSED_ON)
        return 'A session that was begun within hours in one network that is new to the user goes on in another: its cookie or token may have been passed on.';
      if (llr === BY_PROGRAM) return 'Signed in by a program, not a browser, from a new place; the user has none at the usual ones.';
      if (llr === NEW_SESSION) return 'A new session in a new place, without a known device of the user.';
      if (llr === NEW_SESSION_NEAR) return 'A new session in a new range of a usual network, without a known device of the user.';
      return llr === DEVICE_CODE
        ? 'First sign-in by device code, from a new place.'
        : 'First sign-in by a legacy protocol, from a new place.';
    };
    return {
      judges: [EventClass.signIn, EventClass.interrupt, EventClass.backgroundSignIn],
      learns: [EventClass.signIn, EventClass.backgroundSignIn],
      judge,
      explain(event): readonly Contribution[] {
        const llr = judge(event);
        // How somebody got in adds to what the computer looks like; a session in other hands is the same fact as a strange computer.
        const spec = llr > 0 && llr !== TAKEN && llr !== ANOTHER_WAY_OUT ? ({ ...detector, group: 'credential' } as const) : detector;
        return llr === 0 ? [] : [contribution(spec, llr, wordsFor(llr), {}, [event.text('Id')])];
      },
      audit: planted.note,
      registration(unit, _fact, event) {
        if (event.userAt >= 0) many(unit, event);
      },
      later(unit, event) {
        return event.eventClass === EventClass.signIn && event.prefix === unit.registration?.prefix && many(unit, event);
      },
      learn(event) {
        systems.note(event);
        if (event.has(Flag.deviceCode)) codes.add(event.userLo);
        if (event.has(Flag.legacyProtocol)) codes.add(event.userHi);
        if (event.browser === 0 || unproven.teachesNothing(event)) return;
        ages.note(event);
        if (
          event.session !== 0 &&
          event.eventClass === EventClass.signIn &&
          event.device === 0 &&
          event.prefix !== 0 &&
          newLevel(event) !== undefined
        ) {
          if (!isOld(event)) begun.add(begunKey(event, event.prefix), event.userHi, event.session, event.timeMs, 3 * DAY_MS);
        }
        if (isOwnSession(event) && newLevel(event) !== country && !isHosting(event.asn)) noteOwn(event, Proof.session);
        if (event.session !== 0 && event.device !== 0 && isUsualPlace(event)) host.sessions.mark(event, SessionMark.bound);
      },
    };
  },
});
