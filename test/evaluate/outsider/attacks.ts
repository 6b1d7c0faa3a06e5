import { type From, Intruder } from './intruder.ts';
import { type MethodKind, refreshApp } from './methods.ts';
import type { Person } from './people.ts';
import { APPS, signIn } from './sign-in-rows.ts';
import { DAY, HOUR, MINUTE, newSession, sessionOf, type World, whereabouts } from './world.ts';

export type Attack = (world: World, at: number, victim: Person) => void;

const METHOD: readonly (readonly [number, MethodKind])[] = [
  [50, 'app'],
  [18, 'sms'],
  [12, 'code'],
  [10, 'token'],
  [10, 'passkey'],
];
export const others = (world: World, victim: Person, count: number) =>
  world.dice.shuffled(world.people.filter((one) => one !== victim && !one.guest && one.startsMs < world.book.startMs)).slice(0, count);

/** A link is clicked, the kit passes everything on and keeps the session. */
export function stolenSession(world: World, at: number, victim: Person, kit: From, replay: From): Intruder {
  const { dice } = world;
  const phish = new Intruder(world, at, victim, kit, 0.7);
  const steps = victim.methods.length === 0 ? 'single' : 'full';
  if (steps === 'full') phish.tries(APPS.office, 'challenge');
  phish.tries(APPS.office, steps);
  const robber = dice.chance(0.5) ? phish : new Intruder(world, phish.now, victim, replay, 0.3);
  robber.visit = { ...robber.visit, session: phish.visit.session };
  robber.now = phish.now;
  return robber.wait(MINUTE, dice.chance(0.3) ? 9 * HOUR : 40 * MINUTE);
}

const session =
  (kit: From, replay: From, scenario: string, variant: string): Attack =>
  (world, at, victim) => {
    const intruder = stolenSession(world, at, victim, kit, replay);
    if (world.dice.chance(0.7)) intruder.looksAround(3);
    const kind = world.dice.draw(METHOD);
    intruder.toMethods().registers(kind);
    intruder
      .wait(MINUTE, 20 * MINUTE)
      .looksAround(3)
      .returns(kind)
      .labelled(scenario, variant);
  };

const fatigue =
  (from: From, variant: string): Attack =>
  (world, at, victim) => {
    const { dice } = world;
    const intruder = new Intruder(world, at, victim, from, 0.1);
    for (let left = dice.whole(3, 14); left > 0; left--)
      intruder.tries(APPS.office, dice.chance(0.55) ? 'ignored' : 'denied').wait(20_000, 4 * MINUTE);
    intruder.tries(APPS.office, 'full', { factor: 'Mobile app notification' }).wait(MINUTE, 30 * MINUTE);
    const kind = dice.draw(METHOD);
    intruder.toMethods().registers(kind);
    intruder.looksAround(3).returns(kind).labelled('S4', variant);
  };

const helpDesk =
  (from: From, variant: string): Attack =>
  (world, at, victim) => {
    const { dice, book } = world;
    const agent = world.people.find(({ roles }) => roles.length > 0) ?? world.people[0]!;
    const intruder = new Intruder(world, at, victim, from, 0.1);
    const desk = (agent.office ?? agent.home).address();
    const pass = dice.chance(0.6);
    if (dice.chance(0.4))
      intruder.says('Reset password (by admin)', 'Self-service Password Management', { actor: agent, address: desk }).wait(10_000, MINUTE);
    // What the desk does is asked for by the attacker, but done by an honest person: the registration that counts is the next.
    if (pass)
      intruder.says('Admin registered security info', 'Authentication Methods', {
        actor: agent,
        address: desk,
        type: 'Add',
        reason: 'Admin registered temporary access pass method for user',
      });
    else
      intruder.says('Admin deleted security info', 'Authentication Methods', {
        actor: agent,
        address: desk,
        type: 'Delete',
        reason: 'Admin deleted phone app method for user',
      });
    intruder
      .wait(2 * MINUTE, 25 * MINUTE)
      .tries(APPS.office, pass ? 'pass' : 'enrol')
      .wait(20_000, 4 * MINUTE);
    const kind = dice.draw(METHOD);
    intruder.registers(kind);
    signIn(book, intruder.now + 30_000, intruder.visit, { app: APPS.office, outcome: 'token' });
    intruder
      .wait(5 * MINUTE, HOUR)
      .looksAround(3)
      .returns(kind)
      .labelled('S5', variant);
  };

