import { type Client, laptop } from './clients.ts';
import type { Dice } from './dice.ts';
import type { Logbook } from './logbook.ts';
import { newPerson, type Person } from './people.ts';
import { type Net, sharedNet, towns } from './places.ts';
import type { Visit } from './sign-in-rows.ts';
import type { Habits } from './tenants.ts';

export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

interface Label {
  readonly user_ids: string[];
  readonly upns: string[];
  readonly start: string;
  readonly end: string;
  readonly registration_event_ids: string[];
}
export interface Incident extends Label {
  readonly scenario: string;
  readonly variant: string;
  readonly registration_time: string | null;
  readonly must_detect: boolean;
  readonly min_severity: 'Medium';
}
export interface Decoy extends Label {
  readonly kind: string;
}

export interface World {
  readonly dice: Dice;
  readonly habits: Habits;
  readonly book: Logbook;
  readonly people: Person[];
  readonly offices: Net[];
  readonly egresses: Net[];
  readonly labs: Client[];
  readonly sessions: Map<string, string>;
  /** What happens at a time, beside the days' routine; run when its day comes. */
  readonly plans: { readonly at: number; readonly run: (at: number) => void }[];
  readonly incidents: Incident[];
  readonly decoys: Decoy[];
}

export function newWorld(dice: Dice, habits: Habits, book: Logbook, users: number): World {
  const offices = habits.offices.map(([asn, country]) =>
    sharedNet(dice, 'office', asn, dice.pick(towns(country)), 3, dice.chance(0.5) ? 'Head office' : undefined),
  );
  const egresses = habits.egresses.map(([asn, country]) => sharedNet(dice, 'egress', asn, dice.pick(towns(country)), 40));
  const people = Array.from({ length: users }, (_, index) =>
    newPerson(dice, habits, index, offices, { guest: dice.chance(habits.guests) }),
  );
  const labs = Array.from({ length: habits.labs }, () => laptop(dice, 'Azure AD joined', 1));
  return { dice, habits, book, people, offices, egresses, labs, sessions: new Map(), plans: [], incidents: [], decoys: [] };
}

export const label = (people: readonly Person[], start: number, end: number, ids: readonly string[]): Label => ({
  user_ids: people.map(({ id }) => id),
  upns: people.map(({ upn }) => upn),
  start: new Date(start).toISOString(),
  end: new Date(end).toISOString(),
  registration_event_ids: [...ids],
});

/** A time in somebody's working hours of the day that begins at `midnight`. */
export function workingTime({ dice }: World, person: Person, midnight: number): number {
  return midnight + (person.early - person.zone + Math.abs(dice.normal()) * 3.2 + dice.between(0, 2)) * HOUR;
}

/** Where and with what somebody is at a time. */
export function whereabouts(world: World, person: Person, at: number, prefer?: Client['kind']): Visit {
  const { dice, habits } = world;
  const away = person.away !== undefined && at >= person.away.fromMs && at < person.away.untilMs ? person.away : undefined;
  const [office, home, mobile, elsewhere] = person.wheres;
  const free = dice.draw<Net>([
    [away === undefined ? office : 0, person.office ?? person.home],
    [away === undefined ? home : 0, person.home],
    [mobile, person.carrier],
    [away === undefined ? elsewhere : 0.5, away?.net ?? { ...person.home, kind: 'lodging', address: cafe(world, person) }],
  ]);
  const onPhone = free.kind === 'phone' ? dice.chance(0.85) : dice.chance(0.2);
  const kind = prefer ?? (onPhone ? 'phone' : 'laptop');
  const shared = kind === 'laptop' && free.kind === 'office' && world.labs.length > 0 && dice.chance(habits.name === 'school' ? 0.7 : 0.04);
  const client = shared ? dice.pick(world.labs) : person[kind === 'phone' ? 'phone' : 'laptop'];
  let net = free;
  if (kind === 'laptop' && !shared && at >= person.egressFromMs && world.egresses.length > 0 && dice.chance(0.75)) {
    const near = world.egresses.find(({ town }) => town.country === (away?.town ?? person.town).country) ?? world.egresses[0]!;
    net = dice.chance(habits.egressFlips) ? dice.pick(world.egresses) : near;
  } else if (person.consumerVpn !== undefined && free.kind !== 'office' && dice.chance(0.3)) net = person.consumerVpn;
  return { person, net, address: net.address(), client, session: sessionOf(world, person, client) };
}

/** Half a dozen cafes a town. */
const cafe = (world: World, person: Person) => () => {
  const spot = world.dice.whole(0, 5);
  return `${person.home.asn % 100 === 0 ? 94 : 93}.${(person.home.asn * 13 + spot) % 250}.${(person.town.city.length * 17 + spot * 31) % 250}.${20 + spot}`;
};

const keyOf = (person: Person, client: Client) => `${person.id}|${client.agent}|${client.name}`;

/** A browser stays signed in: its session goes where it goes. */
export function sessionOf({ sessions, dice }: World, person: Person, client: Client): string {
  const session = sessions.get(keyOf(person, client)) ?? dice.guid();
  sessions.set(keyOf(person, client), session);
  return session;
}

export function newSession(world: World, visit: Visit): Visit {
  const session = world.dice.guid();
  world.sessions.set(keyOf(visit.person, visit.client), session);
  return { ...visit, session };
}

/** A clock that is moved on by what is done: each call lets `ms` pass and says what time it is then. */
export function clock(start: number): (ms?: number) => number {
  let now = start;
  return (ms = 0) => {
    now += ms;
    return now;
  };
}
