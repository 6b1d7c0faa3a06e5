import { type Browser, type Machine, machineOf } from './devices.ts';
import type { Dice } from './dice.ts';
import type { Kind, Role } from './kinds.ts';
import { anyLink, farCity, type Link, linkOf, nearbyCity, operatorsFor } from './networks.ts';
import { type City, type CityName, cityOf } from './places.ts';

export type Method = 'push' | 'code' | 'sms' | 'passkey' | 'hello';

/** A journey: days counted from the first of the logs, both included. */
export interface Trip {
  readonly from: number;
  readonly until: number;
  readonly city: City;
}

/** Something planned; Unix ms. */
export interface Deed {
  readonly time: number;
  readonly act: () => void;
}

export interface Person {
  readonly id: string;
  readonly upn: string;
  readonly name: string;
  readonly role: Role;
  readonly city: City;
  /** Addresses of the home, newest last, with the day from which each holds. */
  readonly home: readonly { readonly day: number; readonly link: Link }[];
  readonly carrier: ReturnType<typeof operatorsFor>[number];
  readonly computer: Machine | undefined;
  /** Phones, newest last, with the time from which each is used. */
  readonly phones: { readonly from: number; readonly machine: Machine }[];
  /** The phone's number as the directory shows it. */
  readonly number: string;
  /** Second factors, newest set last, with the time from which it holds. */
  readonly methods: { readonly from: number; readonly set: readonly Method[] }[];
  readonly officeWeekdays: ReadonlySet<number>;
  readonly startHour: number;
  /** Weekly turns of early, late and night work. */
  readonly shifts: readonly number[];
  /** Day from which the computer is behind the company's VPN. */
  companyVpnFrom: number;
  readonly vpn: Link | undefined;
  readonly usesRelay: boolean;
  readonly errors: number;
  readonly favourites: readonly number[];
  trips: readonly Trip[];
  /** Days away altogether. */
  away: readonly (readonly [number, number])[];
  /** First and last day in the company. */
  readonly joined: number;
  readonly left: number;
  /** Never signs in by themselves. */
  readonly dormant: boolean;
  readonly dice: Dice;
  /** What happens to them besides their daily life. */
  readonly agenda: Deed[];
  /** Labelled already, so that no other label meets it. */
  taken: boolean;
}

function homeOf(dice: Dice, city: City, days: number): Person['home'] {
  const operator = dice.pick(operatorsFor('home', city.country));
  // Some operators give a new address each few days, others keep it for months.
  const keeps = dice.chance(0.6) ? 400 : dice.int(2, 14);
  const home = [];
  for (let day = 0; day < days; day += keeps) home.push({ day, link: linkOf(dice, operator, city) });
  return home;
}

function tripsOf(dice: Dice, kind: Kind, role: Role, city: City): Trip[] {
  const { days } = kind;
  if (role.visits === true && dice.chance(0.6)) {
    const from = dice.int(3, 16);
    return [{ from, until: from + dice.int(5, 16), city: cityOf(dice.pick(kind.offices)) }];
  }
  const trips: Trip[] = [];
  for (let from = dice.int(1, 12); from < days - 4; from += dice.int(9, 20)) {
    if (!dice.chance(role.trips * 0.5)) continue;
    const until = from + dice.int(1, 5);
    trips.push({ from, until, city: dice.chance(role.abroad) ? farCity(dice, city) : nearbyCity(dice, city) });
  }
  return trips.filter((trip) => trip.city.name !== city.name && trip.until < days);
}

const METHODS: readonly (readonly [readonly Method[], number])[] = [
  [['push'], 40],
  [['push', 'sms'], 30],
  [['sms'], 12],
  [['code', 'sms'], 6],
  [['push', 'passkey'], 6],
  [['code'], 6],
];

