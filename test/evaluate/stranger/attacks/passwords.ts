import { APPS } from '../apps.ts';
import { plan } from '../benign/acts.ts';
import { fixedLine } from '../networks.ts';
import type { Person } from '../people.ts';
import { HOSTING } from '../places.ts';
import { newHandset } from '../population.ts';
import type { Random } from '../random.ts';
import { register, remove, resetPassword } from '../registrations.ts';
import { auditRow } from '../rows/audit.ts';
import { DENIALS, deniedSignIn, enrolInterrupt, failedSignIn, freshSignIn } from '../sessions.ts';
import { DAY, HOUR, MINUTE } from '../time.ts';
import type { World } from '../world.ts';
import {
  attackTime,
  enter,
  firstFactor,
  type Intruder,
  intruderMethod,
  isSteady,
  label,
  linger,
  newIntruder,
  type Reach,
  registerForeign,
  riskOf,
} from './intruder.ts';

const withoutFactor = (world: World) => (person: Person) => isSteady(world)(person) && person.methods.size === 0;

/** The right password of an account without a method: Entra ID itself asks the intruder to register one. */
function enrolForeign(world: World, random: Random, victim: Person, intruder: Intruder, at: number, handset = intruder.handset) {
  const spot = intruder.line(at);
  const session = random.guid();
  const sign = {
    person: victim,
    at,
    app: APPS.officeHome,
    spot,
    device: intruder.device,
    session,
    ...riskOf(world, random, intruder.reach),
  };
  enrolInterrupt(world, random, sign);
  const registered = register(world, random, {
    at: at + random.between(1, 6) * MINUTE,
    target: victim,
    ip: spot.ip,
    method: intruderMethod(random),
    handset,
    allRequired: true,
  });
  const { risk: _risk, riskEvents: _events, ...plain } = sign;
  freshSignIn(world, random, { ...plain, at: registered.at + 20_000 }, { factor: 'none' });
  return { registered, session };
}

export type SprayShape = 'one-address' | 'many-addresses' | 'slow';

/** One or two passwords against many accounts; where it fits and no method is registered yet, the intruder registers the first. */
export function spray(world: World, random: Random, shape: SprayShape, reach: Reach, victims: number): void {
  const first = world.castOne(random, withoutFactor(world));
  if (first === undefined) return;
  const start = attackTime(world, random, first);
  const intruder = newIntruder(random, first, reach, 0);
  const lines = Array.from({ length: shape === 'one-address' ? 1 : random.whole(5, 25) }, () => {
    const [provider, places] = random.pick(HOSTING);
    return shape === 'one-address' ? intruder.line : fixedLine(provider.asn, random.pick(places), random);
  });
  const targets = random.shuffle(world.people.filter(({ kind }) => kind === 'member')).slice(0, random.whole(40, 160));
  const span = shape === 'slow' ? random.between(18, 44) * HOUR : random.between(0.4, 5) * HOUR;
  const hits = [first, ...Array.from({ length: victims - 1 }, () => world.castOne(random, withoutFactor(world)))].filter(
    (one) => one !== undefined,
  );
  for (const person of targets) {
    const at = start + random.next() * span;
    if (hits.includes(person) || at > world.endMs - HOUR) continue;
    failedSignIn(
      world,
      random,
      {
        person,
        at,
        app: random.pick([APPS.graphShell, APPS.office, APPS.officeHome]),
        spot: random.pick(lines)(at),
        device: intruder.device,
        session: '',
      },
      random.chance(0.05) ? 50053 : 50126,
    );
  }
  for (const victim of hits) {
    const hit = start + random.between(0.4, 1) * span;
    plan(victim, hit, () => {
      const sprayer = random.pick(lines);
      enrolInterrupt(world, random, {
        person: victim,
        at: hit,
        app: APPS.officeHome,
        spot: sprayer(hit),
        device: intruder.device,
        session: random.guid(),
      });
      // Sprayed by a script; somebody comes back by hand, from the same machine or another.
      const at = Math.min(hit + random.between(5, 300) * MINUTE, world.endMs - 3 * HOUR);
      const person = random.chance(0.5)
        ? { ...newIntruder(random, victim, reach), line: shape === 'one-address' ? intruder.line : sprayer }
        : newIntruder(random, victim);
      const { registered, session } = enrolForeign(world, random, victim, person, at);
      const end = linger(world, random, { victim, intruder: person, at: registered.at, session });
      label(world, { scenario: 'password-spray', variant: `${shape}-${person.reach}`, victims: [victim], start, end, registered });
    });
  }
}

