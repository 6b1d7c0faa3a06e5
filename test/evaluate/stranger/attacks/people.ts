import { APPS } from '../apps.ts';
import { plan, workTime } from '../benign/acts.ts';
import type { Person } from '../people.ts';
import { newHandset } from '../population.ts';
import type { Random } from '../random.ts';
import { register, remove, resetByAdmin } from '../registrations.ts';
import { freshSignIn } from '../sessions.ts';
import { DAY, HOUR, MINUTE } from '../time.ts';
import type { World } from '../world.ts';
import { attackTime, enter, firstFactor, isSteady, label, linger, newIntruder, type Reach, registerForeign } from './intruder.ts';

/** A call to the help desk in the victim's name: the old method goes, a pass or a password comes, and somebody else uses it. */
export function helpDeskFooled(world: World, random: Random, helpDesk: readonly Person[], reach: Reach): void {
  const victim = world.castOne(random, (one) => isSteady(world)(one) && one.methods.size > 0);
  const admin = random.pick(helpDesk);
  const start = workTime(world, random, admin, world.traits.startMs + 9 * DAY, world.endMs - 2 * DAY);
  if (victim === undefined || start === undefined) return;
  plan(victim, start, () => {
    const desk = admin.office(start);
    const tap = random.chance(0.6);
    if (random.chance(0.5)) remove(world, random, { at: start, target: victim, ip: desk.ip, method: [...victim.methods][0]!, admin });
    if (tap) register(world, random, { at: start + 2 * MINUTE, target: victim, ip: desk.ip, method: 'tap', admin });
    else resetByAdmin(world, random, start + 2 * MINUTE, victim, admin, desk.ip);
    const intruder = newIntruder(random, victim, reach, 0.2);
    const at = start + random.between(4, 75) * MINUTE;
    const session = random.guid();
    const done = enter(
      world,
      random,
      { victim, intruder, at, session },
      { first: tap ? 'Temporary Access Pass' : 'Password', factor: 'none' },
    );
    const registered = registerForeign(world, random, { victim, intruder, at: done.at + random.between(1, 10) * MINUTE, session });
    const end = linger(world, random, { victim, intruder, at: registered.at, session });
    label(world, { scenario: 'help-desk', variant: `${tap ? 'pass' : 'password'}-${reach}`, victims: [victim], start, end, registered });
  });
}

/** An administrator's account in foreign hands registers telephones or passes for other accounts, which are then used. */
export function adminAbused(world: World, random: Random, helpDesk: readonly Person[], reach: Reach, count: number): void {
  const admin = helpDesk.find((one) => !world.isCast(one));
  if (admin === undefined) return;
  world.reserve(admin);
  const start = attackTime(world, random, admin);
  const intruder = newIntruder(random, admin, reach);
  const session = random.guid();
  plan(admin, start, () => {
    enter(world, random, { victim: admin, intruder, at: start, app: APPS.portal, session }, { factor: firstFactor(admin) });
  });
  for (let nth = 0; nth < count; nth++) {
    const victim = world.castOne(random, isSteady(world));
    if (victim === undefined) return;
    const at = start + (8 + nth * random.between(2, 12)) * MINUTE;
    plan(victim, at, () => {
      const method = random.chance(0.5) ? 'tap' : 'sms';
      const registered = register(world, random, {
        at,
        target: victim,
        ip: intruder.line(at).ip,
        method,
        handset: intruder.handset,
        admin,
      });
      const used = at + random.between(2, 90) * MINUTE;
      const own = random.guid();
      if (random.chance(0.8))
        enter(
          world,
          random,
          { victim, intruder, at: used, session: own },
          { first: method === 'tap' ? 'Temporary Access Pass' : 'Password', factor: method === 'tap' ? 'none' : 'Text message' },
        );
      const end = linger(world, random, { victim, intruder, at: used, session: own });
      label(world, { scenario: 'admin-abused', variant: `${method}-${reach}`, victims: [victim, admin], start, end, registered });
    });
  }
}

