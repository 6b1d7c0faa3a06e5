/**
 * Two 32-bit lanes over the same bytes, four at a time (murmur3's mixing). A hand-written pair beats WASM and BigInt hashes
 * for 36-byte GUIDs (56 ns against 103 ns and more), because the call and the copy cost more than the hash.
 * Not a defence against somebody who chooses colliding keys; a collision of 64 bits merges two keys' counts, and who can choose many
 * keys of one half lengthens the searches in the tables that are addressed by it.
 */
function mix(h: number): number {
  let x = h;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/** Writes the pair of the bytes start..end (not empty) of `view` to out[at], out[at + 1]. No number leaves by a variable outside: V8 would box it. */
export function hashInto(view: DataView, start: number, end: number, out: Uint32Array, at: number): void {
  let a = 0x9747b28c ^ (end - start);
  let b = 0x3c6ef372 ^ (end - start);
  let i = start;
  for (; i + 4 <= end; i += 4) {
    const k = view.getInt32(i, true);
    a = Math.imul(a ^ Math.imul(k, 0xcc9e2d51), 0x1b873593);
    a = (a << 13) | (a >>> 19);
    b = Math.imul(b ^ Math.imul(k ^ (k >>> 15), 0x2545f491), 0x9e3779b1);
    b = (b << 15) | (b >>> 17);
  }
  let tail = 0;
  for (let shift = 0; i < end; i++, shift += 8) tail |= view.getUint8(i) << shift;
  a = Math.imul(a ^ Math.imul(tail, 0xcc9e2d51), 0x1b873593);
  b = Math.imul(b ^ Math.imul(tail ^ (tail >>> 15), 0x2545f491), 0x9e3779b1);
  const lo = mix(a ^ (b >>> 11));
  out[at] = lo === 0 ? 1 : lo;
  out[at + 1] = mix(b + Math.imul(a, 0x27d4eb2f));
}

/** Bytes as hashInto reads them: a DataView reads four at once wherever they begin. */
export const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** Hash of each of `count` byte strings as pairs (lo, hi); (0, 0) stands for the empty string and for nothing else. */
export function hashAll(bytes: Uint8Array, offsets: Int32Array, count: number): Uint32Array {
  const out = new Uint32Array(count * 2);
  const view = viewOf(bytes);
  for (let i = 0; i < count; i++) {
    const start = offsets[i]!;
    const end = offsets[i + 1]!;
    if (end !== start) hashInto(view, start, end, out, 2 * i);
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

/** 32 bits of two hashes, signed: V8 boxes what is above 2^31 wherever it is handed on. 0 only when both are 0. */
export function combine(a: number, b: number): number {
  if (a === 0 && b === 0) return 0;
  const h = mix(Math.imul(a, 0x9e3779b1) ^ (b + 0x7f4a7c15));
  return h === 0 ? 1 : h;
}
