import { CITIES, type CityName, DAY, HOUR } from './cities.ts';
import { type Dice, diceOf } from './dice.ts';
import { KINDS, type Kind, type KindName, type Site } from './kinds.ts';
import { type Link, linkOf } from './links.ts';
import { Logbook } from './logbook.ts';
import { homeOf, makePeople, type Person, type Plan, planOf } from './people.ts';
import { providersIn } from './providers.ts';

/** A tenant in the making: who there is, where its lines lead, and the book that takes the rows. */
export interface World {
  readonly kind: Kind;
  readonly tenantId: string;
  readonly dice: Dice;
  /** Unix ms of the first midnight (UTC, a Monday). */
  readonly start: number;
  readonly days: number;
  readonly people: readonly Person[];
  readonly book: Logbook;
  /** What a person has changed to, by id; routine follows it. */
  readonly changes: Map<string, Change>;
  /** Accounts that do nothing of themselves before a time (Unix ms), by id. */
  readonly quiet: Map<string, number>;
  readonly plan: (person: Person, day: number) => Plan;
  readonly office: (site: Site, day: number) => Link;
  /** The company's proxy: the next node or, at times, the one after. */
  readonly node: (person: Person, dice: Dice) => Link;
}

export interface Change {
  readonly at: number;
  readonly to: Partial<Pick<Person, 'phone' | 'computer' | 'method' | 'home'>>;
}

/** A person as they are at a time. */
export function asOf(world: World, person: Person, at: number): Person {
  const change = world.changes.get(person.id);
  return change !== undefined && at >= change.at ? { ...person, ...change.to } : person;
}

const FIRST_MONDAY = Date.UTC(2026, 2, 9);

export function makeWorld(name: KindName, seed: number, days: number, share: number): World {
  const kind: Kind = KINDS[name];
  const dice = diceOf(`quarter/${name}/${seed}`);
  const start = FIRST_MONDAY + 7 * DAY * (Math.abs(seed) % 20);
  const people = makePeople(kind, days, dice.fork('people'), share);
  const holidays = new Map(
    kind.sites.map(({ city }) => [CITIES[city].country, dice.fork(`holiday-${CITIES[city].country}`).int(3, days - 1)]),
  );
  const plans = new Map<string, Plan>();
  const plan = (person: Person, day: number): Plan => {
    const key = `${person.id}/${day}`;
    const made = plans.get(key) ?? planOf(person, start, day, holidays.get(CITIES[person.site.city].country) === day, dice);
    plans.set(key, made);
    return made;
  };
  const exits = new Map(kind.sites.map(({ city, exits: count }) => [city, exitOf(city, count)]));
  const nodes = kind.nodes.map((city) => exitOf(city, 12, 'sase'));
  const merged = linkOf(providersIn('', 'sase')[0]!, CITIES.frankfurt, 'merged', 12);
  return {
    kind,
    tenantId: dice.fork('tenant').guid(),
    dice,
    start,
    days,
    people,
    book: new Logbook(dice.fork('book'), start, start + days * DAY),
    changes: new Map(),
    quiet: new Map(),
    plan,
    office: ({ city, through, cutover }, day) => (cutover !== undefined && day >= cutover ? merged : exits.get(through ?? city)!),
    node: (person, own) => {
      const nearest = CITIES[person.site.city].country === 'PL' ? nodes.length - 1 : 0;
      return own.chance(0.9) ? nodes[nearest]! : own.pick(nodes);
    },
  };
}

function exitOf(city: CityName, count: number, kind: 'business' | 'sase' = 'business'): Link {
  const place = CITIES[city];
  return linkOf(providersIn(place.country, kind)[0]!, place, `exit-${city}`, count);
}

export const dayOf = (world: World, at: number): number => Math.floor((at - world.start) / DAY);

/** The local network that a person is in at a time of a day's plan. */
export function networkAt(world: World, person: Person, day: number, at: number): Link {
  const { place, from, to } = world.plan(person, day);
  const trip = person.trips.find((one) => day >= one.from && day < one.to);
  const isWorking = at >= from - HOUR / 2 && at <= to;
  if (trip !== undefined) return trip.hotel;
  if (isWorking && place === 'office') return world.office(person.site, day);
  return isWorking && place === 'cowork' ? person.cowork : homeOf(person, day);
}

/** What the directory sees of a computer in a network: the network's own address or that of what the traffic goes through. */
export function throughTunnel(world: World, person: Person, network: Link, dice: Dice): Link {
  if (person.computer.kind === 'hosted') return HOSTED;
  const isOffice = network.provider.kind === 'business';
  const rows: Readonly<Record<Person['tunnel'], () => Link>> = {
    none: () => network,
    company: () => (isOffice || dice.chance(0.15) ? network : world.office(person.site, 0)),
    sase: () => (dice.chance(0.95) ? world.node(person, dice) : network),
    vpn: () => (isOffice || dice.chance(0.35) ? network : person.exit),
    relay: () => (person.computer.browsers[0] === 'safari' && dice.chance(0.8) ? person.exit : network),
  };
  return rows[person.tunnel]();
}

/** Hosted desktops leave by the cloud's own network, in its region. */
export const HOSTED: Link = linkOf(providersIn('', 'cloud')[0]!, CITIES.amsterdam, 'hosted', 6);
