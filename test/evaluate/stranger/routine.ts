import { APPS, type App } from './apps.ts';
import type { Device } from './devices.ts';
import type { Line } from './networks.ts';
import { isAway, type Person, tripAt } from './people.ts';
import type { Random } from './random.ts';
import { auditRow } from './rows/audit.ts';
import { riskRow } from './rows/risk.ts';
import { refreshRow } from './rows/sign-in.ts';
import { DENIALS, deniedSignIn, failedSignIn, freshSignIn, primary, secondFactor, sessionOf, ssoSignIn, stepName } from './sessions.ts';
import { DAY, HOUR, localTime, MINUTE, weekday } from './time.ts';
import type { World } from './world.ts';

const BROWSER_APPS: readonly (readonly [App, number])[] = [
  [APPS.officeHome, 5],
  [APPS.outlookWeb, 4],
  [APPS.sharePoint, 4],
  [APPS.teamsWeb, 2],
  [APPS.mySignIns, 0.02],
  [APPS.portal, 0.1],
];
const PHONE_APPS: readonly (readonly [App, number])[] = [
  [APPS.outlookMobile, 5],
  [APPS.teams, 5],
  [APPS.office, 1],
];
const REFRESHED: readonly App[] = [APPS.teams, APPS.oneDrive, APPS.office, APPS.outlookWeb];

export interface Rhythm {
  /** Applications of the house, beside Microsoft's. */
  readonly own: readonly (readonly [App, number])[];
  readonly refreshes: number;
  readonly failures: number;
  readonly denials: number;
  readonly weekend: number;
}

const hello = (person: Person, device: Device): boolean =>
  device.managed && (person.methods.has('hello') || device.trust.endsWith('joined'));

/** Where somebody is on a day: in the office, at home, on a trip; the gateway takes the computer's way outside. */
function lineOf(person: Person, at: number, remote: boolean, device: Device, random: Random): Line {
  const trip = tripAt(person, at);
  const onPhone = device === person.phone;
  if (device.kind === 'kiosk') return person.office;
  if (onPhone && random.chance(0.5)) return trip?.line ?? person.mobile;
  if (!onPhone && (remote || trip !== undefined) && person.vpn !== undefined && random.chance(0.85)) return person.vpn;
  if (trip !== undefined) return trip.line;
  if (person.relay !== undefined && random.chance(0.25)) return person.relay;
  return remote ? person.home : person.office;
}

function oneSignIn(world: World, random: Random, rhythm: Rhythm, person: Person, at: number, device: Device, line: Line): void {
  const onPhone = device === person.phone;
  const app = onPhone ? random.weighted(PHONE_APPS) : random.weighted([...BROWSER_APPS, ...rhythm.own]);
  const spot = line(at);
  const session = sessionOf(person, device, at, random);
  const sign = { person, at, app, spot, device, session: session.id };
  if (world.traits.p2 && random.chance(tripAt(person, at) === undefined ? 0.0008 : 0.04)) {
    const level = random.weighted([
      ['low' as const, 6],
      ['medium' as const, 3],
    ]);
    const type = random.pick(['unfamiliarFeatures', 'unlikelyTravel']);
    const done = freshSignIn(world, random, { ...sign, risk: level, riskEvents: [type] });
    riskRow(world, {
      at,
      person,
      type,
      level,
      realtime: type === 'unfamiliarFeatures',
      spot,
      request: done.id,
      correlation: done.correlation,
    });
    return;
  }
  if (!session.isNew && random.chance(0.8)) {
    ssoSignIn(world, random, sign);
    return;
  }
  let now = at;
  while (random.chance(rhythm.failures)) {
    failedSignIn(world, random, { ...sign, at: now }, random.chance(0.04) ? 50053 : 50126);
    now += random.whole(8, 90) * 1000;
  }
  const factor = secondFactor(person);
  while (factor !== undefined && random.chance(rhythm.denials)) {
    deniedSignIn(world, random, { ...sign, at: now }, random.pick(DENIALS), stepName(factor));
    now += random.whole(30, 200) * 1000;
  }
  freshSignIn(world, random, { ...sign, at: now }, hello(person, device) ? { first: 'Windows Hello for Business', factor: 'none' } : {});
}

