import { expect, test } from 'vitest';
import { ByteWriter } from '../../src/core/bytes.ts';
import { isIntact, seal, sealOf } from '../../src/state/seal.ts';

const sealed = (...words: number[]) => {
  const writer = new ByteWriter(4);
  for (const word of words) writer.u32(word);
  return seal(writer);
};

test('the seal is the CRC-32 of what lies before it', () => {
  // By Python's zlib, of '12345678', '1234' and nothing.
  expect(sealOf(sealed(0x34333231, 0x38373635))).toBe(0x9ae0daaf);
  expect(sealOf(sealed(0x34333231))).toBe(0x9be3e0a3);
  expect(sealOf(sealed())).toBe(0);
});

test('no bit of it can differ, and no end be missing', () => {
  const bytes = sealed(1, 2, 3);
  expect(isIntact(bytes)).toBe(true);
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const other = bytes.slice();
    other[bit >> 3]! ^= 1 << (bit & 7);
    expect({ bit, intact: isIntact(other) }).toEqual({ bit, intact: false });
  }
  for (let length = 0; length < bytes.length; length++) expect(isIntact(bytes.subarray(0, length))).toBe(false);
  expect(sealOf(bytes.subarray(0, 3))).toBe(0);
});
