import { expect, test } from 'vitest';
import { isKnown, noteFirstUse, noteUse } from '../../../src/detectors/shared/slots.ts';

const DAY = 20_000;

/** Day (from the first on) at which a value becomes known that is used on these days; undefined where it never does. */
function knownOn(days: readonly number[], slow = 1): number | undefined {
  const words = new Uint32Array(4);
  const at = noteFirstUse(words, 0, 4, 0x12345678, DAY + days[0]!, false);
  return days.slice(1).find((day) => {
    noteUse(words, at, 0, 4, DAY + day, false, { days: 7, visits: 3 }, slow);
    return isKnown(words[at]!);
  });
}

const daily = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test.each([
  ['daily', daily(0, 40), 7],
  ['three days, seven apart', [0, 1, 7], 7],
  ['two days, however far apart, are not three', [0, 50, 50, 50], undefined],
  ['once, and from a month later on daily', [0, ...daily(30, 60)], 31],
  ['once, and from 32 days later on daily', [0, ...daily(32, 60)], 33],
  ['once, and from 100 days later on daily', [0, ...daily(100, 130)], 101],
  ['monthly', [0, 31, 62, 93], 62],
  ['every 40 days', [0, 40, 80], 80],
  ['a late row of the day before the first is no day of its own', [1, 0, 8], undefined],
  ['a late row of the day before the last, after a long pause', [0, 50, 49, 50], undefined],
] as const)('%s', (_, days, expected) => {
  expect(knownOn(days)).toBe(expected);
});

test('where probation is slow it takes as many times the days', () => {
  expect(knownOn(daily(0, 60), 3)).toBe(21);
  expect(knownOn(daily(0, 60), 9)).toBe(31);
  expect(knownOn([0, ...daily(50, 60)], 9)).toBe(51);
});
