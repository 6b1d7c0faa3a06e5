import { signIn } from './acts.ts';
import type { Book, Seat } from './book.ts';
import { register } from './changes.ts';
import { MINUTE } from './clock.ts';
import type { Course } from './courses.ts';
import type { Dice } from './dice.ts';
import { type Method, type Person, works } from './people.ts';
import { type Device, moment, type Place, seatOf, type When, type World } from './world.ts';

/** One thing that is planted about a person on a day. */
export interface Tale {
  readonly world: World;
  readonly book: Book;
  readonly dice: Dice;
  readonly person: Person;
  readonly day: number;
}

/** Rows of registrations that a tale wrote, and its last instant. */
export interface Told {
  readonly rows: readonly string[];
  readonly end: number;
}

/** So many hours into the person's work of the day. */
export const into = ({ world, person, day, dice }: Tale, from = 0.5, to = person.hours - 1): When =>
  moment(world, person, day, person.from + dice.between(from, to));

/** Where the person's work is done. */
export const workplace = ({ world, dice }: Tale): Place => (dice.chance(world.tenant.onSite) ? 'site' : 'home');

export const seat = ({ world, person }: Tale, when: When, place: Place, device: Device) => seatOf(world, person, when, place, device);

/** A method that the person does not have yet, as people add them. */
export function another({ dice, person }: Tale): Method {
  const wanted = dice.share([
    { share: 6, method: 'Authenticator App with Notification and Code' as const },
    { share: 3, method: 'Mobile Phone SMS' as const },
    { share: 1, method: 'Software OATH token' as const },
  ]).method;
  return person.methods.includes(wanted)
    ? dice.pick(['Authenticator App with Notification and Code', 'Mobile Phone SMS'] as const)
    : wanted;
}

/** Registers from a seat some minutes after an instant. */
export function enrol(tale: Tale, at: number, from: Seat, method: Method, more: { number?: string; first?: boolean } = {}): Told {
  const end = at + tale.dice.int(60, 420) * 1000;
  const rows = register(tale.book, { person: tale.person, at: end, seat: from, method, started: tale.dice.chance(0.4), ...more });
  return { rows, end: end + MINUTE };
}

/** Someone of the help desk, and where that one sits. */
export function helper({ world, dice }: Tale, when: When): { readonly actor: Person; readonly seat: Seat } {
  const admins = world.people.filter(({ admin }) => admin);
  const onDuty = admins.filter((one) => works(one, world.tenant, when.day));
  const actor = dice.pick(onDuty.length > 0 ? onDuty : admins);
  return { actor, seat: seatOf(world, actor, when, world.tenant.onSite > 0.5 ? 'site' : 'home', 'computer') };
}

/** Signs in at a seat of the person's own, then registers. */
export function plainly(tale: Tale, place: Place = workplace(tale), course: Course = 'both'): Told {
  const when = into(tale);
  const from = seat(tale, when, place, 'computer');
  return enrol(tale, signIn(tale.book, { person: tale.person, at: when.at, seat: from, app: 'My Signins', course }), from, another(tale));
}

/** As plainly, but by an address that is not where the person is. */
export function through(tale: Tale, disguise: (own: Seat) => Partial<Seat>): Told {
  const when = into(tale);
  const own = seat(tale, when, 'home', 'computer');
  const from = { ...own, ...disguise(own), session: tale.book.ids.guid() };
  return enrol(
    tale,
    signIn(tale.book, { person: tale.person, at: when.at, seat: from, app: 'My Signins', course: 'both' }),
    from,
    another(tale),
  );
}

/** Registers for the first time because the sign-in demands it. */
export function firstTime(tale: Tale, course: Course): Told {
  const when = into(tale, 0.2, 3);
  const from = seat(tale, when, workplace(tale), 'computer');
  const told = enrol(tale, signIn(tale.book, { person: tale.person, at: when.at, seat: from, course }), from, another(tale), {
    first: true,
  });
  signIn(tale.book, { person: tale.person, at: told.end, seat: from, course: 'both' });
  return told;
}
