import type { AppName } from './apps.ts';
import type { Browser, Machine } from './devices.ts';
import type { Dice } from './dice.ts';
import type { Link } from './networks.ts';
import { methodsAt, type Person } from './people.ts';
import { type Proof, type ResultCode, type SignIn, writeSignIn } from './sign-in-row.ts';
import { HOUR, type World } from './world.ts';

/** Whose account is used, on what and from where. The hand need not be the owner's. */
export interface Hand {
  readonly person: Person;
  readonly machine: Machine;
  readonly browser: Browser;
  readonly link: Link;
  readonly dice: Dice;
  /** What the client says it is, where it is not what it seems. */
  readonly agent?: string;
}

export interface Entered {
  readonly sessionId: string;
  readonly correlationId: string;
  readonly time: number;
}

type Rest = Pick<SignIn, 'time' | 'app' | 'proof' | 'sessionId' | 'correlationId'> &
  Partial<Pick<SignIn, 'code' | 'note' | 'interactive' | 'risk' | 'riskTypes'>>;

/** One row of a hand's. */
export function row(world: World, { person, machine, browser, link, agent }: Hand, rest: Rest): string {
  return writeSignIn(world, { person, machine, browser, link, interactive: true, ...(agent === undefined ? {} : { agent }), ...rest });
}

/** How the owner proves who they are, with what they have at the time. */
export function proofOf({ person, machine, dice }: Pick<Hand, 'person' | 'machine' | 'dice'>, time: number): Proof {
  if (person.role.guest === true && methodsAt(person, time).length === 0) return 'home tenant';
  const methods = methodsAt(person, time);
  if (methods.includes('hello') && machine === person.computer && dice.chance(0.8)) return 'hello';
  const portable = methods.filter((method) => method !== 'hello');
  return portable.length === 0 ? 'password' : dice.chance(0.8) ? portable[0]! : dice.pick(portable);
}

const PROMPTED: ReadonlySet<Proof> = new Set(['push', 'code', 'sms']);

export interface Opening {
  readonly proof?: Proof;
  readonly errors?: number;
  readonly risk?: NonNullable<Rest['risk']>;
  readonly riskTypes?: readonly string[];
}

/** Signs in anew: refused passwords, the interrupts on the way, the proof. The session is the browser's from then on. */
export function signIn(
  world: World,
  hand: Hand,
  at: number,
  app: AppName,
  { proof = proofOf(hand, at), errors, ...risk }: Opening = {},
): Entered {
  const { dice, person, browser } = hand;
  const ids = { sessionId: dice.guid(), correlationId: dice.guid() };
  let time = at;
  const refuse = (code: ResultCode, seconds: number, note?: string) => {
    row(world, hand, { ...ids, time, app, proof: code === 50126 ? 'password' : proof, code, ...(note === undefined ? {} : { note }) });
    time += Math.round(dice.between(0.5, 1.5) * seconds * 1000);
  };
  const usesPassword = PROMPTED.has(proof) || proof === 'password';
  if (usesPassword) for (let wrong = errors ?? (dice.chance(person.errors) ? dice.int(1, 3) : 0); wrong > 0; wrong--) refuse(50126, 15);
  if (PROMPTED.has(proof)) {
    if (dice.chance(0.5)) refuse(dice.chance(0.6) ? 50074 : 50076, 14);
    if (dice.chance(0.02))
      refuse(
        500121,
        30,
        dice.pick(['MFA denied; user did not respond to mobile app notification', 'MFA denied; phone app reported incorrect code']),
      );
  }
  if (browser !== hand.machine.native && dice.chance(0.15)) refuse(50140, 5);
  row(world, hand, { ...ids, ...risk, time, app, proof });
  browser.session = { id: ids.sessionId, since: time, mfaAt: proof === 'password' ? 0 : time };
  return { ...ids, time };
}

/** Opens an app: by what the browser has kept, or else by signing in anew. */
export function open(world: World, hand: Hand, time: number, app: AppName): Entered {
  const { dice, browser } = hand;
  const { session } = browser;
  const { sessionHours, mfaHours } = world.kind;
  if (session === undefined || time - session.since > sessionHours * HOUR) return signIn(world, hand, time, app);
  if (session.mfaAt > 0 && time - session.mfaAt > mfaHours * HOUR) return signIn(world, hand, time, app);
  const ids = { sessionId: session.id, correlationId: dice.guid() };
  if (dice.chance(0.03)) row(world, hand, { ...ids, time: time - 2000, app, proof: 'token', code: 50058, interactive: dice.chance(0.5) });
  row(world, hand, { ...ids, time, app, proof: session.mfaAt > 0 ? 'token' : 'password', interactive: dice.chance(0.35) });
  return { ...ids, time };
}

/** A program takes a new token without asking anybody. Now and then the old one is no longer good. */
export function refresh(world: World, hand: Hand, time: number, app: AppName): void {
  const { dice, browser } = hand;
  if (browser.session === undefined) {
    signIn(world, hand, time, app);
    return;
  }
  const ids = { sessionId: browser.session.id, correlationId: dice.guid() };
  const code: ResultCode = dice.chance(0.012) ? dice.pick([70043, 50173, 50076] as const) : 0;
  row(world, hand, { ...ids, time, app, proof: browser.session.mfaAt > 0 ? 'token' : 'password', code, interactive: false });
  if (code !== 0 && dice.chance(0.6)) signIn(world, hand, time + dice.int(20_000, 400_000), app);
}
