import { APPS, type AppName, BACKGROUND_APPS, INTERACTIVE_APPS } from './apps.ts';
import { TOOL_FACES } from './clients.ts';
import type { Risk } from './events.ts';
import { answersMfa, type Method } from './methods.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, type User } from './model.ts';
import { addressOf, microsoftAddress, networksOf } from './networks.ts';
import { upkeepChanges } from './registration.ts';
import type { Denial, ResultCode } from './results.ts';
import { guidOf, hashOf, Rng } from './rng.ts';
import { failedPassword, type SignInPlan, signIn } from './sign-in.ts';
import { attach, type DayPlan, faceOn, planDay, type Session, sessionOf } from './whereabouts.ts';
import type { World } from './world.ts';

/** The method a user answers prompts with: mostly the default one. */
export function usualMethod(user: User, rng: Rng): Method | undefined {
  const chosen = user.methods.find((method) => method.key === user.defaultMethod);
  if (chosen && answersMfa(chosen) && rng.chance(0.92)) return chosen;
  return user.methods.find(answersMfa);
}

function denialsOf(world: World, method: Method | undefined, rng: Rng): Denial[] {
  const denials: Denial[] = [];
  const rate = world.tenant.assumptions.deniedPush * (method?.kind === 'app' ? 1 : 2);
  while (denials.length < 6 && rng.chance(denials.length === 0 ? rate : 0.35))
    denials.push(
      method?.kind === 'app'
        ? rng.weighted<Denial>([
            ['noAnswer', 5],
            ['wrongNumber', 3],
            ['declined', 1.5],
            ['duplicate', 0.4],
          ])
        : 'wrongCode',
    );
  return denials;
}

/** What Identity Protection makes of ordinary sign-ins: now and then it is wrong. */
function benignRisk(session: Session, plan: DayPlan, rng: Rng): Risk | undefined {
  const kind = session.from.network.kind;
  if (kind === 'vpn' && rng.chance(0.03)) return { level: rng.chance(0.7) ? 'low' : 'medium', type: 'anonymizedIPAddress' };
  if (plan.trip && plan.day === plan.trip.from && rng.chance(0.05))
    return { level: rng.chance(0.6) ? 'low' : 'medium', type: rng.chance(0.5) ? 'unfamiliarFeatures' : 'unlikelyTravel' };
  return rng.chance(0.0004) ? { level: rng.chance(0.85) ? 'low' : 'medium', type: 'unfamiliarFeatures' } : undefined;
}

/** Where people type a code from another screen: consoles, and phones and meeting rooms being set up. */
const CODE_APPS: ReadonlySet<AppName> = new Set<AppName>(['azureCli', 'graphPowerShell', 'broker']);
const REFUSED: readonly ResultCode[] = ['65001', '50158', '53003', '50097'];
const EXPIRED: readonly ResultCode[] = ['70044', '70043', '50173', '700082', '50076', '50097'];

