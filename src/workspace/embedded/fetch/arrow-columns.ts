import { type Data, type DataType, type Dictionary, makeData, makeVector, type Utf8, Utf8 as Utf8Type } from 'apache-arrow';
import type { RawList } from './raw-vectors.ts';

/** Numbers as Arrow wants them; booleans become bits. */
export function numberColumn(type: DataType, width: 1 | 4 | 8, list: RawList, real: boolean): Data {
  const { length, validity } = list;
  const nullCount = validity ? countNulls(validity, length) : 0;
  const nullBitmap = nullCount > 0 ? validity : undefined;
  const { buffer, byteOffset } = list.data;
  const data =
    width === 1
      ? packBits(list.data, length)
      : width === 4
        ? new Int32Array(buffer, byteOffset, length)
        : real
          ? new Float64Array(buffer, byteOffset, length)
          : new BigInt64Array(buffer, byteOffset, length);
  return makeData({ type, length, nullCount, nullBitmap, data } as Parameters<typeof makeData>[0]);
}

/** Each text once: codes for the hashes, and the texts. Undefined when two texts have one hash: then codes cannot be told. */
export function dictionaryColumn(
  type: Dictionary<Utf8>,
  hashes: RawList,
  keys: RawList,
  lengths: RawList,
  text: Uint8Array,
): Data | undefined {
  const table = new CodeTable(keys.length);
  const keyWords = new Uint32Array(keys.data.buffer, keys.data.byteOffset, keys.length * 2);
  for (let i = 0; i < keys.length; i++) if (!table.add(keyWords[2 * i] as number, keyWords[2 * i + 1] as number, i)) return undefined;
  const words = new Uint32Array(hashes.data.buffer, hashes.data.byteOffset, hashes.length * 2);
  const codes = new Int32Array(hashes.length);
  for (let i = 0; i < codes.length; i++) codes[i] = table.code(words[2 * i] as number, words[2 * i + 1] as number);
  // The absent value has a hash too; its entry is the one without a length.
  const nullEntry = firstNull(lengths);
  return dictionaryData(type, codes, nullEntry < 0 ? undefined : nullsAt(codes, nullEntry), utf8(lengths, text));
}

/** Every cell is its own entry. */
export function concatenatedColumn(type: Dictionary<Utf8>, lengths: RawList, text: Uint8Array): Data {
  const codes = new Int32Array(lengths.length);
  for (let i = 0; i < codes.length; i++) codes[i] = i;
  return dictionaryData(type, codes, lengths.validity, utf8(lengths, text));
}

function dictionaryData(type: Dictionary<Utf8>, codes: Int32Array, validity: Uint8Array | undefined, dictionary: Data<Utf8>): Data {
  const nullCount = validity ? countNulls(validity, codes.length) : 0;
  const nullBitmap = nullCount > 0 ? validity : undefined;
  return makeData({ type, length: codes.length, nullCount, nullBitmap, data: codes, dictionary: makeVector(dictionary) } as Parameters<
    typeof makeData
  >[0]);
}

function utf8(lengths: RawList, text: Uint8Array): Data<Utf8> {
  const sizes = new Int32Array(lengths.data.buffer, lengths.data.byteOffset, lengths.length);
  const valueOffsets = new Int32Array(sizes.length + 1);
  // The length of a null is not set: its text is not there either.
  for (let i = 0; i < sizes.length; i++)
    valueOffsets[i + 1] = (valueOffsets[i] as number) + (isValid(lengths.validity, i) ? (sizes[i] as number) : 0);
  return makeData({ type: new Utf8Type(), length: sizes.length, nullCount: 0, valueOffsets, data: text });
}

/** 64-bit hash to code, open addressing; the words are compared without being boxed. */
class CodeTable {
  readonly #mask: number;
  readonly #low: Uint32Array;
  readonly #high: Uint32Array;
  readonly #codes: Int32Array;

  constructor(entries: number) {
    let size = 16;
    while (size < entries * 2) size *= 2;
    this.#mask = size - 1;
    this.#low = new Uint32Array(size);
    this.#high = new Uint32Array(size);
    this.#codes = new Int32Array(size).fill(-1);
  }

  add(low: number, high: number, code: number): boolean {
    const slot = this.#slot(low, high);
    if (this.#codes[slot] !== -1) return false;
    this.#low[slot] = low;
    this.#high[slot] = high;
    this.#codes[slot] = code;
    return true;
  }

  code(low: number, high: number): number {
    return this.#codes[this.#slot(low, high)] as number;
  }

  #slot(low: number, high: number): number {
    let slot = (low ^ Math.imul(high, 0x9e3779b1)) & this.#mask;
    while (this.#codes[slot] !== -1 && (this.#low[slot] !== low || this.#high[slot] !== high)) slot = (slot + 1) & this.#mask;
    return slot;
  }
}

function isValid(validity: Uint8Array | undefined, i: number): boolean {
  return validity === undefined || (((validity[i >> 3] as number) >> (i & 7)) & 1) === 1;
}

function firstNull({ length, validity }: RawList): number {
  if (validity) for (let i = 0; i < length; i++) if (!isValid(validity, i)) return i;
  return -1;
}

function nullsAt(codes: Int32Array, nullCode: number): Uint8Array {
  const validity = new Uint8Array(Math.ceil(codes.length / 8));
  for (let i = 0; i < codes.length; i++) {
    if (codes[i] !== nullCode) validity[i >> 3] = (validity[i >> 3] as number) | (1 << (i & 7));
    else codes[i] = 0;
  }
  return validity;
}

function countNulls(validity: Uint8Array, length: number): number {
  let nulls = 0;
  for (let i = 0; i < length; i++) if (!isValid(validity, i)) nulls++;
  return nulls;
}

function packBits(bytes: Uint8Array, length: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil(length / 8));
  for (let i = 0; i < length; i++) if (bytes[i] !== 0) bits[i >> 3] = (bits[i >> 3] as number) | (1 << (i & 7));
  return bits;
}
