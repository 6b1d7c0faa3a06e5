import { type Point, someAddress, someV6 } from './addresses.ts';
import type { Seat } from './book.ts';
import { type Client, COMPUTERS, client } from './clients.ts';
import { DAY, instant } from './clock.ts';
import { type Dice, diceOf, hash } from './dice.ts';
import { type Person, population, whereabouts } from './people.ts';
import { ABROAD, type City, COUNTRIES, type Network } from './places.ts';
import { DAYS, type Tenant } from './tenants.ts';

/** What a person has from a day on: another phone, computer or provider at home. */
interface Renewal {
  readonly day: number;
  readonly phone?: Client;
  readonly computer?: Client;
  readonly isp?: Network;
}

export interface World {
  readonly tenant: Tenant;
  readonly seed: string;
  readonly start: number;
  readonly end: number;
  readonly people: readonly Person[];
  readonly renewals: Map<Person, Renewal>;
  /** People about whom something is planted; nothing else is planted about them. */
  readonly taken: Set<Person>;
}

export function newWorld(tenant: Tenant, seed: string): World {
  const start = Date.parse(tenant.start);
  return { tenant, seed, start, end: start + DAYS * DAY, people: population(tenant, seed), renewals: new Map(), taken: new Set() };
}

/** An instant, and the day of the span to which it belongs by the doer's clock: a night's shift belongs to the day on which it began. */
export interface When {
  readonly at: number;
  readonly day: number;
}

/** An hour of a person's day by the clock of where the person is; of home, on the days of a journey and on leave. */
export const moment = (world: World, person: Person, day: number, hour: number): When => ({
  at: instant((whereabouts(person, day) ?? person.city).zone, world.start + day * DAY, hour),
  day,
});

export const later = ({ at, day }: When, ms: number): When => ({ at: at + ms, day });

/** Where something can be done; whoever is on a journey has the hotel instead of home and site. */
export type Place = 'site' | 'home' | 'mobile' | 'company-vpn';

function guestNetwork(city: City): Network {
  const near = COUNTRIES[city.country]?.isps;
  const v4 = `${90 + (hash(city.name) % 5)}.${hash(city.state) % 200}`;
  return near?.[hash(city.name) % near.length] ?? { ...ABROAD, asn: ABROAD.asn + (hash(city.country) % 300), v4 };
}

/** The address at home: one for a lease, and where IPv6 is spoken, one a day for each device beside it. */
function atHome(world: World, person: Person, day: number, device: Client): Point {
  const renewal = world.renewals.get(person);
  const isp = renewal?.isp !== undefined && day >= renewal.day ? renewal.isp : person.isp;
  const lease = Math.floor((day + (hash(person.id) % 17)) / world.tenant.leaseDays);
  const dice = diceOf(`${world.seed}/home/${person.id}/${isp.v4}/${lease}`);
  const daily = diceOf(`${world.seed}/${device.key}/${day}`);
  if (isp.v6 !== undefined && daily.chance(0.5)) return someV6(dice, daily, isp, person.city);
  return someAddress(dice, isp, person.city);
}

function onTheMove(world: World, { carrier, city, id }: Person, part: string): Point {
  const dice = diceOf(`${world.seed}/mobile/${id}/${part}`);
  return carrier.v6 !== undefined && dice.chance(0.6)
    ? someV6(dice, dice, carrier, carrier.gateways?.[0] ?? city)
    : someAddress(dice, carrier, city, 300);
}

function pointOf(world: World, person: Person, { at, day }: When, place: Place, device: Client): Point {
  // A phone abroad still comes out at its home carrier.
  if (place === 'mobile') return onTheMove(world, person, `${day}/${Math.floor((at % DAY) / (DAY / 6))}`);
  const vpn = world.tenant.companyVpn;
  if (place === 'company-vpn' && vpn !== undefined)
    return someAddress(diceOf(`${world.seed}/vpn/${day}/${hash(person.id) % 40}`), vpn.network, vpn.city, 60);
  const city = whereabouts(person, day);
  if (city !== undefined && city !== person.city)
    return someAddress(diceOf(`${world.seed}/hotel/${city.name}/${person.id}`), guestNetwork(city), city, 40);
  if (place === 'site' && person.site !== undefined)
    return someAddress(diceOf(person.site.v4 + (hash(person.id) % person.siteLines)), person.site, person.city);
  return atHome(world, person, day, device);
}

/** The same computers stand at the desk of a house for all of a shift. */
const deskOf = (world: World, person: Person) => {
  const dice = diceOf(`${world.seed}/desk/${person.city.name}/${hash(person.id) % 6}`);
  return client(dice, COMPUTERS.slice(0, 1), 'Azure AD joined');
};

export type Device = 'computer' | 'native' | 'other' | 'phone' | 'phoneApp';

function deviceOf(world: World, person: Person, day: number, device: Device, place: Place): Client {
  const renewal = world.renewals.get(person);
  const renewed = renewal !== undefined && day >= renewal.day;
  if (renewed && renewal.phone !== undefined && device.startsWith('phone')) return renewal.phone;
  if (person.desk && place === 'site' && device === 'computer') return deskOf(world, person);
  if (renewed && renewal.computer !== undefined && device === 'computer') return renewal.computer;
  return person[device];
}

/** Sessions last one to two weeks, or until somebody else uses the computer. */
const sessionDays = (person: Person, device: Client) =>
  person.desk && device.trust === 'Azure AD joined' ? 1 : 7 + (hash(device.key) % 8);
const sessionAge = (person: Person, day: number) => day + (hash(person.id) % 13);

const sessionOf = (world: World, person: Person, day: number, device: Client) =>
  diceOf(`${world.seed}/session/${person.id}/${device.key}/${Math.floor(sessionAge(person, day) / sessionDays(person, device))}`).guid();

export const isNewSession = (person: Person, day: number, device: Client) => sessionAge(person, day) % sessionDays(person, device) === 0;

/** A person's seat at a time; the body is where the person is. */
export function seatOf(world: World, person: Person, when: When, place: Place, device: Device): Seat {
  const used = deviceOf(world, person, when.day, device, place);
  const body = whereabouts(person, when.day);
  return {
    point: pointOf(world, person, when, place, used),
    client: used,
    session: sessionOf(world, person, when.day, used),
    ...(body && { body }),
  };
}

/** Somebody to plant something about, who has nothing planted yet; an Error where there is nobody. */
export function someone(world: World, dice: Dice, fits: (person: Person) => boolean): Person {
  for (let tries = 0; tries < 20_000; tries++) {
    const person = dice.pick(world.people);
    if (world.taken.has(person) || !fits(person)) continue;
    world.taken.add(person);
    return person;
  }
  throw new Error('nobody is left who fits');
}
