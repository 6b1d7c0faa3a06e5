import { refresh, signIn } from './acts.ts';
import { someAddress } from './addresses.ts';
import type { AppName, Seat } from './book.ts';
import { type Client, COMPUTERS, client, PHONES, TOOLS } from './clients.ts';
import { HOUR, MINUTE } from './clock.ts';
import type { Course } from './courses.ts';
import { COUNTRIES, HOSTING } from './places.ts';
import type { Tale } from './tale.ts';

/** How an attacker stands to the victim: behind homes and phones of the victim's own city, or in a data centre. */
export interface Lair {
  /** As labels name it. */
  readonly name: 'resident-near' | 'mobile-near' | 'hosting' | 'tool-at-hosting';
  readonly seat: () => Seat;
}

/** Behind a proxy every use may have another exit; whoever has a line of their own keeps the address. */
export function lair(tale: Tale, isNear: boolean): Lair {
  const { dice, person, book } = tale;
  const session = book.ids.guid();
  if (isNear) {
    const { isps, carriers } = COUNTRIES[person.city.country]!;
    const name = dice.chance(0.6) ? ('resident-near' as const) : ('mobile-near' as const);
    const network = dice.pick(name === 'resident-near' ? isps : carriers);
    const used = client(dice, dice.chance(0.3) ? PHONES : COMPUTERS);
    const fixed = dice.chance(0.5) ? someAddress(dice, network, person.city, 20_000) : undefined;
    return { name, seat: () => ({ point: fixed ?? someAddress(dice, network, person.city, 20_000), client: used, session }) };
  }
  const { network, city } = dice.pick(HOSTING);
  const isTool = dice.chance(0.4);
  const used = client(dice, isTool ? TOOLS.slice(1) : TOOLS.slice(0, 1));
  const fixed = someAddress(dice, network, city);
  return {
    name: isTool ? 'tool-at-hosting' : 'hosting',
    seat: () => ({ point: dice.chance(0.8) ? fixed : someAddress(dice, network, city), client: used, session }),
  };
}

export function enter(tale: Tale, at: number, seat: Seat, course: Course, app: AppName = 'OfficeHome'): number {
  const { world, book, dice, person } = tale;
  const isHosted = !Object.values(COUNTRIES).some(({ isps, carriers }) => [...isps, ...carriers].some(({ asn }) => asn === seat.point.asn));
  const risk = world.tenant.risk && dice.chance(isHosted ? 0.5 : 0.12) ? dice.pick(['medium', 'high'] as const) : 'none';
  return signIn(book, { person, at, seat, app, course, risk });
}

/** The mail read with the victim's own program name after the deed; gives the last instant. */
export function plunder(tale: Tale, from: number, place: Lair, course: Course = 'both'): number {
  const { book, dice, person } = tale;
  let at = from;
  for (let visits = dice.int(1, 5); visits > 0; visits--) {
    at += Math.round(dice.lognormal(3, 0.8) * HOUR);
    const seat = place.seat();
    const done = enter(
      tale,
      at,
      seat,
      dice.chance(0.5) ? course : 'remembered',
      dice.pick(['Office 365 Exchange Online', 'Office 365 SharePoint Online'] as const),
    );
    for (let calls = dice.int(0, 4); calls > 0; calls--)
      refresh(book, { person, at: done + calls * dice.int(4, 30) * MINUTE, seat, app: 'Office 365 Exchange Online' });
  }
  return at;
}

/** The attacker's own number: of the victim's country where the attacker is near it. */
export const burner = ({ dice, person }: Tale, isNear: boolean) =>
  `${isNear ? person.phoneNumber.slice(0, 3) : dice.pick(['+234', '+44', '+1'])} ${dice.int(1_000_000, 9_999_999)}`;

export const sameClient = (other: Client, seat: Seat): Seat => ({ ...seat, client: { ...other, deviceId: '', trust: '' } });

/** Tries one password on many; gives when it was the victim's turn. */
export function spray(tale: Tale, from: number, place: Lair, others: number): number {
  const { world, book, dice } = tale;
  const staff = world.people.filter(({ kind }) => kind === 'staff' || kind === 'dormant');
  let at = from;
  for (let i = 0; i < others; i++) {
    at += dice.int(15, 150) * 1000;
    signIn(book, {
      person: dice.pick(staff),
      at,
      seat: { ...place.seat(), session: '' },
      app: 'Office 365 Exchange Online',
      course: dice.share([
        { share: 15, c: 'wrong' as const },
        { share: 2, c: 'locked' as const },
        { share: 1, c: 'disabled' as const },
      ]).c,
    });
  }
  return at;
}
