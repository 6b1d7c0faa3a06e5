import { BROWSER_APPS, COMPUTER_APPS, PHONE_APPS } from './apps.ts';
import { DAY, HOUR, localTime, MINUTE } from './cities.ts';
import type { Dice } from './dice.ts';
import type { Link } from './links.ts';
import { METHODS } from './methods.ts';
import type { OutcomeName } from './outcomes.ts';
import { homeOf, type Person } from './people.ts';
import { signIn } from './sign-in.ts';
import { asOf, networkAt, throughTunnel, type World } from './world.ts';

/** The outcome by which a person's sign-in succeeds: with a prompt, or by what the session has proved before. */
export function usual(person: Person, isPrompted: boolean): OutcomeName {
  const method = METHODS[person.method];
  if (person.method === 'none') return isPrompted ? 'password' : 'single';
  return method.isStrong ? 'strong' : isPrompted ? 'mfa' : 'claim';
}

/** One session a device and fortnight. */
export const sessionOf = (world: World, person: Person, device: 'computer' | 'phone', at: number): string =>
  world.dice.fork(`session-${person.id}-${device}-${Math.floor((at - world.start) / (14 * DAY))}`).guid();

/** What precedes a success now and then; each row stands by itself, as the log has them. */
const TROUBLES: readonly { readonly share: number; readonly outcome: OutcomeName; readonly most: number }[] = [
  { share: 0.05, outcome: 'wrongPassword', most: 3 },
  { share: 0.04, outcome: 'silent', most: 2 },
  { share: 0.03, outcome: 'keepSignedIn', most: 1 },
  { share: 0.005, outcome: 'blocked', most: 1 },
  { share: 0.003, outcome: 'expired', most: 1 },
  { share: 0.001, outcome: 'locked', most: 3 },
];

function interactive(world: World, dice: Dice, somebody: Person, at: number, link: Link, device: 'computer' | 'phone'): void {
  if (at < (world.quiet.get(somebody.id) ?? 0)) return;
  const person = asOf(world, somebody, at);
  const isPrompted = dice.chance(0.12);
  const base = {
    person,
    device: person[device],
    link,
    app: dice.pick(BROWSER_APPS),
    session: sessionOf(world, person, device, at),
    correlation: dice.guid(),
  };
  for (const { share, outcome, most } of TROUBLES) {
    if (!dice.chance(share)) continue;
    const count = dice.int(1, most);
    for (let n = count; n > 0; n--)
      signIn(world, dice, { ...base, at: at - n * dice.int(6000, 25_000), outcome, correlation: dice.guid() });
  }
  const outcome = usual(person, isPrompted);
  if (outcome === 'mfa') {
    signIn(world, dice, { ...base, at: at - dice.int(5000, 14_000), outcome: 'needsMfa' });
    if (dice.chance(0.03)) signIn(world, dice, { ...base, at: at - 2500, outcome: dice.chance(0.7) ? 'unanswered' : 'declined' });
  }
  const isOdd = link.provider.kind === 'vpn' || link.provider.kind === 'venue';
  signIn(world, dice, {
    ...base,
    at,
    outcome,
    ...(dice.chance(isOdd ? 0.03 : 0.001) ? { risk: dice.pick(['low', 'medium'] as const) } : {}),
  });
}

function refresh(world: World, dice: Dice, somebody: Person, at: number, link: Link, device: 'computer' | 'phone'): void {
  if (at < (world.quiet.get(somebody.id) ?? 0)) return;
  const person = asOf(world, somebody, at);
  const outcome = dice.chance(0.01) ? 'stale' : dice.chance(0.006) ? 'needsMfaSilently' : usual(person, false);
  const app = dice.pick(device === 'phone' ? PHONE_APPS : COMPUTER_APPS);
  signIn(world, dice, {
    at,
    person,
    device: person[device],
    link,
    app,
    outcome,
    session: sessionOf(world, person, device, at),
    silent: true,
  });
}

/** A telephone on the way: the carrier and the Wi-Fi of the place within minutes. Abroad its traffic goes home through the carrier. */
function phoneDay(world: World, dice: Dice, person: Person, day: number): void {
  const { city } = world.plan(person, day);
  const midnight = world.start + day * DAY;
  const count = Math.round(dice.lognormal(2.6, 0.5));
  for (let n = 0; n < count; n++) {
    const at = localTime(city, midnight, dice.between(6.8, 23));
    const wifi = networkAt(world, person, day, at);
    const isMobile = dice.chance(0.45);
    refresh(world, dice, person, at, isMobile ? person.mobile : wifi, 'phone');
    if (dice.chance(0.3)) refresh(world, dice, person, at + dice.int(1, 6) * MINUTE, isMobile ? wifi : person.mobile, 'phone');
  }
  if (dice.chance(0.06)) {
    const at = localTime(city, midnight, dice.between(7, 22));
    interactive(world, dice, person, at, dice.chance(0.6) ? person.mobile : networkAt(world, person, day, at), 'phone');
  }
}

function computerDay(world: World, dice: Dice, person: Person, day: number): void {
  const { from, to } = world.plan(person, day);
  const count = Math.max(1, Math.round(dice.lognormal(person.role.signIns, 0.5)));
  const halves = [from + HOUR, to - HOUR].map((at) => throughTunnel(world, person, networkAt(world, person, day, at), dice));
  const linkAt = (at: number): Link => {
    if (person.tunnel === 'sase') return throughTunnel(world, person, networkAt(world, person, day, at), dice);
    return halves[at < (from + to) / 2 ? 0 : 1]!;
  };
  for (let n = 0; n < count; n++) {
    const at = from + (to - from) * dice.next() ** 1.6;
    interactive(world, dice, person, at, linkAt(at), 'computer');
  }
  const refreshes = Math.round(dice.lognormal(1.5 * person.role.signIns, 0.4));
  for (let n = 0; n < refreshes; n++) {
    const at = dice.between(from, to);
    refresh(world, dice, person, at, linkAt(at), 'computer');
  }
  if (dice.chance(0.05) && person.role.shared !== true && person.computer.kind !== 'hosted') {
    refresh(world, dice, person, from - dice.int(10, 40) * MINUTE, person.tunnel === 'sase' ? linkAt(from) : person.mobile, 'computer');
  }
}

/** Everybody's ordinary days. */
export function liveOn(world: World): void {
  for (const person of world.people) {
    const dice = world.dice.fork(`routine-${person.id}`);
    for (let day = person.from; day < person.to; day++) {
      const isOnLeave = day >= person.leave.from && day < person.leave.to;
      const isWorking = world.plan(person, day).place !== 'off';
      if (isWorking) computerDay(world, dice, person, day);
      if (person.hasPhone && dice.chance(isWorking ? 0.95 : isOnLeave ? 0.15 : 0.5)) phoneDay(world, dice, person, day);
      if (isWorking && person.computer.kind === 'winManaged' && dice.chance(0.3)) {
        const { from } = world.plan(person, day);
        const link = throughTunnel(world, person, networkAt(world, person, day, from), dice);
        refresh(world, dice, person, from - 3 * MINUTE, link, 'computer');
      }
      if (!isWorking && !isOnLeave && dice.chance(0.06) && person.role.shared !== true && person.computer.kind !== 'hosted') {
        const { city } = world.plan(person, day);
        const at = localTime(city, world.start + day * DAY, dice.between(9, 22));
        interactive(world, dice, person, at, homeOf(person, day), 'computer');
      }
    }
  }
}
