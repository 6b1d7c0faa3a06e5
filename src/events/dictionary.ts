import { type ColumnBatch, entryText, type StringColumn } from './column-batch.ts';
import { hashAll } from './hash.ts';
import { isIdentity } from './identity-text.ts';

const empty: StringColumn = { indices: new Int32Array(0), offsets: new Int32Array(1), bytes: Buffer.alloc(0), size: 0 };

/** Writes rows from..to of a batch to their records. */
export type Filler = (from: number, to: number) => void;

const GUID_LENGTH = 36;
/** Kinds of bytes of a GUID; 0 for those that are in none. */
const ZERO = 1;
const F = 2;
const OTHER = 4;
const kinds = new Uint8Array(256);
for (const digit of '123456789abcdeABCDE') kinds[digit.charCodeAt(0)] = OTHER;
kinds[0x30] = ZERO;
kinds[0x46] = F;
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

/** A GUID that is not all zeros or all Fs; nearly all ids of a log are told by that, without a text. */
export function isPlainGuid({ bytes, offsets }: StringColumn, entry: number): boolean {
  const start = offsets[entry]!;
  if (offsets[entry + 1]! - start !== GUID_LENGTH) return false;
  for (const at of hyphens) if (bytes[start + at] !== HYPHEN) return false;
  let found = 0;
  for (const [from, to] of groups) {
    for (let i = start + from; i < start + to; i++) {
      const kind = kinds[bytes[i]!]!;
      if (kind === 0) return false;
      found |= kind;
    }
  }
  return found !== ZERO && found !== F;
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

  /** The same of ids: (0, 0), as of an empty one, where a placeholder or a mask stands in its place. */
  ids(strings: StringColumn): Uint32Array {
    let found = this.#ids.get(strings);
    if (found === undefined) {
      found = zeroedWhere(this.hashes(strings), strings, (entry) => !tellsApart(strings, entry));
      this.#ids.set(strings, found);
    }
    return found;
  }
}

/** The hashes, those of some entries zeroed; the same array where there are none. */
function zeroedWhere(hashes: Uint32Array, { size }: StringColumn, isNothing: (entry: number) => boolean): Uint32Array {
  let out = hashes;
  for (let entry = 0; entry < size; entry++) {
    if (!isNothing(entry)) continue;
    if (out === hashes) out = hashes.slice();
    out.fill(0, 2 * entry, 2 * entry + 2);
  }
  return out;
}

/** A number for each entry. */
export function perEntry(strings: StringColumn, value: (text: string) => number): Uint32Array {
  const out = new Uint32Array(strings.size);
  for (let entry = 0; entry < strings.size; entry++) out[entry] = value(entryText(strings, entry));
  return out;
}
