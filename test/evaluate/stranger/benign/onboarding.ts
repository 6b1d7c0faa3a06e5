import { APPS } from '../apps.ts';
import { outside, type Person } from '../people.ts';
import type { Random } from '../random.ts';
import { register } from '../registrations.ts';
import { enrolInterrupt, freshSignIn, sessionOf } from '../sessions.ts';
import { DAY, dayOf, HOUR, localTime, MINUTE } from '../time.ts';
import type { World } from '../world.ts';
import { decoy, plan, registerOwn, workTime } from './acts.ts';

function firstDay(world: World, random: Random, person: Person, admin: Person | undefined, kind: string): void {
  const day = dayOf(person.from);
  const at = localTime(day, Math.max(8.5, person.startHour) + random.between(0, 3), person.zone);
  if (at > world.endMs - DAY || at < world.traits.startMs) return;
  plan(person, at, () => {
    const ids: string[] = [];
    const tap = admin !== undefined && random.chance(0.5);
    if (tap)
      ids.push(
        ...register(world, random, {
          at: at - random.between(0.3, 20) * HOUR,
          target: person,
          admin,
          ip: admin.office(at).ip,
          method: 'tap',
        }).ids,
      );
    const remote = person.pc.kind !== 'kiosk' && random.chance(0.3);
    const device = random.chance(0.75) ? person.pc : person.phone;
    const spot = (remote ? outside(person, at) : person.office)(at);
    const session = sessionOf(person, device, at, random).id;
    enrolInterrupt(
      world,
      random,
      { person, at: at - 3 * MINUTE, app: APPS.officeHome, spot, device, session },
      tap ? 'Temporary Access Pass' : 'Password',
    );
    const first = random.chance(0.75) ? 'app' : 'sms';
    ids.push(...register(world, random, { at, target: person, ip: spot.ip, method: first, allRequired: true }).ids);
    freshSignIn(world, random, { person, at: at + 30_000, app: APPS.officeHome, spot, device, session });
    if (random.chance(0.4))
      ids.push(
        ...register(world, random, {
          at: at + random.whole(2, 9) * MINUTE,
          target: person,
          ip: spot.ip,
          method: first === 'app' ? 'sms' : 'email',
        }).ids,
      );
    decoy(world, kind, [person], at - DAY, at + HOUR, ids);
  });
}

/** Newcomers: the first sign-in of an account is stopped until a method is registered. */
export function newcomers(world: World, helpDesk: readonly Person[]): void {
  const random = world.random.stream('newcomers');
  for (const person of world.people) {
    if (person.from === 0 || person.kind !== 'member') continue;
    world.reserve(person);
    firstDay(world, random, person, random.chance(0.7) ? random.pick(helpDesk) : undefined, 'newcomer');
  }
}

export interface Drive {
  readonly from: number;
  readonly days: number;
  readonly share: number;
  readonly method: 'app' | 'passkey' | 'sms';
  /** Tables in the canteen: many from one address. */
  readonly atTables: number;
}

/** A week in which a department or everybody is told to register. */
export function enrolmentDrive(world: World, drive: Drive): void {
  const random = world.random.stream('drive');
  for (const person of world.people) {
    if (person.kind !== 'member' || world.isCast(person) || person.methods.has(drive.method) || !random.chance(drive.share)) continue;
    const at = workTime(world, random, person, drive.from, drive.from + drive.days * DAY);
    if (at === undefined) continue;
    world.reserve(person);
    plan(person, at, () => {
      const atTable = random.chance(drive.atTables);
      const device = random.chance(0.5) ? person.pc : person.phone;
      const spot = (
        atTable ? person.office : random.chance(0.5) ? outside(person, at) : device === person.phone ? person.mobile : person.office
      )(at);
      const done = registerOwn(world, random, person, { at, spot, device, method: drive.method });
      decoy(world, 'enrolment-drive', [person], at, at, done.ids);
    });
  }
}
