import type { App } from './apps.ts';
import type { Device } from './devices.ts';
import type { Spot } from './networks.ts';
import type { MethodName, Person } from './people.ts';
import type { Random } from './random.ts';
import { type SignInFacts, type Step, signInRow } from './rows/sign-in.ts';
import { DAY } from './time.ts';
import type { World } from './world.ts';

/** The name of a method in AuthenticationDetails. */
const STEP_NAMES: Readonly<Record<MethodName, string>> = {
  app: 'Mobile app notification',
  appCode: 'OATH verification code',
  sms: 'Text message',
  call: 'Phone call approval (Authentication phone)',
  officePhone: 'Phone call approval (Office phone)',
  fido: 'FIDO2 security key',
  passkey: 'Passkey (device-bound)',
  hello: 'Windows Hello for Business',
  email: 'Email',
  tap: 'Temporary Access Pass',
  oath: 'OATH verification code',
};

const PREFERRED: readonly MethodName[] = ['app', 'sms', 'appCode', 'passkey', 'fido', 'call', 'oath'];

export const primary = (method = 'Password', succeeded = true): Step => ({
  method,
  succeeded,
  detail: succeeded
    ? method === 'Previously satisfied'
      ? 'First factor requirement satisfied by claim in the token'
      : 'Correct password'
    : 'Incorrect password',
  requirement: 'Primary authentication',
});

export const second = (method: string, succeeded = true, detail = 'MFA successfully completed'): Step => ({
  method,
  succeeded,
  detail,
  requirement: 'Multifactor authentication',
});

const CLAIM = 'MFA requirement satisfied by claim in the token';

export const secondFactor = (person: Person): MethodName | undefined => PREFERRED.find((method) => person.methods.has(method));
export const stepName = (method: MethodName): string => STEP_NAMES[method];

/** The session a device holds; a new one where it has run out. `isNew` says that the user had to authenticate for it. */
export function sessionOf(person: Person, device: Device, at: number, random: Random): { readonly id: string; readonly isNew: boolean } {
  const held = person.sessions.get(device);
  if (held !== undefined && at < held.until) return { id: held.id, isNew: false };
  const fresh = {
    id: random.guid(),
    until: at + random.between(device.kind === 'kiosk' ? 0.1 : 6, device.kind === 'kiosk' ? 0.4 : 45) * DAY,
  };
  person.sessions.set(device, fresh);
  return { id: fresh.id, isNew: true };
}

export interface SignIn {
  readonly person: Person;
  readonly at: number;
  readonly app: App;
  readonly spot: Spot;
  readonly device: Device;
  readonly session: string;
  readonly agent?: string;
  readonly risk?: NonNullable<SignInFacts['risk']>;
  readonly riskEvents?: readonly string[];
  readonly protocol?: string;
  readonly transfer?: string;
}

export interface SignedIn {
  readonly id: string;
  readonly correlation: string;
  readonly at: number;
}

const factsOf = (sign: SignIn, correlation: string) => ({ ...sign, correlation });

/** The session of the browser is enough: one row. */
export function ssoSignIn(world: World, random: Random, sign: SignIn): SignedIn {
  const correlation = random.guid();
  const mfa = random.chance(world.traits.mfaShare);
  const steps = mfa ? [primary('Previously satisfied'), second('Previously satisfied', true, CLAIM)] : [primary('Previously satisfied')];
  const id = signInRow(world, { ...factsOf(sign, correlation), result: 0, mfa, steps, ...(mfa ? { additional: CLAIM } : {}) });
  return { id, correlation, at: sign.at };
}

export interface Typed {
  readonly first?: string;
  /** Left out: what the person usually uses, where Conditional Access asks. */
  readonly factor?: string | 'none';
  readonly staySignedIn?: boolean;
}

/** Somebody types a password (or uses what stands in for it): one to three rows of one sign-in, the interrupts first. */
export function freshSignIn(world: World, random: Random, sign: SignIn, typed: Typed = {}): SignedIn {
  const correlation = random.guid();
  const facts = factsOf(sign, correlation);
  const first = primary(typed.first ?? 'Password');
  const usual = secondFactor(sign.person);
  const asked = typed.factor ?? (usual !== undefined && random.chance(Math.max(world.traits.mfaShare, 0.25)) ? stepName(usual) : 'none');
  const id = random.guid();
  let at = sign.at;
  if (asked !== 'none' && random.chance(0.6)) {
    signInRow(world, {
      ...facts,
      at,
      result: random.pick([50074, 50076]),
      mfa: true,
      steps: [first],
      additional: 'MFA required in Azure AD',
      original: id,
    });
    at += random.whole(6, 40) * 1000;
  }
  if (typed.staySignedIn ?? random.chance(0.2)) {
    signInRow(world, { ...facts, at, result: 50140, mfa: asked !== 'none', steps: [first], original: id });
    at += random.whole(2, 8) * 1000;
  }
  const steps = asked === 'none' ? [first] : [first, second(asked)];
  signInRow(world, {
    ...facts,
    at,
    id,
    result: 0,
    mfa: asked !== 'none',
    steps,
    ...(asked === 'none' ? {} : { additional: 'MFA completed in Azure AD' }),
  });
  return { id, correlation, at };
}

/** A wrong password: one row. */
export function failedSignIn(world: World, random: Random, sign: SignIn, result = 50126): SignedIn {
  const correlation = random.guid();
  const id = signInRow(world, { ...factsOf(sign, correlation), result, mfa: false, steps: [primary('Password', false)] });
  return { id, correlation, at: sign.at };
}

export const DENIALS = [
  'MFA denied; user declined the authentication',
  'MFA denied; user did not respond to mobile app notification',
  'MFA denied; duplicate authentication attempt',
];

/** The password was right and the second factor was refused or not answered. */
export function deniedSignIn(world: World, random: Random, sign: SignIn, denial: string, factor: string): SignedIn {
  const correlation = random.guid();
  const id = signInRow(world, {
    ...factsOf(sign, correlation),
    result: 500121,
    mfa: true,
    additional: denial,
    steps: [primary(), second(factor, false, denial)],
  });
  return { id, correlation, at: sign.at };
}

/** The sign-in stops at "more information required": the user has no method and must register one before it goes on. */
export function enrolInterrupt(world: World, random: Random, sign: SignIn, first = 'Password'): SignedIn {
  const correlation = random.guid();
  const id = signInRow(world, { ...factsOf(sign, correlation), result: random.pick([50072, 50079]), mfa: true, steps: [primary(first)] });
  return { id, correlation, at: sign.at };
}
