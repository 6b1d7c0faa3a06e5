import { APPS } from '../apps.ts';
import type { Device } from '../devices.ts';
import type { Spot } from '../networks.ts';
import { type Handset, isAway, type MethodName, type Person } from '../people.ts';
import type { Random } from '../random.ts';
import { type Registered, register } from '../registrations.ts';
import { freshSignIn, sessionOf, ssoSignIn } from '../sessions.ts';
import { DAY, dayOf, HOUR, localTime, MINUTE, stamp, weekday } from '../time.ts';
import type { World } from '../world.ts';

/** A moment of a working day between two moments; undefined where the person is never at work then. */
export function workTime(
  world: World,
  random: Random,
  person: Person,
  from = world.traits.startMs + DAY,
  until = world.endMs - DAY,
): number | undefined {
  for (let attempt = 0; attempt < 60; attempt++) {
    const day = dayOf(random.between(from, until));
    const at = localTime(day, person.startHour + random.between(0.2, person.hours), person.zone);
    if (at < from || at > until || isAway(person, at) || !person.workdays.has(weekday(day)) || world.traits.holidays.includes(day))
      continue;
    return at;
  }
  return undefined;
}

/** An evening or a weekend. */
export function spareTime(world: World, random: Random, person: Person): number | undefined {
  for (let attempt = 0; attempt < 60; attempt++) {
    const day = dayOf(random.between(world.traits.startMs + DAY, world.endMs - DAY));
    const at = localTime(day, random.between(17.5, 23.3), person.zone);
    if (!isAway(person, at) && at > world.traits.startMs) return at;
  }
  return undefined;
}

export const plan = (person: Person, at: number, act: () => void): void => {
  person.agenda.push({ at, act });
};

export interface OwnRegistration {
  readonly at: number;
  readonly spot: Spot;
  readonly device: Device;
  readonly method: MethodName;
  readonly handset?: Handset;
  readonly fresh?: boolean;
  readonly first?: string;
  readonly changed?: boolean;
}

/** The owner goes to the security-info page and registers: most have a session, some must sign in, some had the page open. */
export function registerOwn(world: World, random: Random, person: Person, facts: OwnRegistration): Registered {
  const at = facts.at - random.whole(40, 260) * 1000;
  const app = random.chance(0.8) ? APPS.mySignIns : APPS.accessPanel;
  const session = sessionOf(person, facts.device, at, random);
  const sign = { person, at, app, spot: facts.spot, device: facts.device, session: session.id };
  if (facts.fresh || session.isNew || random.chance(0.3))
    freshSignIn(world, random, sign, facts.first === undefined ? {} : { first: facts.first, factor: 'none' });
  else if (random.chance(0.85)) ssoSignIn(world, random, sign);
  return register(world, random, {
    at: facts.at,
    target: person,
    ip: facts.spot.ip,
    method: facts.method,
    ...(facts.handset === undefined ? {} : { handset: facts.handset }),
    ...(facts.changed === undefined ? {} : { changed: facts.changed }),
    allRequired: random.chance(0.15),
  });
}

export function decoy(world: World, kind: string, people: readonly Person[], start: number, end: number, ids: readonly string[]): void {
  world.decoys.push({
    id: `decoy-${world.decoys.length + 1}`,
    kind,
    user_ids: people.map(({ id }) => id),
    upns: people.map(({ upn }) => upn),
    start: stamp(start - 10 * MINUTE),
    end: stamp(end + HOUR),
    registration_event_ids: ids,
  });
}

/** How many events of a kind a tenant has that happen `perYear` times to a user. */
export const expected = (world: World, random: Random, perYear: number): number =>
  random.poisson((world.traits.users * world.traits.days * perYear) / 365);
