import type { RuntimeFunction } from './function-row.ts';
import { parseJson, writeJson } from './json.ts';

interface Network<T> {
  readonly address: T;
  readonly prefix: number;
}

function split(text: string, most: number): [string, number] | undefined {
  const [address, prefix, ...more] = text.trim().split('/');
  if (address === undefined || more.length > 0) return undefined;
  if (prefix === undefined) return [address, most];
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= most ? [address, Number(prefix)] : undefined;
}

function quad(text: string): number | undefined {
  const m = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  const parts = m?.slice(1).map(Number) ?? [];
  return m && parts.every((p) => p <= 255) ? parts.reduce((a, b) => a * 256 + b, 0) : undefined;
}

function network4(text: string): Network<number> | undefined {
  const parts = split(text, 32);
  const address = parts && quad(parts[0]);
  return parts && address !== undefined ? { address, prefix: parts[1] } : undefined;
}

function masked4(address: number, prefix: number): number {
  const size = 2 ** (32 - prefix);
  return Math.floor(address / size) * size;
}

function text4(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

/** An address of 128 bits; `quad` says that it was written with dots, whose prefix counts the last 32 bits only. */
interface Network6 extends Network<bigint> {
  readonly quad: boolean;
}

function groups(text: string): bigint[] | undefined {
  const parts = text === '' ? [] : text.split(':');
  return parts.every((p) => /^[0-9a-f]{1,4}$/i.test(p)) ? parts.map((p) => BigInt(`0x${p}`)) : undefined;
}

function address6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groups(halves[0]!);
  const tail = halves.length === 2 ? groups(halves[1]!) : [];
  if (!head || !tail) return undefined;
  const gap = 8 - head.length - tail.length;
  if (halves.length === 2 ? gap < 1 : gap !== 0) return undefined;
  return [...head, ...Array.from({ length: gap }, () => 0n), ...tail].reduce((a, b) => (a << 16n) | b, 0n);
}

const MAPPED = 0xffffn << 32n;

/** A zone (`%eth0`) says nothing of the address. */
function network6(zoned: string): Network6 | undefined {
  const text = zoned.replace(/%[^/]*/, '');
  const four = network4(text);
  if (four) return { address: MAPPED | BigInt(four.address), prefix: four.prefix + 96, quad: true };
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)(\/.*)?$/.exec(text.trim());
  if (dotted) {
    const low = quad(dotted[2]!);
    if (low === undefined) return undefined;
    const parts = split(`x${dotted[3] ?? ''}`, 32);
    if (!parts) return undefined;
    const address = address6(`${dotted[1]}${Math.floor(low / 65536).toString(16)}:${(low % 65536).toString(16)}`);
    return address === undefined ? undefined : { address, prefix: parts[1] + 96, quad: true };
  }
  const parts = split(text, 128);
  const address = parts && address6(parts[0]);
  return parts && address !== undefined ? { address, prefix: parts[1], quad: false } : undefined;
}

function masked6(address: bigint, prefix: number): bigint {
  return (address >> BigInt(128 - prefix)) << BigInt(128 - prefix);
}

/** The first or last address of a network, in an order that texts have too; null when the text is none. */
function bound6(text: string, network: boolean, last: boolean): string | null {
  const n = network6(text);
  if (!n) return null;
  if (n.prefix < 128 && !network) throw new Error('ipv6_lookup of an address with a prefix is not supported');
  const first = masked6(comparable(n), n.prefix);
  return text6(last ? first + (1n << BigInt(128 - n.prefix)) - 1n : first);
}

function text6(address: bigint): string {
  return (address.toString(16).padStart(32, '0').match(/.{4}/g) ?? []).join(':');
}

/** IPv4 written with dots behind `::` means the same address as IPv4. */
function comparable(n: Network6): bigint {
  return n.quad && n.address >> 32n === 0n ? MAPPED | n.address : n.address;
}

