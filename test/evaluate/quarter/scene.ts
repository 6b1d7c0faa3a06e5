import { BROWSER_APPS, PHONE_APPS } from './apps.ts';
import { HOUR, MINUTE } from './cities.ts';
import type { Device } from './devices.ts';
import type { Dice } from './dice.ts';
import { addressAt, type Link } from './links.ts';
import { METHODS, type MethodName } from './methods.ts';
import type { OutcomeName } from './outcomes.ts';
import type { Person } from './people.ts';
import { RISKY } from './providers.ts';
import { sessionOf, usual } from './routine.ts';
import { type ChangeName, change, register, resetPassword } from './security-info.ts';
import { signIn } from './sign-in.ts';
import { dayOf, networkAt, throughTunnel, type World } from './world.ts';

/** Something that happens to one account, by its owner or by somebody else: both are played by the same steps, so that only what they do tells them apart. */
export interface Stage {
  readonly world: World;
  readonly dice: Dice;
  readonly person: Person;
  readonly device: Device;
  link: Link;
  /** The connection after a `hop`. */
  readonly next: Link;
  session: string;
  /** What is registered, and its number or name. */
  readonly method: MethodName;
  readonly token: string;
  /** Unix ms; steps move it on. */
  now: number;
  readonly registered: string[];
  registeredAt: number;
}

/** A step with its count: how often, or how many minutes. */
export type Step = readonly [name: StepName, count?: number];

const act = (stage: Stage, actor = stage.person, link = stage.link) => ({
  at: stage.now,
  actor,
  target: stage.person,
  address: addressAt(link, stage.now - stage.world.start, stage.dice).address,
  token: stage.token,
});

interface Entry {
  readonly app?: 'securityInfo' | 'powershell';
  readonly method?: MethodName;
  readonly legacy?: boolean;
  readonly silent?: boolean;
  /** Rows of one attempt share it. */
  readonly correlation?: string;
}

function enter(stage: Stage, outcome: OutcomeName, options: Entry = {}): void {
  const { world, dice, person, device, link, session, now } = stage;
  const { app = options.silent === true ? dice.pick(PHONE_APPS) : dice.pick(BROWSER_APPS) } = options;
  const isRisky = device.id === '' && link.key !== person.home.key && dice.chance(RISKY[link.provider.kind] ?? 0);
  const risk = isRisky ? { risk: dice.pick(['low', 'medium', 'high'] as const) } : {};
  signIn(world, dice, { ...options, ...risk, at: now, person, device, link, session, app, outcome });
  stage.now += dice.int(4, 20) * 1000;
}

const repeat = (count: number, body: () => void) => {
  for (let n = 0; n < count; n++) body();
};

/** One of the help desk at work, from their own desk. */
function byHelpDesk(stage: Stage, body: (details: ReturnType<typeof act>) => void): void {
  const { world, dice, now } = stage;
  const day = dayOf(world, now);
  const agents = world.people.filter(
    ({ role, from, to, id }) => role.helpDesk === true && from <= day && day < to && id !== stage.person.id,
  );
  const working = agents.filter((agent) => now >= world.plan(agent, day).from && now <= world.plan(agent, day).to);
  const agent = dice.pick(working.length > 0 ? working : agents);
  body(act(stage, agent, throughTunnel(world, agent, networkAt(world, agent, day, now), dice)));
  stage.now += dice.int(1, 4) * MINUTE;
}

const changing = (name: ChangeName, which: 'new' | 'old') => (stage: Stage) => {
  change(stage.world, stage.dice, act(stage), name, which === 'new' ? stage.method : stage.person.method);
  stage.now += stage.dice.int(10, 60) * 1000;
};

const byDesk = (name: ChangeName) => (stage: Stage) =>
  byHelpDesk(stage, (details) => change(stage.world, stage.dice, details, name, stage.person.method));

function registers(stage: Stage, method: MethodName): void {
  stage.now += stage.dice.int(40, 180) * 1000;
  stage.registered.push(...register(stage.world, stage.dice, act(stage), method));
  if (Number.isNaN(stage.registeredAt)) stage.registeredAt = stage.now;
  stage.now += stage.dice.int(10, 60) * 1000;
}