function refresh(world: World, random: Random, person: Person, at: number, device: Device, line: Line): void {
  const session = sessionOf(person, device, at, random);
  const app = device === person.phone ? random.weighted(PHONE_APPS) : random.pick(REFRESHED);
  const result = random.weighted([
    [0, 97],
    [50173, 0.6],
    [70043, 1],
    [700082, 0.6],
    [50133, 0.3],
    [50199, 0.2],
  ]);
  const facts = {
    at,
    person,
    app,
    spot: line(at),
    device,
    session: session.id,
    correlation: random.guid(),
    result,
    mfa: random.chance(0.5),
    steps: [primary('Previously satisfied')],
  };
  refreshRow(world, facts);
}

function oneDay(world: World, random: Random, rhythm: Rhythm, person: Person, day: number): void {
  const holiday = world.traits.holidays.includes(day);
  const works = person.workdays.has(weekday(day)) && !holiday;
  if (isAway(person, day + 12 * HOUR)) {
    // On holiday some look at their mail.
    if (person.from > day || person.until <= day || !random.chance(0.15)) return;
    const at = localTime(day, random.between(8, 22), person.zone);
    refresh(world, random, person, at, person.phone, person.mobile);
    return;
  }
  if (!works && !random.chance(rhythm.weekend)) return;
  const remote = !works || random.chance(person.remoteShare);
  const count = works ? Math.max(1, random.poisson(person.perDay)) : 1;
  for (let nth = 0; nth < count; nth++) {
    const evening = random.chance(0.08);
    const hour = evening ? random.between(18, 23) : person.startHour + random.between(0, person.hours);
    const at = localTime(day, hour, person.zone);
    if (at < world.traits.startMs || at >= world.endMs - 5 * MINUTE || at < person.from || at >= person.until) continue;
    const device = !works || evening || random.chance(person.phoneShare) ? person.phone : person.pc;
    oneSignIn(world, random, rhythm, person, at, device, lineOf(person, at, remote || evening, device, random));
  }
  const refreshes = random.poisson(works ? rhythm.refreshes : rhythm.refreshes * 0.3);
  for (let nth = 0; nth < refreshes; nth++) {
    const device = random.chance(0.5) || person.pc.kind === 'kiosk' ? person.phone : person.pc;
    const at = localTime(day, random.between(6.5, 23), person.zone);
    if (at < world.traits.startMs || at >= world.endMs - 5 * MINUTE || at < person.from) continue;
    const working = Math.abs(at - localTime(day, person.startHour + person.hours / 2, person.zone)) < (person.hours / 2) * HOUR;
    refresh(world, random, person, at, device, lineOf(person, at, remote || !working, device, random));
  }
}

function runAgenda(person: Person, before: number): void {
  person.agenda.sort((a, b) => a.at - b.at);
  while (person.agenda[0] !== undefined && person.agenda[0].at < before) person.agenda.shift()!.act();
}

/** The daily life of everybody but the dormant, and what was planned for each; a change holds from the next day on. */
export function live(world: World, rhythm: Rhythm, dormant: ReadonlySet<string>): void {
  for (const person of world.people) {
    const random = world.random.stream(`life/${person.upn}`);
    const active = (person.kind === 'member' || person.kind === 'guest') && !dormant.has(person.id);
    for (let day = world.traits.startMs; day < world.endMs; day += DAY) {
      runAgenda(person, day);
      if (active) oneDay(world, random, rhythm, person, day);
    }
    runAgenda(person, world.endMs);
    const directory = { service: 'Core Directory', actor: { app: 'HR Provisioning' }, target: person, correlation: random.guid() } as const;
    if (person.until < world.endMs)
      auditRow(world, { ...directory, at: person.until + 2 * HOUR, operation: 'Disable account', type: 'Update' });
    if (person.created > world.traits.startMs) auditRow(world, { ...directory, at: person.created, operation: 'Add user', type: 'Add' });
  }
}