/** An account nobody has used for months and nobody registered a method for. */
export function dormantAccount(world: World, random: Random, victim: Person, reach: Reach): void {
  const at = attackTime(world, random, victim);
  world.reserve(victim);
  plan(victim, at, () => {
    const intruder = newIntruder(random, victim, reach, 0);
    if (random.chance(0.5))
      for (let nth = random.whole(1, 4); nth > 0; nth--)
        failedSignIn(world, random, {
          person: victim,
          at: at - nth * 35_000,
          app: APPS.officeHome,
          spot: intruder.line(at),
          device: intruder.device,
          session: '',
        });
    const { registered, session } = enrolForeign(world, random, victim, intruder, at);
    const end = linger(world, random, { victim, intruder, at: registered.at, session });
    label(world, { scenario: 'dormant-account', variant: reach, victims: [victim], start: at - 5 * MINUTE, end, registered });
  });
}

/** The password is known; the victim's phone rings until they give in. */
export function fatigue(world: World, random: Random, reach: Reach, few: boolean): void {
  const victim = world.castOne(random, (one) => isSteady(world)(one) && one.methods.has('app'));
  if (victim === undefined) return;
  const start = attackTime(world, random, victim);
  plan(victim, start, () => {
    const intruder = newIntruder(random, victim, reach);
    let at = start;
    for (let left = few ? random.whole(2, 4) : random.whole(6, 30); left > 0; left--) {
      const sign = { person: victim, at, app: APPS.officeHome, spot: intruder.line(at), device: intruder.device, session: random.guid() };
      deniedSignIn(world, random, sign, random.pick(DENIALS), 'Mobile app notification');
      at += random.weighted([
        [random.whole(25, 120) * 1000, 6],
        [random.between(5, 90) * MINUTE, few ? 2 : 0.6],
      ]);
    }
    const session = random.guid();
    const done = enter(world, random, { victim, intruder, at, session }, { factor: 'Mobile app notification' });
    const registered = registerForeign(world, random, { victim, intruder, at: done.at + random.between(1, 12) * MINUTE, session });
    const end = linger(world, random, { victim, intruder, at: registered.at, session });
    label(world, { scenario: 'mfa-fatigue', variant: `${few ? 'few-' : ''}${reach}`, victims: [victim], start, end, registered });
  });
}

/** The number is moved to the intruder's SIM: text messages reset the password, then an authenticator is added. */
export function simSwap(world: World, random: Random, reach: Reach): void {
  const victim = world.castOne(random, (one) => isSteady(world)(one) && one.methods.has('sms'));
  if (victim === undefined) return;
  const start = attackTime(world, random, victim);
  plan(victim, start, () => {
    const intruder = newIntruder(random, victim, reach);
    const spot = intruder.line(start);
    const reset = resetPassword(world, random, start, victim, spot.ip, 'Mobile phone SMS');
    const session = random.guid();
    const done = enter(
      world,
      random,
      { victim, intruder, at: reset + random.between(0.5, 5) * MINUTE, session },
      { factor: 'Text message' },
    );
    const registered = registerForeign(world, random, {
      victim,
      intruder,
      at: done.at + random.between(1.5, 15) * MINUTE,
      session,
      method: random.pick(['app', 'appCode'] as const),
    });
    if (random.chance(0.4))
      remove(world, random, { at: registered.at + 2 * MINUTE, target: victim, ip: intruder.line(registered.at).ip, method: 'sms' });
    const end = linger(world, random, { victim, intruder, at: registered.at, session });
    label(world, { scenario: 'sim-swap', variant: reach, victims: [victim], start, end, registered });
  });
}

