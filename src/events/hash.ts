/**
 * Two 32-bit lanes over the same bytes, four at a time (murmur3's mixing). A hand-written pair beats WASM and BigInt hashes
 * for 36-byte GUIDs (56 ns against 103 ns and more), because the call and the copy cost more than the hash.
 * Not a defence against somebody who chooses colliding keys; a collision of 64 bits merges two keys' counts and no more.
 */
function mix(h: number): number {
  let x = h;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/**
 * Writes the pair of bytes[start..end) to out[at], out[at + 1]. `words` are the same bytes by four, or undefined where they do not begin on a
 * multiple of four. No number leaves by a variable outside: V8 would box it.
 */
function absorb(bytes: Uint8Array, words: Int32Array | undefined, start: number, end: number, out: Uint32Array, at: number): void {
  let a = 0x9747b28c ^ (end - start);
  let b = 0x3c6ef372 ^ (end - start);
  let i = start;
  if (words !== undefined && (start & 3) === 0) {
    for (let word = start >> 2; i + 4 <= end; i += 4, word++) {
      const k = words[word]!;
      a = Math.imul(a ^ Math.imul(k, 0xcc9e2d51), 0x1b873593);
      a = (a << 13) | (a >>> 19);
      b = Math.imul(b ^ Math.imul(k ^ (k >>> 15), 0x2545f491), 0x9e3779b1);
      b = (b << 15) | (b >>> 17);
    }
  }
  for (; i + 4 <= end; i += 4) {
    const k = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    a = Math.imul(a ^ Math.imul(k, 0xcc9e2d51), 0x1b873593);
    a = (a << 13) | (a >>> 19);
    b = Math.imul(b ^ Math.imul(k ^ (k >>> 15), 0x2545f491), 0x9e3779b1);
    b = (b << 15) | (b >>> 17);
  }
  let tail = 0;
  for (let shift = 0; i < end; i++, shift += 8) tail |= bytes[i]! << shift;
  a = Math.imul(a ^ Math.imul(tail, 0xcc9e2d51), 0x1b873593);
  b = Math.imul(b ^ Math.imul(tail ^ (tail >>> 15), 0x2545f491), 0x9e3779b1);
  const lo = mix(a ^ (b >>> 11));
  out[at] = lo === 0 ? 1 : lo;
  out[at + 1] = mix(b + Math.imul(a, 0x27d4eb2f));
}

/** Writes the pair of a not empty byte string to out[at], out[at + 1]. */
export function hashInto(bytes: Uint8Array, start: number, end: number, out: Uint32Array, at: number): void {
  absorb(bytes, undefined, start, end, out, at);
}

/** Hash of each of `count` byte strings as pairs (lo, hi); (0, 0) stands for the empty string and for nothing else. */
export function hashAll(bytes: Uint8Array, offsets: Int32Array, count: number): Uint32Array {
  const out = new Uint32Array(count * 2);
  const words = bytes.byteOffset % 4 === 0 ? new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2) : undefined;
  for (let i = 0; i < count; i++) {
    const start = offsets[i]!;
    const end = offsets[i + 1]!;
    if (end !== start) absorb(bytes, words, start, end, out, 2 * i);
  }
  return out;
}

const encoder = new TextEncoder();

/** The pair that hashAll gives for this text. */
export function hashText(text: string): readonly [lo: number, hi: number] {
  const bytes = encoder.encode(text);
  const pair = hashAll(bytes, Int32Array.of(0, bytes.length), 1);
  return [pair[0]!, pair[1]!];
}

/** 32 bits of two hashes; 0 only when both are 0. */
export function combine(a: number, b: number): number {
  if (a === 0 && b === 0) return 0;
  const h = mix(Math.imul(a, 0x9e3779b1) ^ (b + 0x7f4a7c15));
  return h === 0 ? 1 : h;
}

const HEX = Array.from({ length: 1 << 16 }, (_, value) => value.toString(16).padStart(4, '0'));

/** A key of 64 bits as 16 hex digits, for maps of rare things. */
export function keyText(keyLo: number, keyHi: number): string {
  return HEX[keyHi >>> 16]! + HEX[keyHi & 0xffff]! + HEX[keyLo >>> 16]! + HEX[keyLo & 0xffff]!;
}
