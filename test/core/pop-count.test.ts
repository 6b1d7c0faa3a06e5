import fc from 'fast-check';
import { expect, test } from 'vitest';
import { popCount } from '../../src/core/pop-count.ts';

test('the bits of a word, as its binary text has ones', () => {
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 }), (word) => {
      expect(popCount(word)).toBe([...(word >>> 0).toString(2)].filter((digit) => digit === '1').length);
    }),
  );
});
