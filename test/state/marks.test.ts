import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Marks } from '../../src/state/marks.ts';

const ROOM = 5000;

/** As many as are asked for at once, as of the records of a segment. */
const PIECE = 4096;

/** The numbers that are marked, found as a writer does. */
function found(marks: Marks, room: number): number[] {
  const numbers: number[] = [];
  for (let first = 0; first < room; first += PIECE) {
    const runs = marks.runs(first, PIECE);
    for (let i = 0; i < runs.length; i += 2) for (let at = runs[i]!; at < runs[i + 1]!; at++) numbers.push(first + at);
  }
  return numbers;
}

test('marks are a set of numbers', () => {
  // Runs with gaps, around the edges of words, and single ones.
  const run = fc.tuple(fc.integer({ min: 0, max: ROOM - 100 }), fc.integer({ min: 1, max: 100 }), fc.boolean());
  fc.assert(
    fc.property(fc.array(run, { maxLength: 40 }), fc.integer({ min: 0, max: ROOM }), (runs, all) => {
      const marks = new Marks();
      marks.reserve(ROOM);
      const model = new Set<number>();
      marks.markAll(all);
      for (let i = 0; i < all; i++) model.add(i);
      for (const [from, length, isMarked] of runs) {
        for (let i = from; i < from + length; i++) {
          if (isMarked) marks.mark(i);
          else marks.unmark(i);
          if (isMarked) model.add(i);
          else model.delete(i);
        }
      }
      const expected = [...model].sort((a, b) => a - b);
      expect(found(marks, ROOM)).toEqual(expected);
      expect(marks.count).toBe(expected.length);
      marks.clear();
      expect(found(marks, ROOM)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('room that is made later keeps what is marked', () => {
  const marks = new Marks();
  marks.mark(31);
  marks.reserve(1_000_000);
  marks.mark(999_999);
  expect(found(marks, 1_000_000)).toEqual([31, 999_999]);
});
