import { Dictionary, Int32, makeData, makeVector, Utf8, type Vector } from 'apache-arrow';

interface Numbered {
  /** By row, the number of its code. */
  readonly indices: Int32Array;
  /** Codes by number. */
  readonly codes: readonly number[];
}

/** Wider than so many times the rows a table of the codes would be too large. */
const SPAN = 8;

/** Numbers whole codes in the order in which they come first: by a table where they lie close together, which is ten times as fast as a Map. */
function numbered(rows: readonly number[]): Numbered {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const code of rows) {
    if (code < least) least = code;
    if (code > most) most = code;
  }
  const codes: number[] = [];
  if (most - least >= SPAN * rows.length) {
    const known = new Map<number, number>();
    const indices = Int32Array.from(rows, (code) => {
      const found = known.get(code);
      if (found !== undefined) return found;
      known.set(code, codes.length);
      return codes.push(code) - 1;
    });
    return { indices, codes };
  }
  const known = new Int32Array(rows.length === 0 ? 0 : most - least + 1);
  const indices = new Int32Array(rows.length);
  for (let row = 0; row < rows.length; row++) {
    const code = rows[row]!;
    if (known[code - least] === 0) known[code - least] = codes.push(code);
    indices[row] = known[code - least]! - 1;
  }
  return { indices, codes };
}

function column(indices: Int32Array, valueOffsets: Int32Array, data: Uint8Array): Vector {
  const length = valueOffsets.length - 1;
  const dictionary = makeVector(makeData({ type: new Utf8(), length, nullCount: 0, valueOffsets, data }));
  return makeVector(makeData({ type: new Dictionary(new Utf8(), new Int32()), data: indices, dictionary }));
}

/** A column as a workspace gives it: values by dictionary, indices by row. `rows` stand for the texts that `text` makes, all of them ASCII. */
export function texts(rows: readonly number[], text: (code: number) => string): Vector {
  const { indices, codes } = numbered(rows);
  const all = codes.map(text);
  const offsets = new Int32Array(all.length + 1);
  for (let i = 0; i < all.length; i++) offsets[i + 1] = offsets[i]! + all[i]!.length;
  return column(indices, offsets, Buffer.from(all.join(''), 'latin1'));
}

const GUID_BYTES = 36;
const DIGITS = Buffer.from('0123456789abcdef');

function writeDigits(to: Uint8Array, at: number, n: number): void {
  for (let i = 0, shift = 28; i < 8; i++, shift -= 4) to[at + i] = DIGITS[(n >>> shift) & 15]!;
}

/**
 * The same of ids, which are most of a sign-in: the number of a thing and of its kind, written without making a text of them. A number below 0 stands
 * for no id.
 */
export function guids(rows: readonly number[], kind: number): Vector {
  const { indices, codes } = numbered(rows);
  const pattern = Buffer.from(`00000000-${kind.toString(16).padStart(4, '0')}-4000-8000-000000000000`);
  const bytes = new Uint8Array(GUID_BYTES * codes.length);
  const offsets = new Int32Array(codes.length + 1);
  let at = 0;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code >= 0) {
      writeDigits(bytes, at, code);
      for (let k = 8; k < GUID_BYTES - 8; k++) bytes[at + k] = pattern[k]!;
      writeDigits(bytes, at + GUID_BYTES - 8, code);
      at += GUID_BYTES;
    }
    offsets[i + 1] = at;
  }
  return column(indices, offsets, bytes.subarray(0, at));
}
