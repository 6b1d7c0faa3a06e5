import { describe, expect, it } from 'vitest';
import { guidOf, hashOf, Rng } from '../../src/simulate/rng.ts';

describe('Rng', () => {
  const many = <T>(count: number, draw: (rng: Rng) => T): T[] => {
    const rng = new Rng('test', 4);
    return Array.from({ length: count }, () => draw(rng));
  };
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  it('repeats for the same keys and differs for others', () => {
    const words = (...keys: (string | number)[]) =>
      Array.from(
        { length: 4 },
        (
          (rng) => () =>
            rng.word()
        )(new Rng(...keys)),
      );
    expect(words('a', 1)).toEqual(words('a', 1));
    expect(words('a', 1)).not.toEqual(words('a', 2));
    expect(words('a', 1)).not.toEqual(words('a1'));
  });

  // Means of 40,000 draws against the distributions' own; five standard errors wide.
  it.each([
    ['unit', (rng: Rng) => rng.unit(), 0.5, 0.0073],
    ['normal', (rng: Rng) => rng.normal(), 0, 0.026],
    ['normal squared', (rng: Rng) => rng.normal() ** 2, 1, 0.04],
    ['exponential(3)', (rng: Rng) => rng.exponential(3), 3, 0.08],
    ['poisson(2)', (rng: Rng) => rng.poisson(2), 2, 0.04],
    ['int(1, 6)', (rng: Rng) => rng.int(1, 6), 3.5, 0.05],
    ['log of lognormal(5)', (rng: Rng) => Math.log(rng.lognormal(5, 0.4)), Math.log(5), 0.011],
    [
      'weighted',
      (rng: Rng) =>
        rng.weighted([
          [1, 1],
          [0, 3],
        ]),
      0.25,
      0.011,
    ],
  ])('%s has the mean of its distribution', (_name, draw, expected, tolerance) => {
    expect(Math.abs(mean(many(40_000, draw)) - expected)).toBeLessThan(tolerance);
  });

  it('samples without repeating, at most all', () => {
    const rng = new Rng(1);
    expect(rng.sample([1, 2, 3], 5).sort()).toEqual([1, 2, 3]);
    expect(new Set(rng.sample([1, 2, 3, 4, 5, 6], 4)).size).toBe(4);
  });

  it('makes version-4 GUIDs that do not meet', () => {
    const guids = many(20_000, (rng) => rng.guid());
    expect(guids.every((guid) => /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(guid))).toBe(true);
    expect(new Set(guids).size).toBe(guids.length);
    expect(guidOf(7, 8)).toBe(guidOf(7, 8));
  });

  it('spreads neighbouring keys', () => {
    const ones = (word: number) => word.toString(2).replaceAll('0', '').length;
    const flips = Array.from({ length: 2000 }, (_, i) => ones((hashOf('key', i) ^ hashOf('key', i + 1)) >>> 0));
    expect(mean(flips)).toSatisfy((bits: number) => bits > 15 && bits < 17);
  });
});
