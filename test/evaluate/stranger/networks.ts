import type { Place, Provider } from './places.ts';
import type { Random } from './random.ts';
import { DAY } from './time.ts';

/** The network side of one sign-in. */
export interface Spot {
  readonly ip: string;
  readonly asn: number;
  readonly place: Place;
  /** A named location of the tenant; only trusted ones here. */
  readonly named?: string;
}

/** A way into the internet that somebody uses again and again. */
export type Line = (at: number) => Spot;

/** The first two octets of one of a provider's blocks; the same for everyone, so that customers share prefixes. */
function block(asn: number, nth: number): string {
  let hash = Math.imul(asn + nth * 7919, 0x9e3779b1) >>> 0;
  hash = (hash ^ (hash >>> 15)) >>> 0;
  const first = 2 + (hash % 200);
  const safe = [10, 100, 127, 169, 172, 192, 198, 203].includes(first) ? first + 1 : first;
  return `${safe === 170 || safe === 173 ? 171 : safe}.${(hash >>> 8) % 256}`;
}

const nthOfCity = (place: Place): number => Math.abs(Math.round(place.lat * 31 + place.lon * 17)) % 5;

export const address = (asn: number, place: Place, random: Random): string =>
  `${block(asn, nthOfCity(place) + (random.chance(0.3) ? 5 : 0))}.${random.whole(0, 255)}.${random.whole(1, 254)}`;

const v6Prefix = (asn: number, random: Random): string => `2a02:${(asn % 0xffff).toString(16)}:${random.hex(4)}:${random.hex(4)}`;
const v6Address = (prefix: string, random: Random): string =>
  `${prefix}:${random.hex(4)}:${random.hex(4)}:${random.hex(4)}:${random.hex(4)}`;

/** Broadband: the same address for weeks, a new one of the same provider after that; with IPv6 the lower half changes every day. */
export function homeLine(provider: Provider, place: Place, random: Random, v6 = false): Line {
  const own = random.stream(`home${random.hex(8)}`);
  const prefix = v6Prefix(provider.asn, own);
  const lease = own.weighted([
    [400, 6],
    [30, 3],
    [9, 1],
  ]);
  return (at) => {
    const draw = own.stream(`lease${Math.floor(at / (lease * DAY))}`);
    const ip = address(provider.asn, place, draw);
    const day = own.stream(`day${Math.floor(at / DAY)}`);
    return { ip: v6 && day.chance(0.75) ? v6Address(prefix, day) : ip, asn: provider.asn, place };
  };
}

/** Mobile: carrier-grade NAT, another address at every session, sometimes placed in the city of another gateway. */
export function mobileLine(provider: Provider, place: Place, gateways: readonly Place[], random: Random, v6 = false): Line {
  const own = random.stream(`mobile${random.hex(8)}`);
  return () => {
    const seen = own.chance(0.35) ? own.pick(gateways) : place;
    const ip =
      v6 && own.chance(0.5)
        ? v6Address(v6Prefix(provider.asn, own), own)
        : `${block(provider.asn, 9 + own.whole(0, 1))}.${own.whole(0, 63)}.${own.whole(1, 254)}`;
    return { ip, asn: provider.asn, place: seen };
  };
}

/** An office, a shop, a school: one or a few addresses behind which everybody sits. */
export function officeLine(provider: Provider, place: Place, count: number, random: Random, named?: string): Line {
  const own = random.stream(`office${provider.asn}${place.city}`);
  const net = `${block(provider.asn, 3)}.${own.whole(0, 255)}`;
  const ips = Array.from({ length: count }, () => `${net}.${own.whole(1, 254)}`);
  return () => ({ ip: own.pick(ips), asn: provider.asn, place, ...(named === undefined ? {} : { named }) });
}

/** What changes over at a moment: a new VPN egress, a new provider. */
export const switchLine =
  (before: Line, after: Line, when: number): Line =>
  (at) =>
    at < when ? before(at) : after(at);

/** One fixed address, as a rented server or an infected router has it. */
export function fixedLine(asn: number, place: Place, random: Random): Line {
  const ip = address(asn, place, random);
  return () => ({ ip, asn, place });
}

/** Another customer of the same kind at every visit: a pool of exits. */
export function poolLine(asns: readonly number[], place: Place, random: Random): Line {
  const own = random.stream(`pool${random.hex(8)}`);
  return () => {
    const asn = own.pick(asns);
    return { ip: address(asn, place, own), asn, place };
  };
}
