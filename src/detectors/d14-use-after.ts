import { DAY_MS, HOUR_MS } from '../core/durations.ts';
import { methodKind } from '../events/audit/methods.ts';
import { EventClass, Flag } from '../events/event-record.ts';
import { USED_ON_A_COLLEAGUES } from './d24-colleagues-computer.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { isCrowded } from './shared/crowded.ts';
import { cameByDesktopCloud } from './shared/desktop-cloud.ts';
import {
  cameFromNewPlace,
  client,
  device,
  isOfAnother,
  isUsual,
  isUsualDevice,
  isUsualPlace,
  newLevel,
  residents,
  SHARED_ADDRESS,
} from './shared/habits.ts';
import { SHARED_DEVICE } from './shared/novelty/client-ratio.ts';
import { goesAlong, lastProof, Proof, provedNow } from './shared/own-hand.ts';
import { plantedDevices } from './shared/planted.ts';
import { deviceUsers } from './stream/crowds.ts';
import type { EventView } from './stream/event-view.ts';
import { addEvent, type RegistrationFacts, type Unit } from './stream/unit.ts';

const USE = 'D14-use-after';
/** The strength of each thing that a later sign-in can show. */
const OWN_DEVICE_THERE = -4.5;
const OWN_DEVICE_NEAR = -2.5;
const USED_ELSEWHERE = 3;
/** The same where the user shows no device anyway. */
const USED_ELSEWHERE_BARE = 0.5;
const STRANGER_THERE = 1.2;
const NEW_MANAGED = -2.5;
const PLANTED_MS = 7 * DAY_MS;
/** The user's own computer is at a usual place, so many minutes before or after the method is registered at a new one. */
const APART = [
  [10, 3],
  [30, 2.2],
  [60, 1.5],
] as const;
/** The owner at the place of the registration, by a session or a key instead of a device. */
const OWN_OTHERWISE = 0.6;
/** The new method is used at a usual place on a computer that is not the user's: 31 of 2,286 intruders and 135 of 32,610 owners, 1.1 nats. */
const STRANGER_AMONG_COLLEAGUES = 1.2;
const ELSEWHERE = 'D14-use-after:elsewhere';