/** One telephone or authenticator of the intruder's for several accounts, over some days, often from different places. */
export function oneHandset(world: World, random: Random, count: number): void {
  const handset = newHandset(random, 'GB');
  let at = 0;
  for (let nth = 0; nth < count; nth++) {
    const victim = world.castOne(random, isSteady(world));
    if (victim === undefined) return;
    at = at === 0 ? attackTime(world, random, victim) : at + random.between(0.1, 26) * HOUR;
    const start = Math.min(at, world.endMs - DAY / 2);
    plan(victim, start, () => {
      const intruder = newIntruder(random, victim);
      if (victim.methods.size === 0) {
        const { registered, session } = enrolForeign(world, random, victim, intruder, start, handset);
        const end = linger(world, random, { victim, intruder, at: registered.at, session });
        label(world, { scenario: 'one-handset', variant: intruder.reach, victims: [victim], start, end, registered });
        return;
      }
      const session = random.guid();
      const done = enter(world, random, { victim, intruder, at: start, session }, { factor: firstFactor(victim) });
      const registered = registerForeign(world, random, {
        victim,
        intruder,
        at: done.at + random.between(1, 9) * MINUTE,
        session,
        handset,
        method: random.chance(0.5) ? 'sms' : 'app',
      });
      const end = linger(world, random, { victim, intruder, at: registered.at, session });
      label(world, { scenario: 'one-handset', variant: intruder.reach, victims: [victim], start, end, registered });
    });
  }
}

/** Attacks that come to nothing: a spray without a hit, and a phone whose owner declines and reports. */
export function failedAttacks(world: World, random: Random): void {
  const [provider, places] = random.pick(HOSTING);
  const line = fixedLine(provider.asn, random.pick(places), random);
  const start = world.traits.startMs + random.between(4, world.traits.days - 3) * DAY;
  const targets = random.shuffle(world.people.filter(({ kind }) => kind === 'member')).slice(0, random.whole(30, 90));
  const device = newIntruder(random, targets[0]!, 'hosting', 0).device;
  for (const person of targets) {
    const at = start + random.next() * 3 * HOUR;
    failedSignIn(
      world,
      random,
      { person, at, app: APPS.graphShell, spot: line(at), device, session: '' },
      random.chance(0.05) ? 50053 : 50126,
    );
  }
  label(world, { scenario: 'spray-without-success', variant: 'one-address', victims: [], start, end: start + 3 * HOUR });
  const victim = world.castOne(random, (one) => isSteady(world)(one) && one.methods.has('app'));
  if (victim === undefined) return;
  const at = attackTime(world, random, victim);
  plan(victim, at, () => {
    const intruder = newIntruder(random, victim);
    for (let nth = 0; nth < 7; nth++)
      deniedSignIn(
        world,
        random,
        {
          person: victim,
          at: at + nth * 70_000,
          app: APPS.officeHome,
          spot: intruder.line(at),
          device: intruder.device,
          session: random.guid(),
        },
        DENIALS[nth % 2]!,
        'Mobile app notification',
      );
    auditRow(world, {
      at: at + 12 * MINUTE,
      operation: 'Suspicious activity reported',
      service: 'Azure MFA',
      type: 'Other',
      actor: { person: victim, ip: victim.mobile(at).ip },
      target: victim,
      correlation: random.guid(),
    });
    label(world, { scenario: 'fatigue-without-success', variant: intruder.reach, victims: [victim], start: at, end: at + HOUR });
  });
}
