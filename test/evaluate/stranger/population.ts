import { type Device, newPc, newPhone } from './devices.ts';
import { homeLine, type Line, mobileLine, officeLine } from './networks.ts';
import type { Handset, MethodName, Person } from './people.ts';
import { BROADBAND, MOBILE, type Place, type Provider } from './places.ts';
import type { Random } from './random.ts';
import { DAY } from './time.ts';
import type { World } from './world.ts';

const GIVEN =
  'Alice Ben Clara David Emma Farid Greta Hugo Ines Jonas Katya Liam Maria Nadia Oscar Priya Quentin Rosa Samuel Tara Ulrich Vera Walter Xenia Yusuf Zoe Anton Bianca Carlos Diana Erik Fatima Georg Helen Ivan Julia Karim Laura Marek Nina Otto Paula Ravi Sofia Tomas Uma Viktor Wanda'.split(
    ' ',
  );
const FAMILY =
  'Abbott Bauer Costa Dubois Eriksen Fischer Garcia Hoffman Ivanova Jansen Kowalski Lopez Meyer Novak Okafor Patel Quinn Rossi Schmidt Turner Ueda Varga Weber Xu Young Zimmer Ahmed Brandt Chen Doyle Evans Fuchs Green Hansen Iqbal Jung Khan Lang Moreau Nagy Owen Peters Reyes Singh Taylor Unger Vogel Wolf'.split(
    ' ',
  );
const MODELS = ['iPhone 13', 'iPhone 14', 'iPhone 15', 'iPhone 16', 'SM-S911B', 'SM-A546B', 'Pixel 8', 'Pixel 7a', 'moto g84'];
const CALLING: Readonly<Record<string, string>> = {
  GB: '+44 7',
  FR: '+33 6',
  US: '+1 6',
  DE: '+49 15',
  PL: '+48 5',
  IN: '+91 9',
  BR: '+55 11 9',
  MX: '+52 81',
  NG: '+234 80',
  RO: '+40 7',
};

export function newHandset(random: Random, country: string): Handset {
  return {
    model: random.pick(MODELS),
    phoneNumber: `${CALLING[country] ?? '+44 7'}${random.whole(10_000_000, 99_999_999)}`,
    deviceToken: `apns2-${random.hex(48)}`,
    appId: random.guid(),
  };
}

/** An office with its people's habits. */
export interface Site {
  readonly place: Place;
  readonly share: number;
  readonly office: Line;
  /** The cities around, where people live. */
  readonly homes: readonly Place[];
  readonly gateways: readonly Place[];
}

export const site = (
  random: Random,
  provider: Provider,
  place: Place,
  share: number,
  homes: readonly Place[],
  gateways: readonly Place[],
  named?: string,
  addresses = 2,
): Site => ({
  place,
  share,
  office: officeLine(provider, place, addresses, random, named),
  homes,
  gateways,
});

export interface Habits {
  readonly sites: readonly Site[];
  readonly departments: readonly (readonly [string, readonly string[]])[];
  readonly managedPc: number;
  readonly managedPhone: number;
  readonly hybrid: boolean;
  readonly v6: number;
  readonly vpnShare: number;
  readonly vpn?: (site: Site) => Line;
  readonly remoteShare: readonly [number, number];
  readonly phoneShare: readonly [number, number];
  readonly perDay: number;
  readonly shift: boolean;
  /** Share of people who have no second factor yet. */
  readonly unregistered: number;
  readonly methods: readonly (readonly [readonly MethodName[], number])[];
  readonly joiners: number;
  readonly leavers: number;
  readonly kiosks?: (site: Site) => readonly Device[];
}

const MONDAY_TO_FRIDAY: ReadonlySet<number> = new Set([1, 2, 3, 4, 5]);

function workdays(random: Random, shift: boolean): ReadonlySet<number> {
  if (!shift) return random.chance(0.12) ? new Set(random.shuffle([1, 2, 3, 4, 5]).slice(0, 3)) : MONDAY_TO_FRIDAY;
  return new Set(random.shuffle([0, 1, 2, 3, 4, 5, 6]).slice(0, random.whole(3, 5)));
}

function newPerson(world: World, random: Random, habits: Habits, number: number): Person {
  const { traits } = world;
  const where = random.weighted(habits.sites.map((item) => [item, item.share] as const));
  const home = random.chance(0.6) ? where.place : random.pick(where.homes);
  const country = where.place.country;
  const [department, titles] = random.pick(habits.departments);
  const given = random.pick(GIVEN);
  const family = random.pick(FAMILY);
  const fate = random.next();
  const from = fate < habits.joiners ? traits.startMs + random.whole(1, traits.days - 4) * DAY : 0;
  const until = fate > 1 - habits.leavers ? traits.startMs + random.whole(5, traits.days) * DAY : Number.POSITIVE_INFINITY;
  const kiosks = habits.kiosks?.(where);
  const phone = newPhone(random, { managed: random.chance(habits.managedPhone) });
  const v6 = random.chance(habits.v6);
  const has = from > 0 || random.chance(habits.unregistered) ? [] : random.weighted(habits.methods);
  return {
    id: random.guid(),
    upn: `${given}.${family}${number}@${traits.domain}`.toLowerCase(),
    name: `${given} ${family}`,
    department,
    title: random.pick(titles),
    roles: [],
    kind: 'member',
    homeTenant: '',
    created: from > 0 ? from - random.between(0.1, 6) * DAY : traits.startMs - random.between(60, 2500) * DAY,
    place: where.place,
    zone: where.place.zone,
    office: where.office,
    home: homeLine(random.pick(BROADBAND[country]!), home, random, v6),
    mobile: mobileLine(random.pick(MOBILE[country] ?? BROADBAND[country]!), where.place, where.gateways, random, v6),
    vpn: random.chance(habits.vpnShare) ? habits.vpn?.(where) : undefined,
    relay: undefined,
    pc:
      kiosks !== undefined && kiosks.length > 0 && random.chance(0.8)
        ? random.pick(kiosks)
        : newPc(random, { managed: random.chance(habits.managedPc), hybrid: habits.hybrid }),
    phone,
    methods: new Set(has),
    handset: newHandset(random, country),
    startHour: habits.shift
      ? random.weighted([
          [6, 3],
          [10, 2],
          [14, 3],
          [21, 1],
        ])
      : random.between(7, 10),
    hours: habits.shift ? 8 : random.between(7, 10),
    workdays: workdays(random, habits.shift),
    remoteShare: random.between(...habits.remoteShare),
    phoneShare: random.between(...habits.phoneShare),
    perDay: Math.min(8, random.logNormal(habits.perDay, 0.5)),
    from,
    until,
    away: [],
    trips: [],
    agenda: [],
    sessions: new Map(),
  };
}

export function populate(world: World, habits: Habits): void {
  const random = world.random.stream('people');
  for (let number = 1; number <= world.traits.users; number++) {
    const person = newPerson(world, random, habits, number);
    if (random.chance(0.28)) {
      const from = world.traits.startMs + random.whole(0, world.traits.days - 3) * DAY;
      person.away.push([from, from + random.whole(3, 14) * DAY]);
    }
    world.people.push(person);
  }
}
