import { expect, test } from 'vitest';
import { averagePrecision, calibrationError, poissonInterval, quantile, wilson } from '../../src/evaluate/statistics.ts';

test.each([
  // Newcombe 1998, table I: 81/263, 15/148, 0/20, 1/29.
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])("Wilson's interval of %i of %i", (count, of, low, high) => {
  const share = wilson(count, of);
  expect(share.low).toBeCloseTo(low, 4);
  expect(share.high).toBeCloseTo(high, 4);
});

test('the share of nothing is not a number and may be anything', () => {
  expect(wilson(0, 0)).toMatchObject({ value: Number.NaN, low: 0, high: 1 });
});

test.each([
  // Exact (Garwood) limits; Byar's approximation keeps within 2 %.
  [0, 0, 3.689],
  [10, 4.795, 18.39],
  [50, 37.11, 65.92],
])('the interval of a count of %i', (count, low, high) => {
  const [from, to] = poissonInterval(count);
  expect(Math.abs(from - low)).toBeLessThanOrEqual(0.02 * low);
  expect(Math.abs(to - high)).toBeLessThanOrEqual(0.02 * high);
});

test('average precision by hand: hits at ranks 1 and 3 of three, one never found', () => {
  const scored = [
    { score: 90, positive: true },
    { score: 80, positive: false },
    { score: 70, positive: true },
  ];
  expect(averagePrecision(scored, 1)).toBeCloseTo((1 + 2 / 3) / 3, 12);
  expect(averagePrecision([...scored].reverse(), 1)).toBeCloseTo((1 + 2 / 3) / 3, 12);
  expect(averagePrecision([], 0)).toBeNaN();
});

test('equal scores are one point, in whatever order they came', () => {
  const tie = [
    { score: 50, positive: false },
    { score: 50, positive: true },
  ];
  expect(averagePrecision(tie, 0)).toBe(0.5);
  expect(averagePrecision([...tie].reverse(), 0)).toBe(0.5);
});

test('confidence that comes true as often as it says has no calibration error', () => {
  const half = Array.from({ length: 10 }, (_, i) => ({ confidence: 0.5, positive: i % 2 === 0 }));
  expect(calibrationError(half)).toBe(0);
  expect(calibrationError([{ confidence: 0.9, positive: false }])).toBeCloseTo(0.9, 12);
  expect(calibrationError([{ confidence: Number.NaN, positive: true }])).toBeNaN();
});

test('quantiles', () => {
  expect(quantile([5, 1, 3], 0.5)).toBe(3);
  expect(quantile([5, 1, 3], 0.95)).toBe(5);
  expect(quantile([], 0.5)).toBeNaN();
});
