import { CITIES, DAY, HOUR, MINUTE } from './cities.ts';
import { makeDevice } from './devices.ts';
import type { Dice } from './dice.ts';
import type { KindName } from './kinds.ts';
import type { LookAlike } from './labels.ts';
import { newLink } from './links.ts';
import { deviceFor, LOOK_ALIKES, type LookAlikeRow, linkFor } from './look-alikes.ts';
import { tokenOf } from './methods.ts';
import { findMoment } from './moments.ts';
import type { Person } from './people.ts';
import { sessionOf } from './routine.ts';
import { play, type Stage } from './scene.ts';
import { signIn } from './sign-in.ts';
import type { World } from './world.ts';

/** Password attempts on many accounts from rented machines that open none; from `at` on (Unix ms), ends after the last. */
export function spray(world: World, dice: Dice, people: readonly Person[], at: number): number {
  const links = Array.from({ length: dice.int(1, 6) }, () =>
    newLink(dice, CITIES[dice.pick(['amsterdam', 'frankfurt', 'newyork'] as const)], 'hosting'),
  );
  const device = makeDevice(dice, dice.chance(0.5) ? 'script' : 'kit');
  const isLegacy = dice.chance(0.4);
  let now = at;
  for (const person of people) {
    signIn(world, dice, {
      at: now,
      person,
      device,
      link: dice.pick(links),
      app: 'powershell',
      outcome: dice.chance(0.06) ? 'locked' : 'wrongPassword',
      session: '',
      legacy: isLegacy,
    });
    now += dice.int(2, 90) * 1000;
  }
  return now;
}

function perform(world: World, row: LookAlikeRow, somebody: Person, dice: Dice): LookAlike | undefined {
  const moment = findMoment(world, somebody, row.when, dice);
  if (moment === undefined) return undefined;
  const { day, at } = moment;
  // Who enrols for the first time has had nothing before.
  const isEnrolling = row.steps.some(([name]) => name === 'mustRegister' || name === 'pass');
  const person: Person = isEnrolling && row.isFirst === true ? { ...somebody, method: 'none' } : somebody;
  const device = deviceFor(row, person, dice);
  const link = linkFor(row, world, person, day, at, dice);
  const method = dice.weighted(row.methods);
  const which = row.on === 'computer' || row.on === 'newComputer' ? 'computer' : 'phone';
  const session = row.on === which ? sessionOf(world, person, which, at) : dice.guid();
  const stage: Stage = {
    world,
    dice,
    person,
    device,
    link,
    next: link,
    session,
    method,
    token: tokenOf(dice, method, person.city.country),
    now: at,
    registered: [],
    registeredAt: Number.NaN,
  };
  let start = at;
  if (row.isSprayed === true) {
    start = at - dice.between(2, 8) * HOUR;
    spray(world, dice, [...dice.sample(world.people, 30), person], start);
  }
  if (row.isFirst === true) world.quiet.set(person.id, at + 20 * MINUTE);
  play(stage, row.steps);
  const isOwn = row.on === 'newPhone' ? { phone: device } : row.on === 'newComputer' ? { computer: device } : {};
  world.changes.set(person.id, { at: stage.now, to: { ...isOwn, ...(isEnrolling && stage.registered.length > 0 ? { method } : {}) } });
  return { kind: row.kind, start, end: stage.now, people: [somebody], registrationIds: stage.registered };
}

/** All look-alikes of a tenant; each person has one at most. `taken` grows by who was chosen. */
export function planLookAlikes(world: World, name: KindName, share: number, taken: Set<string>): readonly LookAlike[] {
  const labels: LookAlike[] = [];
  for (const row of LOOK_ALIKES) {
    const dice = world.dice.fork(`look-alike-${row.kind}`);
    const wanted = Math.round(row.count[name] * share);
    let found = 0;
    for (const person of dice.sample(world.people, world.people.length)) {
      if (found >= wanted) break;
      if (taken.has(person.id) || row.who?.(person) === false) continue;
      const label = perform(world, row, person, dice);
      if (label === undefined) continue;
      labels.push(label);
      taken.add(person.id);
      found++;
    }
  }
  return [...labels, ...trips(world), ...faults(world)];
}

function trips(world: World): readonly LookAlike[] {
  return world.people.flatMap((person) =>
    person.trips
      .filter(({ from, to, city }) => city.country !== person.city.country && from >= person.from && to <= person.to)
      .map(({ from, to }) => ({
        kind: 'trip',
        start: world.start + from * DAY,
        end: world.start + to * DAY,
        people: [person],
        registrationIds: [],
      })),
  );
}

function faults(world: World): readonly LookAlike[] {
  return world.people.flatMap((person) => {
    const { fault } = person.home;
    return fault === undefined
      ? []
      : [
          {
            kind: 'misplaced-address',
            start: world.start + fault.from * DAY,
            end: world.start + fault.to * DAY,
            people: [person],
            registrationIds: [],
          },
        ];
  });
}
