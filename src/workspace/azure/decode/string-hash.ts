import { randomBytes } from 'node:crypto';

/** The start is drawn anew by each process, because whoever writes logs chooses the strings. */
const START = randomBytes(4).readInt32LE() | 0;
const PRIME = 0x9e3779b1 | 0;

interface Viewed {
  readonly bytes: Buffer;
  readonly view: DataView;
}

const view = (bytes: Buffer): Viewed => ({ bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) });
let newest = view(Buffer.alloc(0));
let older = newest;

/**
 * A view of the bytes by which four at a time are read from any position. Those of two buffers are kept: what came in and what
 * was unescaped take turns.
 */
export function viewOf(bytes: Buffer): DataView {
  if (bytes === newest.bytes) return newest.view;
  const found = bytes === older.bytes ? older : view(bytes);
  older = newest;
  newest = found;
  return found.view;
}

/**
 * Hash of bytes, as StringScanner takes that of a string without escapes: eight at a time, in two sums that do not wait for one another, then
 * four, then one.
 */
export function hashBytes(bytes: Buffer, start: number, end: number): number {
  const words = viewOf(bytes);
  let even = START;
  let odd = START;
  let i = start;
  for (; i + 8 <= end; i += 8) {
    even = mixed(even, words.getInt32(i, true));
    odd = mixed(odd, words.getInt32(i + 4, true));
  }
  if (i + 4 <= end) {
    even = mixed(even, words.getInt32(i, true));
    i += 4;
  }
  return joined(i < end ? mixed(even, lastWord(bytes, i, end)) : even, odd);
}

/** One to three bytes as a word. */
function lastWord(bytes: Buffer, start: number, end: number): number {
  let word = bytes[start]!;
  if (start + 1 < end) word |= bytes[start + 1]! << 8;
  if (start + 2 < end) word |= bytes[start + 2]! << 16;
  return word;
}

function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, PRIME);
  return product ^ (product >>> 15);
}

function joined(even: number, odd: number): number {
  return even ^ Math.imul(odd, PRIME);
}

/**
 * Not zero where a quote or a backslash is among the four bytes of a word: a byte of it is zero where it was the one looked for (Mycroft's test).
 * The lowest bit that is set belongs to the first of them.
 */
export function quoteOrBackslash(word: number): number {
  const quote = word ^ 0x22222222;
  const backslash = word ^ 0x5c5c5c5c;
  return ((((quote - 0x01010101) | 0) & ~quote) | (((backslash - 0x01010101) | 0) & ~backslash)) & 0x80808080;
}

/** Position of the first quote or backslash among the last bytes before `end`; `end` where there is none. */
function endBefore(bytes: Buffer, start: number, end: number): number {
  let i = start;
  while (i < end && bytes[i] !== 0x22 && bytes[i] !== 0x5c) i++;
  return i;
}

/** Number of the first byte of a word that `quoteOrBackslash` found. */
export function firstOf(found: number): number {
  return (31 - Math.clz32(found & -found)) >> 3;
}

/** Looks for the end of a JSON string eight bytes at a time, and hashes it on the way. */
export class StringScanner {
  /** Hash of the bytes up to the closing quote that was found last; equal bytes of strings have equal hashes. */
  hash = 0;
  /** Whether there was a backslash among them. */
  escaped = false;

  /** Position of the quote that closes the string whose bytes begin at `pos`; -1 when there is none before `end`. */
  run(bytes: Buffer, pos: number, end: number): number {
    const words = viewOf(bytes);
    let even = START;
    let odd = START;
    let i = pos;
    for (; i + 8 <= end; i += 8) {
      const first = words.getInt32(i, true);
      const second = words.getInt32(i + 4, true);
      if ((quoteOrBackslash(first) | quoteOrBackslash(second)) !== 0) break;
      even = mixed(even, first);
      odd = mixed(odd, second);
    }
    let found = i + 4 <= end ? quoteOrBackslash(words.getInt32(i, true)) : 0;
    if (found === 0 && i + 4 <= end) {
      even = mixed(even, words.getInt32(i, true));
      i += 4;
      if (i + 4 <= end) found = quoteOrBackslash(words.getInt32(i, true));
    }
    const close = found === 0 ? endBefore(bytes, i, end) : i + firstOf(found);
    if (close >= end) return -1;
    if (close > i) even = mixed(even, lastWord(bytes, i, close));
    if (bytes[close] === 0x5c) return this.runEscaped(bytes, close, end, joined(even, odd));
    this.hash = joined(even, odd);
    this.escaped = false;
    return close;
  }

  /** The rest from the first backslash on: JSON inside JSON has one every few bytes, so words would not help. */
  private runEscaped(bytes: Buffer, pos: number, end: number, start: number): number {
    let hash = start;
    for (let i = pos; i < end; i++) {
      const c = bytes[i]!;
      if (c === 0x22) {
        this.hash = hash ^ (hash >>> 15);
        this.escaped = true;
        return i;
      }
      // A backslash says only that the next byte is not the end; it need not be hashed.
      hash = Math.imul(hash ^ (c === 0x5c ? (bytes[++i] ?? 0) : c), PRIME);
    }
    return -1;
  }
}
