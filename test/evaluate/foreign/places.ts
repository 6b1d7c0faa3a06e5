import type { Dice } from './random.ts';

/** A point on the map with the carriers that people there use. */
export interface City {
  readonly name: string;
  readonly country: string;
  readonly latitude: number;
  readonly longitude: number;
  /** Hours from UTC. */
  readonly zone: number;
  readonly carriers: readonly (readonly [asn: number, firstOctets: string])[];
  readonly mobile: readonly [asn: number, firstOctets: string];
}

/** Where a request comes from. */
export interface Spot {
  readonly ip: string;
  readonly asn: number;
  readonly city: City;
}

const SE = {
  country: 'SE',
  zone: 2,
  carriers: [
    [3301, '81.224'],
    [29518, '83.209'],
    [8473, '85.226'],
  ],
  mobile: [44034, '94.234'],
} as const;
const US = {
  country: 'US',
  carriers: [
    [7922, '73.162'],
    [7018, '107.77'],
    [20115, '71.80'],
  ],
  mobile: [21928, '172.58'],
} as const;
const CA = {
  country: 'CA',
  zone: -4,
  carriers: [
    [577, '70.48'],
    [812, '99.224'],
    [852, '75.155'],
  ],
  mobile: [36522, '184.151'],
} as const;

export const CITIES = {
  stockholm: { ...SE, name: 'Stockholm', latitude: 59.33, longitude: 18.06 },
  goteborg: { ...SE, name: 'Goteborg', latitude: 57.71, longitude: 11.97 },
  malmo: { ...SE, name: 'Malmo', latitude: 55.6, longitude: 13.0 },
  oakland: { ...US, name: 'Oakland', latitude: 37.8, longitude: -122.27, zone: -7 },
  austin: { ...US, name: 'Austin', latitude: 30.27, longitude: -97.74, zone: -5 },
  toronto: { ...CA, name: 'Toronto', latitude: 43.65, longitude: -79.38 },
  hamilton: { ...CA, name: 'Hamilton', latitude: 43.26, longitude: -79.87 },
  leeds: {
    name: 'Leeds',
    country: 'GB',
    latitude: 53.8,
    longitude: -1.55,
    zone: 1,
    carriers: [
      [2856, '86.128'],
      [5089, '82.12'],
    ],
    mobile: [12576, '31.94'],
  },
  berlin: {
    name: 'Berlin',
    country: 'DE',
    latitude: 52.52,
    longitude: 13.4,
    zone: 2,
    carriers: [
      [3320, '79.192'],
      [3209, '88.64'],
    ],
    mobile: [6805, '46.114'],
  },
  gdansk: {
    name: 'Gdansk',
    country: 'PL',
    latitude: 54.35,
    longitude: 18.65,
    zone: 2,
    carriers: [
      [5617, '83.4'],
      [12912, '5.173'],
    ],
    mobile: [39603, '37.47'],
  },
  recife: {
    name: 'Recife',
    country: 'BR',
    latitude: -8.05,
    longitude: -34.9,
    zone: -3,
    carriers: [
      [26599, '177.41'],
      [28573, '187.64'],
    ],
    mobile: [26615, '179.240'],
  },
  pune: {
    name: 'Pune',
    country: 'IN',
    latitude: 18.52,
    longitude: 73.86,
    zone: 5,
    carriers: [
      [24560, '122.168'],
      [17488, '49.32'],
    ],
    mobile: [55836, '49.37'],
  },
  perth: {
    name: 'Perth',
    country: 'AU',
    latitude: -31.95,
    longitude: 115.86,
    zone: 8,
    carriers: [
      [1221, '1.120'],
      [7545, '27.32'],
    ],
    mobile: [133612, '49.180'],
  },
  lisbon: {
    name: 'Lisbon',
    country: 'PT',
    latitude: 38.72,
    longitude: -9.14,
    zone: 1,
    carriers: [[2860, '94.132']],
    mobile: [12353, '46.50'],
  },
  lagos: {
    name: 'Lagos',
    country: 'NG',
    latitude: 6.45,
    longitude: 3.39,
    zone: 1,
    carriers: [[37148, '105.112']],
    mobile: [29465, '102.89'],
  },
  bucharest: {
    name: 'Bucharest',
    country: 'RO',
    latitude: 44.43,
    longitude: 26.1,
    zone: 3,
    carriers: [[8708, '86.120']],
    mobile: [12302, '109.166'],
  },
} as const satisfies Record<string, City>;

const HOSTING = [
  [9009, '146.70'],
  [14061, '161.35'],
  [20473, '45.76'],
  [16276, '51.68'],
  [62240, '185.107'],
] as const;

const spot = (dice: Dice, city: City, [asn, octets]: readonly [number, string]): Spot => ({
  ip: `${octets}.${dice.whole(1, 254)}.${dice.whole(1, 254)}`,
  asn,
  city,
});

export const residential = (dice: Dice, city: City): Spot => spot(dice, city, dice.pick(city.carriers));
export const mobile = (dice: Dice, city: City): Spot => spot(dice, city, city.mobile);
export const hosting = (dice: Dice, city: City): Spot => spot(dice, city, dice.pick(HOSTING));

/** The same machine as seen over IPv6. */
export const overIpv6 = (dice: Dice, at: Spot): Spot => ({ ...at, ip: `2a0d:${dice.hex(4)}:${dice.hex(4)}:1::${dice.hex(4)}` });
