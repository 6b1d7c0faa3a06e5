import { createHash } from 'node:crypto';
import type { Dice } from './dice.ts';
import { CITIES, type City, type CityName, citiesIn, cityOf } from './places.ts';

export type NetworkKind = 'home' | 'carrier' | 'campus' | 'hotel' | 'train' | 'hosting' | 'vpn' | 'relay' | 'cloud';

/** Who runs a network: its number, its countries ('*' for all), and the first half of its addresses. */
interface Operator {
  readonly kind: NetworkKind;
  readonly asn: number;
  readonly country: string;
  readonly prefix: string;
}

/** An address as a log shows it: where it is said to be may be another city than where it is used. */
export interface Link {
  readonly ip: string;
  readonly asn: number;
  readonly kind: NetworkKind | 'office';
  readonly shown: City;
  /** Where the device is; undefined where the network says nothing about it. */
  readonly site: City | undefined;
}

const OPERATORS: readonly Operator[] = (
  [
    ['home', 2856, 'GB', '86.150'],
    ['home', 5089, 'GB', '82.21'],
    ['home', 5607, 'GB', '90.208'],
    ['home', 6830, 'IE', '89.101'],
    ['home', 1136, 'NL', '77.161'],
    ['home', 33915, 'NL', '84.105'],
    ['home', 3320, 'DE', '84.132'],
    ['home', 3209, 'DE', '178.202'],
    ['home', 5617, 'PL', '83.9'],
    ['home', 5610, 'CZ', '90.178'],
    ['home', 3301, 'SE', '81.230'],
    ['home', 8473, 'SE', '85.226'],
    ['home', 3215, 'FR', '90.3'],
    ['home', 3269, 'IT', '79.20'],
    ['home', 3352, 'ES', '83.44'],
    ['home', 7922, 'US', '73.16'],
    ['home', 577, 'CA', '76.64'],
    ['home', 27699, 'BR', '177.9'],
    ['home', 9829, 'IN', '117.195'],
    ['home', 4713, 'JP', '153.130'],
    ['home', 9506, 'SG', '116.86'],
    ['home', 29465, 'NG', '105.112'],
    ['home', 9121, 'TR', '78.160'],
    ['home', 8708, 'RO', '86.120'],
    ['carrier', 12576, 'GB', '31.94'],
    ['carrier', 206067, 'GB', '188.29'],
    ['carrier', 15502, 'IE', '213.233'],
    ['carrier', 31615, 'NL', '62.140'],
    ['carrier', 6805, 'DE', '176.7'],
    ['carrier', 3209, 'DE', '109.42'],
    ['carrier', 12912, 'PL', '94.254'],
    ['carrier', 8374, 'PL', '46.76'],
    ['carrier', 13036, 'CZ', '37.48'],
    ['carrier', 44034, 'SE', '94.191'],
    ['carrier', 1257, 'SE', '95.192'],
    ['carrier', 51207, 'FR', '37.165'],
    ['carrier', 16232, 'IT', '5.90'],
    ['carrier', 12430, 'ES', '77.208'],
    ['carrier', 21928, 'US', '172.56'],
    ['carrier', 812, 'CA', '99.224'],
    ['carrier', 26599, 'BR', '179.86'],
    ['carrier', 55836, 'IN', '49.36'],
    ['carrier', 17676, 'JP', '126.166'],
    ['carrier', 4773, 'SG', '118.200'],
    ['carrier', 36873, 'NG', '197.210'],
    ['carrier', 16135, 'TR', '176.219'],
    ['carrier', 12302, 'RO', '46.97'],
    ['campus', 786, 'GB', '129.11'],
    ['campus', 1103, 'NL', '145.90'],
    ['campus', 680, 'DE', '141.30'],
    ['campus', 1653, 'SE', '130.238'],
    ['campus', 2200, 'FR', '129.199'],
    ['campus', 137, 'IT', '131.175'],
    ['campus', 766, 'ES', '147.96'],
    ['campus', 3, 'US', '18.9'],
    ['campus', 239, 'CA', '128.100'],
    ['campus', 1916, 'BR', '143.107'],
    ['campus', 2697, 'IN', '14.139'],
    ['campus', 2501, 'JP', '133.11'],
    ['campus', 7472, 'SG', '137.132'],
    ['campus', 8517, 'TR', '193.140'],
    ['hotel', 5400, '*', '217.64'],
    ['hotel', 174, '*', '154.59'],
    ['train', 51964, '*', '185.46'],
    ['hosting', 14061, '*', '159.65'],
    ['hosting', 16276, '*', '51.77'],
    ['hosting', 24940, '*', '95.216'],
    ['hosting', 20473, '*', '45.76'],
    ['hosting', 9009, '*', '146.70'],
    ['vpn', 212238, '*', '138.199'],
    ['vpn', 136787, '*', '185.93'],
    ['vpn', 39351, '*', '193.32'],
    ['relay', 13335, '*', '104.28'],
    ['relay', 36183, '*', '172.224'],
    ['cloud', 8075, '*', '20.86'],
  ] as const
).map(([kind, asn, country, prefix]) => ({ kind, asn, country, prefix }));

