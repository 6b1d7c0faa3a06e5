import type { Dice } from './dice.ts';

/** A town with the network operators of its country: homes and phones. */
export interface Town {
  readonly city: string;
  readonly state: string;
  readonly country: string;
  readonly lat: number;
  readonly lon: number;
}

interface Land {
  readonly homes: readonly number[];
  readonly phones: readonly number[];
  readonly towns: readonly (readonly [city: string, state: string, lat: number, lon: number])[];
}

const LANDS: Readonly<Record<string, Land>> = {
  DE: {
    homes: [3320, 3209, 6830, 8881],
    phones: [3320, 3209, 6805],
    towns: [
      ['Hamburg', 'Hamburg', 53.55, 9.99],
      ['Munich', 'Bavaria', 48.14, 11.58],
      ['Cologne', 'North Rhine-Westphalia', 50.94, 6.96],
      ['Leipzig', 'Saxony', 51.34, 12.37],
    ],
  },
  GB: {
    homes: [2856, 5607, 5089],
    phones: [12576, 35228, 25135],
    towns: [
      ['London', 'England', 51.51, -0.13],
      ['Leeds', 'England', 53.8, -1.55],
      ['Glasgow', 'Scotland', 55.86, -4.25],
    ],
  },
  US: {
    homes: [7922, 20115, 7018, 701],
    phones: [21928, 6167, 20057],
    towns: [
      ['Columbus', 'Ohio', 39.96, -83],
      ['Denver', 'Colorado', 39.74, -104.98],
      ['Atlanta', 'Georgia', 33.75, -84.39],
      ['Boston', 'Massachusetts', 42.36, -71.06],
    ],
  },
  FR: {
    homes: [3215, 12322, 15557],
    phones: [3215, 51207, 5410],
    towns: [
      ['Paris', 'Paris', 48.86, 2.35],
      ['Lyon', 'Rhone', 45.76, 4.84],
    ],
  },
  NL: {
    homes: [1136, 33915],
    phones: [1136, 50266],
    towns: [
      ['Utrecht', 'Utrecht', 52.09, 5.12],
      ['Rotterdam', 'Zuid-Holland', 51.92, 4.48],
    ],
  },
  ES: {
    homes: [3352, 12479],
    phones: [3352, 12430],
    towns: [
      ['Madrid', 'Madrid', 40.42, -3.7],
      ['Valencia', 'Valencia', 39.47, -0.38],
    ],
  },
  PL: {
    homes: [5617, 12741],
    phones: [8374, 39603],
    towns: [
      ['Warsaw', 'Mazowieckie', 52.23, 21.01],
      ['Krakow', 'Malopolskie', 50.06, 19.94],
    ],
  },
  IN: {
    homes: [24560, 45609],
    phones: [55836, 45609],
    towns: [
      ['Pune', 'Maharashtra', 18.52, 73.86],
      ['Bengaluru', 'Karnataka', 12.97, 77.59],
    ],
  },
  AE: { homes: [5384], phones: [5384, 15802], towns: [['Dubai', 'Dubai', 25.2, 55.27]] },
  SG: { homes: [4657, 9506], phones: [4773, 10091], towns: [['Singapore', 'Central Singapore', 1.35, 103.82]] },
  NG: { homes: [37282], phones: [29465, 37148], towns: [['Lagos', 'Lagos', 6.52, 3.38]] },
  RO: { homes: [8708], phones: [8953, 9050], towns: [['Bucharest', 'Bucuresti', 44.43, 26.1]] },
  TR: { homes: [9121], phones: [16135, 34984], towns: [['Istanbul', 'Istanbul', 41.01, 28.98]] },
  VN: { homes: [45899], phones: [7552], towns: [['Hanoi', 'Ha Noi', 21.03, 105.85]] },
  BR: { homes: [28573, 27699], phones: [26599, 26615], towns: [['Sao Paulo', 'Sao Paulo', -23.55, -46.63]] },
};

