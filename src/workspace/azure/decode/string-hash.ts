import { randomBytes } from 'node:crypto';

/** The start is drawn anew by each process, because whoever writes logs chooses the strings. */
const START = randomBytes(4).readInt32LE() | 0;
const PRIME = 0x9e3779b1 | 0;

/** Hash of bytes: four at a time, as StringScanner takes them. */
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

/** Looks for the end of a JSON string four bytes at a time, and hashes it on the way. */
export class StringScanner {
  /** Hash of the bytes up to the closing quote that was found last. */
  hash = 0;
  private bytes: Buffer = Buffer.alloc(0);
  private view: DataView = new DataView(new ArrayBuffer(0));

  /** Position of the first quote or backslash from `pos`; -1 when there is none before `end`. */
  run(bytes: Buffer, pos: number, end: number): number {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    const view = this.view;
    let hash = START;
    let i = pos;
    for (; i + 4 <= end; i += 4) {
      const word = view.getInt32(i, true);
      const quote = word ^ 0x22222222;
      const backslash = word ^ 0x5c5c5c5c;
      // A byte of the word is zero where it was the one looked for (Mycroft's test).
      if (((((quote - 0x01010101) | 0) & ~quote) | (((backslash - 0x01010101) | 0) & ~backslash)) & 0x80808080) break;
      hash = Math.imul(hash ^ word, PRIME);
      hash ^= hash >>> 15;
    }
    for (; i < end; i++) {
      const c = bytes[i]!;
      if (c === 0x22 || c === 0x5c) {
        this.hash = hash;
        return i;
      }
      hash = Math.imul(hash ^ c, PRIME);
    }
    return -1;
  }
}
