import { ATTACKS, type AttackRow, type Base, type Tool } from './attack-rows.ts';
import { spray } from './benign.ts';
import { CITIES, DAY, HOUR, localTime, MINUTE } from './cities.ts';
import { type Device, makeDevice } from './devices.ts';
import type { Dice } from './dice.ts';
import type { Incident } from './labels.ts';
import { type Link, newLink, tunnel } from './links.ts';
import { tokenOf } from './methods.ts';
import type { Person } from './people.ts';
import { sessionOf } from './routine.ts';
import { play, type Stage } from './scene.ts';
import { signIn } from './sign-in.ts';
import { networkAt, throughTunnel, type World } from './world.ts';

const RENTED = ['amsterdam', 'frankfurt', 'newyork', 'warsaw', 'london', 'paris'] as const;

const BASES: Readonly<Record<Base, (dice: Dice, victim: Person, desk: Link) => Link>> = {
  'near-resident': (dice, { city }) => newLink(dice, city, 'home'),
  'near-mobile': (dice, { city }) => newLink(dice, city, 'mobile'),
  'near-office': (_dice, _victim, desk) => desk,
  vps: (dice) => newLink(dice, CITIES[dice.pick(RENTED)], 'hosting'),
  vpn: (dice, { city }) => tunnel(dice, city, 'vpn'),
  'abroad-home': (dice) => newLink(dice, CITIES[dice.pick(['lagos', 'bangalore', 'newyork'] as const)], 'home'),
};

const TOOLS: Readonly<Record<Tool, (dice: Dice, victim: Person, colleague: Person) => Device>> = {
  kit: (dice) => makeDevice(dice, 'kit'),
  // The browser of a stolen profile: the same family, unknown to the directory.
  lookalike: (dice, { computer }) => makeDevice(dice, computer.kind.startsWith('mac') ? 'macOwn' : dice.chance(0.7) ? 'winOwn' : 'macOwn'),
  victims: (_dice, { computer }) => computer,
  colleagues: (_dice, _victim, { computer }) => computer,
  phone: (dice) => makeDevice(dice, dice.chance(0.5) ? 'android' : 'iphone'),
};

/** A day at which it can be, with room before for what the account was like and after for what comes of it. */
function timeOf(world: World, row: AttackRow, victim: Person, dice: Dice): { readonly day: number; readonly at: number } | undefined {
  const latest = row.scenario === 'S9' ? 18 : world.days - 3;
  const earliest = row.scenario === 'S9' ? 9 : 12;
  const isInside = row.tool === 'victims' || row.tool === 'colleagues';
  for (let attempt = 0; attempt < 30; attempt++) {
    const day = dice.int(earliest, latest);
    const { place, from, to, city } = world.plan(victim, day);
    if (day < victim.from || day >= victim.to) continue;
    if (row.hours === 'any') return { day, at: localTime(city, world.start + day * DAY, dice.between(0.5, 23.3)) };
    if (place === 'off' || (isInside && place !== 'office')) continue;
    return { day, at: dice.between(from + HOUR, to - HOUR) };
  }
  return undefined;
}

interface Cast {
  readonly base: Base;
  readonly victims: readonly Person[];
  readonly colleague: Person;
}

