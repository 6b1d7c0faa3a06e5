import { DAY_SECONDS } from '../../../core/durations.ts';
import { EventClass, Flag } from '../../../events/event-record.ts';
import type { RecordTable } from '../../../state/record-table.ts';
import type { Host } from '../../detector.ts';
import {
  deviceKnownFor,
  deviceReturned,
  deviceUsers,
  deviceVisitors,
  noteDeviceReturned,
  noteDeviceUser,
  noteDeviceVisitor,
} from '../../stream/crowds.ts';
import type { EventView } from '../../stream/event-view.ts';
import { noteIfNobodys } from '../../stream/nobodys-device.ts';
import { isInDesktopCloud } from '../desktop-cloud.ts';
import { client, device, type Feature, isPerhapsPhone, isUsualDevice, slotOf, tenureOf } from '../habits.ts';
import { sessionAges } from '../session-ages.ts';
import { usesOf } from '../slots.ts';
import { FLOOR, habitRatio, type Learning, PSEUDO, signInsOf, type TenantHabits } from './habit-ratio.ts';

const UNKNOWN_DEVICE_CAP = 1.5;
/** Keys of the count of sign-ins without and with a device id. */
const BARE = 1;
const WITH_DEVICE = 2;
/** Users of a device from which on it is one for all, and what a device with an id says that is new to the user. */
export const SHARED_DEVICE = 3;
const SHARED = -0.5;
/** Most that a telephone without device id says: it is more often the user's new one than an attacker's. */
const MOBILE = 0.7;
/** Most that a hosted desktop says, which is another computer than its user's by design: still enough for its sign-in to be kept beside a registration. */
const ON_A_DESKTOP = 1.2;
/** 25 of 2,286 intruders and 42 of 32,610 owners registered on one: 2.1 nats. Other detectors say so as well. */
const OF_A_COLLEAGUE = 3;
const OWNED_SECONDS = 4 * DAY_SECONDS;
/** Keys of the count of devices that have become usual to somebody, and to somebody else as well; the share of the latter before any is known. */
const OWNED = 1;
const SHARED_BY_TWO = 2;
const SHARED_PRIOR = 0.02;
/** Most that a missing device id says: private computers exist. */
const BARE_CAP = 2.9;
const NEW_MANAGED = -1.5;
/** Most that a system and browser say that are new, in a session that has been at the user's home in them for a day: a new computer. */
const FROM_HOME = 0.3;
/** A program instead of a browser is new to many who have had the computer for long; most that it says. */
const APP = /rich client/i;
const IN_AN_APP = 0.7;

/**
 * Whether the device is that of one or two colleagues, who have been known by it for days: a terminal for all gets its second user sooner, and its third.
 * One on which several others have signed in without being known by it is a counter's, to which people come; one to which nobody who is known by it
 * ever came back stands in a ward or a hall: people are at their own computer on most days.
 */
export function isAColleagues(crowds: RecordTable, event: EventView): boolean {
  const others = event.device === 0 ? 0 : deviceUsers(crowds, event);
  if (others === 0 || others >= SHARED_DEVICE || deviceKnownFor(crowds, event) < OWNED_SECONDS) return false;
  return deviceReturned(crowds, event) > 0 && deviceVisitors(crowds, event) - others < SHARED_DEVICE;
}

/** What the device, system and browser of a sign-in say. */
export interface ClientRatio {
  ofSignIn(event: EventView): number;
  /** What speaks where something is new. */
  level(event: EventView): Feature;
}

export function clientRatio(host: Host, tenant: TenantHabits, learning: Learning): ClientRatio {
  const { bare, owned } = tenant;
  const ages = sessionAges(host);
  /** Where many devices have more than one user, one more on a colleague's is everyday life. */
  const ofAColleague = (): number => {
    const share = (owned.get(SHARED_BY_TWO) + SHARED_PRIOR) / (owned.get(OWNED) + 1);
    return Math.max(0, Math.min(OF_A_COLLEAGUE, OF_A_COLLEAGUE + Math.log(SHARED_PRIOR / share)));
  };
  /** A device with an id that is new to the user: a colleague's, one for all, or one that the organisation has just handed out. */
  const newDevice = (event: EventView): number => {
    const others = deviceUsers(host.crowds, event);
    if (others >= SHARED_DEVICE) return SHARED;
    if (others > 0) return isAColleagues(host.crowds, event) ? ofAColleague() : 0;
    return event.has(Flag.managedDevice) ? NEW_MANAGED : event.has(Flag.joinedDevice) ? 0.5 : 0;
  };
  /** What the tenant's habits say of a missing device id of a user with none. */
  const bareOfUnknownUser = (event: EventView): number => {
    // A guest's devices are registered at home.
    if (event.has(Flag.guest) || bare.total < learning.tenantSignIns) return 0;
    return Math.min(UNKNOWN_DEVICE_CAP, Math.max(0, Math.log(device.attackerNovelty / ((bare.get(BARE) + 1) / (bare.total + 1)))));
  };
  /** Hardly any attacker shows a device id; what it says depends on how often the user shows none. A telephone is more often the user's new one. */
  const withoutDevice = (event: EventView): number => {
    const at = slotOf(event, device);
    const uses = at < 0 ? 0 : usesOf(event.user[at]!);
    const share = (uses + PSEUDO * device.rate) / (signInsOf(event) + PSEUDO);
    const byDevice = Math.min(BARE_CAP, Math.log(device.attackerNovelty / share));
    const ofClient = event.client === 0 ? 0 : habitRatio(tenant, event, client);
    const byClient = ofClient > FROM_HOME && ages.isFromHome(event) ? FROM_HOME : ofClient;
    const llr = Math.max(byDevice, byClient > IN_AN_APP && APP.test(event.text('Browser')) ? IN_AN_APP : byClient);
    if (isPerhapsPhone(event)) return Math.min(llr, MOBILE);
    return llr > ON_A_DESKTOP && isInDesktopCloud(host.crowds, event) ? ON_A_DESKTOP : llr;
  };
  return {
    ofSignIn(event) {
      const share = tenureOf(event, learning);
      if (event.device === 0) return withoutDevice(event) * share + bareOfUnknownUser(event) * (1 - share);
      const isUsual = isUsualDevice(event);
      const byDevice = isUsual ? habitRatio(tenant, event, device) : newDevice(event);
      // A device with an id that is known settles it; a new browser on it is an update.
      return Math.max(FLOOR, isUsual ? byDevice - 1 : byDevice) * share;
    },
    level(event) {
      const byDevice = habitRatio(tenant, event, device);
      return event.client !== 0 && habitRatio(tenant, event, client) > byDevice ? client : device;
    },
  };
}

/** One more sign-in or background activity of the tenant without or with a device id; to be called before it makes the device known. */
export function countDevice(host: Host, { bare }: TenantHabits, event: EventView): void {
  bare.add(event.device === 0 ? BARE : WITH_DEVICE);
  if (event.device === 0) return;
  if (!isUsualDevice(event)) noteDeviceVisitor(host.crowds, event);
  else if (event.eventClass === EventClass.signIn && deviceKnownFor(host.crowds, event) >= DAY_SECONDS)
    noteDeviceReturned(host.crowds, event);
}

/** The device has just become a usual one of the user. */
export function noteOwner(host: Host, { owned }: TenantHabits, event: EventView): void {
  const others = deviceUsers(host.crowds, event);
  if (others === 0) owned.add(OWNED);
  else if (others === 1) owned.add(SHARED_BY_TWO);
  noteDeviceUser(host.crowds, event);
  noteIfNobodys(host, event);
}
