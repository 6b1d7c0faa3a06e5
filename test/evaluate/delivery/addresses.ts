import type { Dice } from './dice.ts';
import type { City, Network } from './places.ts';

/** An address as the log knows it: where it is said to be, and whose it is. */
export interface Point {
  readonly ip: string;
  readonly asn: number;
  readonly city: City;
}

const group = (dice: Dice) => dice.hex(4).replace(/^0{1,3}/, '');

/** Some address of a network; `lines` keeps it to so many, as behind a carrier's NAT. */
export function someAddress(dice: Dice, network: Network, city: City, lines = 65_000): Point {
  const said = network.gateways === undefined ? city : dice.pick(network.gateways);
  const line = dice.int(0, lines - 1);
  return { ip: `${network.v4}.${(line >> 8) & 255}.${1 + ((line * 7) % 254)}`, asn: network.asn, city: said };
}

/** An IPv6 address in its shortest spelling; a subscriber keeps the prefix, a device changes its half every day. */
export function someV6(prefix: Dice, device: Dice, network: Network, city: City): Point {
  const half = [group(device), group(device), group(device), group(device)].join(':');
  return { ip: `${network.v6}:${group(prefix)}:${group(prefix)}:${half}`, asn: network.asn, city };
}

/** Another spelling of one IPv6 address: capitals, all zeros written, or both. */
export function respell(ip: string, dice: Dice): string {
  if (!ip.includes(':')) return ip;
  const full = dice.chance(0.5)
    ? ip
        .split(':')
        .map((part) => part.padStart(4, '0'))
        .join(':')
    : ip;
  return dice.chance(0.5) ? full.toUpperCase() : full;
}
