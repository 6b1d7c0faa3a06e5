import { methodKind } from '../events/audit/methods.ts';
import { EventClass, Flag } from '../events/event-record.ts';
import { contribution, type DetectorSpec, defineDetector } from './detector.ts';
import type { Contribution } from './evidence.ts';
import { device, deviceUsers, featureValue, isUsualDevice, isUsualValue, newLevel, residents, SHARED_ADDRESS } from './shared/habits.ts';
import type { EventView } from './stream/event-view.ts';
import { addEvent, HOUR_MS, type RegistrationFacts, type Unit } from './stream/unit.ts';

const USE = 'D14-use-after';
/** The strength of each thing that a later sign-in can show. */
const OWN_DEVICE_THERE = -4.5;
const OWN_DEVICE_NEAR = -2.5;
const USED_ELSEWHERE = 2.5;
const STRANGER_THERE = 1.5;
const NEW_MANAGED = -2.5;

export const detector: DetectorSpec = defineDetector({
  /**
   * What happens in the day after a registration (and, where rows come late, before it). A device that the user is known by at the registration's
   * own address or range: it was the user's doing, and the finding closes. A sign-in that proves the new kind of method from a place that is new to
   * the user and without such a device: somebody else holds it. Blind when nobody signs in within a day, and to a known device that an attacker
   * controls. Cost: a few comparisons for sign-ins of users with an open registration. Memory: none of its own. ATT&CK T1098.005.
   */
  id: 'D14-use-after',
  title: 'Who uses the new method',
  group: 'registration',
  techniques: ['T1098.005'],
  benignIf: 'A device that the user is known by signs in from the address of the registration.',
  parameters: {
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
    const own = (unit: Unit, facts: RegistrationFacts, event: EventView): boolean => {
      const sameAddress = facts.ipLo === event.ipLo && facts.ipHi === event.ipHi;
      const near = facts.prefix === event.prefix && Math.abs(event.timeMs - unit.openedMs) <= parameters.near_hours * HOUR_MS;
      if (!sameAddress && !near) return false;
      const where = sameAddress ? 'the very address' : 'the address range';
      const words = `A device that the user is known by (${event.text('DeviceName') || event.text('DeviceId')}) signed in from ${where} of the registration.`;
      const spec = { ...detector, group: 'client' } as const;
      const llr = (sameAddress ? OWN_DEVICE_THERE : OWN_DEVICE_NEAR) / (residents(event) >= SHARED_ADDRESS ? 3 : 1);
      return put(unit, contribution(spec, llr, words, {}, [event.text('Id')]));
    };
    /** A new device that the organisation manages: a laptop or phone that was just handed out. */
    const managed = (unit: Unit, facts: RegistrationFacts, event: EventView): boolean => {
      if (facts.ipLo !== event.ipLo || facts.ipHi !== event.ipHi || deviceUsers(host.sources, event) > 0) return false;
      const words = `A new device that the organisation manages (${event.text('DeviceName') || event.text('DeviceId')}) signed in from the address of the registration.`;
      return put(unit, contribution({ ...detector, group: 'client' }, NEW_MANAGED, words, {}, [event.text('Id')]));
    };
    const stranger = (unit: Unit, facts: RegistrationFacts, event: EventView): boolean => {
      if (event.timeMs < unit.openedMs || event.eventClass !== EventClass.signIn) return false;
      // A habit of the user's own, an address of colleagues, or a new device with an id, tell nothing.
      if (event.device !== 0 || newLevel(event) === undefined || residents(event) >= SHARED_ADDRESS) return false;
      if (isUsualValue(event.user, event.userAt, device, featureValue(event, device))) return false;
      const used =
        facts.methodKind !== 'unknown' &&
        event
          .text('Methods')
          .split('; ')
          .some((words) => methodKind(words) === facts.methodKind);
      const there = facts.ipLo === event.ipLo && facts.ipHi === event.ipHi;
      if (!used && !there) return false;
      const words = used
        ? `The new method was used from ${event.text('IPAddress')}, a place that is new to the user, without a device that the user is known by.`
        : `Signed in again from the address of the registration, without a device that the user is known by.`;
      if (!put(unit, contribution(detector, used ? USED_ELSEWHERE : STRANGER_THERE, words, {}, [event.text('Id')]))) return false;
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
