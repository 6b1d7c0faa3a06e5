const HEX = Array.from({ length: 1 << 16 }, (_, value) => value.toString(16).padStart(4, '0'));

/** A key of 64 bits as 16 hex digits, for maps of rare things. */
export function keyText(keyLo: number, keyHi: number): string {
  return HEX[keyHi >>> 16]! + HEX[keyHi & 0xffff]! + HEX[keyLo >>> 16]! + HEX[keyLo & 0xffff]!;
}

/** The halves of keyText's key, as signed numbers of 32 bits (V8 keeps those without allocating); 0 where the text is not such a key. */
export function keyHalves(text: string): readonly [lo: number, hi: number] {
  return [Number.parseInt(text.slice(8), 16) | 0, Number.parseInt(text.slice(0, 8), 16) | 0];
}