/** Where carriers and relays are said to be when their addresses are not known better. */
const HUBS: Readonly<Record<string, readonly CityName[]>> = {
  GB: ['London', 'Manchester'],
  DE: ['Frankfurt am Main', 'Berlin'],
  NL: ['Amsterdam'],
  PL: ['Warszawa'],
  SE: ['Stockholm'],
  FR: ['Paris'],
  US: ['San Francisco', 'Ashburn'],
};

/** Networks of one kind that serve a country, in a fixed order. */
export const operatorsFor = (kind: NetworkKind, country: string): readonly Operator[] =>
  OPERATORS.filter((operator) => operator.kind === kind && (operator.country === country || operator.country === '*'));

/** The numbers that an operator's address may lie behind, for a test by formula. */
export const asnsOfPrefix = (prefix: string) => OPERATORS.filter((operator) => operator.prefix === prefix).map(({ asn }) => asn);

const blockOf = (text: string, size: number) => createHash('sha256').update(text).digest().readUInt16LE(0) % size;

const hubOf = (dice: Dice, city: City): City => {
  const hubs = HUBS[city.country];
  return hubs === undefined ? city : cityOf(dice.pick(hubs));
};

/** An address of an operator in a city. Homes of a city share blocks; phones share the carrier's few addresses with each other. */
export function linkOf(dice: Dice, operator: Operator, city: City): Link {
  const block = blockOf(`${operator.prefix}/${city.name}`, 48) * 5;
  const at = (third: number, fourth: number) => `${operator.prefix}.${third}.${fourth}`;
  const { asn, kind } = operator;
  switch (kind) {
    case 'carrier':
      return { ip: at(block + dice.int(0, 1), dice.int(8, 71)), asn, kind, shown: dice.chance(0.4) ? hubOf(dice, city) : city, site: city };
    case 'relay':
      return { ip: at(block, dice.int(1, 254)), asn, kind, shown: dice.chance(0.7) ? city : hubOf(dice, city), site: city };
    case 'train':
      return { ip: at(block, dice.int(1, 12)), asn, kind, shown: hubOf(dice, city), site: city };
    case 'vpn':
    case 'hosting':
    case 'cloud':
      return { ip: at(block + dice.int(0, 4), dice.int(1, 254)), asn, kind, shown: city, site: undefined };
    default:
      return { ip: at(block + dice.int(0, 4), dice.int(1, 254)), asn, kind, shown: city, site: city };
  }
}

/** An address of some network of this kind in a city; a city without such a network takes the nearest thing, a hotel's. */
export function anyLink(dice: Dice, kind: NetworkKind, city: City): Link {
  const operators = operatorsFor(kind, city.country);
  return linkOf(dice, dice.pick(operators.length > 0 ? operators : operatorsFor('hotel', city.country)), city);
}

/** A city far from home in which addresses are rented or people live. */
export const farCity = (dice: Dice, home: City): City => dice.pick(CITIES.filter(({ country }) => country !== home.country));

/** Another city of the country, or the same where there is none. */
export function nearbyCity(dice: Dice, home: City): City {
  const others = citiesIn(home.country).filter(({ name }) => name !== home.name);
  return others.length > 0 ? dice.pick(others) : home;
}
