import { signIn } from './acts.ts';
import { someAddress } from './addresses.ts';
import { ATTACKS, type Attack, isVictim } from './attacks.ts';
import type { Book } from './book.ts';
import { adminReset, clearSessions } from './changes.ts';
import { client, TOOLS } from './clients.ts';
import { DAY, HOUR } from './clock.ts';
import { type Dice, diceOf } from './dice.ts';
import { lair, spray } from './intruder.ts';
import { CAUSES, type Cause, isThere, suits } from './look-alikes.ts';
import { type Person, works } from './people.ts';
import { CITIES, HOSTING } from './places.ts';
import { helper } from './tale.ts';
import { DAYS } from './tenants.ts';
import { someone, type World } from './world.ts';

/** A day of work on which a person can be told about; undefined where a few tries find none. */
function freeDay({ tenant }: World, dice: Dice, person: Person, from: number, to: number): number | undefined {
  for (let tries = 0; tries < 12; tries++) {
    const day = dice.int(from, to);
    if (works(person, tenant, day)) return day;
  }
  return undefined;
}

function lookAlike(world: World, book: Book, dice: Dice, cause: Cause): void {
  const dayFor = (person: Person) => cause.day?.(person, { world, book, dice }) ?? freeDay(world, dice, person, 5, DAYS - 4);
  const person = someone(world, dice, (one) => suits(cause, one) && isThere(one, dayFor(one) ?? -2));
  let day = dayFor(person);
  for (let tries = 0; tries < 50 && (day === undefined || !isThere(person, day)); tries++) day = dayFor(person);
  if (day === undefined) return;
  const firstSignIn = book.signIns.length;
  const { rows, end } = cause.tell({ world, book, dice, person, day });
  const start = Math.min(...book.signIns.slice(firstSignIn).map(({ at }) => at), end);
  book.decoys.push({ kind: cause.kind, people: [person], start, end, rows });
}

/** Benign events that look like attacks; a cause that fits few people is told as often as it fits. */
export function plantLookAlikes(world: World, book: Book): void {
  for (const cause of CAUSES) {
    const dice = diceOf(`${world.seed}/cause/${cause.kind}`);
    const wanted = Math.round((cause.count * world.people.length) / 1000);
    const fitting = world.people.filter((person) => !world.taken.has(person) && suits(cause, person)).length;
    for (let i = 0; i < Math.min(wanted, Math.floor(fitting / 2)); i++) lookAlike(world, book, dice, cause);
  }
}

function attack(world: World, book: Book, dice: Dice, what: Attack, name: { readonly id: string; readonly isNear: boolean }): void {
  const isDrive = what.scenario === 'S12';
  const dayFor = (one: Person) =>
    isDrive ? 15 : one.kind === 'dormant' ? dice.int(14, 29) : freeDay(world, dice, one, what.scenario === 'S9' ? 22 : 12, DAYS - 6);
  const person = someone(world, dice, (one) => isVictim(what, one) && (!isDrive || works(one, world.tenant, 15)));
  const tale = { world, book, dice, person, day: dayFor(person) ?? 20 };
  const isNear = name.isNear || what.nearOnly === true;
  const place = lair(tale, isNear);
  const { victims = [person], registered, ...deed } = what.tell(tale, place, isNear);
  // The help desk hears of it in the end, for most.
  const heard = deed.end + Math.round(dice.between(0.5, 20) * HOUR);
  if (registered !== undefined && dice.chance(0.6)) {
    const desk = helper(tale, { at: heard, day: tale.day });
    for (const one of victims) adminReset(book, { person: one, at: heard, seat: desk.seat, actor: desk.actor });
    for (const one of victims) clearSessions(book, { person: one, at: heard + 60_000, seat: desk.seat, actor: desk.actor });
  }
  const variant = what.scenario === 'S11' ? 'mobile-near' : what.scenario === 'S10' ? `insider, ${place.name}` : place.name;
  book.incidents.push({ ...deed, id: name.id, scenario: what.scenario, variant, people: victims, registered });
}

/** One or two attacks of each kind, half of them near the victim; and sprays that open nothing. */
export function plantAttacks(world: World, book: Book): void {
  const dice = diceOf(`${world.seed}/attacks`);
  let isNear = dice.chance(0.5);
  for (const what of ATTACKS) {
    for (let i = dice.int(1, what.most); i > 0; i--) {
      const id = `${what.scenario}-${i}`.replaceAll(' ', '-');
      attack(world, book, dice.fork(id), what, { id, isNear });
      // Kinds that are always near stand on the one side already.
      if (what.nearOnly !== true) isNear = !isNear;
    }
  }
  for (let i = 1; i <= 2; i++) {
    const tale = { world, book, dice, person: world.people[0]!, day: dice.int(8, 30) };
    const start = world.start + tale.day * DAY + dice.int(0, 60_000) * 1000;
    const end = spray(tale, start, lair(tale, false), dice.int(60, 140));
    book.incidents.push({
      id: `spray-${i}`,
      scenario: 'spray without success',
      variant: 'hosting',
      people: [],
      start,
      end,
      registered: undefined,
      rows: [],
    });
  }
}

/** The world's guesses at single accounts, as every tenant has them every day. */
export function guesses(world: World, book: Book): void {
  for (let day = 0; day < DAYS; day++) {
    const dice = diceOf(`${world.seed}/guesses/${day}`);
    for (let i = dice.int(4, 30); i > 0; i--) {
      const { network } = dice.pick(HOSTING);
      const city = dice.pick(Object.values(CITIES));
      const seat = { point: someAddress(dice, network, city), client: client(dice, TOOLS), session: '' };
      const at = world.start + day * DAY + dice.int(0, 86_000) * 1000;
      signIn(book, {
        person: dice.pick(world.people),
        at,
        seat,
        app: 'Office 365 Exchange Online',
        course: dice.chance(0.85) ? 'wrong' : 'locked',
      });
    }
  }
}