export const detector: DetectorSpec = defineDetector({
  /**
   * What happens in the day after a registration (and, where rows come late, before it). A device that the user is known by at the
   * registration's own address or range: it was the user's doing, and the finding closes. A sign-in that proves the new kind of method from
   * a place that is new to the user and without such a device: somebody else holds it. So does one from a usual place with a computer that
   * the user never had (a colleague), or a computer of the user's that works at a usual place within the hour of a registration at a new
   * one (two people at once; a telephone goes with its owner and does not count), or, with somebody at it, of one on a computer with an id
   * that is not the user's.
   * Works with the sign-ins of the day. Blind when nobody signs in within it, and to a known device that an attacker controls.
   * Cost: a few comparisons for sign-ins of users with an open registration. Memory: a line a device that an account registered from a
   * new place, 20,000 at most.
   * ATT&CK T1098.005. Ref: post-registration use, detectors.md B1 D14.
   */
  id: 'D14-use-after',
  title: 'Who uses the new method',
  group: 'registration',
  techniques: ['T1098.005'],
  benignIf: 'A known device of the user signs in from the address of the registration.',
  parameters: {
    near_hours: { default: 2, doc: 'Hours around a registration in which a known device in the same range counts' },
  },
  userWords: 0,
  sourceWords: 0,
  create(host, parameters) {
    const planted = plantedDevices(host, 'D14.planted');
    const put = (unit: Unit, item: Contribution): boolean => {
      const before = unit.evidence[USE] ?? [];
      const same = before.find(({ llr }) => llr > 0 === item.llr > 0);
      if (same !== undefined && Math.abs(same.llr) >= Math.abs(item.llr)) return false;
      unit.evidence[USE] = [...before.filter((entry) => entry !== same), item];
      return true;
    };
    const isOnPhone = (unit: Unit, event: EventView): boolean | undefined =>
      host.person(event)?.sessions.find(({ prefix }) => prefix !== 0 && prefix === unit.registration?.prefix)?.mobile;
    /** On a computer with an id that is not the user's: a colleague's, at a desk in the office. */
    const isOnAnothers = (unit: Unit) =>
      unit.source.deviceId !== '' && (unit.evidence['D6-registration-after-risk'] ?? []).some(isOfAnother);
    /**
     * Two at once: the owner's computer where it always is, and somebody who registers at a place that is new. A telephone goes with its owner.
     */
    const apart = (unit: Unit, event: EventView, gapMs: number, mobile: boolean, words: string, ids: readonly string[]): boolean => {
      const step = APART.find(([minutes]) => gapMs <= minutes * 60_000);
      // Whoever borrows a colleague's computer has left their own at home, where it goes on by itself: somebody at it is who counts.
      const isManned = event.eventClass === EventClass.signIn && isUsualDevice(event);
      // Whoever is at a hosted desktop sits at their own computer.
      if (cameByDesktopCloud(host.crowds, unit.source, event)) return false;
      if (step === undefined || mobile || !(cameFromNewPlace(unit) || (isManned && isOnAnothers(unit))) || saysOwn(unit)) return false;
      const llr = isOnPhone(unit, event) === false ? step[1] : step[1] / 2;
      if ((unit.evidence[ELSEWHERE]?.[0]?.llr ?? 0) >= llr) return false;
      unit.evidence[ELSEWHERE] = [
        contribution({ ...detector, group: 'context' }, llr, words, { minutes: Math.round(gapMs / 60_000) }, ids),
      ];
      return true;
    };
    const elsewhere = (unit: Unit, event: EventView, proof: Proof): boolean => {
      if (!isUsualPlace(event)) return false;
      const gap = Math.abs(event.timeMs - unit.openedMs);
      const device = event.text('DeviceName') || event.text('DeviceId');
      const what =
        device === ''
          ? `a known browser of the user (${event.text('Browser') || event.clientText()})`
          : `a known device of the user (${device})`;
      const words = `Meanwhile ${what} was at a usual place, ${event.text('IPAddress')}: ${Math.round(gap / 60_000)} min ${event.timeMs < unit.openedMs ? 'before' : 'after'}.`;
      return apart(unit, event, gap, goesAlong(event, proof), words, [event.text('Id')]);
    };
    const saysOwn = (unit: Unit): boolean =>
      Object.values(unit.evidence)
        .flat()
        .some(({ group, llr }) => group === 'client' && llr < -1);
    const own = (unit: Unit, facts: RegistrationFacts, event: EventView, proof: Proof): boolean => {
      const sameAddress = facts.ipLo === event.ipLo && facts.ipHi === event.ipHi;
      const near = facts.prefix === event.prefix && Math.abs(event.timeMs - unit.openedMs) <= parameters.near_hours * HOUR_MS;
      if (!sameAddress && !near) return elsewhere(unit, event, proof);
      // Whoever came to an unlocked computer has been seen on their own (D24).
      if (unit.evidence[USED_ON_A_COLLEAGUES] !== undefined) return false;
      // In an office the owner's computer is there too, while a colleague registers.
      if (residents(event) >= SHARED_ADDRESS && (unit.evidence['D6-registration-after-risk'] ?? []).some(isOfAnother)) return false;
      delete unit.evidence[ELSEWHERE];
      const where = sameAddress ? 'the very address' : 'the address range';
      const what = {
        [Proof.none]: '',
        [Proof.device]: `A known device of the user (${event.text('DeviceName') || event.text('DeviceId')})`,
        [Proof.resistant]: 'The user, with a key that cannot be phished,',
        [Proof.session]: 'A browser that is known from usual places',
      }[proof];
      const words = `${what} signed in from ${where} of the registration.`;
      const spec = { ...detector, group: 'client' } as const;
      // A kiosk or a ward's computer is known by everybody who may have sat at it.
      const isShared = residents(event) >= SHARED_ADDRESS || (proof === Proof.device && deviceUsers(host.crowds, event) >= SHARED_DEVICE);
      const share = (proof === Proof.device ? 1 : OWN_OTHERWISE) / (isShared ? 3 : 1);
      const llr = (sameAddress ? OWN_DEVICE_THERE : OWN_DEVICE_NEAR) * share;
      return put(unit, contribution(spec, llr, words, {}, [event.text('Id')]));
    };
    /** A new device that the organisation manages: a laptop or phone that was just handed out. */
    const managed = (unit: Unit, facts: RegistrationFacts, event: EventView): boolean => {
      if (facts.ipLo !== event.ipLo || facts.ipHi !== event.ipHi || deviceUsers(host.crowds, event) > 0) return false;
      // An attacker can enrol a computer too: one that the account registered from a new place says nothing for its owner.
      if (planted.has(event, PLANTED_MS)) return false;
      const words = `A new device that the organisation manages (${event.text('DeviceName') || event.text('DeviceId')}) signed in from the address of the registration.`;
      return put(unit, contribution({ ...detector, group: 'client' }, NEW_MANAGED, words, {}, [event.text('Id')]));
    };
    /** An address of colleagues tells nothing, a computer that nobody knows the user by does. */
    const amongColleagues = (unit: Unit, event: EventView): boolean => {
      if (event.has(Flag.mobile) || event.client === 0 || isUsual(event, client)) return false;
      const words = `The new method was used from ${event.text('IPAddress')} on a computer that is not known as the user's.`;
      if (!put(unit, contribution(detector, STRANGER_AMONG_COLLEAGUES, words, {}, [event.text('Id')]))) return false;
      addEvent(unit, event.evidence());
      return true;
    };
    const stranger = (unit: Unit, facts: RegistrationFacts, event: EventView): boolean => {
      if (event.timeMs < unit.openedMs || event.eventClass !== EventClass.signIn) return false;
      // A habit of the user's own, or a new device with an id, tell nothing.
      if (event.device !== 0) return false;
      const isBare = isUsual(event, device);
      const isOwnClient = isBare && (event.client === 0 || isUsual(event, client));
      const used =
        facts.methodKind !== 'unknown' &&
        event
          .text('Methods')
          .split('; ')
          .some((words) => methodKind(words) === facts.methodKind);
      if (newLevel(event) === undefined || isCrowded(host.crowds, event)) return used && !isOwnClient && amongColleagues(unit, event);
      const there = facts.ipLo === event.ipLo && facts.ipHi === event.ipHi;
      if (!used && (!there || isOwnClient)) return false;
      const words = used
        ? `The new method was used from ${event.text('IPAddress')}, a place that is new to the user, without a known device of the user.`
        : `Signed in again from the address of the registration, without a known device of the user.`;
      if (
        !put(
          unit,
          contribution(detector, isOwnClient ? USED_ELSEWHERE_BARE : !used || there ? STRANGER_THERE : USED_ELSEWHERE, words, {}, [
            event.text('Id'),
          ]),
        )
      )
        return false;
      addEvent(unit, event.evidence());
      return true;
    };
    return {
      audit: planted.note,
      registration(unit, fact, event) {
        const last = lastProof(event);
        if (last === undefined || last.here || fact.byOther || fact.ip === '' || event.prefix === 0) return;
        const words = `A known device or browser of the user was elsewhere ${Math.round(last.agoMs / 60_000)} min before.`;
        apart(unit, event, last.agoMs, last.mobile, words, []);
      },
      later(unit, event) {
        const facts = unit.registration;
        if (facts === undefined || facts.ipLo === 0 || facts.byOther || event.has(Flag.knownEgress)) return false;
        if (event.eventClass !== EventClass.signIn && event.eventClass !== EventClass.backgroundSignIn) return false;
        if (event.has(Flag.managedDevice) && !isUsualDevice(event)) return managed(unit, facts, event);
        const proof = isUsualDevice(event) ? Proof.device : provedNow(event);
        return proof === Proof.none ? stranger(unit, facts, event) : own(unit, facts, event, proof);
      },
    };
  },
});
