import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { ask, openEngine } from './support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});

const WAVE = '2, 5, 3, 4, 3, 2, 1, 2, 3, 4, 3, 2, 1, 2, 3, 4, 3, 2, 1, 2, 3, 4, 3, 2, 1';
const TRAFFIC =
  '80, 139, 87, 110, 68, 54, 50, 51, 53, 133, 86, 141, 97, 156, 94, 149, 95, 140, 77, 61, 50, 54, 47, 133, 72, 152, 94, 148, 105, 162, 101, 160, 87, 63, 53, 55, 54, 151, 103, 189, 108, 183, 113, 175, 113, 178, 90, 71, 62, 62, 65, 165, 109, 181, 115, 182, 121, 178, 114, 170';
const OUTLIERS = '-3, 2.4, 15, 3.9, 5, 6, 4.5, 5.2, 3, 4, 5, 16, 7, 5, 5, 4';

/** From the documentation, from what its authors answered, or measured on the engine. */
test.each<[string, unknown]>([
  ['series_seasonal(dynamic([1, 3, 5, 1, 3, 5, 2, 4, 6]), 3)', '[1.0,3.0,5.0,1.0,3.0,5.0,1.0,3.0,5.0]'],
  ['series_seasonal(dynamic([1, 3, 5, 2, 4, 6]), 3)', '[1.5,3.5,5.5,1.5,3.5,5.5]'],
  ['series_seasonal(dynamic([1, 3, 5, 2, 4, 6]), 0)', '[0.0,0.0,0.0,0.0,0.0,0.0]'],
  ['series_seasonal(dynamic([1, 3, 5]))', '[0.0,0.0,0.0]'],
  [`array_slice(series_seasonal(dynamic([${WAVE}])), 0, 6)`, '[1.0,2.0,3.0,4.0,3.0,2.0,1.0]'],
  // The documentation finds the period 14 in it.
  [`array_slice(series_seasonal(dynamic([${TRAFFIC}])), 14, 15)`, '[105.0,162.0]'],
  [
    `series_outliers(dynamic([${OUTLIERS}]))`,
    [-1.9040785483608571, -0.10021466044004519, 1.3361954725339347, 0, 0, 0, 0, 0, 0, 0, 0, 1.6702443406674186, 0, 0, 0, 0],
  ],
  // By the definition: the quartiles are 3.975 and 5.4.
  [
    `series_outliers(dynamic([${OUTLIERS}]), "tukey")`,
    [-6.975, -1.575, 9.6, -0.075, 0, 0.6, 0, 0, -0.975, 0, 0, 10.6, 1.6, 0, 0, 0].map((v) => v / 1.425),
  ],
  ['series_outliers(dynamic([1, 1, 1]))', '[0.0,0.0,0.0]'],
  ['series_decompose(dynamic([1, 2, 4]), 0, "none")[3]', '[1.0,2.0,4.0]'],
  ['series_decompose(dynamic([1, 2, 6]), 0)[2]', '[3.0,3.0,3.0]'],
  ['series_decompose(dynamic([1, 2, 9, 9]), 0, "linefit", 2)[0]', '[1.0,2.0,3.0,4.0]'],
  ['series_decompose_forecast(dynamic([1, 2, 0, 0]), 2, 0)', '[1.0,2.0,3.0,4.0]'],
  ['series_decompose_anomalies(dynamic([1, 2, 3, 2, 1, 2, 3, 2, 30, 2]), 1.5, 0)[0]', '[0,0,0,0,0,0,0,0,1,0]'],
  ['series_decompose_anomalies(dynamic([5, 5, 5]))[1]', '[0.0,0.0,0.0]'],
  ['series_stats_dynamic(dynamic([1, null, 3]))', null],
  ['series_stats_dynamic(dynamic([5, null, 3]), true).max_idx', '0'],
  ['series_dot_product(dynamic([1, 2, 4]), 2)', 14],
  ['series_dot_product(dynamic([1, 2, 4]), dynamic([4, 2]))', 8],
  ['series_dot_product(dynamic([]), dynamic([4, 2]))', null],
  ['round(series_cosine_similarity(dynamic([0.1, 0.2, 0.1, 0.2]), dynamic([1, 2, 3, 4])), 10)', 0.9237604307],
  ['series_cosine_similarity(dynamic([3, 4]), dynamic([3, 4]), 5.0, 5.0)', 1],
  ['series_pearson_correlation(dynamic([1, 2, 3]), dynamic([2, 4]))', null],
])('%s', async (expression, want) => {
  const { rows } = await ask(connection, `print x = ${expression}`);
  const got = rows[0]![0];
  if (!Array.isArray(want)) return expect(got).toEqual(want);
  const values = JSON.parse(String(got)) as number[];
  expect(values).toHaveLength(want.length);
  for (const [i, v] of values.entries()) expect(v).toBeCloseTo(want[i] as number, 12);
});

test('the columns of series_decompose_anomalies, as rules take them apart', async () => {
  const { columns, rows } = await ask(
    connection,
    `let counts = dynamic([1, 2, 3, 2, 1, 2, 3, 2, 30, 2]);
     range i from 0 to 9 step 1 | project t = datetime(2026-01-01) + i * 1d, who = "a", n = tolong(counts[i])
     | make-series n = sum(n) on t from datetime(2026-01-01) to datetime(2026-01-11) step 1d by who
     | extend (anomalies, score, baseline) = series_decompose_anomalies(n, 1.5, 0, 'avg')
     | mv-expand t to typeof(datetime), n to typeof(long), anomalies to typeof(int), score to typeof(double), baseline to typeof(double)
     | where anomalies != 0 | project who, anomalies, n`,
  );
  expect(columns.map((c) => `${c.name}:${c.type}`)).toEqual(['who:string', 'anomalies:int', 'n:long']);
  expect(rows).toEqual([['a', 1, 30n]]);
});

test.each<[string, RegExp]>([
  ['series_decompose(dynamic([5, 1, 1, 1, 1, 1, 1, 5, 1, 1, 1, 1, 1, 1]))', /that must detect a period .* is not supported/],
  ['series_outliers(dynamic([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]))', /of values most of which are equal, .* is not supported/],
  ['series_outliers(dynamic([1, 2, 3]), "ctukey", 0, 5, 95)', /by the quantiles 10 and 90, is not supported/],
  ['series_decompose(dynamic([1, null, 3]))', /over nulls or infinite numbers is not supported/],
  ['series_decompose(dynamic([1, 2]), 3)', /a period that does not fit into the series is not supported/],
  ['series_periods_detect(dynamic([1, 2]), 4, 8, 1)', /series_periods_detect is not supported/],
])('%s is refused', async (expression, why) => {
  await expect(ask(connection, `print x = ${expression}`)).rejects.toThrow(why);
});
