import { addressKeys, bareAddress } from './address.ts';
import { entryText, type StringColumn } from './column-batch.ts';
import { hashInto, hashText, viewOf } from './hash.ts';

/** Until when (Unix ms, 0 = never) the operator vouches for an address or for named locations; asked once per dictionary entry. */
export interface EgressTest {
  /** False where the operator vouches for no address at all. */
  readonly hasAddresses?: boolean | undefined;
  address(address: string): number;
  location(names: string): number;
}

/** Hashes of a dictionary of addresses and of their ranges, by entry; 0 where it is not an address. */
export interface AddressHashes {
  /** Pairs (lo, hi). */
  readonly address: Uint32Array;
  readonly prefix: Uint32Array;
  readonly vouchedMs: Float64Array;
}

const DOT = 0x2e;
const ZERO = 0x30;
/** First part of a computer's own addresses to itself; these and 0.x.x.x are left to addressKeys, which says that they are nobody's. */
const LOOPBACK = 127;
const LONGEST_V4 = 15;
/** '0/24', as four bytes that stand in one word. */
const SUFFIX = 0x34322f30;
const SUFFIX_BYTES = 4;

/** Length of the first three parts, with their dots, where the bytes are an IPv4 address as addressKeys writes it; else 0. */
function plainV4(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > LONGEST_V4) return 0;
  let dots = 0;
  let digits = 0;
  let value = 0;
  let third = 0;
  if (end - start > 1 && bytes[start] === ZERO && bytes[start + 1] === DOT) return 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === DOT) {
      if (digits === 0 || ++dots > 3) return 0;
      third = i + 1 - start;
      digits = 0;
      value = 0;
      continue;
    }
    const digit = byte - ZERO;
    // A part that begins with 0 is written in another way by addressKeys.
    if (digit < 0 || digit > 9 || (digits === 1 && value === 0)) return 0;
    digits++;
    value = 10 * value + digit;
    if (value > 255 || (dots === 0 && value === LOOPBACK)) return 0;
  }
  return dots === 3 && digits > 0 ? third : 0;
}

/** Hashes each entry; texts are made only of what is not plain IPv4, for which the hash of its bytes (a pair in `raw`) is that of the address. */
export function addressHashes(strings: StringColumn, raw: Uint32Array, egress: EgressTest): AddressHashes {
  const { bytes, offsets, size } = strings;
  const address = new Uint32Array(size * 2);
  const prefix = new Uint32Array(size);
  const vouchedMs = new Float64Array(size);
  const range = new Uint8Array(LONGEST_V4 + 1 + SUFFIX_BYTES);
  const pair = new Uint32Array(2);
  const rangeView = viewOf(range);
  const ask = egress.hasAddresses !== false;
  for (let entry = 0; entry < size; entry++) {
    const start = offsets[entry]!;
    const end = offsets[entry + 1]!;
    const third = plainV4(bytes, start, end);
    if (third > 0) {
      address[2 * entry] = raw[2 * entry]!;
      address[2 * entry + 1] = raw[2 * entry + 1]!;
      for (let i = 0; i < third; i++) range[i] = bytes[start + i]!;
      rangeView.setUint32(third, SUFFIX, true);
      hashInto(rangeView, 0, third + SUFFIX_BYTES, pair, 0);
      prefix[entry] = pair[0]!;
      if (ask) vouchedMs[entry] = egress.address(entryText(strings, entry));
      continue;
    }
    if (end === start) continue;
    const text = entryText(strings, entry);
    const keys = addressKeys(text);
    if (keys.address === '') continue;
    const [lo, hi] = hashText(keys.address);
    address[2 * entry] = lo;
    address[2 * entry + 1] = hi;
    prefix[entry] = hashText(keys.prefix)[0];
    if (ask) vouchedMs[entry] = egress.address(keys.address.endsWith('/64') ? bareAddress(text) : keys.address);
  }
  return { address, prefix, vouchedMs };
}
