import { APPS } from '../apps.ts';
import { newPhone } from '../devices.ts';
import { outside, type Person } from '../people.ts';
import { newHandset } from '../population.ts';
import { register, remove, resetByAdmin } from '../registrations.ts';
import { freshSignIn, sessionOf } from '../sessions.ts';
import { HOUR, MINUTE } from '../time.ts';
import type { World } from '../world.ts';
import { decoy, expected, plan, registerOwn, workTime } from './acts.ts';

/** A lost or broken phone: the help desk deletes the old method and issues a pass or a password, the owner registers again. */
export function lostPhones(world: World, perYear: number, helpDesk: readonly Person[]): void {
  const random = world.random.stream('lostPhones');
  for (let left = expected(world, random, perYear); left > 0; left--) {
    const person = world.castOne(random, (one) => one.methods.size > 0);
    const at = person && workTime(world, random, person);
    if (person === undefined || at === undefined) continue;
    plan(person, at, () => {
      const admin = random.pick(helpDesk);
      const desk = (random.chance(0.8) ? admin.office : admin.home)(at);
      const ids: string[] = [];
      if (random.chance(0.6) && person.methods.has('app'))
        ids.push(remove(world, random, { at: at - 4 * MINUTE, target: person, ip: desk.ip, method: 'app', admin }));
      const tap = random.chance(0.6);
      if (tap) ids.push(...register(world, random, { at: at - 2 * MINUTE, target: person, ip: desk.ip, method: 'tap', admin }).ids);
      else resetByAdmin(world, random, at - 2 * MINUTE, person, admin, desk.ip);
      const later = at + random.between(0.05, 4) * HOUR;
      const next = newPhone(random, { managed: false });
      const device = random.chance(0.6) ? person.pc : next;
      const spot = (random.chance(0.5) || device.kind === 'kiosk' ? person.office : outside(person, later))(later);
      person.sessions.delete(device);
      const session = sessionOf(person, device, later, random).id;
      freshSignIn(
        world,
        random,
        { person, at: later - 3 * MINUTE, app: APPS.mySignIns, spot, device, session },
        { first: tap ? 'Temporary Access Pass' : 'Password', factor: tap ? 'none' : 'Text message' },
      );
      const handset = { ...newHandset(random, person.place.country), phoneNumber: person.handset.phoneNumber };
      ids.push(...register(world, random, { at: later, target: person, ip: spot.ip, method: 'app', handset }).ids);
      person.handset = handset;
      person.phone = next;
      decoy(world, 'lost-phone', [person], at, later, ids);
    });
  }
}

/** The help desk enters numbers for people who cannot do it themselves: some accounts in a row. */
export function desktopRounds(world: World, rounds: number, helpDesk: readonly Person[]): void {
  const random = world.random.stream('rounds');
  for (let round = 0; round < rounds; round++) {
    const admin = random.pick(helpDesk);
    const start = workTime(world, random, admin);
    if (start === undefined) continue;
    const people: Person[] = [];
    const ids: string[] = [];
    let at = start;
    for (let left = random.whole(3, 9); left > 0; left--) {
      const person = world.castOne(random);
      if (person === undefined) break;
      const now = at;
      people.push(person);
      plan(person, now, () => {
        ids.push(...register(world, random, { at: now, target: person, ip: admin.office(now).ip, method: 'sms', admin }).ids);
      });
      at += random.between(1, 8) * MINUTE;
    }
    // The Ids come when the plans are carried out: the label holds the same array.
    decoy(world, 'help-desk-round', people, start, at, ids);
  }
}

/** A till or a back office with one telephone that several people name as theirs. */
export function sharedTelephones(world: World, groups: number): void {
  const random = world.random.stream('sharedPhones');
  for (let group = 0; group < groups; group++) {
    const first = world.castOne(random, (one) => one.methods.size > 0);
    if (first === undefined) return;
    const handset = { ...newHandset(random, first.place.country) };
    for (const person of [
      first,
      ...Array.from({ length: random.whole(1, 3) }, () =>
        world.castOne(random, (one) => one.place === first.place && one.department === first.department),
      ),
    ]) {
      const at = person && workTime(world, random, person);
      if (person === undefined || at === undefined) continue;
      plan(person, at, () => {
        const done = registerOwn(world, random, person, { at, spot: person.office(at), device: person.pc, method: 'officePhone', handset });
        decoy(world, 'shared-telephone', [person], at, at, done.ids);
      });
    }
  }
}

/** Another directory's mail addresses are copied in through Graph: the address of the actor is Microsoft's. */
export function copiedAddresses(world: World, count: number, helpDesk: readonly Person[]): void {
  const random = world.random.stream('copied');
  const admin = random.pick(helpDesk);
  const start = workTime(world, random, admin);
  if (start === undefined) return;
  for (let nth = 0; nth < count; nth++) {
    const person = world.castOne(random);
    if (person === undefined) return;
    const at = start + nth * random.whole(400, 3000);
    plan(person, at, () => {
      decoy(
        world,
        'copied-by-service',
        [person],
        at,
        at,
        register(world, random, { at, target: person, ip: '', method: 'email', admin, serviceApi: true }).ids,
      );
    });
  }
}
