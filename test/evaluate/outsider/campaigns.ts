import { audit } from './audit-rows.ts';
import { enrol, happen, LIFE, trip } from './life.ts';
import { addMethod } from './methods.ts';
import { newPerson, type Person } from './people.ts';
import { sharedNet, towns } from './places.ts';
import { APPS, signIn } from './sign-in-rows.ts';
import type { Habits } from './tenants.ts';
import { DAY, HOUR, MINUTE, type World, workingTime } from './world.ts';

type Campaign = (world: World, day: number) => void;

const midnight = (world: World, day: number) => world.book.startMs + day * DAY;
const members = (world: World) => world.people.filter(({ guest }) => !guest);

/** Things that the whole tenant does at a time. */
export const CAMPAIGNS: Readonly<Record<Habits['campaigns'][number], Campaign>> = {
  /** A class enrols in one lesson: thirty registrations within the hour from the school's line. */
  'enrolment-burst': (world, day) => {
    const { dice } = world;
    const start = midnight(world, day) + (15 + dice.whole(0, 3)) * HOUR;
    const office = dice.pick(world.offices);
    const bare = dice
      .shuffled(members(world).filter(({ methods, office: line }) => methods.length === 0 && line !== undefined))
      .slice(0, dice.whole(18, 32));
    for (const person of bare) {
      const at = start + dice.between(0, 50) * MINUTE;
      world.plans.push({
        at,
        run: () => happen(world, 'enrolment-burst', at, person, (here, when, who) => atOffice(here, when, who, office)),
      });
    }
  },
  'vpn-rollout': (world, day) => {
    const { dice } = world;
    for (const person of members(world))
      if (dice.chance(0.25)) person.egressFromMs = Math.min(person.egressFromMs, midnight(world, day) + dice.between(0, 5) * DAY);
    const people = members(world).filter(({ egressFromMs }) => egressFromMs > 0 && egressFromMs < Number.POSITIVE_INFINITY);
    world.decoys.push({
      kind: 'vpn-rollout',
      user_ids: people.map(({ id }) => id),
      upns: [],
      start: new Date(midnight(world, day)).toISOString(),
      end: new Date(midnight(world, day + 8)).toISOString(),
      registration_event_ids: [],
    });
  },
  /** Another company's network takes over two offices' lines. */
  'egress-change': (world, day) => {
    const { dice } = world;
    const at = midnight(world, day) + 5 * HOUR;
    const bought = sharedNet(dice, 'office', 702, dice.pick(towns(world.habits.countries[0]![1])), 6);
    const lines = dice.shuffled(world.offices).slice(0, 2);
    const people = members(world).filter(({ office }) => office !== undefined && lines.includes(office));
    world.plans.push({
      at,
      run: () => {
        for (const person of people) person.office = bought;
      },
    });
    world.decoys.push({
      kind: 'egress-change',
      user_ids: people.map(({ id }) => id),
      upns: [],
      start: new Date(at).toISOString(),
      end: new Date(at + 7 * DAY).toISOString(),
      registration_event_ids: [],
    });
  },
  'new-phone-week': (world, day) => {
    const { dice } = world;
    const run = LIFE.find(({ kind }) => kind === 'new-phone')!.run;
    for (const person of dice.shuffled(members(world)).slice(0, Math.ceil(world.people.length * 0.025))) {
      const at = workingTime(world, person, midnight(world, day + dice.whole(0, 4)));
      world.plans.push({ at, run: () => happen(world, 'new-phone-week', at, person, run) });
    }
  },
  conference: (world, day) => {
    const { dice } = world;
    const where = dice.draw(world.habits.abroad);
    for (const person of dice.shuffled(members(world)).slice(0, Math.ceil(world.people.length * 0.06)))
      world.plans.push(trip(world, person, midnight(world, day) + dice.between(-10, 20) * HOUR, where));
  },
  'passkey-drive': (world, day) => {
    const { dice } = world;
    const run = LIFE.find(({ kind }) => kind === 'passkey-added')!.run;
    for (const person of dice.shuffled(members(world)).slice(0, Math.ceil(world.people.length * 0.06))) {
      const at = workingTime(world, person, midnight(world, day + dice.whole(0, 11)));
      world.plans.push({ at, run: () => happen(world, 'passkey-drive', at, person, run) });
    }
  },
};

function atOffice(world: World, at: number, person: Person, office: World['offices'][number]): { ids: string[]; until: number } {
  const { dice, book } = world;
  const visit = {
    person,
    net: office,
    address: office.address(),
    client: dice.chance(0.6) && world.labs.length > 0 ? dice.pick(world.labs) : person.phone,
    session: dice.guid(),
  };
  signIn(book, at, visit, { app: APPS.office, outcome: dice.pick(['enrol', 'enrolNow']) });
  const ids = addMethod(
    book,
    at + dice.between(60_000, 400_000),
    { person, address: visit.address },
    { kind: 'app', holder: person.token },
  );
  signIn(book, at + 420_000, visit, { app: APPS.office, outcome: 'full' });
  return { ids, until: at + 420_000 };
}

/** People who start, a few on the first of the month, each enrolling on the first or second day. */
export function planJoiners(world: World): void {
  const { dice, habits, book } = world;
  const days = (book.endMs - book.startMs) / DAY;
  for (let left = Math.ceil(world.people.length * habits.joiners); left > 0; left--) {
    const day = dice.chance(0.5) ? 14 : dice.whole(1, days - 3);
    const made = midnight(world, day) - dice.between(0.2, 6) * DAY;
    const person = newPerson(dice, habits, world.people.length, world.offices, { createdMs: made });
    person.methods = [];
    world.people.push(person);
    const first = workingTime(world, person, midnight(world, day));
    person.startsMs = first - HOUR;
    world.plans.push({
      at: Math.max(made, book.startMs),
      run: (at) =>
        audit(book, at, {
          operation: 'Add user',
          service: 'Core Directory',
          type: 'Add',
          actor: dice.chance(0.7) ? 'HR provisioning' : world.people[0]!,
          target: person,
        }),
    });
    world.plans.push({ at: first, run: () => happen(world, 'onboarding', first, person, enrol) });
  }
}

/** Families and administrators: one phone for two accounts, and nothing wrong with it. */
export function planPairs(world: World): void {
  const { dice } = world;
  for (let left = world.habits.name === 'consultancy' ? 1 : 2; left > 0; left--) {
    const [one, two] = dice.shuffled(members(world).filter(({ office }) => office !== undefined)) as [Person, Person];
    const at = workingTime(world, two, midnight(world, dice.whole(3, 30)));
    world.plans.push({
      at,
      run: () =>
        happen(world, 'shared-phone', at, two, (here, when, who) => {
          const visit = { person: who, net: who.home, address: who.home.address(), client: who.phone, session: dice.guid() };
          signIn(here.book, when, visit, { app: APPS.myMethods, outcome: who.methods.length === 0 ? 'single' : 'full' });
          return {
            ids: addMethod(here.book, when + 90_000, { person: who, address: visit.address }, { kind: 'sms', holder: one.number }),
            until: when + 90_000,
          };
        }),
    });
  }
}
