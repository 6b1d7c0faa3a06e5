import { signIn } from './acts.ts';
import { someAddress } from './addresses.ts';
import { adminReset, newDefault, pass, register, removal, selfReset } from './changes.ts';
import { COMPUTERS, client, PHONES } from './clients.ts';
import { DAY, HOUR, MINUTE } from './clock.ts';
import { burner, enter, type Lair, plunder, sameClient, spray } from './intruder.ts';
import { hasMethods, type Person } from './people.ts';
import { COUNTRIES } from './places.ts';
import { enrol, helper, into, seat, type Tale } from './tale.ts';
import { moment, someone } from './world.ts';

/** What an attack left in the logs; rows are those of its registrations. */
export interface Deed {
  readonly start: number;
  readonly end: number;
  readonly registered: number | undefined;
  readonly rows: readonly string[];
  readonly victims?: readonly Person[];
}

const APP = 'Authenticator App with Notification and Code';

/** An hour at which the attacker is at work: near the victim by the victim's day, else at any. */
const hour = ({ world, person, day, dice }: Tale, isNear: boolean) =>
  moment(world, person, day, isNear ? dice.between(8, 23) : dice.between(0, 24)).at;

/** Registers at the lair and stays for a while. */
function settle(
  tale: Tale,
  at: number,
  place: Lair,
  method: Parameters<typeof enrol>[3],
  more: Parameters<typeof enrol>[4] = {},
): Omit<Deed, 'start'> {
  const { rows, end } = enrol(tale, at, place.seat(), method, more);
  return { rows, registered: end - MINUTE, end: plunder(tale, end, place) };
}

export function sprayed(tale: Tale, place: Lair, isNear: boolean): Deed {
  const start = hour(tale, false);
  const found = spray(tale, start, place, tale.dice.int(15, 45));
  const inside = enter(tale, found + MINUTE, place.seat(), 'must enrol');
  return { start, ...settle(tale, inside, place, 'Mobile Phone SMS', { number: burner(tale, isNear), first: true }) };
}

/** The victim signs in through the kit; its session is used from elsewhere within minutes. */
export function phished(tale: Tale, place: Lair): Deed {
  const start = into(tale).at;
  const stolen = { ...place.seat(), session: tale.book.ids.guid() };
  const taken = enter(tale, start, sameClient(tale.person.computer, stolen), 'both');
  const own: Lair = { ...place, seat: () => ({ ...place.seat(), session: stolen.session }) };
  const replay = enter(tale, taken + tale.dice.int(2, 45) * MINUTE, own.seat(), 'remembered', 'My Signins');
  return { start, ...settle(tale, replay, own, APP) };
}

/** Password and code were had from the victim by phone; the attacker says to be the victim's browser. */
export function targeted(tale: Tale, place: Lair): Deed {
  const start = hour(tale, true);
  const like: Lair = { ...place, seat: () => sameClient(tale.person.computer, place.seat()) };
  const inside = enter(tale, start, like.seat(), 'both', 'My Signins');
  return { start, ...settle(tale, inside, like, tale.dice.pick([APP, 'Software OATH token'] as const)) };
}

export function fatigue(tale: Tale, place: Lair): Deed {
  const { dice } = tale;
  const start = moment(tale.world, tale.person, tale.day, tale.person.from + tale.person.hours + dice.between(3, 8)).at;
  let at = start;
  for (let i = dice.int(4, 18); i > 0; i--)
    at = enter(tale, at, place.seat(), dice.chance(0.7) ? 'declined' : 'missed') + dice.int(20, 240) * 1000;
  return { start, ...settle(tale, enter(tale, at, place.seat(), 'both', 'My Signins'), place, APP) };
}

/** The help desk believes the caller: a new password, a pass, and the old method is taken away. */
export function called(tale: Tale, place: Lair): Deed {
  const { book, person, dice } = tale;
  const when = into(tale);
  const desk = helper(tale, when);
  adminReset(book, { person, at: when.at, seat: desk.seat, actor: desk.actor });
  const given = pass(book, { person, at: when.at + 3 * MINUTE, seat: desk.seat, actor: desk.actor });
  const gone = dice.chance(0.5)
    ? [removal(book, { person, at: when.at + 4 * MINUTE, seat: desk.seat, method: person.methods[0]!, actor: desk.actor })]
    : [];
  const inside = enter(tale, when.at + dice.int(5, 20) * MINUTE, place.seat(), 'password', 'My Signins');
  const deed = settle(tale, inside, place, APP);
  return { start: when.at, ...deed, rows: [given, ...gone, ...deed.rows] };
}

export function awakened(tale: Tale, place: Lair, isNear: boolean): Deed {
  const start = hour(tale, isNear);
  const tried = tale.dice.chance(0.5) ? enter(tale, start, place.seat(), 'wrong') + HOUR : start;
  return {
    start,
    ...settle(tale, enter(tale, tried, place.seat(), 'must enrol, by policy'), place, 'Mobile Phone SMS', {
      number: burner(tale, isNear),
      first: true,
    }),
  };
}

