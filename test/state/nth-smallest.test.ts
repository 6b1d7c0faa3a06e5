import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nthSmallest, nthSmallestOf } from '../../src/state/nth-smallest.ts';

const words = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 65_530, max: 65_540 }));

test('the value of a rank and how many are smaller are those of a sorted list', () => {
  fc.assert(
    fc.property(fc.array(words, { minLength: 1, maxLength: 60 }), fc.nat(), (values, any) => {
      const sorted = [...values].sort((a, b) => a - b);
      const rank = any % values.length;
      expect(nthSmallest(Uint32Array.from(values), rank)).toEqual({ value: sorted[rank], below: sorted.indexOf(sorted[rank]!) });
    }),
    { numRuns: 200 },
  );
});

test('the same of any numbers', () => {
  // 0 and -0 are of one rank, and either may come first: adding 0 leaves the one.
  const numbers = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.double({ noNaN: true })).map((value) => value + 0);
  fc.assert(
    fc.property(fc.array(numbers, { minLength: 1, maxLength: 60 }), fc.nat(), (values, any) => {
      const rank = any % values.length;
      expect(nthSmallestOf(Float64Array.from(values), rank)).toBe([...values].sort((a, b) => a - b)[rank]);
    }),
    { numRuns: 200 },
  );
});