function compare6(left: string, right: string, most: number): bigint | null {
  const [a, b] = [network6(left), network6(right)];
  if (!a || !b || most < 0 || most > 128) return null;
  if (a.quad !== b.quad && [a, b].some((n) => !n.quad && n.address >> 32n === 0n))
    throw new Error('comparing an IPv4 address with an IPv6 one that starts with :: is not supported');
  const prefix = Math.min(a.prefix, b.prefix, most);
  const [x, y] = [masked6(comparable(a), prefix), masked6(comparable(b), prefix)];
  return x < y ? -1n : x > y ? 1n : 0n;
}

function compare4(left: string, right: string, most: number): bigint | null {
  const [a, b] = [network4(left), network4(right)];
  if (!a || !b || most < 0 || most > 32) return null;
  const prefix = Math.min(a.prefix, b.prefix, most);
  const [x, y] = [masked4(a.address, prefix), masked4(b.address, prefix)];
  return x < y ? -1n : x > y ? 1n : 0n;
}

function inRange4(ip: string, range: string): boolean | null {
  const [a, b] = [network4(ip), network4(range)];
  if (!a || !b) return null;
  if (a.prefix < b.prefix) throw new Error('an address whose prefix is shorter than that of the range is not supported');
  return masked4(a.address, b.prefix) === masked4(b.address, b.prefix);
}

function inRange6(ip: string, range: string): boolean | null {
  const [a, b] = [network6(ip), network6(range)];
  if (!a || !b) return null;
  if (a.prefix < b.prefix) throw new Error('an address whose prefix is shorter than that of the range is not supported');
  return masked6(comparable(a), b.prefix) === masked6(comparable(b), b.prefix);
}

/** True where one range holds the address; null only when none could be read. */
function inAny(ip: string, ranges: string, test: (ip: string, range: string) => boolean | null): boolean | null {
  const items = parseJson(ranges);
  if (!Array.isArray(items)) return null;
  const answers = items.flat().map((r) => (typeof r === 'string' ? test(ip, r) : null));
  return answers.includes(true) ? true : answers.includes(null) && !answers.includes(false) ? null : false;
}

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

/** Whether the text holds one of the addresses, parted from letters and digits around it; a prefix ends in a dot. */
function hasAddress(text: string, wanted: string, prefix: boolean): boolean {
  const items = parseJson(wanted);
  const terms = (Array.isArray(items) ? items.flat() : []).filter((t) => typeof t === 'string');
  // A word is looked at from its beginning alone: from each of its letters, a long one without a digit would take minutes.
  const found = [...text.matchAll(/(?<![\p{L}\p{N}])[\p{L}\p{N}]*\d[\p{L}\p{N}]*(?:\.[\p{L}\p{N}]+)*/gu)].map((m) => m[0]);
  const addresses = found.filter((f) => quad(f) !== undefined);
  return terms.some((term) => {
    const whole = quad(term) !== undefined;
    if (!whole && !(prefix && /^(?:\d{1,3}\.){1,3}$/.test(term))) return false;
    const fits = (f: string) => (whole ? f === term : f.startsWith(term));
    if (addresses.some(fits)) return true;
    if (found.some((f) => f.split('.').length > 4 && f.includes(term)))
      throw new Error('looking for an address in a longer run of numbers and dots is not supported');
    return false;
  });
}

function cidrs(from: string, to: string): string | null {
  const [a, b] = [quad(from.trim()), quad(to.trim())];
  if (a === undefined || b === undefined || a > b) return null;
  const out: string[] = [];
  for (let at = a; at <= b; ) {
    let bits = 0;
    while (bits < 32 && at % 2 ** (bits + 1) === 0 && at + 2 ** (bits + 1) - 1 <= b) bits++;
    out.push(`${text4(at)}/${32 - bits}`);
    at += 2 ** bits;
  }
  return writeJson(out);
}

