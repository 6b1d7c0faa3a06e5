import { signIn } from './acts.ts';
import { someAddress } from './addresses.ts';
import { adminReset, audit, newDefault, pass, register, removal, selfReset } from './changes.ts';
import { COMPUTERS, client, PHONES } from './clients.ts';
import { MINUTE } from './clock.ts';
import { diceOf } from './dice.ts';
import { CONSUMER_VPN, COUNTRIES } from './places.ts';
import { another, enrol, helper, into, plainly, seat, type Tale, type Told, workplace } from './tale.ts';
import { moment } from './world.ts';

export function newPhone(tale: Tale): Told {
  const { world, book, dice, person, day } = tale;
  world.renewals.set(person, { day, phone: client(dice, PHONES) });
  const when = into(tale, -0.5, person.hours + 3);
  const place = dice.pick(['home', 'mobile'] as const);
  const from = seat(tale, when, place, dice.chance(0.6) ? 'phone' : 'computer');
  const told = enrol(
    tale,
    signIn(book, { person, at: when.at, seat: from, app: 'My Signins', course: 'both' }),
    from,
    'Authenticator App with Notification and Code',
  );
  const at = told.end + dice.int(1, 90) * MINUTE;
  return dice.chance(0.6) ? { rows: [...told.rows, removal(book, { person, at, seat: from, method: person.methods[0]! })], end: at } : told;
}

export function helpDesk(tale: Tale): Told {
  const { book, dice, person } = tale;
  const when = into(tale, 0.2, 4);
  const from = seat(tale, when, workplace(tale), 'computer');
  const lost = signIn(book, { person, at: when.at, seat: from, course: dice.pick(['forgotten', 'missed'] as const) });
  const desk = helper(tale, when);
  const at = lost + dice.int(8, 70) * MINUTE;
  if (dice.chance(0.5)) adminReset(book, { person, at: at - MINUTE, seat: desk.seat, actor: desk.actor });
  const given = pass(book, { person, at, seat: desk.seat, actor: desk.actor });
  const gone = removal(book, { person, at: at + MINUTE, seat: desk.seat, method: person.methods[0]!, actor: desk.actor });
  const back = signIn(book, { person, at: at + dice.int(3, 25) * MINUTE, seat: from, course: 'password' });
  const told = enrol(tale, back, from, another(tale));
  return { rows: [given, gone, ...told.rows], end: told.end };
}

export function newNumber(tale: Tale): Told {
  const { book, dice, person } = tale;
  const when = into(tale, 0, person.hours + 2);
  const from = seat(tale, when, 'home', 'phone');
  const told = enrol(tale, signIn(book, { person, at: when.at, seat: from, app: 'My Signins', course: 'both' }), from, 'Mobile Phone SMS', {
    number: `${person.phoneNumber.slice(0, 4)}${dice.int(1_000_000, 9_999_999)}`,
  });
  const chosen = newDefault(book, { person, at: told.end, seat: from, method: 'Mobile Phone SMS' });
  return {
    rows: [...told.rows, chosen, removal(book, { person, at: told.end + MINUTE, seat: from, method: 'Mobile Phone SMS' })],
    end: told.end + MINUTE,
  };
}

export function forgotten(tale: Tale): Told {
  const { book, person } = tale;
  const when = into(tale, -1, 6);
  const from = seat(tale, when, 'home', 'other');
  const done = selfReset(book, {
    person,
    at: signIn(book, { person, at: when.at, seat: from, course: 'forgotten' }) + 2 * MINUTE,
    seat: from,
  });
  return enrol(tale, signIn(book, { person, at: done + MINUTE, seat: from, app: 'My Signins', course: 'both' }), from, 'Email');
}

export function fumbled(tale: Tale): Told {
  const { book, dice, person } = tale;
  const when = into(tale);
  const from = seat(tale, when, 'home', 'computer');
  let at = when.at;
  for (let i = dice.int(2, 5); i > 0; i--) at = signIn(book, { person, at, seat: from, course: 'declined' }) + dice.int(20, 200) * 1000;
  return enrol(tale, signIn(book, { person, at, seat: from, app: 'My Signins', course: 'both' }), from, 'Software OATH token');
}

