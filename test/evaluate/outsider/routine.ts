import { refreshApp } from './methods.ts';
import type { Person } from './people.ts';
import { APPS, type App, signIn, type Visit } from './sign-in-rows.ts';
import { clock, DAY, HOUR, MINUTE, newSession, type World, whereabouts, workingTime } from './world.ts';

const WORK: readonly (readonly [number, App])[] = [
  [30, APPS.outlook],
  [15, APPS.office],
  [22, APPS.teams],
  [18, APPS.sharepoint],
  [9, APPS.timesheets],
  [4, APPS.azure],
  [2, APPS.myProfile],
];
const SCHOOLWORK: readonly (readonly [number, App])[] = [
  [30, APPS.office],
  [35, APPS.moodle],
  [15, APPS.teams],
  [15, APPS.outlook],
  [5, APPS.sharepoint],
];

/** The rows of going in with all that is asked for. Returns when it is done. */
function fullSignIn(world: World, at: number, visit: Visit, app: App): number {
  const { dice, book } = world;
  const { person } = visit;
  const later = clock(at);
  if (dice.chance(0.06))
    for (let left = dice.whole(1, 2); left > 0; left--) signIn(book, later(dice.between(4000, 20_000)), visit, { app, outcome: 'wrong' });
  if (person.methods.length === 0) {
    signIn(book, later(8000), visit, { app, outcome: 'single' });
    return later();
  }
  if (visit.client.managed && dice.chance(0.5)) {
    signIn(book, later(3000), visit, { app, outcome: 'hello' });
    return later();
  }
  const correlation = dice.guid();
  if (person.methods[0]?.kind === 'passkey') signIn(book, later(9000), visit, { app, outcome: 'passkey', correlation });
  else {
    if (dice.chance(0.8)) signIn(book, later(6000), visit, { app, outcome: 'challenge', correlation });
    if (dice.chance(0.012))
      signIn(book, later(40_000), visit, { app, outcome: dice.pick(['ignored', 'ignored', 'denied', 'wrongCode']), correlation });
    signIn(book, later(dice.between(7000, 45_000)), visit, { app, outcome: 'full', correlation });
    if (dice.chance(0.5)) signIn(book, later() + 1500, visit, { app, outcome: 'stay', correlation });
    if (dice.chance(0.6)) refreshApp(book, later() + 2000, person);
  }
  person.lastFullMs = later();
  return later();
}

/** Goes in as far as needed: mostly the token says enough. */
export function enter(
  world: World,
  at: number,
  person: Person,
  app: App,
  prefer?: 'laptop' | 'phone',
): { readonly visit: Visit; readonly at: number } {
  const { dice, habits, book } = world;
  const visit = whereabouts(world, person, at, prefer);
  const due =
    at - person.lastFullMs > habits.factorDays * DAY * dice.between(0.6, 1.4) || (visit.net.kind === 'lodging' && dice.chance(0.15));
  if (due || person.methods.length === 0) {
    const fresh = newSession(world, visit);
    return { visit: fresh, at: fullSignIn(world, at, fresh, app) };
  }
  if (dice.chance(0.03)) signIn(book, at - 2000, visit, { app, outcome: dice.pick(['challengeToken', 'expired']) });
  signIn(book, at, visit, { app, outcome: visit.client.managed && dice.chance(0.15) ? 'hello' : 'token' });
  return { visit, at };
}

export function oneDay(world: World, person: Person, midnight: number): void {
  const { dice, habits, book } = world;
  const noon = midnight + 12 * HOUR;
  if (noon < person.startsMs || noon > person.leavesMs) return;
  const free = [0, 6].includes(new Date(noon).getUTCDay());
  const apps = habits.name === 'school' ? SCHOOLWORK : WORK;
  // Somebody is ill or on holiday one day in ten.
  if (dice.chance(0.1)) return;
  for (let left = dice.poisson((person.pace / 2.2) * (free ? habits.weekend : 1)); left > 0; left--) {
    const started = workingTime(world, person, midnight);
    const { visit, at } = enter(world, started, person, dice.draw(apps));
    const later = clock(at);
    for (let more = dice.poisson(1.1); more > 0; more--)
      signIn(book, later(dice.between(1, 40) * MINUTE), visit, {
        app: dice.draw(apps),
        outcome: person.methods.length === 0 ? 'singleToken' : 'token',
      });
    for (let more = dice.poisson(0.8); more > 0; more--) {
      // Clients renew their tokens wherever they are by then.
      const moved =
        visit.client.kind === 'phone' && dice.chance(0.5) ? { ...visit, net: person.carrier, address: person.carrier.address() } : visit;
      signIn(book, later(dice.between(1, 60) * MINUTE), moved, {
        app: visit.client.kind === 'phone' ? APPS.mobile : APPS.teams,
        outcome: 'token',
        background: true,
      });
    }
  }
}
