import ipaddr from 'ipaddr.js';
import { ExitCode, FactorwatchError } from '../core/errors.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Addresses that share the first bits of a base. */
export type AddressRange = readonly [base: Address, bits: number];

const isIPv4 = (text: string) => ipaddr.IPv4.isValidFourPartDecimal(text);
/** With an IPv4 part that everybody reads alike. */
const isIPv6 = (text: string) =>
  ipaddr.IPv6.isValid(text) && !text.includes('%') && (!text.includes('.') || (isIPv4(text.replace(/^.*:/, '')) && !/^::\d+\./.test(text)));

/** Strict where ipaddr.js is as lax as inet_aton: '198.51.100' is 198.51.0.100 to it, '010.0.0.1' is 8.0.0.1, '::192.0.2.1' is '::ffff:192.0.2.1'. */
function parsed(text: string): Address | undefined {
  if (isIPv4(text)) return ipaddr.IPv4.parse(text);
  return isIPv6(text) ? ipaddr.IPv6.parse(text) : undefined;
}

/** An address as it is looked up: without its zone, IPv4 out of IPv6. Undefined where it is none. */
export function addressOf(text: string): Address | undefined {
  const address = parsed(text.replace(/%.*$/, ''));
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/** An address or CIDR range, IPv4 out of IPv6; undefined where it is neither. */
export function rangeOf(text: string): AddressRange | undefined {
  const [, host = text, suffix] = /^(.*)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const base = parsed(host);
  if (base === undefined) return undefined;
  const whole = base instanceof ipaddr.IPv4 ? 32 : 128;
  const bits = suffix === undefined ? whole : Number(suffix);
  if (bits > whole) return undefined;
  return base instanceof ipaddr.IPv6 && base.isIPv4MappedAddress() ? [base.toIPv4Address(), Math.max(0, bits - 96)] : [base, bits];
}

/** A range that somebody may vouch for; anything else, and one that holds every address, is FactorwatchError allow-address. */
export function vouchedRange(text: string): AddressRange {
  const range = rangeOf(text);
  if (range === undefined)
    throw new FactorwatchError('allow-address', `${text} is neither an address nor a CIDR range`, {
      exitCode: ExitCode.invalid,
      hint: 'Write IPv4 as four decimal numbers without leading zeros, like 198.51.100.7 or 198.51.100.0/24, or IPv6.',
    });
  const [base, bits] = range;
  if (bits === 0)
    throw new FactorwatchError('allow-address', `${text} holds every ${base instanceof ipaddr.IPv4 ? 'IPv4' : 'IPv6'} address`, {
      exitCode: ExitCode.invalid,
      hint: 'Vouch for the ranges of your own networks: with every address vouched for, no place is evidence any more.',
    });
  return range;
}

export function holds([base, bits]: AddressRange, address: Address): boolean {
  return base.kind() === address.kind() && (address as ipaddr.IPv4).match(base as ipaddr.IPv4, bits);
}
