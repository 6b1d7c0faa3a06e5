/** Byte-level reading of JSON that may end anywhere: every function gives -1 when the value is not there in full. */

export class MalformedAnswer extends Error {}

/** Position after the value that starts at `pos`; -1 when it ends beyond `end`. Does not judge what is inside it. */
export function skipValue(bytes: Buffer, pos: number, end: number): number {
  const first = bytes[pos];
  if (first === 0x22) return skipString(bytes, pos, end);
  if (first === 0x7b || first === 0x5b) return skipContainer(bytes, pos, end);
  for (let i = pos; i < end; i++) {
    const c = bytes[i]!;
    if (c === 0x2c || c === 0x5d || c === 0x7d || c <= 0x20) return i;
  }
  return -1;
}

function skipString(bytes: Buffer, pos: number, end: number): number {
  for (let i = pos + 1; i < end; i++) {
    const c = bytes[i]!;
    if (c === 0x22) return i + 1;
    if (c === 0x5c) i++;
  }
  return -1;
}

function skipContainer(bytes: Buffer, pos: number, end: number): number {
  let depth = 0;
  for (let i = pos; i < end; i++) {
    const c = bytes[i]!;
    if (c === 0x22) {
      const after = skipString(bytes, i, end);
      if (after < 0) return -1;
      i = after - 1;
    } else if (c === 0x7b || c === 0x5b) depth++;
    else if ((c === 0x7d || c === 0x5d) && --depth === 0) return i + 1;
  }
  return -1;
}

/** What the byte after a backslash stands for; 0 = not one of these. */
export const SIMPLE_ESCAPES = new Uint8Array(256);
for (const [letter, byte] of Object.entries({ '"': 0x22, '\\': 0x5c, '/': 0x2f, b: 8, f: 12, n: 10, r: 13, t: 9 })) {
  SIMPLE_ESCAPES[letter.charCodeAt(0)] = byte;
}

function hex4(bytes: Buffer, pos: number): number {
  let value = 0;
  for (let i = pos; i < pos + 4; i++) {
    const c = bytes[i]!;
    const digit = c >= 48 && c <= 57 ? c - 48 : c >= 97 && c <= 102 ? c - 87 : c >= 65 && c <= 70 ? c - 55 : -1;
    if (digit < 0) throw new MalformedAnswer('a \\u escape that is not four hexadecimal digits');
    value = value * 16 + digit;
  }
  return value;
}

/** Unescapes one string at a time into `bytes[0, length)`, as UTF-8. */
export class Unescaper {
  bytes = Buffer.allocUnsafeSlow(65_536);
  length = 0;

  /** Reads a whole string: its opening quote is at `pos`, its closing quote at `close`. */
  run(source: Buffer, pos: number, close: number): void {
    // An escape never grows: the shortest \uXXXX is six bytes for at most three.
    if (close - pos > this.bytes.length) this.bytes = Buffer.allocUnsafeSlow((close - pos) * 2);
    const target = this.bytes;
    let o = 0;
    for (let i = pos + 1; i < close; i++) {
      let c = source[i]!;
      if (c === 0x5c) {
        c = SIMPLE_ESCAPES[source[++i]!]!;
        if (c === 0) {
          if (source[i] !== 0x75) throw new MalformedAnswer('an unknown escape in a string');
          const code = codePointAt(source, i + 1);
          i += code > 0xffff ? 10 : 4;
          o = writeUtf8(target, o, code);
          continue;
        }
      }
      target[o++] = c;
    }
    this.length = o;
  }
}

/** Code point of the four hexadecimal digits at `pos`, joined with a second half of a surrogate pair where one follows. */
export function codePointAt(source: Buffer, pos: number): number {
  const code = hex4(source, pos);
  if (code < 0xd800 || code > 0xdbff || source[pos + 4] !== 0x5c || source[pos + 5] !== 0x75) return code;
  const low = hex4(source, pos + 6);
  return low >= 0xdc00 && low <= 0xdfff ? 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00) : code;
}

export function writeUtf8(target: Buffer, at: number, codePoint: number): number {
  // A lone surrogate has no UTF-8 form; decoders show U+FFFD, so it is stored as that.
  const code = codePoint >= 0xd800 && codePoint <= 0xdfff ? 0xfffd : codePoint;
  if (code < 0x80) {
    target[at] = code;
    return at + 1;
  }
  if (code < 0x800) {
    target[at] = 0xc0 | (code >> 6);
    target[at + 1] = 0x80 | (code & 63);
    return at + 2;
  }
  if (code < 0x10000) {
    target[at] = 0xe0 | (code >> 12);
    target[at + 1] = 0x80 | ((code >> 6) & 63);
    target[at + 2] = 0x80 | (code & 63);
    return at + 3;
  }
  target[at] = 0xf0 | (code >> 18);
  target[at + 1] = 0x80 | ((code >> 12) & 63);
  target[at + 2] = 0x80 | ((code >> 6) & 63);
  target[at + 3] = 0x80 | (code & 63);
  return at + 4;
}
