import { type Client, laptop, phone } from './clients.ts';
import type { Dice } from './dice.ts';
import type { MethodKind } from './methods.ts';
import { homeNet, hostingNet, type Net, phoneNet, type Town, towns } from './places.ts';
import type { Habits } from './tenants.ts';

export interface Owned {
  readonly kind: MethodKind;
  /** Phone number, push token of the app, or key id: what says on whose device it is. */
  readonly holder: string;
}

export interface Person {
  readonly id: string;
  readonly upn: string;
  readonly name: string;
  readonly department: string;
  readonly roles: readonly string[];
  readonly guest: boolean;
  readonly town: Town;
  readonly createdMs: number;
  /** Sign-ins of an ordinary working day. */
  readonly pace: number;
  /** Local hour at which the day begins. */
  readonly early: number;
  readonly zone: number;
  /** Where the days go: shares of office, home, phone, elsewhere. */
  readonly wheres: readonly [number, number, number, number];
  office: Net | undefined;
  readonly carrier: Net;
  readonly consumerVpn: Net | undefined;
  home: Net;
  laptop: Client;
  phone: Client;
  number: string;
  token: string;
  methods: Owned[];
  /** Goes out through the company's service from this time on. */
  egressFromMs: number;
  away: { readonly town: Town; readonly net: Net; readonly fromMs: number; readonly untilMs: number } | undefined;
  /** No sign-ins before or from these times. */
  startsMs: number;
  leavesMs: number;
  lastFullMs: number;
  usualFactor(): string;
}

const FIRST =
  'Ada Bo Cleo Dana Eli Finn Gwen Hugo Iris Jon Kim Lea Max Nina Otto Pia Quin Ruth Sven Tess Uma Vito Wim Xenia Yann Zoe Amir Birgit Carlos Dunya Emeka Farah'.split(
    ' ',
  );
const LAST =
  'Abbott Becker Castro Dahl Engel Fischer Garcia Haas Ito Jansen Keller Lang Mendes Novak Okafor Petit Quist Rossi Santos Tan Ueda Vogel Weber Xu Yilmaz Zeller'.split(
    ' ',
  );
const ZONES: Readonly<Record<string, number>> = {
  DE: 1,
  GB: 0,
  US: -5,
  FR: 1,
  NL: 1,
  ES: 1,
  PL: 1,
  IN: 5.5,
  AE: 4,
  SG: 8,
  NG: 1,
  RO: 2,
  TR: 3,
  VN: 7,
  BR: -3,
};

const FACTORS: Readonly<Record<MethodKind, string>> = {
  app: 'Mobile app notification',
  code: 'OATH verification code',
  token: 'OATH verification code',
  sms: 'Text message',
  voice: 'Phone call approval (Authentication phone)',
  passkey: 'Passkey (device-bound)',
  hello: 'Windows Hello for Business',
  email: 'Text message',
  pass: 'Temporary Access Pass',
};

export function newPerson(
  dice: Dice,
  habits: Habits,
  index: number,
  offices: readonly Net[],
  options: { guest?: boolean; createdMs?: number } = {},
): Person {
  const guest = options.guest ?? false;
  const first = dice.pick(FIRST);
  const last = dice.pick(LAST);
  const office = guest || dice.chance(habits.noOffice) ? undefined : dice.pick(offices);
  const country = guest ? dice.draw(habits.guestCountries) : (office?.town.country ?? dice.draw(habits.countries));
  const town = office !== undefined && dice.chance(0.85) ? office.town : dice.pick(towns(country));
  const local = `${first}.${last}${index}`.toLowerCase();
  const [o, h, p, e] = habits.wheres;
  const own = (share: number) => share * dice.lognormal(1, 0.6);
  const person: Person = {
    id: dice.guid(),
    upn: guest ? `${local}_partner${dice.whole(1, 40)}.example#EXT#@${habits.domain}` : `${local}@${habits.domain}`,
    name: `${first} ${last}`,
    department: dice.pick(habits.departments),
    roles:
      !guest && dice.chance(0.012)
        ? [dice.pick(['Helpdesk Administrator', 'User Administrator', 'Global Administrator', 'Authentication Administrator'])]
        : [],
    guest,
    town,
    office,
    createdMs: options.createdMs ?? Date.parse(habits.start) - dice.between(40, 2500) * 86_400_000,
    pace: Math.min(30, dice.lognormal(guest ? 0.5 : habits.pace, 0.6)),
    early: habits.opens + dice.normal(),
    zone: ZONES[country] ?? 0,
    wheres: [office === undefined ? 0 : own(o), own(h), own(p), own(e)],
    carrier: phoneNet(dice, town),
    consumerVpn: dice.chance(habits.consumerVpn) ? hostingNet(dice, dice.chance(0.5) ? country : undefined) : undefined,
    home: homeNet(dice, town),
    laptop: laptop(dice, guest ? '' : habits.trust, 1 - habits.noDeviceId),
    phone: phone(dice, dice.chance(habits.phonesRegistered)),
    number: `+${dice.text(2, '123456789')} ${dice.text(9, '0123456789')}`,
    token: newToken(dice),
    methods: [],
    egressFromMs: !guest && dice.chance(habits.egressShare) ? 0 : Number.POSITIVE_INFINITY,
    away: undefined,
    startsMs: options.createdMs ?? 0,
    leavesMs: Number.POSITIVE_INFINITY,
    lastFullMs: 0,
    usualFactor() {
      return FACTORS[this.methods[0]?.kind ?? 'app'];
    },
  };
  person.methods = dice.chance(guest ? 0.7 : habits.enrolled) ? startingMethods(dice, person) : [];
  return person;
}

export const newToken = (dice: Dice): string =>
  dice.chance(0.55)
    ? `apns2-${dice.hex(64)}`
    : `${dice.text(22, 'abcdefghijklmnopqrstuvwxyz0123456789')}:APA91b${dice.text(60, 'abcdefghijklmnopqrstuvwxyz0123456789-_')}`;

function startingMethods(dice: Dice, person: Person): Owned[] {
  const app: Owned = { kind: 'app', holder: person.token };
  const sms: Owned = { kind: 'sms', holder: person.number };
  return dice.draw<Owned[]>([
    [55, [app, sms]],
    [20, [app]],
    [15, [sms]],
    [6, [{ kind: 'passkey', holder: dice.guid() }, app]],
    [4, [{ kind: 'code', holder: dice.guid() }]],
  ]);
}