const dormant: Attack = (world, at, victim) => {
  const { dice } = world;
  const intruder = new Intruder(world, at, victim, dice.pick(['hosting', 'home-abroad', 'residential-other-town'] as const), 0);
  for (let left = dice.whole(0, 3); left > 0; left--) intruder.tries(APPS.office, 'wrong').wait(MINUTE, 9 * HOUR);
  intruder.tries(APPS.office, dice.pick(['enrol', 'enrolNow', 'registerFirst'] as const)).wait(30_000, 5 * MINUTE);
  const kind = dice.pick(['app', 'sms', 'voice'] as const);
  intruder.registers(kind);
  intruder.wait(20_000, MINUTE).tries(APPS.office, 'full').looksAround(3).returns(kind).labelled('S6', 'never-enrolled');
};

const onePhone: Attack = (world, at, victim) => {
  const { dice } = world;
  const number = `+${dice.text(11, '0123456789')}`;
  const from = dice.pick(['hosting', 'home-abroad', 'hosting-same-country'] as const);
  const first = new Intruder(world, at, victim, from, 0);
  const crowd = others(world, victim, dice.whole(1, 4));
  let now = at;
  for (const one of [victim, ...crowd]) {
    const next = new Intruder(world, now, one, from, 0, first.visit.net, first.visit.client);
    next
      .tries(APPS.office, one.methods.length === 0 ? 'enrol' : 'full')
      .wait(MINUTE, 10 * MINUTE)
      .registers('sms', number);
    next.looksAround(2);
    first.ids.push(...next.ids);
    first.firstRegistration ??= next.firstRegistration;
    first.now = next.now;
    now = next.now + dice.between(0.2, 16) * HOUR;
  }
  first.labelled('S7', 'one-phone-for-many', crowd);
};

const lockedOut: Attack = (world, at, victim) => {
  const { dice } = world;
  const from = dice.pick(['hosting', 'home-abroad', 'residential-other-town'] as const);
  const intruder = stolenSession(world, at, victim, from, from);
  const kind = dice.draw(METHOD);
  const mine = intruder.toMethods().registers(kind);
  for (const old of [...victim.methods]) if (old !== mine && dice.chance(0.8)) intruder.wait(10_000, 5 * MINUTE).deletes(old);
  intruder.looksAround(4).returns(kind).labelled('S8', 'add-then-delete');
};

const patient =
  (from: From, variant: string): Attack =>
  (world, at, victim) => {
    const { dice, book } = world;
    const weeks = dice.between(12, 18) * DAY;
    const intruder = new Intruder(world, at, victim, from, 0.3);
    const goal = Math.min(at + weeks, book.endMs - DAY);
    // Either the first visit went through a kit, or the cookie was taken from the victim's own browser.
    if (dice.chance(0.5)) intruder.tries(APPS.office, victim.methods.length === 0 ? 'single' : 'full');
    else intruder.visit = { ...intruder.visit, session: sessionOf(world, victim, victim.laptop) };
    while (intruder.now < goal) {
      intruder.tries(dice.pick([APPS.outlook, APPS.office]), 'token', { background: dice.chance(0.3) });
      intruder.wait(14 * HOUR, 60 * HOUR);
    }
    const kind = dice.draw(METHOD);
    intruder.toMethods().registers(kind);
    intruder.looksAround(2).returns(kind).labelled('S9', variant);
  };