/** Someone new. `joined` may be before the logs, `left` after them. */
export function personOf(kind: Kind, role: Role, index: number, dice: Dice): Person {
  const city = cityOf(dice.weighted<CityName>(role.cities));
  const code = String(index).padStart(4, '0');
  const system = dice.weighted(role.systems);
  const hasPhone = dice.chance(role.phone);
  const moves = dice.chance(kind.turnover * (role.shift === 'rota' ? 1.3 : 1));
  const joined = moves && dice.chance(0.6) ? dice.int(2, kind.days - 4) : -400;
  const dormant = joined < 0 && dice.chance(role.guest === true ? 0.1 : 0.02);
  const enrolled = joined < 0 && !dormant && dice.chance(kind.enrolled) && role.guest !== true;
  const away = dice.chance(0.12) ? [dice.int(-8, kind.days - 3)].map((from): [number, number] => [from, from + dice.int(6, 24)]) : [];
  const isManaged = role.computer === 'managed';
  const suffix = role.name === 'Subsidiary' ? '@subsidiary.contoso.test' : '@contoso.test';
  return {
    id: dice.guid(),
    upn: role.guest === true ? `guest${code}_partner.contoso.test#ext#@contoso.test` : `u${code}${suffix}`,
    name: `${role.guest === true ? 'Guest' : 'User'} ${code}`,
    role,
    city,
    home: homeOf(dice, city, kind.days),
    carrier: dice.pick(operatorsFor('carrier', city.country)),
    computer:
      role.computer === 'managed' || role.computer === 'own'
        ? machineOf(dice, { system, browsers: dice.int(1, role.browsers), trust: isManaged ? 'Hybrid Azure AD joined' : '' })
        : undefined,
    phones: hasPhone
      ? [
          {
            from: 0,
            machine: machineOf(dice, {
              system: dice.chance(role.shift === 'rota' ? 0.15 : 0.5) ? 'iphone' : 'android',
              trust: isManaged && dice.chance(0.4) ? 'Azure AD registered' : '',
            }),
          },
        ]
      : [],
    number: `+XX XXXXXXX${String(dice.int(0, 999)).padStart(3, '0')}`,
    methods: [
      { from: 0, set: enrolled ? [...dice.weighted(METHODS), ...(isManaged && dice.chance(0.5) ? (['hello'] as const) : [])] : [] },
    ],
    officeWeekdays: new Set(dice.some([0, 1, 2, 3, 4], Math.min(5, Math.max(0, Math.round(role.officeDays + dice.gauss() * 0.8))))),
    startHour: role.start + dice.gauss() * (role.shift === 'any' ? 1.6 : 0.5),
    shifts: role.shift === 'rota' ? dice.some([0, 0, 8, 16], 4) : [0],
    companyVpnFrom: role.guest !== true && role.computer !== 'none' && dice.chance(kind.companyVpn) ? 0 : Number.POSITIVE_INFINITY,
    vpn: dice.chance(role.vpn) ? anyLink(dice, 'vpn', dice.chance(0.6) ? farCity(dice, city) : city) : undefined,
    usesRelay: dice.chance(0.2),
    errors: Math.min(0.5, dice.lognormal(kind.errors, 0.7)),
    favourites: Array.from({ length: 4 }, () => dice.int(0, 6)),
    trips: tripsOf(dice, kind, role, city),
    away,
    joined,
    left: moves && joined < 0 ? dice.int(5, kind.days - 2) : 400,
    dormant,
    dice,
    agenda: [],
    taken: false,
  };
}

export const isIn = (person: Person, day: number) => day >= person.joined && day <= person.left && !isAway(person, day);
const isAway = (person: Person, day: number) => person.away.some(([from, until]) => day >= from && day <= until);
export const tripOn = (person: Person, day: number) => person.trips.find(({ from, until }) => day >= from && day <= until);
export const homeLink = (person: Person, day: number): Link => person.home.findLast((lease) => lease.day <= day)!.link;
/** One of a machine's browsers; most often the first. */
export const browserOf = (dice: Dice, machine: Machine): Browser =>
  dice.chance(0.75) ? machine.browsers[0]! : dice.pick(machine.browsers);
export const phoneAt = (person: Person, time: number): Machine | undefined => person.phones.findLast(({ from }) => from <= time)?.machine;
export const methodsAt = (person: Person, time: number): readonly Method[] => person.methods.findLast(({ from }) => from <= time)!.set;
