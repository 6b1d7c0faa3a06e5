import type { Attack } from './attack.ts';
import type { Nearness } from './attacker.ts';
import { ATTACKS_BY_PASSWORD } from './attacks-by-password.ts';
import { ATTACKS_BY_PEOPLE } from './attacks-by-people.ts';
import { Case } from './cases.ts';
import type { Dice } from './dice.ts';
import { onePhone } from './one-phone.ts';
import type { Person } from './people.ts';
import { findScene } from './scenes.ts';
import { DAY, HOUR, type World } from './world.ts';

const ATTACKS: readonly Attack[] = [...ATTACKS_BY_PASSWORD, ...ATTACKS_BY_PEOPLE];
const SIDES: readonly Nearness[] = ['near', 'far'];

/** Attacks that need the victim's hand or computer begin while the victim works. */
const WHILE_WORKING: ReadonlySet<string> = new Set(['S2', 'S10', 'S13']);

function victimOf(
  world: World,
  { scenario, who, days = [8, world.kind.days - 8], alwaysNear = false }: Attack,
  dice: Dice,
): { readonly person: Person; readonly time: number } | undefined {
  if (scenario === 'S6') {
    const unused = world.people.filter((person) => who(person) && !person.taken);
    if (unused.length === 0) return undefined;
    const person = dice.pick(unused);
    person.taken = true;
    return { person, time: Math.round(world.start + dice.between(...(days as [number, number])) * DAY) };
  }
  const needsVictim = WHILE_WORKING.has(scenario);
  const scene = findScene(world, dice, {
    who,
    days,
    where: (stay) => !needsVictim || (stay.working && (!alwaysNear || stay.link.kind === 'office')),
  });
  if (scene === undefined) return undefined;
  return { person: scene.person, time: scene.time + (needsVictim ? 0 : Math.round(dice.between(-5, 5) * HOUR)) };
}

function planOne(world: World, attack: Attack, nearness: Nearness, dice: Dice): (() => void) | undefined {
  const chosen = victimOf(world, attack, dice);
  if (chosen === undefined) return undefined;
  const { person: victim, time } = chosen;
  const label = new Case(victim);
  victim.agenda.push({ time, act: () => attack.act({ world, victim, time, nearness, dice, label }) });
  const side = attack.alwaysNear === true ? 'near' : nearness;
  return () => label.closeAsIncident(world.book, attack.scenario, `${side}: ${attack.name}`);
}

/** Two takeovers of each scenario, one from near the victim; gives what closes the labels. */
export function planTakeovers(world: World): readonly (() => void)[] {
  const dice = world.dice.fork('takeovers');
  const single = ATTACKS.flatMap((attack) => SIDES.map((side) => planOne(world, attack, side, dice.fork(`${attack.scenario} ${side}`))));
  return [...single, ...SIDES.map((side) => onePhone(world, dice.fork(`S7 ${side}`), side))].filter((closing) => closing !== undefined);
}