/** One phone becomes the second factor of several accounts. */
export function massed(tale: Tale, place: Lair, isNear: boolean): Deed {
  const { world, dice, person } = tale;
  const start = hour(tale, isNear);
  const number = burner(tale, isNear);
  const victims = [
    person,
    ...Array.from({ length: dice.int(4, 7) }, () => someone(world, dice, (other) => hasMethods(other) && other.city === person.city)),
  ];
  let at = start;
  const parts = victims.map((victim) => {
    const one = { ...tale, person: victim };
    const inside = enter(one, at, { ...place.seat(), session: tale.book.ids.guid() }, dice.chance(0.5) ? 'both' : 'must enrol, by policy');
    const told = enrol(one, inside, place.seat(), 'Mobile Phone SMS', { number });
    at = told.end + dice.int(3, 50) * MINUTE;
    return told;
  });
  return { start, end: at, registered: parts[0]!.end - MINUTE, rows: parts.flatMap(({ rows }) => rows), victims };
}

/** The victim's methods go, so that the victim cannot come back. */
export function lockedOut(tale: Tale, place: Lair): Deed {
  const { book, person, dice } = tale;
  const start = hour(tale, true);
  const inside = enter(tale, start, place.seat(), 'both', 'My Signins');
  const { rows, end } = enrol(tale, inside, place.seat(), APP);
  const from = place.seat();
  const chosen = newDefault(book, { person, at: end, seat: from, method: APP });
  const gone = person.methods.map((method, i) => removal(book, { person, at: end + (i + 1) * MINUTE, seat: from, method }));
  if (dice.chance(0.5)) selfReset(book, { person, at: end + 6 * MINUTE, seat: from });
  return { start, rows: [...rows, chosen, ...gone], registered: end - MINUTE, end: plunder(tale, end + 10 * MINUTE, place) };
}

/** A quiet visit every day or two, for two weeks, before anything is registered. */
export function patient(tale: Tale, place: Lair): Deed {
  const { dice } = tale;
  const last = hour(tale, true);
  const start = last - 14 * DAY;
  const session = place.seat();
  const steady: Lair = { ...place, seat: () => session };
  for (let day = 0; day < 14; day += dice.int(1, 2))
    enter(
      tale,
      start + day * DAY + dice.int(0, 7200) * 1000,
      steady.seat(),
      day === 0 ? 'both' : 'remembered',
      'Office 365 Exchange Online',
    );
  return { start, ...settle(tale, enter(tale, last, steady.seat(), 'remembered', 'My Signins'), steady, APP) };
}

/** At a colleague's unlocked computer; used afterwards from the insider's own home and phone. */
export function insider(tale: Tale, place: Lair): Deed {
  const { book, person, dice, world } = tale;
  const when = into(tale, 2, 6);
  const { body: _, ...unlocked } = seat(tale, when, world.tenant.onSite > 0.5 ? 'site' : 'home', 'computer');
  const inside = signIn(book, { person, at: when.at, seat: unlocked, app: 'My Signins', course: 'remembered' });
  const registered = inside + dice.int(40, 200) * 1000;
  const rows = register(book, { person, at: registered, seat: unlocked, method: 'Mobile Phone SMS', number: burner(tale, true) });
  return { start: when.at, rows, registered, end: plunder(tale, registered + 5 * HOUR, place) };
}

/** The number was ported: codes reach the attacker, who resets the password and moves in. */
export function ported(tale: Tale): Deed {
  const { book, person, dice } = tale;
  const start = hour(tale, true);
  const own = {
    point: someAddress(dice, dice.pick(COUNTRIES[person.city.country]!.carriers), person.city, 300),
    client: client(dice, PHONES),
    session: book.ids.guid(),
  };
  const phone: Lair = { name: 'mobile-near', seat: () => own };
  const tried = enter(tale, start, own, 'wrong');
  const done = selfReset(book, { person, at: tried + 2 * MINUTE, seat: own });
  return { start, ...settle(tale, enter(tale, done + MINUTE, own, 'both', 'My Signins'), phone, APP) };
}

/** On the day on which everybody has to register. */
export function hidden(tale: Tale, place: Lair, isNear: boolean): Deed {
  const start = into(tale, 0.2, 5).at;
  const inside = enter(tale, start, place.seat(), 'must enrol, by policy');
  return { start, ...settle(tale, inside, place, isNear ? APP : 'Mobile Phone SMS', { number: burner(tale, isNear), first: true }) };
}

/** A stolen session reads mail and registers nothing. */
export function replayed(tale: Tale, place: Lair): Deed {
  const when = into(tale);
  const { session } = seat(tale, when, 'home', 'computer');
  const like: Lair = { ...place, seat: () => ({ ...place.seat(), client: client(tale.dice, COMPUTERS.slice(1, 2)), session }) };
  return { start: when.at, end: plunder(tale, when.at - HOUR, like, 'remembered'), registered: undefined, rows: [] };
}
