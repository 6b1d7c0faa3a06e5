import type { App } from './apps.ts';
import type { ClientFace } from './clients.ts';
import type { Risk, SignInEvent } from './events.ts';
import { METHODS, type Method, shownDetail } from './methods.ts';
import type { Device, User } from './model.ts';
import type { Attachment } from './networks.ts';
import { type Denial, deniedStep, type ResultCode, STEPS, type Step, secondStep, strongStep } from './results.ts';
import { guidOf, type Rng } from './rng.ts';
import { riskEvent } from './rows/risk-event.ts';
import type { World } from './world.ts';

/** One sign-in as a person makes it; it becomes one or several rows. */
export interface SignInPlan {
  readonly user: User;
  readonly at: number;
  readonly from: Attachment;
  readonly face: ClientFace;
  readonly device?: Device | undefined;
  readonly app: App;
  readonly session: string;
  readonly background?: boolean;
  /** Wrong passwords typed first. */
  readonly wrong?: number;
  /** Whether a password is typed; otherwise a claim in the token stands for it. */
  readonly password?: boolean;
  /** Second factor: not asked for, in the token already, prompted, or the user has to enrol one now. */
  readonly second?: 'none' | 'claim' | 'prompt' | 'enrol';
  readonly method?: Method | undefined;
  /** Prompts that failed before the last one. */
  readonly denials?: readonly Denial[];
  /** How it ends; '0' unless given. */
  readonly ends?: ResultCode;
  readonly protocol?: SignInEvent['protocol'];
  readonly risk?: Risk | undefined;
}

export interface SignInTrace {
  readonly at: number;
}

const PASSWORDLESS = new Set(['fido', 'passkey', 'hello', 'tap']);

/** Emits the rows of one sign-in; gives the time of its last row. */
export function signIn(world: World, rng: Rng, plan: SignInPlan): SignInTrace {
  const { user, from, face, app } = plan;
  // Signed: a small integer is kept in place, an unsigned one of 32 bits costs an object.
  const correlationA = rng.word() | 0;
  const correlationB = rng.word() | 0;
  const second = plan.second ?? 'none';
  const method = plan.method;
  const interactive = plan.background !== true;
  const upn = user.upn;
  let at = plan.at;
  let first: readonly [number, number] | undefined;
  let last: readonly [number, number] = [0, 0];
  const row = (result: ResultCode, steps: readonly Step[], multi: boolean, risk?: Risk): void => {
    const a = rng.word() | 0;
    const b = rng.word() | 0;
    last = [a, b];
    first ??= last;
    world.emit({
      table: interactive ? 'SigninLogs' : 'AADNonInteractiveUserSignInLogs',
      at,
      tenant: world.tenant,
      user,
      upn,
      app,
      face,
      device: plan.device,
      from,
      result,
      steps,
      multi,
      session: plan.session,
      a,
      b,
      originalA: first[0],
      originalB: first[1],
      correlationA,
      correlationB,
      protocol: plan.protocol ?? 'none',
      risk,
    });
  };
  for (let i = 0; i < (plan.wrong ?? 0); i++) {
    row(i >= 9 ? '50053' : '50126', [], false);
    at += rng.between(4, 22) * 1000;
  }
  const alone = method !== undefined && PASSWORDLESS.has(method.kind) && second === 'prompt';
  const typed = user.role !== 'guest' && user.index % 3 === 0 ? STEPS.hashSync : STEPS.password;
  const opening: Step = plan.password ? typed : STEPS.firstClaim;
  const answer = method ? METHODS[method.kind].signIn : 'Mobile app notification';
  const detail = method === undefined ? '' : shownDetail(method);
  if (second === 'enrol') {
    row(app.client === 'Browser' ? '50072' : '50079', [opening, STEPS.enrol], true, plan.risk);
    return { at };
  }
  if (second === 'prompt' && !alone) {
    row(app.client === 'Browser' ? '50074' : '50076', [opening, STEPS.needed], true);
    at += rng.between(3, 9) * 1000;
    for (const denial of plan.denials ?? []) {
      at += (denial === 'noAnswer' ? rng.between(55, 65) : rng.between(4, 25)) * 1000;
      row('500121', [opening, deniedStep(answer, detail, denial)], true);
    }
    at += rng.between(4, 24) * 1000;
  }
  const ends = plan.ends ?? '0';
  if (ends === '500121') return { at };
  if (ends === '0' && interactive && plan.password && app.client === 'Browser' && rng.chance(0.12)) {
    row('50140', [opening], second !== 'none');
    at += rng.between(2, 7) * 1000;
  }
  const steps = alone
    ? [strongStep(answer)]
    : second === 'prompt'
      ? [opening, secondStep(answer, detail)]
      : second === 'claim'
        ? [opening, STEPS.secondClaim]
        : [opening];
  const failed = ends === '50126' || ends === '50053' || ends === '50057' || ends === '50034' || ends === '50055';
  row(ends, failed ? [] : steps, second !== 'none', plan.risk);
  if (plan.risk && world.tenant.risk === 'p2' && ends !== '50126' && ends !== '50053')
    world.emit(
      riskEvent(world.tenant, rng, user, at, from, plan.risk, { id: guidOf(...last), correlation: guidOf(correlationA, correlationB) }),
    );
  return { at };
}

/** A failed sign-in with a wrong password (or of an unknown or locked account): one row. */
export function failedPassword(
  world: World,
  rng: Rng,
  plan: SignInPlan,
  result: '50126' | '50053' | '50034' | '50055' | '50057' = '50126',
): SignInTrace {
  return signIn(world, rng, { ...plan, password: true, second: 'none', ends: result });
}