function strike(world: World, row: AttackRow, { base, victims, colleague }: Cast, dice: Dice): Incident | undefined {
  const [leader] = victims;
  const moment = leader === undefined ? undefined : timeOf(world, row, leader, dice);
  if (leader === undefined || moment === undefined) return undefined;
  const { day, at } = moment;
  const insider = row.tool === 'victims' ? leader : colleague;
  const desk = throughTunnel(world, insider, networkAt(world, leader, day, at), dice);
  const link = BASES[base](dice, leader, desk);
  const method = dice.weighted(row.methods);
  const token = tokenOf(dice, method, leader.city.country);
  const device = TOOLS[row.tool](dice, leader, colleague);
  let start = at;
  if (row.sprayed !== undefined) {
    start = at - dice.between(1, 6) * HOUR;
    spread(world, dice, dice.sample(world.people, dice.int(...row.sprayed)), start, link);
  }
  const stages = victims.map((person, index): Stage => {
    // A proxy is bought for each session; rented machines stay.
    const next = base === 'near-office' ? colleague.home : dice.chance(0.6) ? BASES[base](dice, person, desk) : link;
    const session = row.tool === 'victims' ? sessionOf(world, person, 'computer', at) : dice.guid();
    const stage: Stage = {
      world,
      dice,
      person,
      device,
      link,
      next,
      session,
      method,
      token,
      now: at + index * dice.between(4, 40) * MINUTE,
      registered: [],
      registeredAt: Number.NaN,
    };
    if (row.isDormant === true) world.quiet.set(person.id, Number.POSITIVE_INFINITY);
    play(
      stage,
      row.steps.map(
        ([name, count]) => [name, count === undefined || count < 4 ? (count ?? 1) : dice.int(Math.ceil(count / 2), count * 2)] as const,
      ),
    );
    return stage;
  });
  for (const stage of stages) if (row.fails !== true && dice.chance(0.4)) recover(stage);
  return {
    scenario: row.scenario,
    variant: `${base} ${row.variant}`,
    people: victims,
    start,
    end: Math.max(...stages.map(({ now }) => now)),
    registeredAt: Math.min(...stages.map(({ registeredAt }) => registeredAt)),
    registrationIds: stages.flatMap(({ registered }) => registered),
    mustDetect: row.fails !== true,
  };
}

/** The password attempts that an opened account was found by, from the intruder's own base. */
function spread(world: World, dice: Dice, people: readonly Person[], at: number, link: Link): void {
  const device = makeDevice(dice, 'kit');
  for (const [index, person] of people.entries()) {
    signIn(world, dice, {
      at: at + index * dice.int(5, 60) * 1000,
      person,
      device,
      link,
      app: 'home',
      outcome: 'wrongPassword',
      session: '',
    });
  }
}

/** The owner or the help desk notices: what was registered goes, the password is another. */
function recover(stage: Stage): void {
  const later: Stage = { ...stage, now: stage.now + stage.dice.between(5, 40) * HOUR, registered: [] };
  play(later, [['adminReset'], ['adminDelete']]);
}

/** The takeovers of a tenant: one of each scenario near the victim and one from afar, where both exist, and sprays that open nothing. */
export function planAttacks(world: World, share: number, taken: Set<string>): readonly Incident[] {
  const incidents: Incident[] = [];
  for (const row of ATTACKS) {
    for (const base of row.bases) {
      const dice = world.dice.fork(`attack-${row.scenario}-${row.variant}-${base}`);
      if (share < 1 && !dice.chance(Math.sqrt(share))) continue;
      const count = dice.int(...row.victims);
      for (let attempt = 0; attempt < 40; attempt++) {
        const free = world.people.filter((person) => !taken.has(person.id) && row.who(person));
        const victims = dice.sample(free, count);
        const [leader] = victims;
        if (leader === undefined) break;
        const others = world.people.filter(
          ({ id, site, computer }) => id !== leader.id && site.city === leader.site.city && computer.id !== '',
        );
        const incident = strike(world, row, { base, victims, colleague: dice.pick(others) }, dice);
        if (incident === undefined) continue;
        for (const { id } of victims) taken.add(id);
        incidents.push(incident);
        break;
      }
    }
  }
  return [...incidents, ...vainSprays(world)];
}

function vainSprays(world: World): readonly Incident[] {
  return Array.from({ length: 3 }, (_, index): Incident => {
    const dice = world.dice.fork(`vain-spray-${index}`);
    const start = world.start + dice.between(6, world.days - 2) * DAY;
    const end = spray(world, dice, dice.sample(world.people, dice.int(40, 160)), start);
    return {
      scenario: 'resisted',
      variant: 'spray',
      people: [],
      start,
      end,
      registeredAt: Number.NaN,
      registrationIds: [],
      mustDetect: false,
    };
  });
}
