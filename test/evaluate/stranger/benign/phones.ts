import { APPS } from '../apps.ts';
import { newPhone } from '../devices.ts';
import { outside, type Person } from '../people.ts';
import { newHandset } from '../population.ts';
import type { Random } from '../random.ts';
import { changeDefault, register, remove, resetPassword } from '../registrations.ts';
import { failedSignIn, freshSignIn, sessionOf } from '../sessions.ts';
import { DAY, MINUTE } from '../time.ts';
import type { World } from '../world.ts';
import { decoy, expected, plan, registerOwn, spareTime, workTime } from './acts.ts';

const someTime = (world: World, random: Random, person: Person) =>
  random.chance(0.6) ? workTime(world, random, person) : spareTime(world, random, person);

/** A new phone: the app is registered anew, the old entry often deleted; some are on the new phone already, some at the computer. */
export function newPhones(world: World, perYear: number): void {
  const random = world.random.stream('newPhones');
  for (let left = expected(world, random, perYear); left > 0; left--) {
    const person = world.castOne(random, (one) => one.methods.size > 0);
    const at = person && someTime(world, random, person);
    if (person === undefined || at === undefined) continue;
    plan(person, at, () => {
      const next = newPhone(random, { managed: false });
      const atWork = random.chance(0.5);
      const device = random.chance(0.55) ? person.pc : next;
      const spot = (
        device === next && random.chance(0.5) ? person.mobile : atWork || device.kind === 'kiosk' ? person.office : outside(person, at)
      )(at);
      const handset = {
        ...person.handset,
        model: next.os.startsWith('Ios') ? 'iPhone 16' : 'SM-S921B',
        deviceToken: `apns2-${random.hex(48)}`,
        appId: random.guid(),
      };
      const old = person.methods.has('app');
      const done = registerOwn(world, random, person, { at, spot, device, method: 'app', handset, fresh: device === next });
      if (old && random.chance(0.6))
        remove(world, random, { at: at + random.whole(30, 400) * 1000, target: person, ip: spot.ip, method: 'app' });
      person.methods.add('app');
      person.handset = handset;
      person.phone = next;
      decoy(world, 'new-phone', [person], at, at, done.ids);
    });
  }
}

/** Another number: the phone is changed, from wherever. */
export function newNumbers(world: World, perYear: number): void {
  const random = world.random.stream('newNumbers');
  for (let left = expected(world, random, perYear); left > 0; left--) {
    const person = world.castOne(random, (one) => one.methods.has('sms'));
    const at = person && someTime(world, random, person);
    if (person === undefined || at === undefined) continue;
    plan(person, at, () => {
      const handset = { ...person.handset, phoneNumber: newHandset(random, person.place.country).phoneNumber };
      const spot = (random.chance(0.4) ? person.mobile : random.chance(0.5) ? outside(person, at) : person.office)(at);
      const done = registerOwn(world, random, person, {
        at,
        spot,
        device: random.chance(0.5) ? person.phone : person.pc,
        method: 'sms',
        handset,
        changed: random.chance(0.6),
      });
      person.handset = handset;
      decoy(world, 'new-number', [person], at, at, done.ids);
    });
  }
}

/** A forgotten password, reset by its owner, who then adds a method while at it. */
export function forgottenPasswords(world: World, perYear: number): void {
  const random = world.random.stream('forgotten');
  for (let left = expected(world, random, perYear); left > 0; left--) {
    const person = world.castOne(random, (one) => one.methods.size > 0);
    const at = person && someTime(world, random, person);
    if (person === undefined || at === undefined) continue;
    plan(person, at, () => {
      const spot = (random.chance(0.5) ? outside(person, at) : random.chance(0.5) ? person.mobile : person.office)(at);
      const device = random.chance(0.6) ? person.pc : person.phone;
      const sign = { person, app: APPS.officeHome, spot, device };
      for (let nth = random.whole(1, 5); nth > 0; nth--)
        failedSignIn(world, random, { ...sign, at: at - nth * 40_000, session: random.guid() });
      const done = resetPassword(world, random, at, person, spot.ip, random.pick(['Mobile phone SMS', 'Mobile app code', 'Email']));
      person.sessions.delete(device);
      freshSignIn(world, random, { ...sign, at: done + 40_000, session: sessionOf(person, device, done, random).id });
      const registered = random.chance(0.35)
        ? registerOwn(world, random, person, {
            at: done + random.whole(4, 30) * MINUTE,
            spot,
            device,
            method: person.methods.has('app') ? 'sms' : 'app',
          })
        : undefined;
      decoy(world, 'password-reset', [person], at, done + 30 * MINUTE, registered?.ids ?? []);
    });
  }
}

/** A second way in: a key, a passkey, a mail address, another number, set as default by some. */
export function secondMethods(world: World, perYear: number): void {
  const random = world.random.stream('secondMethods');
  for (let left = expected(world, random, perYear); left > 0; left--) {
    const person = world.castOne(random, (one) => one.methods.size > 0);
    const at = person && someTime(world, random, person);
    if (person === undefined || at === undefined) continue;
    plan(person, at, () => {
      const method = random.weighted([
        ['passkey', 3],
        ['fido', 1],
        ['email', 2],
        ['sms', 3],
        ['appCode', 1],
        ['oath', 0.5],
        ['hello', 3],
      ] as const);
      const device = random.chance(0.7) || method === 'hello' ? person.pc : person.phone;
      const spot = (random.chance(0.55) || device.kind === 'kiosk' ? person.office : outside(person, at))(at);
      const done = registerOwn(world, random, person, { at, spot, device, method });
      if (random.chance(0.15) && method !== 'email') changeDefault(world, random, at + 60_000, person, spot.ip, method);
      decoy(world, `adds-${method}`, [person], at, at, done.ids);
    });
  }
}

/** Starts and does not finish, or finds the registration refused; and deletes without adding. */
export function loseEnds(world: World, perYear: number): void {
  const random = world.random.stream('looseEnds');
  for (let left = expected(world, random, perYear); left > 0; left--) {
    const person = world.castOne(random, (one) => one.methods.size > 1);
    const at = person && someTime(world, random, person);
    if (person === undefined || at === undefined) continue;
    plan(person, at, () => {
      const spot = outside(person, at)(at);
      const method = [...person.methods][0]!;
      const id = remove(world, random, { at, target: person, ip: spot.ip, method });
      // Most find out within days that they still want it.
      if (random.chance(0.5)) {
        const later = Math.min(at + random.between(0.01, 3) * DAY, world.endMs - DAY / 2);
        register(world, random, { at: later, target: person, ip: (random.chance(0.5) ? person.home : person.mobile)(later).ip, method });
      }
      decoy(world, 'deletes-method', [person], at, at, [id]);
    });
  }
}