function interactiveIn(world: World, user: User, plan: DayPlan, session: Session, rng: Rng): void {
  const { tenant } = world;
  const { assumptions } = tenant;
  const phone = session.device.kind === 'phone';
  const mix = phone ? INTERACTIVE_APPS.phone : user.directoryRoles.length > 0 ? INTERACTIVE_APPS.admin : INTERACTIVE_APPS[tenant.kind];
  const drawn: AppName = rng.weighted(mix);
  const name: AppName = drawn === 'windows' && !session.device.os.startsWith('Windows') ? 'office' : drawn;
  const app = APPS[name];
  const face = faceOn(session.device, plan.day, app.client !== 'Browser');
  const method = usualMethod(user, rng);
  const password = name !== 'windows' && rng.chance(session.device.managed ? 0.16 : 0.38);
  let wrong = 0;
  if (password && rng.chance(assumptions.wrongPassword))
    do wrong += 1;
    while (wrong < 5 && rng.chance(0.4));
  const asked = method && rng.chance(assumptions.mfaPrompt * (password ? 1.6 : 0.7));
  const lockedOut = !method && user.methods.some((one) => one.foreign === true);
  const second: SignInPlan['second'] = lockedOut
    ? 'prompt'
    : !method
      ? 'none'
      : asked
        ? 'prompt'
        : session.place === 'work' && rng.chance(0.25)
          ? 'none'
          : 'claim';
  const denials: Denial[] = lockedOut ? ['noAnswer'] : asked ? denialsOf(world, method, rng) : [];
  const gaveUp = lockedOut || (denials.length > 0 && rng.chance(0.25));
  const ends: ResultCode = gaveUp ? '500121' : rng.chance(0.004) ? rng.pick(REFUSED) : '0';
  signIn(world, rng, {
    user,
    at: session.at + rng.unit() ** 1.5 * (session.until - session.at),
    from: session.from,
    face,
    device: session.device,
    app,
    session: session.id,
    protocol: CODE_APPS.has(name) && rng.chance(0.25) ? 'deviceCode' : 'none',
    wrong,
    password,
    second,
    method,
    denials,
    ends,
    risk: benignRisk(session, plan, rng),
  });
}

function backgroundIn(world: World, user: User, plan: DayPlan, session: Session, rng: Rng): void {
  const phone = session.device.kind === 'phone';
  const app = APPS[rng.weighted(BACKGROUND_APPS[phone ? 'phone' : 'computer'])];
  const microsoft = rng.chance(0.03);
  const from = microsoft
    ? { network: networksOf('microsoft', '')[0]!, ip: microsoftAddress(rng), place: world.tenant.sites[0]!.city }
    : session.from;
  const ends: ResultCode = rng.chance(0.02) ? rng.pick(EXPIRED) : '0';
  signIn(world, rng, {
    user,
    at: session.at + rng.unit() * (session.until - session.at + HOUR_MS),
    from,
    face: faceOn(session.device, plan.day, app.client !== 'Browser'),
    device: session.device,
    app,
    session: session.id,
    background: true,
    second: user.methods.length > 0 ? 'claim' : 'none',
    ends,
  });
}

/** Directory noise about a user that has nothing to do with security info, and the authenticator's own upkeep of its record. */
function directoryNoise(world: World, user: User, day: number, rng: Rng): void {
  const at = world.timeOf(day, rng.between(0, 24));
  if (rng.chance(0.006) && user.methods.some((method) => method.kind === 'app')) {
    world.audit(rng, {
      at,
      activity: 'Update user',
      service: 'Core Directory',
      operationType: 'Update',
      by: { kind: 'app', name: 'Azure MFA StrongAuthenticationService', id: world.tenant.services.mfa },
      target: user,
      changes: upkeepChanges(user.methods, at - rng.exponential(4) * DAY_MS, at - 900),
      correlation: rng.guid(),
    });
  }
  if (rng.chance(0.003))
    world.audit(rng, {
      at: at + MINUTE_MS,
      activity: 'Update user',
      service: 'Core Directory',
      operationType: 'Update',
      by: { kind: 'app', name: 'Directory Sync', id: world.tenant.services.sync },
      target: user,
      changes: [
        { displayName: 'Department', oldValue: '[]', newValue: JSON.stringify([user.department]) },
        { displayName: 'Included Updated Properties', oldValue: null, newValue: '"Department"' },
      ],
      correlation: rng.guid(),
    });
  if (rng.chance(0.0015))
    world.audit(rng, {
      at: at + 2 * MINUTE_MS,
      activity: 'Change password (self-service)',
      service: 'Self-service Password Management',
      operationType: 'Update',
      reason: 'Successfully completed change.',
      by: { kind: 'user', user, ip: '' },
      target: user,
      correlation: rng.guid(),
    });
}