/** A colleague at the same office who knows the password, on a machine of their own, with a telephone that is theirs already. */
export function colleague(world: World, random: Random): void {
  const insider = world.castOne(random, (one) => isSteady(world)(one) && one.pc.kind !== 'kiosk' && one.methods.has('sms'));
  const victim = world.castOne(
    random,
    (one) =>
      isSteady(world)(one) && one !== insider && one.place === insider?.place && (one.methods.size === 0 || world.traits.mfaShare < 0.6),
  );
  if (insider === undefined || victim === undefined) return;
  const start = workTime(world, random, insider, world.traits.startMs + 9 * DAY, world.endMs - 2 * DAY);
  if (start === undefined) return;
  plan(victim, start, () => {
    const session = random.guid();
    const atOffice = random.chance(0.7);
    const spot = (atOffice ? insider.office : insider.home)(start);
    const device = random.chance(0.7) ? insider.pc : insider.phone;
    const done = freshSignIn(world, random, { person: victim, at: start, app: APPS.mySignIns, spot, device, session }, { factor: 'none' });
    // Their own number, known to the tenant under their own name.
    const registered = register(world, random, {
      at: done.at + random.between(1, 8) * MINUTE,
      target: victim,
      ip: spot.ip,
      method: 'sms',
      handset: insider.handset,
    });
    let end = registered.at;
    for (let left = random.whole(1, 4); left > 0; left--) {
      end = Math.min(end + random.between(1, 40) * HOUR, world.endMs - HOUR);
      freshSignIn(
        world,
        random,
        {
          person: victim,
          at: end,
          app: APPS.outlookWeb,
          spot: (random.chance(0.5) ? insider.office : insider.home)(end),
          device,
          session: random.guid(),
        },
        { factor: 'Text message' },
      );
    }
    label(world, { scenario: 'insider', variant: atOffice ? 'same-office' : 'from-home-near', victims: [victim], start, end, registered });
  });
  // The insider's number stands in the directory: registered in these days, as others do.
  const before = workTime(world, random, insider, world.traits.startMs + DAY, start - DAY);
  if (before !== undefined)
    plan(
      insider,
      before,
      () => void register(world, random, { at: before, target: insider, ip: insider.office(before).ip, method: 'sms', changed: true }),
    );
}

/** A guest of another company, whose own tenant was broken into. */
export function guestTakenOver(world: World, random: Random, guest: Person, reach: Reach): void {
  world.reserve(guest);
  const start = attackTime(world, random, guest);
  plan(guest, start, () => {
    const intruder = newIntruder(random, guest, reach);
    const session = random.guid();
    enter(world, random, { victim: guest, intruder, at: start, app: APPS.sharePoint, session }, { factor: 'none' });
    const registered = registerForeign(world, random, { victim: guest, intruder, at: start + random.between(2, 15) * MINUTE, session });
    const end = linger(world, random, { victim: guest, intruder, at: registered.at, session });
    label(world, { scenario: 'guest', variant: reach, victims: [guest], start, end, registered });
  });
}

/** In the week in which everybody registers, somebody else does it for an account first. */
export function hiddenInDrive(world: World, random: Random, from: number, days: number, reach: Reach): void {
  const victim = world.castOne(random, (one) => isSteady(world)(one));
  if (victim === undefined) return;
  const start = workTime(world, random, victim, from, from + days * DAY);
  if (start === undefined) return;
  plan(victim, start, () => {
    const intruder = newIntruder(random, victim, reach);
    const session = random.guid();
    const done = enter(world, random, { victim, intruder, at: start, session }, { factor: firstFactor(victim) });
    const registered = registerForeign(world, random, {
      victim,
      intruder,
      at: done.at + random.between(1, 12) * MINUTE,
      session,
      handset: newHandset(random, victim.place.country),
    });
    const end = linger(world, random, { victim, intruder, at: registered.at, session });
    label(world, { scenario: 'hidden-in-drive', variant: reach, victims: [victim], start, end, registered });
  });
}
