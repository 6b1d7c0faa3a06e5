import { APPS } from '../apps.ts';
import { plan } from '../benign/acts.ts';
import { fixedLine } from '../networks.ts';
import type { MethodName } from '../people.ts';
import { HOSTING } from '../places.ts';
import type { Random } from '../random.ts';
import { changeDefault, register, remove } from '../registrations.ts';
import { auditRow } from '../rows/audit.ts';
import { riskRow } from '../rows/risk.ts';
import { refreshRow, signInRow } from '../rows/sign-in.ts';
import { primary, second, sessionOf, stepName } from '../sessions.ts';
import { DAY, HOUR, MINUTE } from '../time.ts';
import type { World } from '../world.ts';
import {
  attackTime,
  enter,
  firstFactor,
  type Intruder,
  isSteady,
  label,
  linger,
  newIntruder,
  type Reach,
  registerForeign,
  replay,
} from './intruder.ts';

const withFactor = (world: World) => (person: Parameters<ReturnType<typeof isSteady>>[0]) =>
  isSteady(world)(person) && firstFactor(person) !== 'none';

/** The server in the middle: a hosting machine that shows the victim's browser to Entra ID. */
function middle(random: Random, intruder: Intruder): Intruder {
  const [provider, places] = random.pick(HOSTING);
  return { ...intruder, reach: 'hosting', line: fixedLine(provider.asn, random.pick(places), random) };
}

export interface AitmOptions {
  readonly reach: Reach;
  /** Registers from the machine in the middle itself. */
  readonly direct: boolean;
  /** Days between the theft and the registration. */
  readonly waits?: number;
  readonly swaps?: boolean;
  readonly method?: MethodName;
  readonly scenario: string;
}

/** Adversary in the middle: the victim signs in and confirms through the intruder's server; its session is used from another place. */
export function aitm(world: World, random: Random, options: AitmOptions): void {
  const victim = world.castOne(random, withFactor(world));
  if (victim === undefined) return;
  const start = attackTime(world, random, victim, true);
  plan(victim, start, () => {
    const copy = newIntruder(random, victim, options.reach, 1);
    const proxy = middle(random, copy);
    const session = random.guid();
    const done = enter(
      world,
      random,
      { victim, intruder: proxy, at: start, session },
      { factor: firstFactor(victim), staySignedIn: random.chance(0.4) },
    );
    if (world.traits.p2 && random.chance(0.12))
      riskRow(world, {
        at: done.at,
        person: victim,
        type: 'attackerinTheMiddle',
        level: 'high',
        realtime: false,
        spot: proxy.line(start),
        request: done.id,
        correlation: done.correlation,
      });
    const user = options.direct ? proxy : { ...newIntruder(random, victim, options.reach), line: copy.line };
    let at = done.at + random.between(1, 25) * MINUTE;
    if (random.chance(0.6)) replay(world, random, { victim, intruder: user, at, app: APPS.outlookWeb, session });
    for (let day = 1; day < (options.waits ?? 0); day++) {
      const visit = start + day * DAY + random.between(-3, 3) * HOUR;
      refreshRow(world, {
        at: visit,
        person: victim,
        app: random.pick([APPS.outlookWeb, APPS.office]),
        spot: user.line(visit),
        device: user.device,
        session,
        correlation: random.guid(),
        result: 0,
        mfa: true,
        steps: [primary('Previously satisfied')],
      });
    }
    at += (options.waits ?? 0) * DAY + random.between(2, 20) * MINUTE;
    at = Math.min(at, world.endMs - 2 * HOUR);
    const owned = [...victim.methods];
    const registered = registerForeign(world, random, {
      victim,
      intruder: user,
      at,
      session,
      ...(options.method === undefined ? {} : { method: options.method }),
    });
    if (options.swaps) {
      const spot = user.line(at);
      changeDefault(world, random, at + random.whole(20, 60) * 1000, victim, spot.ip, options.method ?? 'app');
      for (const method of owned.slice(0, 1))
        remove(world, random, { at: at + random.between(1.5, 8) * MINUTE, target: victim, ip: spot.ip, method });
    }
    const end = linger(world, random, { victim, intruder: user, at: at + 3 * MINUTE, session });
    const variant = `${options.direct ? 'from-the-proxy' : options.reach}${options.swaps ? '-swap' : ''}${options.waits === undefined ? '' : `-after-${options.waits}-days`}`;
    label(world, { scenario: options.scenario, variant, victims: [victim], start, end, registered });
  });
}

/** An information stealer on a private computer: the session turns up somewhere else, nobody signed in for it. */
export function stolenToken(world: World, random: Random, reach: Reach): void {
  const victim = world.castOne(random, withFactor(world));
  if (victim === undefined) return;
  const start = attackTime(world, random, victim);
  plan(victim, start, () => {
    const intruder = newIntruder(random, victim, reach, 0.5);
    const session = sessionOf(victim, victim.pc, start, random).id;
    replay(world, random, { victim, intruder, at: start, app: random.pick([APPS.outlookWeb, APPS.officeHome]), session });
    const registered = registerForeign(world, random, { victim, intruder, at: start + random.between(3, 50) * MINUTE, session });
    const end = linger(world, random, { victim, intruder, at: registered.at, session });
    label(world, { scenario: 'token-theft', variant: reach, victims: [victim], start, end, registered });
  });
}

