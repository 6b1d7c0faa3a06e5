import { methodKind } from '../events/audit/methods.ts';
import { EventClass, Flag } from '../events/event-record.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
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
import { deviceUsers } from './stream/crowds.ts';
import type { EventView } from './stream/event-view.ts';
import { addEvent, HOUR_MS, type RegistrationFacts, type Unit } from './stream/unit.ts';

const USE = 'D14-use-after';
/** The strength of each thing that a later sign-in can show. */
const OWN_DEVICE_THERE = -4.5;
const OWN_DEVICE_NEAR = -2.5;
const USED_ELSEWHERE = 3;
/** The same where the user shows no device anyway. */
const USED_ELSEWHERE_BARE = 0.5;
const STRANGER_THERE = 1.2;
const NEW_MANAGED = -2.5;
/** The user's own device is at a usual place while the method is registered at a new one. */
const OWN_DEVICE_ELSEWHERE = 1.5;
/** The new method is used at a usual place on a computer that is not the user's. */
const STRANGER_AMONG_COLLEAGUES = 2;
const ELSEWHERE = 'D14-use-after:elsewhere';

export const detector: DetectorSpec = defineDetector({
  /**
   * What happens in the day after a registration (and, where rows come late, before it). A device that the user is known by at the registration's
   * own address or range: it was the user's doing, and the finding closes. A sign-in that proves the new kind of method from a place that is new to
   * the user and without such a device: somebody else holds it. So does one from a usual place with a computer that the user never had (a colleague),
   * or a device of the user's that works at a usual place while the registration comes from a new one. Blind when nobody signs in within a day, and
   * to a known device that an attacker controls. Cost: a few comparisons for sign-ins of users with an open registration. Memory: none of its own.
   * ATT&CK T1098.005.
   */
  id: 'D14-use-after',
  title: 'Who uses the new method',
  group: 'registration',
  techniques: ['T1098.005'],
  benignIf: 'A device that the user is known by signs in from the address of the registration.',
  parameters: {
    elsewhere_minutes: { default: 60, doc: 'Minutes around a registration in which nobody gets from one place to another' },
    near_hours: { default: 2, doc: 'Hours around a registration in which a known device in the same range counts' },
  },
  userWords: 0,
  sourceWords: 0,
  create(host, parameters) {
    const put = (unit: Unit, item: Contribution): boolean => {
      const before = unit.evidence[USE] ?? [];
      const same = before.find(({ llr }) => llr > 0 === item.llr > 0);
      if (same !== undefined && Math.abs(same.llr) >= Math.abs(item.llr)) return false;
      unit.evidence[USE] = [...before.filter((entry) => entry !== same), item];
      return true;
    };
    /** Two at once: the owner at work where they always are, and somebody who registers at a place that is new. */
    const elsewhere = (unit: Unit, event: EventView): boolean => {
      if (Math.abs(event.timeMs - unit.openedMs) > parameters.elsewhere_minutes * 60_000 || !isUsualPlace(event)) return false;
      if (unit.evidence[ELSEWHERE] !== undefined || !cameFromNewPlace(unit) || saysOwn(unit)) return false;
      const words = `Meanwhile a device that the user is known by (${event.text('DeviceName') || event.text('DeviceId')}) was at a usual place, ${event.text('IPAddress')}.`;
      unit.evidence[ELSEWHERE] = [contribution({ ...detector, group: 'context' }, OWN_DEVICE_ELSEWHERE, words, {}, [event.text('Id')])];
      return true;
    };
    const saysOwn = (unit: Unit): boolean =>
      Object.values(unit.evidence)
        .flat()
        .some(({ group, llr }) => group === 'client' && llr < -1);
    const own = (unit: Unit, facts: RegistrationFacts, event: EventView): boolean => {
      const sameAddress = facts.ipLo === event.ipLo && facts.ipHi === event.ipHi;
      const near = facts.prefix === event.prefix && Math.abs(event.timeMs - unit.openedMs) <= parameters.near_hours * HOUR_MS;
      if (!sameAddress && !near) return elsewhere(unit, event);
      // In an office the owner's computer is there too, while a colleague registers.
      if (residents(event) >= SHARED_ADDRESS && (unit.evidence['D6-registration-after-risk'] ?? []).some(isOfAnother)) return false;
      delete unit.evidence[ELSEWHERE];
      const where = sameAddress ? 'the very address' : 'the address range';
      const words = `A device that the user is known by (${event.text('DeviceName') || event.text('DeviceId')}) signed in from ${where} of the registration.`;
      const spec = { ...detector, group: 'client' } as const;
      const llr = (sameAddress ? OWN_DEVICE_THERE : OWN_DEVICE_NEAR) / (residents(event) >= SHARED_ADDRESS ? 3 : 1);
      return put(unit, contribution(spec, llr, words, {}, [event.text('Id')]));
    };
    /** A new device that the organisation manages: a laptop or phone that was just handed out. */
    const managed = (unit: Unit, facts: RegistrationFacts, event: EventView): boolean => {
      if (facts.ipLo !== event.ipLo || facts.ipHi !== event.ipHi || deviceUsers(host.crowds, event) > 0) return false;
      const words = `A new device that the organisation manages (${event.text('DeviceName') || event.text('DeviceId')}) signed in from the address of the registration.`;
      return put(unit, contribution({ ...detector, group: 'client' }, NEW_MANAGED, words, {}, [event.text('Id')]));
    };
    /** An address of colleagues tells nothing, a computer that nobody knows the user by does. */
    const amongColleagues = (unit: Unit, event: EventView): boolean => {
      if (event.has(Flag.mobile) || event.client === 0 || isUsual(event, client)) return false;
      const words = `The new method was used from ${event.text('IPAddress')} on a computer that the user is not known by.`;
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
      if (newLevel(event) === undefined || residents(event) >= SHARED_ADDRESS) return used && !isOwnClient && amongColleagues(unit, event);
      const there = facts.ipLo === event.ipLo && facts.ipHi === event.ipHi;
      if (!used && (!there || isOwnClient)) return false;
      const words = used
        ? `The new method was used from ${event.text('IPAddress')}, a place that is new to the user, without a device that the user is known by.`
        : `Signed in again from the address of the registration, without a device that the user is known by.`;
      if (
        !put(
          unit,
          contribution(detector, !used ? STRANGER_THERE : isOwnClient ? USED_ELSEWHERE_BARE : USED_ELSEWHERE, words, {}, [
            event.text('Id'),
          ]),
        )
      )
        return false;
      addEvent(unit, event.evidence());
      return true;
    };
    return {
      later(unit, event) {
        const facts = unit.registration;
        if (facts === undefined || facts.ipLo === 0 || facts.byOther || event.has(Flag.knownEgress)) return false;
        if (event.eventClass !== EventClass.signIn && event.eventClass !== EventClass.backgroundSignIn) return false;
        if (event.has(Flag.managedDevice) && !isUsualDevice(event)) return managed(unit, facts, event);
        return isUsualDevice(event) ? own(unit, facts, event) : stranger(unit, facts, event);
      },
    };
  },
});