function format4(ip: string, prefix: bigint, withMask: boolean): string | null {
  const n = /^\d+$/.test(ip) ? (Number(ip) < 2 ** 32 ? { address: Number(ip), prefix: 32 } : undefined) : network4(ip);
  if (!n || prefix < 0n || prefix > 32n) return null;
  const mask = Math.min(n.prefix, Number(prefix));
  return text4(masked4(n.address, mask)) + (withMask ? `/${mask}` : '');
}

export const ipFunctions: readonly RuntimeFunction[] = [
  {
    name: 'kqlf_ipv4_compare',
    takes: ['VARCHAR', 'VARCHAR', 'BIGINT'],
    returns: 'BIGINT',
    call: (a: string, b: string, p: bigint) => compare4(a, b, Number(p)),
  },
  {
    name: 'kqlf_ipv6_compare',
    takes: ['VARCHAR', 'VARCHAR', 'BIGINT'],
    returns: 'BIGINT',
    call: (a: string, b: string, p: bigint) => compare6(a, b, Number(p)),
  },
  { name: 'kqlf_ipv4_in_range', takes: ['VARCHAR', 'VARCHAR'], returns: 'BOOLEAN', call: inRange4 },
  { name: 'kqlf_ipv6_bound', takes: ['VARCHAR', 'BOOLEAN', 'BOOLEAN'], returns: 'VARCHAR', call: bound6 },
  { name: 'kqlf_ipv6_in_range', takes: ['VARCHAR', 'VARCHAR'], returns: 'BOOLEAN', call: inRange6 },
  {
    name: 'kqlf_ipv4_in_any',
    takes: ['VARCHAR', 'VARCHAR'],
    returns: 'BOOLEAN',
    call: (ip: string, ranges: string) => inAny(ip, ranges, inRange4),
  },
  {
    name: 'kqlf_ipv6_in_any',
    takes: ['VARCHAR', 'VARCHAR'],
    returns: 'BOOLEAN',
    call: (ip: string, ranges: string) => inAny(ip, ranges, inRange6),
  },
  { name: 'kqlf_ipv4_private', takes: ['VARCHAR'], returns: 'BOOLEAN', call: (ip: string) => inAny(ip, writeJson([...PRIVATE]), inRange4) },
  {
    name: 'kqlf_parse_ipv4',
    takes: ['VARCHAR', 'BIGINT'],
    returns: 'BIGINT',
    call: (ip: string, prefix: bigint) => {
      // A part with a zero before it is no number here.
      const n = /(?:^|\.)\s*0\d/.test(ip) ? undefined : network4(ip);
      return n && prefix >= 0n && prefix <= 32n ? BigInt(masked4(n.address, Math.min(n.prefix, Number(prefix)))) : null;
    },
  },
  {
    name: 'kqlf_ipv4_suffix',
    takes: ['VARCHAR'],
    returns: 'BIGINT',
    call: (ip: string) => {
      const n = network4(ip);
      return n ? BigInt(n.prefix) : null;
    },
  },
  {
    name: 'kqlf_parse_ipv6',
    takes: ['VARCHAR', 'BIGINT'],
    returns: 'VARCHAR',
    call: (ip: string, prefix: bigint) => {
      const n = network6(ip);
      return n && prefix >= 0n && prefix <= 128n ? text6(masked6(n.address, Math.min(n.prefix, Number(prefix)))) : null;
    },
  },
  { name: 'kqlf_format_ipv4', takes: ['VARCHAR', 'BIGINT', 'BOOLEAN'], returns: 'VARCHAR', call: format4 },
  { name: 'kqlf_ipv4_cidrs', takes: ['VARCHAR', 'VARCHAR'], returns: 'VARCHAR', call: cidrs },
  { name: 'kqlf_has_ipv4', takes: ['VARCHAR', 'VARCHAR', 'BOOLEAN'], returns: 'BOOLEAN', call: hasAddress },
];