/** A service account: the same server, day and night, with a password and nothing else. */
function serviceDay(world: World, user: User, day: number, rng: Rng): void {
  const site = world.tenant.sites[0]!;
  const cloud = user.index % 2 === 0;
  const hosting = networksOf('hosting', '');
  const network = cloud ? hosting[user.index % hosting.length]! : site.network;
  const from = { network, ip: addressOf(network, site.city.country, cloud ? user.homeLine : site.line + 9), place: site.city };
  const count = rng.int(3, 8);
  for (let i = 0; i < count; i++) {
    const plan: SignInPlan = {
      user,
      at: world.timeOf(day, rng.between(0, 24)),
      from,
      face: TOOL_FACES[user.index % TOOL_FACES.length]!,
      app: APPS.imap,
      session: guidOf(hashOf(user.id, day), i),
      background: true,
      password: true,
      protocol: 'ropc',
    };
    if (rng.chance(0.01)) failedPassword(world, rng, plan);
    else signIn(world, rng, plan);
  }
}

/** Emits everything ordinary that one person does on one day; gives the day's plan for whatever else happens to them. */
export function liveDay(world: World, user: User, day: number): DayPlan {
  const rng = new Rng('live', world.tenant.seed, user.index, day);
  const plan = planDay(world.tenant, user, day);
  if (user.role === 'service') serviceDay(world, user, day, rng);
  comeAndGo(world, user, day, rng);
  if (day < user.joinDay || day >= user.leaveDay) return plan;
  directoryNoise(world, user, day, rng);
  const sessions = plan.sessions;
  if (sessions.length === 0) {
    const phone = user.devices[1];
    if (user.role === 'person' && phone && rng.chance(0.45)) {
      const idle = planIdle(world, user, day, rng);
      for (let i = rng.int(1, 3); i > 0; i--) backgroundIn(world, user, plan, idle, rng);
    }
    return plan;
  }
  const interactive = rng.poisson(user.interactivePerDay * rng.lognormal(1, 0.35));
  for (let i = 0; i < interactive; i++)
    interactiveIn(world, user, plan, sessions[Math.min(sessions.length - 1, Math.floor(rng.unit() ** 1.4 * sessions.length))]!, rng);
  const background = rng.poisson(user.nonInteractivePerDay);
  for (let i = 0; i < background; i++) backgroundIn(world, user, plan, rng.pick(sessions), rng);
  return plan;
}

/** The directory's records of an account that is made or switched off, and the phone that goes on trying. */
function comeAndGo(world: World, user: User, day: number, rng: Rng): void {
  const base = {
    service: 'Core Directory',
    target: user,
    correlation: rng.guid(),
    by: { kind: 'app', name: 'Directory Sync', id: world.tenant.services.sync },
  } as const;
  if (day === user.createdDay)
    world.audit(rng, { ...base, at: world.timeOf(day, rng.between(1, 16)), activity: 'Add user', operationType: 'Add' });
  if (user.leaveDay === 0 || day < user.leaveDay) return;
  if (day === user.leaveDay)
    world.audit(rng, { ...base, at: world.timeOf(day, rng.between(15, 20)), activity: 'Disable account', operationType: 'Update' });
  if (day < user.leaveDay + 6 && rng.chance(0.5)) {
    const idle = planIdle(world, user, day, rng);
    signIn(world, rng, {
      user,
      at: idle.at,
      from: idle.from,
      face: faceOn(idle.device, day, true),
      device: idle.device,
      app: APPS.outlookMobile,
      session: idle.id,
      background: true,
      ends: '50057',
    });
  }
}

/** A phone that fetches mail on a day off. */
function planIdle(world: World, user: User, day: number, rng: Rng): Session {
  const at = world.timeOf(day, rng.between(6, 20));
  const device = user.devices.findLast((one) => one.kind === 'phone' && day >= one.from && day < one.until) ?? user.devices[1]!;
  const from = attach(world.tenant, user, day, rng.chance(0.6) ? 'home' : 'mobile', device, rng);
  return { at, until: at + 2 * HOUR_MS, place: 'home', device, from, id: sessionOf(world.tenant, user, device, day) };
}
