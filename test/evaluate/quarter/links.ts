import { CITIES, type City, citiesOf, DAY, MINUTE } from './cities.ts';
import { type Dice, hash } from './dice.ts';
import { type NetworkKind, type Provider, providersIn } from './providers.ts';

/** One connection to the internet, of a flat, an office, a telephone, an exit node. */
export interface Link {
  readonly provider: Provider;
  readonly city: City;
  /** Whose connection: what keeps an address for the time of a lease. */
  readonly key: string;
  /** How many addresses an office or exit leaves by; 1 where it is one customer's. */
  readonly exits: number;
  /** A wrong entry of the geolocation's data, for some days. */
  readonly fault?: { readonly from: number; readonly to: number; readonly city: City };
}

export function linkOf(provider: Provider, city: City, key: string, exits = 1): Link {
  return { provider, city, key, exits };
}

const RIPE = [
  2, 5, 31, 37, 46, 62, 77, 78, 79, 80, 82, 84, 86, 87, 89, 91, 93, 94, 95, 109, 145, 151, 176, 178, 188, 193, 194, 212, 213, 217,
];
const ARIN = [24, 50, 66, 68, 71, 73, 75, 76, 96, 98, 99, 104, 107, 108, 173, 174];

/** Blocks of a provider in a city: customers near one another share them. */
function block4({ provider, city }: Link, index: number): string {
  const octets = city.country === 'US' ? ARIN : RIPE;
  const first = octets[hash(`${provider.asn}`) % octets.length]!;
  const value = hash(`${provider.asn}/${city.name}/${index}`);
  return `${first}.${value & 255}.${(value >>> 8) & 255}`;
}

/** /24 blocks of one provider in one city. */
const BLOCKS: Readonly<Record<NetworkKind, number>> = {
  home: 40,
  mobile: 12,
  business: 2,
  venue: 6,
  hosting: 20,
  vpn: 4,
  relay: 8,
  sase: 2,
  cloud: 3,
};

/** What a lookup says of an address: the city of its block, at another place for carriers, none for part of IPv6, wrong for a few. */
export interface Located {
  readonly address: string;
  readonly city: City;
  readonly named: boolean;
}

/** How long a telephone or a tunnel keeps an address where no lease holds it. */
const CONNECTION = 95 * MINUTE;

const hextet = (value: number) => (value & 0xffff).toString(16);

/** The address that a connection has at a time, ms since the tenant's start: kept for a lease, one of a pool, or new. */
export function addressAt(link: Link, at: number, dice: Dice): Located {
  const { provider, city, key, exits } = link;
  const day = Math.floor(at / DAY);
  const fault = link.fault !== undefined && day >= link.fault.from && day < link.fault.to ? link.fault.city : undefined;
  const kept = provider.lease === 0 ? CONNECTION : provider.lease * DAY;
  const lease = Math.floor((at + (hash(key) % kept)) / kept);
  const slot = hash(`${key}/${lease}/${exits > 1 ? dice.int(1, exits) : 0}`);
  if (dice.chance(provider.v6)) {
    const site = hash(`${provider.asn}/${city.name}`);
    const head = city.country === 'US' ? '2600' : '2a02';
    const privacy = hash(`${key}/${lease}/${day}`);
    const tail = [slot >>> 16, privacy, privacy >>> 16, privacy >>> 8, slot].map(hextet);
    return {
      address: `${head}:${hextet(site)}:${hextet(site >>> 16)}:${tail.join(':')}`,
      city: fault ?? shown(link, `${site}`, day),
      named: site % 4 !== 0 || provider.kind !== 'mobile',
    };
  }
  const block = block4(link, slot % BLOCKS[provider.kind]);
  return { address: `${block}.${1 + ((slot >>> 8) % 253)}`, city: fault ?? shown(link, block, day), named: true };
}

/** Carriers hand over at a few places of the country; one block in thirty of other access networks jumps to another city of it on some day. */
function shown({ provider, city }: Link, block: string, day: number): City {
  const chosen = hash(`geo/${block}`);
  const canJump = provider.kind === 'home' || provider.kind === 'venue';
  const isMoved = provider.kind === 'mobile' ? chosen % 3 === 0 : canJump && chosen % 30 === 0 && day >= (chosen >>> 4) % 35;
  const others = citiesOf(city.country);
  return isMoved ? others[(chosen >>> 8) % others.length]! : city;
}

/** A new customer's line of one kind in a city. */
export function newLink(dice: Dice, city: City, kind: NetworkKind, key = dice.hex(8)): Link {
  return linkOf(dice.pick(providersIn(city.country, kind)), city, key);
}

const EXITS = [CITIES.amsterdam, CITIES.london, CITIES.paris, CITIES.frankfurt, CITIES.newyork, CITIES.madrid, CITIES.warsaw];

/** A consumer's tunnel: seven times in ten the exit is in the own country. */
export function tunnel(dice: Dice, from: City, kind: 'vpn' | 'relay', key = dice.hex(8)): Link {
  const stays = kind === 'relay' ? 0.97 : 0.7;
  const exit = dice.chance(stays) ? from : dice.pick(EXITS);
  return linkOf(dice.pick(providersIn('', kind)), exit, key);
}
