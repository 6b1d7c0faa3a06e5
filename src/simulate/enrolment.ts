import { usualMethod } from './activity.ts';
import { APPS } from './apps.ts';
import { METHODS, type Method, type MethodKind } from './methods.ts';
import { HOUR_MS, MINUTE_MS, type User } from './model.ts';
import { newMethod } from './population.ts';
import { changeDefault, deleteMethod, type Registered, registerMethod, registrationStep } from './registration.ts';
import type { Rng } from './rng.ts';
import { signIn } from './sign-in.ts';
import { attach, deviceOn, faceOn, planDay, type Session, sessionOf } from './whereabouts.ts';
import type { World } from './world.ts';

/** A session of the user's day to do something in; one at home when the day has none. */
export function sessionAt(world: World, user: User, day: number, rng: Rng): Session {
  const { sessions } = planDay(world.tenant, user, day);
  if (sessions.length > 0) return rng.pick(sessions);
  const device = deviceOn(user, 'laptop', day) ?? user.devices[0]!;
  const at = world.timeOf(day, rng.between(8, 20) - user.home.tz);
  return {
    at,
    until: at + HOUR_MS,
    place: 'home',
    device,
    from: attach(world.tenant, user, day, 'home', device, rng),
    id: sessionOf(world.tenant, user, device, day),
  };
}

/** What people add when they add something, by what they have. */
function likelyMethod(user: User, rng: Rng): MethodKind {
  const has = (kind: MethodKind) => user.methods.some((method) => method.kind === kind);
  return rng.weighted<MethodKind>([
    ['app', has('app') ? 2 : 6],
    ['sms', has('sms') || has('voice') ? 0.6 : 2],
    ['voice', 0.7],
    ['totp', 0.7],
    ['fido', 0.6],
    ['passkey', 0.6],
    ['hello', user.devices[0]?.managed ? 0.5 : 0],
    ['email', has('email') ? 0 : 0.7],
    ['office-phone', 0.2],
  ]);
}

export interface EnrolOptions {
  readonly kind?: MethodKind;
  /** The phone that an authenticator runs on. */
  readonly phone?: User['devices'][number] | undefined;
  /** Deletes the method it replaces afterwards. */
  readonly replaces?: Method | undefined;
  readonly password?: boolean;
  /** A method that the person has already, on another account. */
  readonly same?: Method;
}

/** A user adds a method in a session of their own, as people do: portal, prompt, registration, sometimes second thoughts. */
export function enrol(world: World, rng: Rng, user: User, session: Session, options: EnrolOptions = {}): Registered {
  const day = world.dayOf(session.at);
  const kind = options.same?.kind ?? options.kind ?? likelyMethod(user, rng);
  const made = newMethod(rng, kind, user.phoneCountry, options.phone ?? deviceOn(user, 'phone', day));
  const method: Method = options.same ? { ...options.same, key: made.key } : made;
  const first = user.methods.length === 0;
  const face = faceOn(session.device, day);
  const base = { user, from: session.from, face, device: session.device, session: session.id } as const;
  let at = session.at + rng.between(0.05, 0.8) * (session.until - session.at);
  const usual = usualMethod(user, rng);
  const entry = signIn(world, rng, {
    ...base,
    at,
    app: first ? APPS.accessPanel : APPS.mySignIns,
    password: first || (options.password ?? rng.chance(0.35)),
    second: first ? 'enrol' : usual && rng.chance(0.8) ? 'prompt' : 'claim',
    method: usual,
  });
  // Between the portal and the phone the address changes at times: the phone is on its own network.
  const ip = rng.chance(0.05) ? attach(world.tenant, user, day, 'mobile', session.device, rng).ip : session.from.ip;
  const who = { user, ip };
  at = entry.at + rng.between(10, 50) * 1000;
  if (rng.chance(0.45)) registrationStep(world, rng, { ...who, at }, 'started', method);
  at += rng.between(20, 170) * 1000;
  if (rng.chance(0.06)) {
    registrationStep(world, rng, { ...who, at }, 'failed', method);
    at += rng.between(20, 90) * 1000;
  }
  const registered = registerMethod(world, rng, { ...who, at }, method, {
    makeDefault: rng.chance(METHODS[kind].strength >= 4 ? 0.75 : 0.3),
  });
  const ids = [...registered.ids];
  at += rng.between(8, 60) * 1000;
  if (first) {
    if (rng.chance(0.6) && kind !== 'email') {
      const extra = newMethod(rng, kind === 'app' ? 'sms' : 'app', user.phoneCountry, deviceOn(user, 'phone', day));
      ids.push(...registerMethod(world, rng, { ...who, at: at + 60_000 }, extra).ids);
      at += 100_000;
    }
    registrationStep(world, rng, { ...who, at }, 'finished');
    signIn(world, rng, { ...base, at: at + rng.between(2, 9) * 1000, app: APPS.officeHome, password: true, second: 'prompt', method });
  } else if (rng.chance(0.12) && user.defaultMethod !== method.key && METHODS[kind].signIn !== '')
    changeDefault(world, rng, { ...who, at }, method);
  if (options.replaces)
    deleteMethod(world, rng, { ...who, at: at + rng.between(0.3, rng.chance(0.6) ? 6 : 600) * MINUTE_MS }, options.replaces);
  return { ...registered, ids };
}

/** Opens the page and leaves again: steps without a registration. */
export function abandon(world: World, rng: Rng, user: User, session: Session): void {
  const at = session.at + rng.between(0.1, 0.9) * (session.until - session.at);
  const who = { user, ip: session.from.ip };
  const step = rng.weighted<'reviewed' | 'canceled' | 'started'>([
    ['reviewed', 4],
    ['canceled', 2],
    ['started', 2],
  ]);
  registrationStep(world, rng, { ...who, at }, step === 'reviewed' ? 'reviewed' : 'started');
  if (step === 'canceled') registrationStep(world, rng, { ...who, at: at + rng.between(20, 200) * 1000 }, 'canceled');
}