export function cancelled(tale: Tale): Told {
  const { book, person } = tale;
  const when = into(tale);
  const from = seat(tale, when, workplace(tale), 'computer');
  const at = signIn(book, { person, at: when.at, seat: from, course: 'must enrol' }) + MINUTE;
  const common = { actor: person, target: person, ip: from.point.ip, correlation: book.ids.guid(), operation: 'Add' } as const;
  const began = audit(book, {
    ...common,
    at,
    activity: 'User started security info registration',
    reason: 'User started the registration for Mobile Phone SMS',
  });
  const reason = 'User canceled security info registration.';
  return {
    rows: [
      began,
      audit(book, { ...common, at: at + MINUTE, activity: 'User canceled security info registration', reason, result: 'failure' }),
    ],
    end: at + MINUTE,
  };
}

/** The number of somebody at home, or of the assistant, is the second factor of two. */
export function sharedNumber(tale: Tale): Told {
  const { world, book, dice, person } = tale;
  const when = into(tale);
  const from = seat(tale, when, workplace(tale), 'computer');
  const number = world.people.find((other) => other !== person && other.city === person.city)!.phoneNumber;
  const at = signIn(book, { person, at: when.at, seat: from, app: 'My Signins', course: 'both' }) + dice.int(1, 5) * MINUTE;
  return { rows: register(book, { person, at, seat: from, method: 'Mobile Phone SMS', number }), end: at + MINUTE };
}

/** A night at which two networks at the ends of the world are used by turns; nothing is registered. */
export function flips(tale: Tale): Told {
  const { book, dice, person } = tale;
  let { at } = into(tale, 0, 2);
  for (let i = dice.int(3, 6); i > 0; i--) {
    const { network, city } = CONSUMER_VPN[i % 2]!;
    const own = seat(tale, { at, day: tale.day }, 'home', 'other');
    at =
      signIn(book, { person, at, seat: { ...own, point: someAddress(dice, network, city, 200) }, course: 'both' }) +
      dice.int(5, 40) * MINUTE;
  }
  return { rows: [], end: at };
}

export function byDesk(tale: Tale): Told {
  const { world, book, dice, person } = tale;
  const when = into(tale);
  const own = seat(tale, when, 'site', 'computer');
  const counter = client(diceOf(`${world.seed}/counter/${person.city.name}`), COMPUTERS.slice(0, 1), 'Azure AD joined');
  const from = { ...own, client: counter, session: book.ids.guid() };
  return enrol(
    tale,
    signIn(book, { person, at: when.at, seat: from, course: dice.pick(['both', 'must enrol, by policy'] as const) }),
    from,
    another(tale),
  );
}

export function cleanUp(tale: Tale): Told {
  const when = into(tale);
  const { actor, seat: from } = helper(tale, when);
  return {
    rows: [removal(tale.book, { person: tale.person, at: when.at, seat: from, method: tale.person.methods.at(-1)!, actor })],
    end: when.at,
  };
}

export function moved(tale: Tale): Told {
  const { world, dice, person, day } = tale;
  const others = COUNTRIES[person.city.country]!.isps.filter((isp) => isp !== person.isp);
  world.renewals.set(person, { day: day - 2, isp: dice.pick(others.length > 0 ? others : [person.isp]) });
  return plainly(tale, 'home');
}

export function newComputer(tale: Tale): Told {
  tale.world.renewals.set(tale.person, { day: tale.day, computer: client(tale.dice, COMPUTERS, 'Azure AD joined') });
  const when = into(tale);
  const from = seat(tale, when, workplace(tale), 'computer');
  return enrol(
    tale,
    signIn(tale.book, { person: tale.person, at: when.at, seat: from, app: 'My Signins', course: 'both, stay signed in' }),
    from,
    'Fido',
  );
}

export function atNight(tale: Tale): Told {
  const { book, dice, person, world, day } = tale;
  // The hours in which this one sleeps: a night's shift sleeps by day.
  const when = moment(world, person, day, person.from + person.hours + dice.between(5, 9));
  const from = seat(tale, when, 'home', 'other');
  return enrol(tale, signIn(book, { person, at: when.at, seat: from, app: 'My Signins', course: 'mistyped, both' }), from, another(tale));
}

export function weaker(tale: Tale): Told {
  const when = into(tale);
  const from = seat(tale, when, workplace(tale), 'computer');
  const at = signIn(tale.book, { person: tale.person, at: when.at, seat: from, app: 'My Signins', course: 'both' }) + MINUTE;
  return { rows: [newDefault(tale.book, { person: tale.person, at, seat: from, method: 'Mobile Phone SMS' })], end: at };
}