/** Rented servers, where kits, scripts and consumer VPNs live. */
const HOSTING: readonly (readonly [asn: number, country: string])[] = [
  [9009, 'GB'],
  [9009, 'RO'],
  [14061, 'US'],
  [14061, 'NL'],
  [24940, 'DE'],
  [16276, 'FR'],
  [20473, 'US'],
  [20473, 'SG'],
  [396356, 'US'],
  [62240, 'GB'],
  [60068, 'NL'],
  [8100, 'US'],
  [215540, 'DE'],
  [51167, 'DE'],
];

export function towns(country: string): Town[] {
  return LANDS[country]!.towns.map(([city, state, lat, lon]) => ({ city, state, country, lat, lon }));
}

export type Kind = 'office' | 'home' | 'phone' | 'egress' | 'hosting' | 'lodging';

/** What one connection shows: `address` is asked for each session, since some change with every one. */
export interface Net {
  readonly kind: Kind;
  readonly asn: number;
  readonly town: Town;
  /** Where the location data base puts the address, if not in the town. */
  readonly seenAt: () => Town;
  readonly address: () => string;
  /** A named location of the tenant. */
  readonly named?: string;
}

/** Every operator has a few blocks of its own; which, follows from its number alone, so that they are the same for all tenants. */
function block(asn: number, which: number): string {
  const mixed = Math.imul(asn * 7 + which * 131, 2654435761) >>> 0;
  const first = [24, 31, 46, 62, 71, 77, 79, 81, 84, 86, 89, 91, 93, 95, 98, 109, 151, 176, 178, 185, 188, 193, 194, 212, 213, 217][
    mixed % 26
  ]!;
  return `${first}.${(mixed >>> 8) % 256}`;
}

function within(dice: Dice, asn: number): string {
  return `${block(asn, dice.whole(0, 3))}.${dice.whole(0, 255)}.${dice.whole(1, 254)}`;
}

/** A line at home: one address that the operator renews every few weeks; one in five speaks IPv6. */
export function homeNet(dice: Dice, town: Town): Net {
  const asn = dice.pick(LANDS[town.country]!.homes);
  const six = dice.chance(0.2);
  const prefix = `2a0${dice.whole(0, 9)}:${(asn % 65536).toString(16)}:${dice.hex(4)}:${dice.hex(4)}`;
  let address = within(dice, asn);
  return {
    kind: 'home',
    asn,
    town,
    seenAt: () => town,
    address: () => {
      if (dice.chance(0.004)) address = within(dice, asn);
      return six && dice.chance(0.7) ? `${prefix}:${dice.hex(4)}:${dice.hex(4)}:${dice.hex(4)}:${dice.hex(4)}` : address;
    },
  };
}

/** A carrier: another address every session, placed anywhere in the country. */
export function phoneNet(dice: Dice, town: Town, asn = dice.pick(LANDS[town.country]!.phones)): Net {
  const all = towns(town.country);
  return { kind: 'phone', asn, town, seenAt: () => (dice.chance(0.6) ? town : dice.pick(all)), address: () => within(dice, asn) };
}

/** A few fixed addresses that many share: an office's line, or a service that sits in front of the company. */
export function sharedNet(dice: Dice, kind: 'office' | 'egress', asn: number, town: Town, size: number, named?: string): Net {
  const net = `${block(asn, 9)}.${dice.whole(0, 255)}`;
  const from = dice.whole(2, 200);
  return {
    kind,
    asn,
    town,
    seenAt: () => town,
    address: () => `${net}.${from + dice.whole(0, size - 1)}`,
    ...(named === undefined ? {} : { named }),
  };
}

export function hostingNet(dice: Dice, country?: string): Net {
  const rows = HOSTING.filter((row) => country === undefined || row[1] === country);
  const [asn, where] = dice.pick(rows.length > 0 ? rows : HOSTING);
  const town = dice.pick(towns(where));
  const address = within(dice, asn);
  return { kind: 'hosting', asn, town, seenAt: () => town, address: () => address };
}

/** Hotels, cafes, airports: somebody's line for a few days. */
export function lodgingNet(dice: Dice, town: Town): Net {
  const asn = dice.pick(LANDS[town.country]!.homes);
  const address = within(dice, asn);
  return { kind: 'lodging', asn, town, seenAt: () => town, address: () => address };
}