/** Device-code phishing: the victim types a code at the real page; the intruder's client gets the tokens, often joins a device with them. */
export function deviceCode(world: World, random: Random, reach: Reach): void {
  const victim = world.castOne(random, withFactor(world));
  if (victim === undefined) return;
  const start = attackTime(world, random, victim, true);
  plan(victim, start, () => {
    const tool = newIntruder(random, victim, reach, 0);
    const intruder: Intruder = {
      ...tool,
      device: { ...tool.device, kind: 'tool', browser: random.chance(0.5) ? 'Python Requests' : tool.device.browser },
    };
    const session = random.guid();
    const app = random.pick([APPS.broker, APPS.office, APPS.graphShell]);
    const fromIntruder = random.chance(0.5);
    const spot = fromIntruder ? intruder.line(start) : victim.office(start);
    const device = fromIntruder ? intruder.device : victim.pc;
    signInRow(world, {
      at: start,
      person: victim,
      app,
      spot,
      device,
      session,
      correlation: random.guid(),
      result: 0,
      mfa: true,
      steps: [primary(), second(firstFactor(victim))],
      protocol: 'deviceCode',
      transfer: 'deviceCodeFlow',
      additional: 'MFA completed in Azure AD',
    });
    let at = start + random.whole(10, 120) * 1000;
    refreshRow(world, {
      at,
      person: victim,
      app,
      spot: intruder.line(at),
      device: intruder.device,
      session,
      correlation: random.guid(),
      result: 0,
      mfa: true,
      steps: [primary('Previously satisfied')],
      transfer: 'deviceCodeFlow',
    });
    if (app === APPS.broker) {
      at += random.between(0.5, 3) * MINUTE;
      const name = `DESKTOP-${random.letters(7)}`;
      const id = random.guid();
      const correlation = random.guid();
      auditRow(world, {
        at,
        operation: 'Add device',
        service: 'Core Directory',
        category: 'Device',
        type: 'Add',
        actor: { app: 'Device Registration Service' },
        target: { device: id, deviceName: name },
        correlation,
      });
      auditRow(world, {
        at: at + 500,
        operation: 'Register device',
        service: 'Device Registration Service',
        category: 'Device',
        type: 'Add',
        actor: { person: victim, ip: intruder.line(at).ip },
        target: victim,
        correlation,
        additional: [
          { key: 'Device Id', value: id },
          { key: 'Device OS', value: 'Windows' },
          { key: 'Device Trust Type', value: 'Azure AD join' },
        ],
      });
    }
    const registered = registerForeign(world, random, { victim, intruder, at: at + random.between(3, 40) * MINUTE, session });
    const end = linger(world, random, { victim, intruder, at: registered.at, session });
    label(world, { scenario: 'device-code', variant: reach, victims: [victim], start, end, registered });
  });
}

/** A passkey or key of the intruder's, to sign in without the victim's password from then on. */
export function foreignPasskey(world: World, random: Random, reach: Reach): void {
  const victim = world.castOne(random, withFactor(world));
  if (victim === undefined) return;
  const start = attackTime(world, random, victim);
  plan(victim, start, () => {
    const intruder = newIntruder(random, victim, reach);
    const session = random.guid();
    const done = enter(world, random, { victim, intruder, at: start, session }, { factor: firstFactor(victim) });
    const method = random.pick(['passkey', 'fido'] as const);
    const registered = registerForeign(world, random, { victim, intruder, at: done.at + random.between(2, 15) * MINUTE, session, method });
    let end = registered.at;
    for (let left = random.whole(0, 4); left > 0; left--) {
      end = Math.min(end + random.between(0.2, 30) * HOUR, world.endMs - HOUR);
      enter(
        world,
        random,
        { victim, intruder, at: end, app: APPS.outlookWeb, session: random.guid() },
        { first: stepName(method), factor: 'none' },
      );
    }
    label(world, { scenario: 'foreign-passkey', variant: `${method}-${reach}`, victims: [victim], start, end, registered });
  });
}

/** Weeks of short visits first, so that the address is no news any more. */
export function quietVisits(world: World, random: Random, reach: Reach): void {
  const victim = world.castOne(random, withFactor(world));
  if (victim === undefined) return;
  const registering = Math.max(attackTime(world, random, victim), world.traits.startMs + 16 * DAY);
  const start = registering - random.between(6, 13) * DAY;
  plan(victim, start, () => {
    const intruder = newIntruder(random, victim, reach, 0.5);
    const session = random.guid();
    enter(world, random, { victim, intruder, at: start, session }, { factor: firstFactor(victim) });
    for (let at = start + random.between(8, 40) * HOUR; at < registering - HOUR; at += random.between(14, 50) * HOUR) {
      if (random.chance(0.5)) replay(world, random, { victim, intruder, at, app: APPS.outlookWeb, session });
      else
        refreshRow(world, {
          at,
          person: victim,
          app: APPS.office,
          spot: intruder.line(at),
          device: intruder.device,
          session,
          correlation: random.guid(),
          result: 0,
          mfa: true,
          steps: [primary('Previously satisfied')],
        });
    }
    const again = random.guid();
    const done = enter(world, random, { victim, intruder, at: registering - 4 * MINUTE, session: again }, { factor: firstFactor(victim) });
    const registered = register(world, random, {
      at: done.at + 4 * MINUTE,
      target: victim,
      ip: intruder.line(registering).ip,
      method: random.pick(['app', 'sms', 'appCode'] as const),
      handset: intruder.handset,
    });
    const end = linger(world, random, { victim, intruder, at: registered.at, session: again });
    label(world, { scenario: 'quiet-visits', variant: reach, victims: [victim], start, end, registered });
  });
}
