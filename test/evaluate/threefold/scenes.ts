import { type Machine, machineOf } from './devices.ts';
import type { Dice } from './dice.ts';
import { type Stay, staysOn } from './itinerary.ts';
import { computerLink, phoneLink } from './life.ts';
import { browserOf, isIn, type Person, phoneAt } from './people.ts';
import type { Hand } from './sessions.ts';
import { HOUR, type World } from './world.ts';

/** Somebody at a place with time for it. */
export interface Scene {
  readonly person: Person;
  readonly day: number;
  readonly stay: Stay;
  readonly time: number;
}

export interface SceneWish {
  readonly who?: (person: Person) => boolean;
  readonly where?: (stay: Stay, day: number, person: Person) => boolean;
  /** First and last day it may be. */
  readonly days?: readonly [number, number];
}

const hasDevice = (person: Person) => person.computer !== undefined || person.phones.length > 0;

/** Whether somebody is with the company for some days before and after. */
const isSettled = (person: Person, day: number) => person.joined < day - 7 && isIn(person, day) && person.left > day + 1;

/** The scene of a person and a day, within an hour and a half of a stay's begin; undefined where they are not so. */
export function sceneOn(
  world: World,
  person: Person,
  day: number,
  dice: Dice,
  where: NonNullable<SceneWish['where']> = () => true,
): Scene | undefined {
  const stays = staysOn(world, person, day).filter(
    (stay) => stay.until - stay.from > 0.7 * HOUR && stay.until < world.end - 3 * HOUR && where(stay, day, person),
  );
  if (stays.length === 0) return undefined;
  const stay = dice.pick(stays);
  const room = Math.min(0.5 * (stay.until - stay.from), 2 * HOUR);
  return { person, day, stay, time: Math.round(stay.from + dice.between(0.05, 1) * room) };
}

/** Looks for a person whom no label meets yet, and takes them; undefined where there is none. */
export function findScene(
  world: World,
  dice: Dice,
  { who = () => true, where = () => true, days = [6, world.kind.days - 2] }: SceneWish = {},
): Scene | undefined {
  const people = world.people.filter((person) => !person.taken && !person.dormant && hasDevice(person) && who(person));
  for (let tries = 0; tries < 400 && people.length > 0; tries++) {
    const person = dice.pick(people);
    const day = dice.int(...(days as [number, number]));
    if (!isSettled(person, day)) continue;
    const scene = sceneOn(world, person, day, dice, where);
    if (scene === undefined) continue;
    person.taken = true;
    return scene;
  }
  return undefined;
}

/** The owner at their own computer, or else at their phone. */
export function ownHand(world: World, { person, stay, time }: Scene, dice: Dice): Hand {
  const { computer } = person;
  if (computer !== undefined && stay.wifi)
    return { person, dice, machine: computer, browser: browserOf(dice, computer), link: computerLink(world, person, stay, dice) };
  const phone = phoneAt(person, time) ?? computer!;
  return { person, dice, machine: phone, browser: phone.browsers[0]!, link: phoneLink(person, stay, dice) };
}

/** The owner at a phone. */
export function phoneHand({ person, stay }: Scene, machine: Machine, dice: Dice): Hand {
  return { person, dice, machine, browser: machine.browsers[0]!, link: phoneLink(person, stay, dice) };
}

/** A phone just bought; most stay with the system they know. */
export function newPhone(person: Person, dice: Dice): Machine {
  const last = person.phones.at(-1)?.machine;
  const system =
    last !== undefined && (last.system === 'iphone' || last.system === 'android') && dice.chance(0.85)
      ? last.system
      : dice.pick(['iphone', 'android'] as const);
  return machineOf(dice, { system, trust: last?.trust ?? '' });
}

/** Somebody who helps others, and the address from which they do. */
export function helperOf(world: World, dice: Dice): { readonly helper: Person; readonly ip: string } {
  const jobs = new Set(['IT', 'Dispatcher', 'Administration']);
  const helper = dice.pick(
    world.people.filter(({ role, joined, left, dormant }) => jobs.has(role.name) && joined < 0 && left > 100 && !dormant).slice(0, 6),
  );
  return { helper, ip: dice.pick([...world.offices.values()][0]!).ip };
}
