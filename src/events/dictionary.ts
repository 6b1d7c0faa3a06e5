import { type ColumnBatch, entryText, type StringColumn } from './column-batch.ts';
import { hashAll, hashText } from './hash.ts';

const empty: StringColumn = { indices: new Int32Array(0), offsets: new Int32Array(1), bytes: Buffer.alloc(0), size: 0 };

/** Writes rows from..to of a batch to their records. */
export type Filler = (from: number, to: number) => void;

/** What is worked out for the entries of a batch's dictionaries: once for each entry, however many rows or readers there are. */
export class Dictionaries {
  readonly #batch: ColumnBatch;
  readonly #hashes = new Map<StringColumn, Uint32Array>();

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
