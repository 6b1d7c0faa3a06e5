import { CITIES, type City, DAY, localTime } from './cities.ts';
import { type Device, makeDevice } from './devices.ts';
import type { Dice } from './dice.ts';
import type { Kind, Role, Site, Tunnel } from './kinds.ts';
import { type Link, linkOf, newLink, tunnel } from './links.ts';
import type { MethodName } from './methods.ts';
import { providersIn } from './providers.ts';

export interface Trip {
  readonly from: number;
  readonly to: number;
  readonly city: City;
  readonly hotel: Link;
}

export interface Person {
  readonly id: string;
  readonly upn: string;
  readonly name: string;
  readonly role: Role;
  readonly roleName: string;
  readonly site: Site;
  readonly city: City;
  /** With a wrong place for some days, in a few cases. */
  readonly home: Link;
  /** Another flat's line, from a day on. */
  readonly moves?: { readonly day: number; readonly home: Link };
  readonly mobile: Link;
  readonly cowork: Link;
  readonly computer: Device;
  readonly phone: Device;
  readonly hasPhone: boolean;
  readonly method: MethodName;
  readonly tunnel: Tunnel;
  readonly exit: Link;
  readonly begins: number;
  /** First day with the organisation and the day after the last. */
  readonly from: number;
  readonly to: number;
  readonly leave: { readonly from: number; readonly to: number };
  readonly trips: readonly Trip[];
}

export interface Plan {
  readonly place: 'office' | 'home' | 'cowork' | 'trip' | 'off';
  readonly city: City;
  /** Unix ms of the working day. */
  readonly from: number;
  readonly to: number;
}

const FIRST = [
  'Ada',
  'Bo',
  'Cleo',
  'Dirk',
  'Eva',
  'Finn',
  'Gus',
  'Hana',
  'Ivo',
  'Jade',
  'Kees',
  'Lena',
  'Milo',
  'Nora',
  'Otto',
  'Pia',
  'Quin',
  'Rosa',
  'Sven',
  'Tess',
];
const LAST = [
  'Abel',
  'Brand',
  'Clay',
  'Dorn',
  'Ebner',
  'Falk',
  'Gray',
  'Hoek',
  'Ilg',
  'Jonk',
  'Kern',
  'Lind',
  'Moor',
  'Nagy',
  'Orr',
  'Pohl',
  'Reed',
  'Stark',
  'Thal',
  'Voss',
];

const kiosks = (dice: Dice) => Array.from({ length: 5 }, () => makeDevice(dice, 'kiosk'));

export function makePeople(kind: Kind, days: number, dice: Dice, share = 1): readonly Person[] {
  const count = Math.round(dice.int(...kind.users) * share);
  const shared = new Map(kind.sites.map((site) => [site.city, kiosks(dice.fork(`kiosks-${site.city}`))]));
  const shares = Object.fromEntries(Object.entries(kind.roles).map(([name, { share: part }]) => [name, part]));
  const sites = Object.fromEntries(kind.sites.map(({ city, share: part }) => [city, part]));
  return Array.from({ length: count }, (_, index): Person => {
    const own = dice.fork(`person-${index}`);
    // The help desk is staffed whatever the draw says.
    const roleName = index < 4 ? 'helpDesk' : own.weighted(shares);
    const role = kind.roles[roleName]!;
    const siteCity = own.weighted(sites);
    const site = kind.sites.find((one) => one.city === siteCity)!;
    const city = CITIES[own.pick(site.homes)];
    const name = `${own.pick(FIRST)} ${own.pick(LAST)}`;
    const [first = '', last = ''] = name.toLowerCase().split(' ');
    const mailbox = `${first}.${last}${index}`;
    const computer = role.shared === true ? own.pick(shared.get(site.city)!) : makeDevice(own, own.weighted(role.computers));
    const way = own.weighted(role.tunnels);
    const leaveFrom = own.chance(0.12) ? own.int(0, 20) : days;
    const trips: Trip[] = [];
    for (let day = 1; day < days; day++) {
      if (day < (trips.at(-1)?.to ?? 0) + 2 || day % 7 > 3 || !own.chance(role.trips / 4)) continue;
      const target = CITIES[own.pick(own.chance(0.25) ? kind.sites.map((one) => one.city) : kind.abroad)];
      if (target.name === city.name) continue;
      trips.push({ from: day, to: Math.min(day + own.int(1, 3), days), city: target, hotel: newLink(own, target, 'venue') });
    }
    return {
      id: own.guid(),
      upn: role.guest === true ? `${mailbox}_client.contoso.test#EXT#@${kind.domain}` : `${mailbox}@${kind.domain}`,
      name,
      role,
      roleName,
      site,
      city,
      home: { ...newLink(own, city, 'home'), ...(own.chance(0.008) ? { fault: fault(own, city) } : {}) },
      ...(own.chance(0.04) ? { moves: { day: own.int(8, 28), home: newLink(own, city, 'home') } } : {}),
      mobile: newLink(own, city, 'mobile'),
      cowork: linkOf(own.pick(providersIn(city.country, 'venue')), city, `cowork-${city.name}-${own.int(1, 3)}`),
      computer,
      phone: makeDevice(own, own.chance(0.55) ? 'iphone' : 'android'),
      hasPhone: own.chance(role.phone),
      method: own.weighted(role.methods),
      tunnel: way,
      exit: tunnel(own, city, way === 'relay' ? 'relay' : 'vpn'),
      begins: own.normal(role.begins, 0.6),
      from: index > 4 && own.chance(0.05) ? own.int(4, 30) : 0,
      to: own.chance(0.03) ? own.int(10, 30) : days,
      leave: { from: leaveFrom, to: leaveFrom + own.int(5, 14) },
      trips,
    };
  });
}

/** Some days on which the data of the geolocation have a block of addresses in another country. */
function fault(dice: Dice, city: City): NonNullable<Link['fault']> {
  const from = dice.int(5, 25);
  return { from, to: from + dice.int(2, 8), city: dice.pick(Object.values(CITIES).filter(({ country }) => country !== city.country)) };
}

/** Where a person is on a day, and when they work: the one answer that routine, look-alikes and attacks ask for. */
export function planOf(person: Person, start: number, day: number, isHoliday: boolean, dice: Dice): Plan {
  const own = dice.fork(`plan-${person.id}-${day}`);
  const midnight = start + day * DAY;
  const trip = person.trips.find(({ from, to }) => day >= from && day < to);
  const isAway = day < person.from || day >= person.to || (day >= person.leave.from && day < person.leave.to);
  const isFree = (isHoliday || day % 7 > 4) && !own.chance(person.role.weekend);
  const city = trip?.city ?? person.city;
  const from = localTime(city, midnight, own.normal(person.begins, person.role.spread));
  const to = from + Math.max(3, own.normal(person.role.hours, 0.6)) * 3_600_000;
  const chosen = own.weighted(person.role.places);
  const place = isAway || (isFree && trip === undefined) ? 'off' : trip !== undefined ? 'trip' : chosen;
  return { place, city, from, to };
}

/** The line of a person's flat on a day. */
export const homeOf = (person: Person, day: number): Link =>
  person.moves !== undefined && day >= person.moves.day ? person.moves.home : person.home;