/** At a colleague's desk, in a browser that was left open; the phone is the insider's, who also approves sign-ins to an account of their own with it. */
const insider: Attack = (world, at, victim) => {
  const own = others(world, victim, world.people.length).filter(
    ({ methods, office }) => methods[0]?.kind === 'app' && office !== undefined,
  );
  const colleague = own[0] ?? others(world, victim, 1)[0]!;
  const noon = at - ((at - world.book.startMs) % DAY) + (12 - victim.zone) * HOUR;
  const intruder = new Intruder(world, noon, victim, 'residential', 1, victim.office ?? victim.home, victim.laptop);
  refreshApp(world.book, noon - 20 * HOUR, colleague);
  const { risk: _, ...visit } = intruder.visit;
  intruder.visit = { ...visit, session: sessionOf(world, victim, victim.laptop) };
  intruder.toMethods().registers('app', colleague.token);
  intruder
    .wait(HOUR, 20 * HOUR)
    .tries(APPS.outlook, 'full', { factor: 'Mobile app notification' })
    .looksAround(2)
    .labelled('S10', 'same-office-near');
};

const simSwap: Attack = (world, at, victim) => {
  if (!victim.methods.some(({ kind }) => kind === 'sms')) victim.methods.push({ kind: 'sms', holder: victim.number });
  const intruder = new Intruder(world, at, victim, world.dice.pick(['phone-same-country', 'residential-other-town'] as const), 0.1);
  if (world.dice.chance(0.7))
    intruder
      .says('Reset password (self-service)', 'Self-service Password Management', { reason: 'Successfully completed reset.' })
      .wait(20_000, 3 * MINUTE);
  else intruder.tries(APPS.office, 'wrong');
  intruder.tries(APPS.office, 'challenge').tries(APPS.office, 'full', { factor: 'Text message' }).toMethods().registers('app');
  intruder.looksAround(3).returns('app').labelled('S11', 'sim-swap-near');
};

/** The victim types a code at home; the machine that asked for it stands elsewhere, joins the tenant and makes itself a key. */
const deviceCode: Attack = (world, at, victim) => {
  const { dice, book } = world;
  const typed = newSession(world, whereabouts(world, victim, at, 'laptop'));
  signIn(book, at, typed, { app: APPS.broker, outcome: 'confirmCode', protocol: 'deviceCode' });
  signIn(book, at + 20_000, typed, { app: APPS.broker, outcome: 'token', protocol: 'deviceCode' });
  const intruder = new Intruder(world, at + 25_000, victim, dice.pick(['hosting', 'home-abroad'] as const), 0);
  intruder.visit = { ...intruder.visit, session: typed.session };
  intruder.tries(APPS.broker, 'token', { background: true }).wait(20_000, 3 * MINUTE);
  const device = { id: dice.guid(), name: `DESKTOP-${dice.text(7, 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789')}` };
  for (const operation of ['Add device', 'Register device', 'Add registered owner to device', 'Add registered users to device'])
    intruder
      .says(operation, operation === 'Register device' ? 'Device Registration Service' : 'Core Directory', {
        type: 'Add',
        device,
        ...(operation === 'Register device' ? {} : { actor: 'Device Registration Service' }),
      })
      .wait(500, 2000);
  intruder.wait(MINUTE, 2 * HOUR).tries(APPS.outlook, 'token', { background: true });
  const kind = dice.pick(['passkey', 'app'] as const);
  intruder.toMethods().registers(kind);
  intruder.looksAround(3).returns(kind).labelled('S2', 'device-code');
};

/** An administrator's session in the wrong hands: phones for others' accounts, then in as they. */
const onBehalf: Attack = (world, at, victim) => {
  const { dice } = world;
  const admin = world.people.find((one) => one.roles.length > 0 && one !== victim) ?? others(world, victim, 1)[0]!;
  const from = dice.pick(['hosting', 'home-abroad', 'residential-other-town'] as const);
  const boss = stolenSession(world, at, admin, from, from);
  boss.tries(APPS.azure, 'token').wait(MINUTE, 20 * MINUTE);
  const prey = [victim, ...others(world, victim, dice.whole(0, 2))];
  for (const one of prey) {
    const next = new Intruder(world, boss.now, one, from, 0, boss.visit.net, boss.visit.client);
    next.visit = { ...next.visit, address: boss.visit.address };
    if (dice.chance(0.6))
      next
        .says('Reset password (by admin)', 'Self-service Password Management', { actor: admin, address: boss.visit.address })
        .wait(5000, MINUTE);
    next.registers('sms', undefined, admin);
    next
      .wait(MINUTE, 30 * MINUTE)
      .tries(APPS.office, 'full', { factor: 'Text message' })
      .looksAround(3);
    boss.ids.push(...next.ids);
    boss.firstRegistration ??= next.firstRegistration;
    boss.now = next.now;
  }
  boss.labelled('S5', 'admin-on-behalf', prey);
};

