import { type Client, COMPUTERS, client, nativeOf, PHONES } from './clients.ts';
import { DAY } from './clock.ts';
import { type Dice, diceOf } from './dice.ts';
import { type City, COUNTRIES, type Network } from './places.ts';
import { DAYS, type Tenant } from './tenants.ts';

export type Method =
  | 'Authenticator App with Notification and Code'
  | 'Mobile Phone SMS'
  | 'Fido'
  | 'Email'
  | 'Software OATH token'
  | 'App Password';

/** Days of the span, both included. */
interface Spell {
  readonly from: number;
  readonly to: number;
}

export interface Person {
  readonly id: string;
  readonly first: string;
  readonly name: string;
  readonly kind: 'staff' | 'guest' | 'service' | 'dormant';
  readonly desk: boolean;
  readonly city: City;
  readonly site: Network | undefined;
  readonly siteLines: number;
  readonly isp: Network;
  readonly carrier: Network;
  readonly from: number;
  readonly hours: number;
  readonly off: readonly number[];
  readonly employed: Spell;
  readonly away: Spell | undefined;
  readonly trip: (Spell & { readonly city: City }) | undefined;
  readonly computer: Client;
  readonly native: Client;
  readonly other: Client;
  readonly phone: Client;
  readonly phoneApp: Client;
  readonly methods: readonly Method[];
  readonly phoneNumber: string;
  /** Share of the days on which sign-ins are seen. */
  readonly keen: number;
  readonly vpn: boolean;
  readonly admin: boolean;
  readonly upn: string;
  readonly rename: { readonly at: number; readonly upn: string } | undefined;
}

const FIRST =
  'Ada Ben Cleo Dev Elif Finn Gita Hugo Ines Jon Kavya Leo Mina Nils Olga Paco Quinn Ravi Sana Tom Uma Vik Wen Xena Yara Zane'.split(' ');
const LAST =
  'Abbot Bose Cruz Dalal Egan Frost Ghosh Hale Iyer Jain Khan Lopez Mehta Novak Osei Patel Quist Reddy Singh Tran Usman Vance Walsh Young'.split(
    ' ',
  );

/** How many of a hundred are on which terms. */
const TERMS: readonly { readonly share: number; readonly span: (dice: Dice) => { employed?: Spell; away?: Spell } }[] = [
  { share: 83, span: () => ({}) },
  { share: 4, span: (dice) => ({ employed: { from: dice.int(3, 27), to: DAYS } }) },
  { share: 2, span: (dice) => ({ employed: { from: -1, to: dice.int(8, 30) } }) },
  { share: 4, span: (dice) => ({ away: { from: -1, to: dice.int(9, 25) } }) },
  { share: 7, span: (dice) => ({ away: spell(dice.int(3, 22), dice.int(3, 11)) }) },
];

const spell = (from: number, days: number): Spell => ({ from, to: from + days });
export const within = ({ from, to }: Spell, day: number) => day >= from && day <= to;

const METHODS: Readonly<Record<Tenant['second'], readonly { readonly share: number; readonly methods: readonly Method[] }[]>> = {
  prompt: [
    { share: 7, methods: ['Authenticator App with Notification and Code'] },
    { share: 2, methods: ['Authenticator App with Notification and Code', 'Mobile Phone SMS'] },
    { share: 1, methods: ['Fido', 'Authenticator App with Notification and Code'] },
  ],
  text: [
    { share: 7, methods: ['Mobile Phone SMS'] },
    { share: 3, methods: ['Mobile Phone SMS', 'Authenticator App with Notification and Code'] },
    { share: 1, methods: [] },
  ],
  mixed: [
    { share: 4, methods: ['Authenticator App with Notification and Code'] },
    { share: 4, methods: ['Mobile Phone SMS', 'Email'] },
    { share: 2, methods: ['Software OATH token'] },
    { share: 1, methods: [] },
  ],
};

function namesOf(
  dice: Dice,
  tenant: Tenant,
  at: number,
  kind: Person['kind'],
  start: number,
): Pick<Person, 'first' | 'name' | 'upn' | 'rename'> {
  const first = dice.pick(FIRST);
  const name = `${first} ${dice.pick(LAST)}`;
  if (kind === 'service') return { first, name: `svc mail ${at}`, upn: `svc-mail-${at}@${tenant.domain}`, rename: undefined };
  const local = `${name.toLowerCase().replace(' ', '.')}${at}`;
  if (kind === 'guest') return { first, name, upn: `${local}_partner.contoso.test#EXT#@${tenant.domain}`, rename: undefined };
  const upn = `${local}@${tenant.domain}`;
  const rebranded = tenant.renamedTo !== undefined && dice.chance(0.33);
  if (rebranded)
    return { first, name, upn, rename: { at: start + 17 * DAY + dice.int(0, 7200) * 1000, upn: `${local}@${tenant.renamedTo}` } };
  const marries = dice.chance(0.006);
  const after = `${first.toLowerCase()}.${dice.pick(LAST).toLowerCase()}${at}@${tenant.domain}`;
  return { first, name, upn, rename: marries ? { at: start + dice.int(6, 28) * DAY + dice.int(0, 40_000) * 1000, upn: after } : undefined };
}

