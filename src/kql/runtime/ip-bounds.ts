import type { RuntimeFunction } from './functions.ts';

/** The first or last address of a network as a number; undefined when the text is none. */
function ipv4Bound(text: string, network: boolean, last: boolean): bigint | undefined {
  const m = /^\s*(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?\s*$/.exec(text);
  if (!m) return undefined;
  if (m[5] !== undefined && !network) throw new Error('ipv4_lookup of an address with a prefix is not supported');
  const bytes = m.slice(1, 5).map(Number);
  const bits = Number(m[5] ?? 32);
  if (bytes.some((b) => b > 255) || bits > 32) return undefined;
  const address = bytes.reduce((n, b) => n * 256n + BigInt(b), 0n);
  const size = 1n << BigInt(32 - bits);
  const first = address - (address % size);
  return last ? first + size - 1n : first;
}

export const ipBoundFunctions: readonly RuntimeFunction[] = [
  {
    name: 'kqlf_ipv4_bound',
    takes: ['VARCHAR', 'BOOLEAN', 'BOOLEAN'],
    returns: 'BIGINT',
    call: (text: string, network: boolean, last: boolean) => ipv4Bound(text, network, last) ?? null,
  },
];
