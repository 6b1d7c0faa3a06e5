import { type ClientFace, faceOf } from './clients.ts';
import type { City } from './geo.ts';
import { DAY_MS, type Device, HOUR_MS, type Tenant, type Trip, type User } from './model.ts';
import { type Attachment, address6Of, addressOf, carrierAddress, exitAddress, homeLine, networksOf } from './networks.ts';
import { guidOf, hashOf, Rng } from './rng.ts';

export type Place = 'work' | 'home' | 'mobile' | 'other';

/** A stretch of use of one device in one place. */
export interface Session {
  readonly at: number;
  readonly until: number;
  readonly place: Place;
  readonly device: Device;
  readonly from: Attachment;
  readonly id: string;
}

/** Where one person is on one day and with what. */
export interface DayPlan {
  readonly day: number;
  readonly trip: Trip | undefined;
  readonly sessions: readonly Session[];
}

function tripOn(user: User, day: number): Trip | undefined {
  return user.trips.find((trip) => day >= trip.from && day < trip.until);
}

export function deviceOn(user: User, kind: Device['kind'], day: number): Device | undefined {
  let found: Device | undefined;
  for (const device of user.devices) if (device.kind === kind && day >= device.from && day < device.until) found = device;
  return found;
}

/** The face a device shows in a browser (or in an app). */
export function faceOn(device: Device, day: number, app = false): ClientFace {
  return faceOf(device.os, app ? 'App' : device.browser, day, device.lag);
}

/** The session id of a device: browsers keep one for about a week. */
export function sessionOf(tenant: Tenant, user: User, device: Device, day: number): string {
  const nth = user.devices.indexOf(device);
  return guidOf(hashOf(tenant.seed, user.index, nth, 'session'), Math.floor((day + user.phase) / 7));
}

export function siteAddress(tenant: Tenant, user: User, rng: Rng): Attachment {
  const site = tenant.sites[user.site]!;
  const named = user.site === 0 ? 'Headquarters' : `Site ${site.city.name}`;
  const number = site.line + rng.int(0, site.egresses - 1);
  const six = site.network.kind === 'campus' && rng.chance(0.35);
  const ip = six ? address6Of(site.network, site.city.country, site.line, rng.word()) : addressOf(site.network, site.city.country, number);
  return { network: site.network, ip, place: site.city, named };
}

function homeAddress(user: User, day: number, rng: Rng): Attachment {
  const lease = 12 + (user.homeLine % 80);
  return homeLine(
    user.homeNetwork,
    user.home,
    user.homeLine + Math.floor((day + user.phase) / lease),
    user.homeSix && rng.chance(0.7),
    rng.int(0, 9),
  );
}

/** A hotel, café or friend's line in a city. */
function guestLine(city: City, line: number): Attachment {
  const networks = networksOf('isp', city.country);
  return homeLine(networks[line % networks.length]!, city, line, false, 0);
}

function tunnel(tenant: Tenant, user: User, day: number, rng: Rng): Attachment | undefined {
  const { rollout, gateway } = tenant;
  if (rollout && day >= rollout.day && rollout.users.has(user.index))
    return exitAddress(rollout.network, rng.chance(0.86) ? user.home : rng.pick(rollout.cities), rng, 12);
  if (!user.corporateVpn || !rng.chance(0.75)) return undefined;
  if (gateway.line > 0)
    return {
      network: gateway.network,
      ip: addressOf(gateway.network, gateway.cities[0]!.country, gateway.line),
      place: gateway.cities[0]!,
    };
  return exitAddress(gateway.network, rng.chance(0.85) ? gateway.cities[0]! : gateway.cities[1]!, rng, 16);
}

