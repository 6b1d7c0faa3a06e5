import { hashText } from '../../events/hash.ts';
import { fingerprint, isKnown } from './slots.ts';

/** Networks (ASN) of large hosting and VPN companies, where servers live and people seldom do. Public registry data; far from complete. */
const HOSTING = [
  9009, 14061, 16509, 14618, 8075, 15169, 396982, 24940, 213230, 16276, 20473, 63949, 45102, 37963, 132203, 51167, 60068, 212238, 136787,
  62041, 53667, 62240, 60781, 28753, 30633, 36352, 8100, 46606, 26496, 12876, 197540, 210558, 202425, 211252, 62904, 55286, 49981, 39351,
  31898, 19318, 25820, 35916, 40676, 62567, 206092, 207990, 209854, 141039, 147049, 59253, 210644, 44477, 397423, 213035, 399629, 29802,
  23470, 54290, 47583, 49505, 9123, 197695, 199524, 202422, 43350, 50673, 60404, 395954, 396356, 11878, 53755, 46475, 54825, 20454, 46562,
  63023, 33387, 29066, 35913, 57169, 200651, 203020, 56630, 200019, 202015, 64286, 44066, 48282, 198610, 21100, 42831, 24961, 36351, 45090,
  55990, 136907, 19148, 7203, 27411, 394380, 133752, 32475, 21859, 49453, 29182, 35048, 15626, 51396, 215540, 40021, 14576, 58065, 55933,
  3842, 53850, 62563, 204601, 216071, 59711, 61317, 202448, 198953, 56322, 60117, 44901, 216246,
];
const hashes = new Set(HOSTING.map((asn) => hashText(String(asn))[0] | 0));

/** The same, for a question that is asked several times a sign-in: an empty cell answers it mostly. */
const cells = new Int32Array(1024);
for (const hash of hashes) {
  let at = hash & (cells.length - 1);
  while (cells[at] !== 0) at = (at + 1) & (cells.length - 1);
  cells[at] = hash;
}

/** Whether the hash of an ASN is that of a hosting or VPN company. */
export function isHosting(asnHash: number): boolean {
  const hash = asnHash | 0;
  let at = hash & (cells.length - 1);
  while (cells[at] !== 0 && cells[at] !== hash) at = (at + 1) & (cells.length - 1);
  return hash !== 0 && cells[at] === hash;
}

const byPrint = new Map([...hashes].map((hash) => [fingerprint(hash), hash]));

/** The hosting and VPN companies (hashes of ASN) among the networks that a user is known by. */
export function hostingAmong(words: Uint32Array, from: number, slots: number): readonly number[] {
  const found: number[] = [];
  for (let at = from; at < from + slots; at++) {
    const hash = isKnown(words[at]!) ? byPrint.get(words[at]! >>> 16) : undefined;
    if (hash !== undefined) found.push(hash);
  }
  return found;
}
