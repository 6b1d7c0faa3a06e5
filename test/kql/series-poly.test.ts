import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { ask, openEngine } from './support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});
const row = async (kql: string) => (await ask(connection, kql)).rows[0]!;
const list = (value: unknown) => JSON.parse(String(value)) as number[];

test('series_fit_poly of degree 1 is series_fit_line (documented), with places from 1', async () => {
  const [line, poly] = await Promise.all([
    row('print y = dynamic([2,5,6,8,11,15,12,5,9]) | project series_fit_line(y)'),
    row('print y = dynamic([2,5,6,8,11,15,12,5,9]) | project series_fit_poly(y)'),
  ]);
  const [rsquare, slope, variance, rvariance, interception, fitted] = line as [number, number, number, number, number, string];
  expect(poly[0]).toBeCloseTo(rsquare, 12);
  expect([poly[2], poly[3]].map(Number)).toEqual([expect.closeTo(variance, 12), expect.closeTo(rvariance, 12)]);
  expect(list(poly[1])).toEqual([expect.closeTo(slope, 12), expect.closeTo(interception - slope, 12)]);
  expect(list(poly[4])).toEqual(list(fitted).map((v) => expect.closeTo(v, 12)));
});

test('a polynomial is found again: coefficients from the highest power down', async () => {
  const exact =
    'range i from 0 to 9 step 1 | extend x = i * 0.5 - 2 | extend y = 2 * x * x * x - 3 * x + 1 | summarize make_list(x), make_list(y) | project (r, c) = series_fit_poly(list_y, list_x, 3)';
  const [r, c] = await row(exact);
  expect(r).toBeCloseTo(1, 12);
  expect(list(c)).toEqual([2, 0, -3, 1].map((v) => expect.closeTo(v, 10)));
});

test('residuals of a parabola through five places, by hand', async () => {
  // y = 0,1,0,1,0 at -2..2: the normal equations 5c + 10a = 2, 10c + 34a = 2 give a = -1/7, c = 24/35, and b = 0.
  const [rsquare, coefficients, variance, rvariance] = await row(
    'print y = dynamic([0,1,0,1,0]), x = dynamic([-2,-1,0,1,2]) | project series_fit_poly(y, x, 2)',
  );
  expect(list(coefficients)).toEqual([-1 / 7, 0, 24 / 35].map((v) => expect.closeTo(v, 12)));
  const fitted = [-2, -1, 0, 1, 2].map((x) => -(x * x) / 7 + 24 / 35);
  const residual = [0, 1, 0, 1, 0].reduce((sum, y, i) => sum + (y - fitted[i]!) ** 2, 0);
  expect(variance).toBeCloseTo(0.3, 12);
  expect(rvariance).toBeCloseTo(residual / 4, 12);
  expect(rsquare).toBeCloseTo(1 - residual / 1.2, 12);
});

test.each<[string, string, RegExp]>([
  ['nulls', 'series_fit_poly(dynamic([1, null, 3, 4]))', /over nulls or infinite numbers/],
  ['series of other lengths', 'series_fit_poly(dynamic([1, 2, 4]), dynamic([1, 2]))', /over series of other lengths/],
  ['a constant', 'series_fit_poly(dynamic([1, 1, 1, 1]))', /over a constant or very short series/],
  ['x that are all the same', 'series_fit_poly(dynamic([1, 2, 4, 5]), dynamic([3, 3, 3, 3]))', /too much alike/],
  ['a high degree over large x', 'series_fit_poly(dynamic([1,2,4,5,1,2,3,4]), range(1000, 1007, 1), 4)', /too much alike/],
])('series_fit_poly over %s is refused', async (_name, call, why) => {
  await expect(row(`print ${call}`)).rejects.toThrow(why);
});