/** Where a user's client goes out on a day, from a place. */
export function attach(tenant: Tenant, user: User, day: number, place: Place, device: Device, rng: Rng): Attachment {
  const trip = tripOn(user, day);
  const found = ((): Attachment => {
    if (place === 'mobile') {
      if (!trip || trip.city.country === user.home.country || rng.chance(0.65)) return carrierAddress(user.mobileNetwork, user.home, rng);
      return carrierAddress(rng.pick(networksOf('mobile', trip.city.country)), trip.city, rng);
    }
    const tunnelled = device.managed || place !== 'work' ? tunnel(tenant, user, day, rng) : undefined;
    if (tunnelled && (place !== 'work' || tenant.rollout?.users.has(user.index))) return tunnelled;
    if (place !== 'work' && user.personal && rng.chance(user.personal.share))
      return exitAddress(user.personal.network, rng.pick(user.personal.cities), rng);
    if (trip) return guestLine(trip.city, trip.line);
    if (place === 'work') return siteAddress(tenant, user, rng);
    if (place === 'home') return homeAddress(user, day, rng);
    return guestLine(user.home, rng.int(0, 4000));
  })();
  return rng.chance(tenant.assumptions.noLocation) ? { ...found, place: undefined } : found;
}

function worksOn(tenant: Tenant, user: User, day: number, rng: Rng): { start: number } | undefined {
  if (day < user.joinDay || day >= user.leaveDay || user.away.some(([from, until]) => day >= from && day < until)) {
    if (day < user.joinDay || day >= user.leaveDay || !rng.chance(0.25)) return undefined;
  }
  const { week, rotating } = tenant.assumptions;
  const weekday = (new Date(tenant.start + day * DAY_MS).getUTCDay() + 6) % 7;
  const scale = user.role === 'guest' ? 0.35 : 1;
  if (!rotating) return rng.chance((week[weekday] ?? 0) * scale) ? { start: user.startHour + rng.normal() * 0.5 } : undefined;
  const turn = (day + user.phase) % 21;
  if (turn % 7 >= 5) return rng.chance(0.18) ? { start: rng.between(9, 20) } : undefined;
  const shift = user.index % 3 === 0 ? 8 : [6, 14, 22][Math.floor(turn / 7)]!;
  return rng.chance(0.93 * scale) ? { start: shift + rng.normal() * 0.25 } : undefined;
}

/** The day of one person: a function of tenant, person and day alone. */
export function planDay(tenant: Tenant, user: User, day: number): DayPlan {
  const rng = new Rng('day', tenant.seed, user.index, day);
  const trip = tripOn(user, day);
  const none: DayPlan = { day, trip, sessions: [] };
  if (user.role === 'dormant' || user.role === 'service' || user.role === 'break-glass') return none;
  const work = worksOn(tenant, user, day, rng);
  if (!work) return none;
  const zone = (trip?.city ?? user.home).tz;
  const begin = tenant.start + day * DAY_MS + (work.start - zone) * HOUR_MS;
  const sessions: Session[] = [];
  const place = rng.weighted(tenant.assumptions.places);
  const count = 1 + rng.poisson(1.3);
  const laptop = deviceOn(user, 'laptop', day);
  const phone = deviceOn(user, 'phone', day);
  const other = user.devices.length > 2 ? user.devices[2] : undefined;
  for (let i = 0; i < count; i++) {
    const here: Place =
      i === 0 ? (place === 'mobile' ? (rng.chance(0.5) ? 'work' : 'home') : place) : rng.weighted(tenant.assumptions.places);
    const evening = i > 0 && here === 'home' && rng.chance(0.5);
    const at = begin + (evening ? rng.between(user.workHours, user.workHours + 4) : i === 0 ? 0 : rng.between(0, user.workHours)) * HOUR_MS;
    const onPhone = here === 'mobile' || (i > 0 && rng.chance(0.25));
    const device = (onPhone ? phone : here === 'home' && other && rng.chance(0.3) ? other : laptop) ?? phone ?? laptop;
    if (!device) continue;
    const until = at + rng.between(0.2, i === 0 ? user.workHours : 2.5) * HOUR_MS;
    sessions.push({
      at,
      until,
      place: here,
      device,
      from: attach(tenant, user, day, here, device, rng),
      id: sessionOf(tenant, user, device, day),
    });
  }
  sessions.sort((a, b) => a.at - b.at);
  return { day, trip, sessions };
}