function person(tenant: Tenant, at: number, kind: Person['kind'], seed: string): Person {
  const dice = diceOf(`${seed}/person/${at}`);
  const { city, site, siteLines } = dice.share(tenant.cities as readonly Tenant['cities'][number][]);
  const country = COUNTRIES[city.country]!;
  const shift = dice.share(tenant.shifts);
  const { employed, away } = kind === 'staff' ? dice.share(TERMS).span(dice) : {};
  const travels = kind === 'staff' && employed === undefined && away === undefined && dice.chance(0.09);
  const goals = tenant.trips.filter((goal) => goal !== city);
  const trust = dice.chance(tenant.managed) ? dice.pick(['Azure AD joined', 'Hybrid Azure AD joined'] as const) : '';
  const computer = client(dice, COMPUTERS, trust);
  const phone = client(dice, PHONES, dice.chance(0.3) ? 'Azure AD registered' : '');
  const number = `${dice.int(100, 999)}${dice.int(1000, 9999)}`;
  return {
    id: dice.guid(),
    ...namesOf(dice, tenant, at, kind, Date.parse(tenant.start)),
    kind,
    desk: site !== undefined && dice.chance(0.3),
    city,
    site,
    siteLines: siteLines ?? 1,
    isp: dice.pick(country.isps),
    carrier: dice.pick(country.carriers),
    from: shift.from + 0.3 * dice.gauss(),
    hours: shift.hours,
    off: dice.share(tenant.off).days,
    employed: employed ?? { from: -1, to: DAYS },
    away,
    trip: travels ? { ...spell(dice.int(4, 24), dice.int(3, 8)), city: dice.pick(goals) } : undefined,
    computer,
    native: nativeOf(computer),
    other: client(dice, COMPUTERS),
    phone,
    phoneApp: nativeOf(phone),
    methods: kind === 'dormant' || kind === 'service' ? [] : dice.share(METHODS[tenant.second]).methods,
    phoneNumber: `+${{ AU: '61', IN: '91', MX: '52' }[city.country] ?? '1'} ${number}`,
    keen: kind === 'guest' ? 0.12 : kind === 'dormant' ? 0 : dice.chance(0.12) ? 0.2 : 0.94,
    vpn: tenant.companyVpn !== undefined && dice.chance(tenant.companyVpn.share),
    admin: kind === 'staff' && at < 12,
  };
}

/** Everybody of a tenant: staff first, then guests, service accounts, and accounts that nobody uses any more. */
export function population(tenant: Tenant, seed: string): readonly Person[] {
  const kinds = [
    ...Array<'staff'>(tenant.people).fill('staff'),
    ...Array<'guest'>(tenant.guests).fill('guest'),
    ...Array<'service'>(6).fill('service'),
    ...Array<'dormant'>(25).fill('dormant'),
  ];
  return kinds.map((kind, at) => person(tenant, at, kind, seed));
}

/** Staff who sign in on most days, stay where they live, and have something to take over. */
export const hasMethods = ({ kind, methods, keen, trip }: Person) =>
  kind === 'staff' && methods.length > 0 && keen > 0.5 && trip === undefined;

export const upnAt = ({ upn, rename }: Person, at: number) => (rename !== undefined && at >= rename.at ? rename.upn : upn);
export const upnsOf = ({ upn, rename }: Person) => [upn, ...(rename === undefined ? [] : [rename.upn])].map((name) => name.toLowerCase());

/** Where a person is on a day; undefined on the days of a journey, on leave, and out of service. */
export function whereabouts({ employed, away, trip, city }: Person, day: number): City | undefined {
  if (!within(employed, day) || (away !== undefined && within(away, day))) return undefined;
  if (trip === undefined || !within(trip, day)) return city;
  return day === trip.from || day === trip.to ? undefined : trip.city;
}

export function works(person: Person, tenant: Tenant, day: number): boolean {
  const weekday = new Date(Date.parse(tenant.start) + day * DAY).getUTCDay();
  return whereabouts(person, day) !== undefined && !person.off.includes(weekday) && !(tenant.holidays as readonly number[]).includes(day);
}
