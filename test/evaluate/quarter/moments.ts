import { DAY, HOUR, localTime, MINUTE } from './cities.ts';
import type { Dice } from './dice.ts';
import type { Person } from './people.ts';
import type { World } from './world.ts';

/** When in a person's life something happens. */
export type Moment = 'work' | 'evening' | 'trip' | 'joined' | 'returned' | 'moved' | 'campaign' | 'cutover' | 'faulty';

const isHere = ({ from, to, leave }: Person, day: number) => day >= from && day < to && !(day >= leave.from && day < leave.to);

/** The time of a day at which it can happen (Unix ms), undefined where the day does not fit. */
type Finder = (world: World, person: Person, day: number, dice: Dice) => number | undefined;

const atWork: Finder = (world, person, day, dice) => {
  const { place, from, to } = world.plan(person, day);
  return place === 'off' || place === 'trip' ? undefined : dice.between(from + HOUR / 2, to - HOUR);
};

const atHome: Finder = (world, person, day, dice) => {
  const { place, to, city } = world.plan(person, day);
  if (place === 'trip') return undefined;
  const hour = localTime(city, world.start + day * DAY, dice.between(18.7, 22));
  return place === 'off' ? hour : Math.max(hour, to + 20 * MINUTE);
};

const onDays =
  (find: Finder, fits: (person: Person, day: number, world: World) => boolean): Finder =>
  (world, person, day, dice) =>
    fits(person, day, world) ? find(world, person, day, dice) : undefined;

/** The first working day after one: none may lie between. */
const firstDay = (world: World, person: Person, since: number, day: number): boolean => {
  for (let earlier = since; earlier < day; earlier++) if (world.plan(person, earlier).place !== 'off') return false;
  return true;
};

const campaignDay = (world: World) => world.dice.fork('campaign').int(9, 11) + 7;

const FINDERS: Readonly<Record<Moment, Finder>> = {
  work: atWork,
  evening: atHome,
  trip: (world, person, day, dice) => {
    const { place, from, to } = world.plan(person, day);
    return place === 'trip' ? dice.between(from, to) : undefined;
  },
  joined: onDays(
    (world, person, day) => (world.plan(person, day).place === 'off' ? undefined : world.plan(person, day).from + 10 * MINUTE),
    (person, day, world) => person.from > 0 && day >= person.from && firstDay(world, person, person.from, day),
  ),
  returned: onDays(
    (world, person, day) => (world.plan(person, day).place === 'off' ? undefined : world.plan(person, day).from + 5 * MINUTE),
    (person, day, world) => day >= person.leave.to && firstDay(world, person, person.leave.to, day),
  ),
  moved: onDays(atHome, ({ moves }, day) => moves !== undefined && day >= moves.day && day < moves.day + 6),
  campaign: onDays(atWork, (_person, day, world) => day >= campaignDay(world) && day < campaignDay(world) + 3),
  cutover: onDays(atWork, ({ site }, day) => site.cutover !== undefined && day >= site.cutover && day < site.cutover + 4),
  faulty: onDays(
    atHome,
    ({ home: { fault }, moves }, day) => fault !== undefined && moves === undefined && day >= fault.from && day < fault.to,
  ),
};

/** A day that fits, of those from the fifth on, and the time on it. */
export function findMoment(
  world: World,
  person: Person,
  moment: Moment,
  dice: Dice,
): { readonly day: number; readonly at: number } | undefined {
  const days = dice.sample(
    [...Array(world.days - 6).keys()].map((day) => day + 5),
    world.days,
  );
  for (const day of days) {
    if (!isHere(person, day)) continue;
    const at = FINDERS[moment](world, person, day, dice);
    if (at !== undefined) return { day, at };
  }
  return undefined;
}
