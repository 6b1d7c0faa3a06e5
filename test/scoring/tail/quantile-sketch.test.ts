import { expect, test } from 'vitest';
import { addToSketch, newSketch, shareAbove, sketchQuantile } from '../../../src/scoring/tail/quantile-sketch.ts';
import { Rng } from '../../support/rng.ts';

function sketchOf(values: readonly number[]) {
  const sketch = newSketch();
  for (const value of values) addToSketch(sketch, value);
  return sketch;
}

test.each([0, 0.01, 0.2, 0.5, 0.9, 0.98, 0.999, 1])('rank %f is within 1 %% of the sorted values, also below 0', (share) => {
  const rng = new Rng(3);
  const values = Array.from({ length: 20_000 }, () => (rng.next() - 0.6) * 20 * rng.next());
  const exact = [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))]!;
  expect(Math.abs(sketchQuantile(sketchOf(values), share) - exact)).toBeLessThanOrEqual(0.01001 * Math.abs(exact) + 0.001);
});

test('the share above a value is that of the sorted values', () => {
  const rng = new Rng(4);
  const values = Array.from({ length: 10_000 }, () => rng.next() * 10 - 5);
  for (const at of [-3, -0.5, 0, 2, 4.5]) {
    const exact = values.filter((value) => value > at).length / values.length;
    expect(shareAbove(sketchOf(values), at)).toBeCloseTo(exact, 1);
  }
});

test('its size is bounded, whatever comes in, and it survives JSON', () => {
  const rng = new Rng(5);
  const sketch = newSketch();
  for (let i = 0; i < 50_000; i++) addToSketch(sketch, (rng.next() - 0.5) * 10 ** (rng.next() * 20 - 8));
  for (const wild of [Number.MAX_VALUE, -Number.MAX_VALUE, 0, Number.MIN_VALUE]) addToSketch(sketch, wild);
  expect(Object.keys(sketch.bins).length).toBeLessThanOrEqual(1391);
  const again = JSON.parse(JSON.stringify(sketch)) as typeof sketch;
  expect(sketchQuantile(again, 0.9)).toBe(sketchQuantile(sketch, 0.9));
  expect(sketchQuantile(newSketch(), 0.5)).toBeNaN();
});
