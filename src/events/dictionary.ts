import { type ColumnBatch, entryText, type StringColumn } from './column-batch.ts';
import { hashAll, hashText } from './hash.ts';
import { isIdentity } from './identity-text.ts';

const empty: StringColumn = { indices: new Int32Array(0), offsets: new Int32Array(1), bytes: Buffer.alloc(0), size: 0 };

/** Writes rows from..to of a batch to their records. */
export type Filler = (from: number, to: number) => void;

const GUID_LENGTH = 36;
const HYPHEN = 0x2d;
const STAR = 0x2a;

/** A GUID whose first two digits differ is no fill; nearly all ids of a log are told by that, without a text. */
function isPlainGuid({ bytes, offsets }: StringColumn, entry: number): boolean {
  const start = offsets[entry]!;
  if (offsets[entry + 1]! - start !== GUID_LENGTH || bytes[start + 8] !== HYPHEN || bytes[start + 13] !== HYPHEN) return false;
  return bytes[start] !== bytes[start + 1] && bytes[start] !== STAR && bytes[start + 1] !== STAR;
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

/** As hashes, of what `fold` makes of the texts. */
export function hashesOf(strings: StringColumn, fold: (text: string) => string): Uint32Array {
  const out = new Uint32Array(strings.size * 2);
  for (let entry = 0; entry < strings.size; entry++) {
    const [lo, hi] = hashText(fold(entryText(strings, entry)));
    out[2 * entry] = lo;
    out[2 * entry + 1] = hi;
  }
  return out;
}

/** A number for each entry. */
export function perEntry(strings: StringColumn, value: (text: string) => number): Uint32Array {
  const out = new Uint32Array(strings.size);
  for (let entry = 0; entry < strings.size; entry++) out[entry] = value(entryText(strings, entry));
  return out;
}