const STEPS = {
  pause: (stage, count) => {
    stage.now += count * MINUTE * stage.dice.between(0.5, 1.5);
  },
  hop: (stage) => {
    stage.link = stage.next;
  },
  wrongPassword: (stage, count) => repeat(count, () => enter(stage, 'wrongPassword')),
  /** A fresh sign-in with what the account has: the interrupt, then the prompt that is approved. */
  signIn: (stage) => {
    const outcome = usual(stage.person, true);
    const correlation = stage.dice.guid();
    if (outcome === 'mfa') enter(stage, 'needsMfa', { correlation });
    enter(stage, outcome, { correlation });
    if (stage.dice.chance(0.2)) enter(stage, 'keepSignedIn');
  },
  password: (stage) => enter(stage, 'password'),
  mustRegister: (stage) => enter(stage, stage.dice.chance(0.5) ? 'mustRegister' : 'mustRegisterNow'),
  afterwards: (stage) => enter(stage, METHODS[stage.method].isStrong ? 'strong' : 'mfa', { method: stage.method }),
  /** The page of security info, by what the session has proved. */
  page: (stage) =>
    enter(stage, stage.person.method === 'none' ? 'single' : stage.dice.chance(0.7) ? 'claim' : usual(stage.person, true), {
      app: 'securityInfo',
    }),
  pass: (stage) => enter(stage, 'pass', stage.dice.chance(0.6) ? { app: 'securityInfo' } : {}),
  declined: (stage, count) =>
    repeat(count, () => {
      enter(stage, stage.dice.chance(0.5) ? 'declined' : 'unanswered');
      stage.now += stage.dice.int(20, 150) * 1000;
    }),
  /** A session that began elsewhere goes on here. */
  stolen: (stage) => {
    stage.session = sessionOf(stage.world, stage.person, 'computer', stage.now);
    enter(stage, usual(stage.person, false), { silent: true });
    if (stage.dice.chance(0.6)) enter(stage, usual(stage.person, false));
  },
  refresh: (stage, count) =>
    repeat(count, () => {
      enter(stage, usual(stage.person, false), { silent: true });
      stage.now += stage.dice.int(3, 70) * MINUTE;
    }),
  legacy: (stage, count) => repeat(count, () => enter(stage, 'wrongPassword', { legacy: true, app: 'powershell' })),
  blocked: (stage, count) => repeat(count, () => enter(stage, 'blocked')),
  register: (stage) => registers(stage, stage.method),
  registerSecond: (stage) => registers(stage, stage.method === 'sms' ? 'app' : 'sms'),
  fail: changing('fail', 'new'),
  cancel: changing('cancel', 'new'),
  review: changing('review', 'new'),
  deleteOld: changing('delete', 'old'),
  deleteNew: changing('delete', 'new'),
  makeDefault: changing('default', 'new'),
  adminReset: (stage) => byHelpDesk(stage, (details) => resetPassword(stage.world, stage.dice, details, false)),
  adminDelete: byDesk('adminDelete'),
  adminPass: byDesk('adminPass'),
  adminPhone: byDesk('adminPhone'),
  selfReset: (stage) => {
    stage.now += 2 * MINUTE;
    resetPassword(stage.world, stage.dice, act(stage), true);
    stage.now += MINUTE;
  },
  /** Every few days somebody only looks in. */
  visit: (stage, count) =>
    repeat(count, () => {
      enter(stage, usual(stage.person, false), { silent: stage.dice.chance(0.7) });
      stage.now += stage.dice.between(40, 110) * HOUR;
    }),
} as const satisfies Record<string, (stage: Stage, count: number) => void>;

export type StepName =
  | 'pause'
  | 'hop'
  | 'wrongPassword'
  | 'signIn'
  | 'password'
  | 'mustRegister'
  | 'afterwards'
  | 'page'
  | 'pass'
  | 'declined'
  | 'stolen'
  | 'refresh'
  | 'legacy'
  | 'blocked'
  | 'register'
  | 'registerSecond'
  | 'fail'
  | 'cancel'
  | 'review'
  | 'deleteOld'
  | 'deleteNew'
  | 'makeDefault'
  | 'adminReset'
  | 'adminDelete'
  | 'adminPass'
  | 'adminPhone'
  | 'selfReset'
  | 'visit';

export function play(stage: Stage, steps: readonly Step[]): void {
  for (const [name, count = 1] of steps) STEPS[name](stage, count);
}