const passwordOnly =
  (from: From, variant: string): Attack =>
  (world, at, victim) => {
    const { dice } = world;
    const intruder = new Intruder(world, at, victim, from, 0.1);
    for (let left = dice.whole(0, 2); left > 0; left--) intruder.tries(APPS.office, 'wrong').wait(20_000, 4 * HOUR);
    intruder.tries(APPS.office, 'single').looksAround(3).toMethods();
    const kind = dice.pick(['token', 'code', 'sms'] as const);
    intruder.registers(kind);
    intruder.looksAround(2).returns(kind).labelled('S1', variant);
  };

/** On the first days, or abroad, when everything about the person is new anyway. */
const inTheNoise: Attack = (world, at, victim) =>
  session('hosting', 'home-abroad', 'S12', victim.away === undefined ? 'among-the-new' : 'while-away')(world, at, victim);

function unenrolled(victim: Person): void {
  victim.methods = [];
}
/** Never seen in these logs. */
function asleep(victim: Person): void {
  unenrolled(victim);
  victim.startsMs = Number.POSITIVE_INFINITY;
}

/** All that takes an account and registers something. */
export const TAKEOVERS: readonly {
  readonly name: string;
  readonly whom?: (world: World, person: Person) => boolean;
  /** What has been so with the victim since before the logs begin; chosen then, and not on the day. */
  readonly since?: (victim: Person) => void;
  /** Days that it begins earlier. */
  readonly early?: number;
  readonly run: Attack;
}[] = [
  { name: 'aitm', run: session('hosting', 'hosting', 'S2', 'aitm-hosting') },
  { name: 'aitm-mixed', run: session('hosting-same-country', 'home-abroad', 'S2', 'aitm-mixed') },
  { name: 'proxy', run: session('residential', 'residential', 'S3', 'residential-same-city') },
  { name: 'proxy-region', run: session('residential-other-town', 'residential-other-town', 'S3', 'residential-same-country') },
  { name: 'fatigue', whom: (_, { methods }) => methods[0]?.kind === 'app', run: fatigue('phone-abroad', 'from-phone-abroad') },
  { name: 'fatigue-near', whom: (_, { methods }) => methods[0]?.kind === 'app', run: fatigue('phone-same-country', 'phone-same-country') },
  { name: 'desk', run: helpDesk('hosting', 'desk-from-hosting') },
  { name: 'desk-near', run: helpDesk('residential-other-town', 'desk-near') },
  { name: 'dormant', whom: ({ habits }, { pace, guest }) => !guest && pace < habits.pace, since: asleep, run: dormant },
  { name: 'one-phone', run: onePhone },
  { name: 'locked-out', run: lockedOut },
  { name: 'patient', early: 15, run: patient('hosting', 'two-weeks-from-hosting') },
  { name: 'patient-near', early: 15, run: patient('residential', 'two-weeks-residential') },
  { name: 'insider', whom: (_, { office, pace }) => office !== undefined && pace > 1, run: insider },
  { name: 'sim', run: simSwap },
  { name: 'device-code', run: deviceCode },
  { name: 'on-behalf', run: onBehalf },
  { name: 'password-only', since: unenrolled, run: passwordOnly('hosting', 'password-only-hosting') },
  { name: 'password-near', since: unenrolled, run: passwordOnly('residential-other-town', 'password-only-near') },
  {
    name: 'in-the-noise',
    whom: (world, person) => person.away !== undefined || person.createdMs > world.book.startMs - 10 * DAY,
    run: inTheNoise,
  },
];
