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

/** Hash of bytes: four at a time, as StringScanner takes those of a string without escapes. */
export function hashBytes(bytes: Buffer, start: number, end: number): number {
  let hash = START;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    const word = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    hash = Math.imul(hash ^ word, PRIME);
    hash ^= hash >>> 15;
  }
  for (; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, PRIME);
  return hash;
}

/** Whether a quote or a backslash is among the four bytes of a word: a byte of it is zero where it was the one looked for (Mycroft's test). */
export function hasQuoteOrBackslash(word: number): boolean {
  const quote = word ^ 0x22222222;
  const backslash = word ^ 0x5c5c5c5c;
  return (((((quote - 0x01010101) | 0) & ~quote) | (((backslash - 0x01010101) | 0) & ~backslash)) & 0x80808080) !== 0;
}

/** Looks for the end of a JSON string four bytes at a time, and hashes it on the way. */
export class StringScanner {
  /** Hash of the bytes up to the closing quote that was found last; equal bytes of strings have equal hashes. */
  hash = 0;
  /** Whether there was a backslash among them. */
  escaped = false;

  /** Position of the quote that closes the string whose bytes begin at `pos`; -1 when there is none before `end`. */
  run(bytes: Buffer, pos: number, end: number): number {
    const words = viewOf(bytes);
    let hash = START;
    let i = pos;
    for (; i + 4 <= end; i += 4) {
      const word = words.getInt32(i, true);
      if (hasQuoteOrBackslash(word)) break;
      hash = Math.imul(hash ^ word, PRIME);
      hash ^= hash >>> 15;
    }
    for (; i < end; i++) {
      const c = bytes[i]!;
      if (c === 0x22) {
        this.hash = hash;
        this.escaped = false;
        return i;
      }
      if (c === 0x5c) return this.runEscaped(bytes, i, end, hash);
      hash = Math.imul(hash ^ c, PRIME);
    }
    return -1;
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
