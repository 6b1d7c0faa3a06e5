import { Flag } from '../../../events/event-record.ts';
import type { Host } from '../../detector.ts';
import { deviceUsers, neighbours, networkUsers, peersInNetwork, usersOfNetwork } from '../../stream/crowds.ts';
import type { EventView } from '../../stream/event-view.ts';
import { isInDesktopCloud } from '../desktop-cloud.ts';
import { companyOf, DAYS_OF_OWNER, givenMethods } from '../given-methods.ts';
import { asn, country, type Feature, HABITS_AT, isOfAnother, isUsualDevice, newLevel, prefix, residents, tenureOf } from '../habits.ts';
import { hostingAmong, isHosting } from '../hosting.ts';
import { SHARED_DEVICE } from './client-ratio.ts';
import { habitRatio, type Learning, rarity, type TenantHabits } from './habit-ratio.ts';

/** An address where so many colleagues live is the organisation's; what a new value there may say at most. */
const RESIDENTS = 8;
/** Colleagues of one department in a network from which on it is the department's, and what it says of a user without habits. */
const PEERS = 3;
const AMONG_PEERS = -0.5;
/** What the tenant's habits are worth for a guest beside an employee. */
const GUEST = 0.6;
const AMONG_COLLEAGUES = -1;
const CROWDED = 3;
const UNKNOWN_USER_CAP = 5;
/** What a network of a hosting or VPN company adds to a new place. */
const HOSTED = 1;
const HOSTED_UNKNOWN = 3;
/** What a first sign-in from a hosting or VPN company says by itself, of a user who never used one. */
const FIRST_HOSTED = 2;
/** What is left of both on a telephone: a VPN there is an app that people switch on, and it takes them to another country. */
const ON_A_PHONE = 0.4;
const NETWORK_CAP = 6;
/** Most that is said by a place in the cloud where organisations have their desktops, be its network or country new. */
const DESKTOPS = 1;
/** At a place where somebody else's device may be, the place does not speak for the user. */
const PLACE_OF_BOTH = -0.5;

/** What the place of a sign-in or registration says. */
export interface PlaceRatio {
  /** The coarsest new level speaks for the network; when all are known, the finest one does. */
  level(event: EventView): Feature | undefined;
  /** What the tenant's habits say of the network of a user with none. */
  ofUnknownUser(event: EventView): number;
  ofSignIn(event: EventView): number;
  ofRegistration(event: EventView): number;
  /** A server where a person should be: people who use a VPN of their own are known by it. */
  ofServer(event: EventView): number;
}

export function placeRatio(host: Host, tenant: TenantHabits, learning: Learning): PlaceRatio {
  const given = givenMethods(host);
  const level = (event: EventView): Feature | undefined => {
    const found = newLevel(event);
    if (found !== undefined) return found;
    if (event.prefix !== 0) return prefix;
    if (event.asn !== 0) return asn;
    return event.country !== 0 ? country : undefined;
  };
  const workOut = (event: EventView): number => {
    if ((tenant.tables[country.index]?.total ?? 0) < learning.tenantSignIns) return 0;
    // Where the department is, its beginners are.
    if (peersInNetwork(host.crowds, host.departmentOf(event), event) >= PEERS) return AMONG_PEERS;
    const byCountry = event.country === 0 ? -1 : rarity(tenant, country, event.country);
    const byNetwork = event.asn === 0 ? -1 : rarity(tenant, asn, event.asn) - 1;
    const most = Math.max(byCountry, byNetwork, event.asn === 0 && event.country === 0 ? 0 : -1);
    // A guest's colleagues are elsewhere.
    const share = event.has(Flag.guest) ? GUEST : 1;
    return share * Math.min(UNKNOWN_USER_CAP, isHosting(event.asn) ? Math.max(0, most) + HOSTED_UNKNOWN : most);
  };
  /** Asked for both when a sign-in is judged and when it is learnt, before anything is written. */
  const ofUnknownUser = (event: EventView): number => {
    if (Number.isNaN(event.unknownUserRatio)) event.unknownUserRatio = workOut(event);
    return event.unknownUserRatio;
  };
  const phoneShare = (event: EventView) => (event.has(Flag.mobile) ? ON_A_PHONE : 1);
  const ofNetwork = (event: EventView): number => {
    if (event.has(Flag.knownEgress)) return 0;
    const here = level(event);
    const own = here === undefined ? 0 : habitRatio(tenant, event, here);
    const share = tenureOf(event, learning);
    let llr = share === 1 ? own : share * own + (1 - share) * ofUnknownUser(event);
    if (llr > 0 && share > 0 && isHosting(event.asn) && here !== prefix) llr = Math.min(NETWORK_CAP, llr + HOSTED * phoneShare(event));
    if (llr > AMONG_COLLEAGUES) {
      if (residents(event) >= RESIDENTS) llr = AMONG_COLLEAGUES;
      else if (llr > 0 && neighbours(host.crowds, event) >= RESIDENTS) llr = 0;
      else if (llr > CROWDED && networkUsers(host.crowds, event) >= RESIDENTS) llr = CROWDED;
    }
    if (llr > DESKTOPS && isInDesktopCloud(host.crowds, event)) llr = DESKTOPS;
    return event.has(Flag.trustedLocation) ? Math.min(llr, 0) : llr;
  };
  const isOnAColleagues = (event: EventView): boolean => {
    if (event.device === 0 || isUsualDevice(event)) return false;
    const others = deviceUsers(host.crowds, event);
    return others > 0 && others < SHARED_DEVICE;
  };
  /** Somebody signed in to the account from this address, on what is not the user's. */
  const cameOnAnothers = (event: EventView): boolean =>
    host.person(event)?.sessions.some(({ ipLo, evidence }) => ipLo === event.ipLo && evidence.some(isOfAnother)) === true;
  return {
    level,
    ofUnknownUser,
    ofSignIn(event) {
      const llr = ofNetwork(event);
      return llr < PLACE_OF_BOTH && isOnAColleagues(event) ? PLACE_OF_BOTH : llr;
    },
    ofRegistration(event) {
      const llr = ofNetwork(event);
      return llr < PLACE_OF_BOTH && cameOnAnothers(event) ? PLACE_OF_BOTH : llr;
    },
    ofServer(event) {
      if (!isHosting(event.asn) || isInDesktopCloud(host.crowds, event) || event.device !== 0 || event.has(Flag.trustedLocation)) return 0;
      const known = 0.5 + 0.5 * tenureOf(event, learning);
      if (level(event) === prefix || ofNetwork(event) <= 0 || networkUsers(host.crowds, event) >= RESIDENTS) return 0;
      // A VPN that the user chose this month becomes a habit late: where no device is shown, a network takes long.
      if (given.daysBefore(event, companyOf(event.asn), event.timeMs) >= DAYS_OF_OWNER) return 0;
      // The organisation's own gateway in a cloud is no habit of the user's.
      const own = hostingAmong(event.user, event.userAt + HABITS_AT + asn.at, asn.slots);
      return own.some((network) => usersOfNetwork(host.crowds, network, event) < RESIDENTS) ? 0 : known * FIRST_HOSTED * phoneShare(event);
    },
  };
}
