import { type AuditEvent, writeAudit } from './audit-row.ts';
import type { Machine } from './devices.ts';
import { type Method, methodsAt, type Person } from './people.ts';
import { type Entered, type Hand, row, signIn } from './sessions.ts';
import type { Proof } from './sign-in-row.ts';
import { MINUTE, type World } from './world.ts';

/** A method as the log names it. */
const WORDS: Readonly<Record<Method, string>> = {
  push: 'Authenticator App with Notification and Code',
  code: 'Authenticator App with Code',
  sms: 'Mobile Phone SMS',
  passkey: 'Fido',
  hello: 'Windows Hello for Business',
};

export interface Registered {
  readonly ids: readonly string[];
  readonly time: number;
}

export interface Registration {
  readonly time: number;
  readonly method: Method;
  readonly correlationId: string;
  /** The first second factor of the account. */
  readonly first?: boolean;
  /** The last digits of a phone that is not the owner's. */
  readonly number?: string;
  /** The owner has the method from now on. */
  readonly keeps?: boolean;
}

/** The audit rows of one registration: its start, itself, and the twin that some tenants write. */
export function register(
  world: World,
  { person, link, dice }: Hand,
  { time, method, correlationId, first = false, number, keeps = true }: Registration,
): Registered {
  const base = { actor: person, target: person, ip: link.ip, correlationId };
  const reason = `User registered ${WORDS[method]}`;
  if (dice.chance(0.6)) {
    writeAudit(world, {
      ...base,
      operation: 'User started security info registration',
      time: time - dice.int(20, 90) * 1000,
      reason: reason.replace('registered', 'started the registration for'),
    });
  }
  const byService = method === 'push' && dice.chance(0.06);
  const ids = [writeAudit(world, { ...base, operation: 'User registered security info', time, reason, byService })];
  if (method === 'passkey') writeAudit(world, { ...base, operation: 'Add Passkey (device-bound)', time: time + 900 });
  const { twin } = world.kind;
  if (twin === 'same' && dice.chance(0.8))
    ids.push(writeAudit(world, { ...base, operation: 'User registered security info', time: time + dice.int(200, 2500), reason }));
  if (twin === 'Update user') {
    const phone = JSON.stringify([{ PhoneNumber: number ?? person.number }]);
    const app = JSON.stringify([{ DeviceName: method === 'push' ? 'iPhone' : 'NO_DEVICE', PhoneAppVersion: '6.8.9', Id: dice.guid() }]);
    const changed: AuditEvent['changed'] = [
      method === 'sms' ? ['StrongAuthenticationUserDetails', phone] : ['StrongAuthenticationPhoneAppDetail', app],
    ];
    ids.push(
      writeAudit(world, {
        ...base,
        actor: dice.chance(0.5) ? person : undefined,
        operation: 'Update user',
        time: time + dice.int(300, 3000),
        changed,
      }),
    );
  }
  if (first)
    writeAudit(world, {
      ...base,
      operation: 'User registered all required security info',
      time: time + dice.int(3, 30) * 1000,
      reason: 'User registered all required security info.',
    });
  if (keeps) person.methods.push({ from: time, set: [method, ...methodsAt(person, time).filter((one) => one !== method)] });
  return { ids, time };
}

/** Somebody opens the page of security info, proves again as it asks, and registers. */
export function addMethod(
  world: World,
  hand: Hand,
  at: number,
  method: Method,
  more: Partial<Registration> & { readonly proof?: Proof } = {},
): Registered {
  const { dice } = hand;
  const { proof, ...rest } = more;
  const entered = signIn(world, hand, at, 'security', proof === undefined ? {} : { proof });
  return register(world, hand, {
    correlationId: dice.guid(),
    ...rest,
    method,
    time: entered.time + Math.round(dice.between(0.8, 5) * MINUTE),
  });
}

/** Signs in where no second factor is known, is made to register one, and comes in by it. */
export function enrol(world: World, hand: Hand, at: number, method: Method, more: Partial<Registration> = {}): Registered & Entered {
  const { dice, browser } = hand;
  const ids = { sessionId: dice.guid(), correlationId: dice.guid() };
  row(world, hand, { ...ids, time: at, app: 'office', proof: 'push', code: 50072 });
  const done = register(world, hand, {
    first: true,
    ...more,
    method,
    correlationId: ids.correlationId,
    time: at + Math.round(dice.between(1, 6) * MINUTE),
  });
  const time = done.time + dice.int(5, 40) * 1000;
  row(world, hand, { ...ids, time, app: 'office', proof: method });
  browser.session = { id: ids.sessionId, since: time, mfaAt: time };
  return { ...ids, ids: done.ids, time: done.time };
}

/** A method goes. */
export function removeMethod(world: World, { person, link, dice }: Hand, time: number, method: Method, owner = true): void {
  const base = { actor: person, target: person, ip: link.ip, correlationId: dice.guid() };
  writeAudit(world, { ...base, operation: 'User deleted security info', time, reason: `User deleted ${WORDS[method]}` });
  if (owner) person.methods.push({ from: time, set: methodsAt(person, time).filter((one) => one !== method) });
}

export function changeDefault(world: World, { person, link, dice }: Hand, time: number, method: Method): void {
  const reason = `User changed the default security info for ${WORDS[method]}`;
  writeAudit(world, {
    actor: person,
    target: person,
    ip: link.ip,
    correlationId: dice.guid(),
    operation: 'User changed default security info',
    time,
    reason,
  });
}

/** The help desk gives a pass, or a new password, after a call. */
export function helpDesk(
  world: World,
  { helper, ip, person, time, gives }: { helper: Person; ip: string; person: Person; time: number; gives: 'pass' | 'password' | 'nothing' },
): void {
  const { dice } = world;
  const base = { actor: helper, target: person, ip, correlationId: dice.guid() };
  if (gives === 'password') {
    writeAudit(world, { ...base, operation: 'Reset password (by admin)', time });
    writeAudit(world, { ...base, operation: 'Reset user password', time: time + 700 });
  } else {
    writeAudit(world, { ...base, operation: 'Admin deleted security info', time, reason: 'Admin deleted phone method for user' });
  }
  if (gives === 'pass') {
    writeAudit(world, {
      ...base,
      operation: 'Admin registered security info',
      time: time + 45_000,
      reason: 'Admin registered temporary access pass method for user',
    });
  }
  writeAudit(world, { ...base, operation: 'Update StsRefreshTokenValidFrom Timestamp', time: time + 1500 });
}

/** A forgotten password, set anew by what the owner of the account's phone gets. */
export function resetPassword(world: World, { person, link, dice }: Hand, at: number): number {
  const base = { actor: person, target: person, ip: link.ip, correlationId: dice.guid() };
  const time = at + dice.int(60, 240) * 1000;
  for (const [index, step] of [
    'User submitted their user ID',
    'User started the mobile SMS verification option',
    'User successfully reset password',
  ].entries()) {
    writeAudit(world, {
      ...base,
      operation: 'Self-service password reset flow activity progress',
      time: at + (index * (time - at)) / 2,
      reason: step,
    });
  }
  writeAudit(world, { ...base, operation: 'Reset password (self-service)', time: time + 500, reason: 'Successfully completed reset.' });
  writeAudit(world, { ...base, operation: 'Update StsRefreshTokenValidFrom Timestamp', time: time + 1600 });
  return time;
}

/** From a time on the owner's phone is another. */
export function changePhone(person: Person, time: number, machine: Machine): void {
  person.phones.push({ from: time, machine });
}
