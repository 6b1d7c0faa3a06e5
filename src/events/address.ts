import ipaddr from 'ipaddr.js';

/** An address as detectors key it: IPv4 whole, IPv6 by its /64; the prefix is /24 and /48. '' where it is not an address. */
export interface AddressKeys {
  readonly address: string;
  readonly prefix: string;
}

const none: AddressKeys = { address: '', prefix: '' };
const plainV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?::\d{1,5})?$/;

/** An address without the port, brackets and zone that some records write around it. */
export function bareAddress(text: string): string {
  return text
    .replace(/^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/, '$1')
    .replace(/^\[([^\]]*)\].*$/, '$1')
    .replace(/%.*$/, '');
}

/** First part of addresses that say that there is none, and of a computer's own to itself (RFC 6890: 0/8, 127/8). */
const isNobodys = (firstPart: number) => firstPart === 0 || firstPart === 127;

/** Normalises an address text as logged: with a port, in brackets, IPv4 inside IPv6. */
export function addressKeys(text: string): AddressKeys {
  const v4 = plainV4.exec(text);
  if (v4 !== null) {
    const parts = v4.slice(1).map(Number);
    if (parts.some((part) => part > 255) || isNobodys(parts[0]!)) return none;
    return { address: parts.join('.'), prefix: `${parts.slice(0, 3).join('.')}.0/24` };
  }
  const bare = bareAddress(text);
  if (bare.length > 45 || !bare.includes(':') || !ipaddr.IPv6.isValid(bare)) return none;
  const v6 = ipaddr.IPv6.parse(bare);
  if (v6.range() === 'unspecified' || v6.range() === 'loopback') return none;
  if (v6.isIPv4MappedAddress()) return addressKeys(v6.toIPv4Address().toString());
  const words = v6.parts.map((part) => part.toString(16));
  return { address: `${words.slice(0, 4).join(':')}::/64`, prefix: `${words.slice(0, 3).join(':')}::/48` };
}
