import { type ColumnBatch, entryText, type StringColumn } from './column-batch.ts';
import { hashAll, hashInto, viewOf } from './hash.ts';
import { isIdentity } from './identity-text.ts';

const empty: StringColumn = { indices: new Int32Array(0), offsets: new Int32Array(1), bytes: Buffer.alloc(0), size: 0 };

/** Writes rows from..to of a batch to their records. */
export type Filler = (from: number, to: number) => void;

const GUID_LENGTH = 36;
/** Kinds of bytes of a GUID; 0 for those that are in none. */
const ZERO = 1;
const F = 2;
const OTHER = 4;
const CAPITAL = 8;
const kinds = new Uint8Array(256);
for (const digit of '123456789abcde') kinds[digit.charCodeAt(0)] = OTHER;
for (const digit of 'ABCDE') kinds[digit.charCodeAt(0)] = OTHER | CAPITAL;
kinds[0x30] = ZERO;
kinds[0x46] = F | CAPITAL;
kinds[0x66] = F;
const HYPHEN = 0x2d;
const hyphens = [8, 13, 18, 23] as const;
const groups = [
  [0, 8],
  [9, 13],
  [14, 18],
  [19, 23],
  [24, 36],
] as const;

/** The kinds of the digits of an entry that has the form of a GUID, all together; 0 where it has another. */
function digitsOf({ bytes, offsets }: StringColumn, entry: number): number {
  const start = offsets[entry]!;
  if (offsets[entry + 1]! - start !== GUID_LENGTH) return 0;
  for (const at of hyphens) if (bytes[start + at] !== HYPHEN) return 0;
  let found = 0;
  for (const [from, to] of groups) {
    for (let i = start + from; i < start + to; i++) {
      const kind = kinds[bytes[i]!]!;
      if (kind === 0) return 0;
      found |= kind;
    }
  }
  return found;
}

function isGuid(digits: number): boolean {
  const kind = digits & ~CAPITAL;
  return kind !== 0 && kind !== ZERO && kind !== F;
}

/** A GUID that is not all zeros or all Fs; nearly all ids of a log are told by that, without a text. */
export const isPlainGuid = (strings: StringColumn, entry: number) => isGuid(digitsOf(strings, entry));

const TO_LOWER = 0x20;
const folded = new Uint8Array(GUID_LENGTH);
const foldedView = viewOf(folded);

/** Writes the pair of a GUID's hash, as in small letters, to out[at], out[at + 1]. Digits and hyphens have the bit already. */
function hashGuid({ bytes, offsets }: StringColumn, entry: number, out: Uint32Array, at: number): void {
  for (let i = 0; i < GUID_LENGTH; i++) folded[i] = bytes[offsets[entry]! + i]! | TO_LOWER;
  hashInto(foldedView, 0, GUID_LENGTH, out, at);
}

/** Whether an entry is the id of one thing; see isIdentity. */
export const tellsApart = (strings: StringColumn, entry: number) => isPlainGuid(strings, entry) || isIdentity(entryText(strings, entry));

/** What is worked out for the entries of a batch's dictionaries: once for each entry, however many rows or readers there are. */
export class Dictionaries {
  readonly #batch: ColumnBatch;
  readonly #hashes = new Map<StringColumn, Uint32Array>();
  readonly #ids = new Map<StringColumn, Uint32Array>();

  constructor(batch: ColumnBatch) {
    this.#batch = batch;
  }

  column(name: string): StringColumn {
    return this.#batch.strings.get(name) ?? empty;
  }

  /** Pairs (lo, hi) of hashes. */
  hashes(strings: StringColumn): Uint32Array {
    let found = this.#hashes.get(strings);
    if (found === undefined) {
      found = hashAll(strings.bytes, strings.offsets, strings.size);
      this.#hashes.set(strings, found);
    }
    return found;
  }

  /** The same of ids: (0, 0), as of an empty one, where a placeholder or a mask stands in its place; of a GUID in capitals that of small letters. */
  ids(strings: StringColumn): Uint32Array {
    let found = this.#ids.get(strings);
    if (found === undefined) {
      found = idHashes(this.hashes(strings), strings);
      this.#ids.set(strings, found);
    }
    return found;
  }
}

/**
 * The hashes, but for ids that are none (zeros), and GUIDs in capitals: tables and exporters write one GUID in either way, whereas the case of another id
 * may tell. The same array where there are none of these.
 */
function idHashes(hashes: Uint32Array, strings: StringColumn): Uint32Array {
  let out = hashes;
  for (let entry = 0; entry < strings.size; entry++) {
    const digits = digitsOf(strings, entry);
    const isPlain = isGuid(digits);
    const hasCapitals = isPlain && (digits & CAPITAL) !== 0;
    if (isPlain ? !hasCapitals : isIdentity(entryText(strings, entry))) continue;
    if (out === hashes) out = hashes.slice();
    if (hasCapitals) hashGuid(strings, entry, out, 2 * entry);
    else out.fill(0, 2 * entry, 2 * entry + 2);
  }
  return out;
}

/** A number for each entry. */
export function perEntry(strings: StringColumn, value: (text: string) => number): Uint32Array {
  const out = new Uint32Array(strings.size);
  for (let entry = 0; entry < strings.size; entry++) out[entry] = value(entryText(strings, entry));
  return out;
}
