import { describe, expect, test } from 'vitest';
import { fitGpd, fits, gpdCdf, gpdQuantile } from '../../../src/scoring/tail/gpd.ts';
import { Rng } from '../../support/rng.ts';

/** Excesses of a generalised Pareto distribution by inversion, ascending: the definition, not the fit. */
function sample(shape: number, scale: number, n: number, seed: number): number[] {
  const rng = new Rng(seed);
  return Array.from({ length: n }, () => {
    const u = 1 - rng.next();
    return shape === 0 ? -scale * Math.log(u) : (scale * (u ** -shape - 1)) / shape;
  }).sort((a, b) => a - b);
}

describe('the fit of a generalised Pareto distribution', () => {
  test.each([
    [-0.4, 2],
    [-0.2, 0.5],
    [0, 1],
    [0.2, 3],
  ])('finds shape %f and scale %f again', (shape, scale) => {
    const found = fitGpd(sample(shape, scale, 20_000, 11))!;
    expect(found.shape).toBeCloseTo(shape, 1);
    expect(Math.abs(found.scale / scale - 1)).toBeLessThan(0.05);
  });

  // Moments of the distribution itself: mean = scale / (1 - shape), variance = scale^2 / ((1 - shape)^2 (1 - 2 shape)).
  test('agrees with the mean and variance of its sample', () => {
    const values = sample(0.1, 2, 50_000, 5);
    const { shape, scale } = fitGpd(values)!;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(scale / (1 - shape)).toBeCloseTo(mean, 2);
    expect(scale ** 2 / ((1 - shape) ** 2 * (1 - 2 * shape)) / variance).toBeCloseTo(1, 1);
  });

  test('has nothing to say of a single value', () => {
    expect(fitGpd([])).toBeUndefined();
    expect(fitGpd([1, 1, 1])).toBeUndefined();
  });
});

// scipy.stats.genpareto(c, scale).ppf(1 - above)
test.each([
  [0, 1, 0.05, 2.995732],
  [0.5, 1, 0.01, 18],
  [-0.5, 2, 0.04, 3.2],
  [0.25, 2, 0.0625, 8],
])('quantile: shape %f, scale %f, exceeded by %f is %f', (shape, scale, above, expected) => {
  expect(gpdQuantile({ shape, scale }, above)).toBeCloseTo(expected, 5);
  expect(1 - gpdCdf({ shape, scale }, expected)).toBeCloseTo(above, 6);
});

describe('the check of the fit', () => {
  test('lets a sample of the distribution pass, in 9 of 10 cases at least', () => {
    const passed = Array.from({ length: 50 }, (_, seed) => sample(0.1, 1, 500, seed + 1)).filter((values) => fits(fitGpd(values)!, values));
    expect(passed.length).toBeGreaterThanOrEqual(45);
  });

  test('refuses two heaps of values', () => {
    const heaps = [...Array.from({ length: 250 }, (_, i) => 1 + i / 1e4), ...Array.from({ length: 250 }, (_, i) => 5 + i / 1e4)];
    expect(fits(fitGpd(heaps)!, heaps)).toBe(false);
  });
});
