import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { ask, openEngine } from './support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});

/** From the documentation, or by the definition of a count, a rank, a percentile. */
test.each<[string, unknown[]]>([
  ['range x from 1 to 10 step 1 | extend y = x + 10 | summarize a = hll(x), b = hll(y) | project dcount_hll(hll_merge(a, b))', [20n]],
  ['range x from 1 to 100 step 1 | summarize n = hll_if(x % 7, x > 50, 2) | project dcount_hll(n)', [7n]],
  ['range x from 1 to 9 step 1 | summarize a = hll(x), b = hll(x, 1) | project dcount_hll(hll_merge(a, b))', [9n]],
  ['range x from 1 to 9 step 1 | summarize h = hll(x % 4) by x % 2 | summarize h = hll_merge(h) | project dcount_hll(h)', [4n]],
  ['datatable(x:long)[] | summarize h = hll(x), t = tdigest(x) | project isnull(h), isnull(t)', [true, true]],
  ['datatable(x:long)[long(null)] | summarize h = hll(x) | project dcount_hll(h)', [0n]],
  ['range x from 1 to 1000 step 1 | summarize t = tdigest(x) | project rank_tdigest(t, 685), percentrank_tdigest(t, 850)', [685, 85]],
  ['range x from 1 to 100 step 1 | summarize t = tdigest(x) | project percentile_tdigest(t, 85, typeof(long))', [85n]],
  [
    'range x from 1 to 100 step 1 | summarize t = tdigest(x) | project percentiles_array_tdigest(t, range(0, 100, 50), typeof(int))',
    ['[1,50,100]'],
  ],
  ['range x from 1 to 10 step 1 | summarize t = tdigest(x, x) | project percentile_tdigest(t, 50)', ['7']],
  [
    'range x from 1 to 3 step 1 | summarize t = tdigest(datetime(2020-01-01) + x * 1d) | project percentile_tdigest(t, 50)',
    ['"2020-01-03T00:00:00.0000000Z"'],
  ],
  [
    `range x from 1 to 100 step 1 | summarize a = hll(iif(x % 2 == 0, x, 0), 2), b = hll(iif(x % 3 == 0, x, 0), 2)
     | evaluate dcount_intersect(a, b) | project s0, s1`,
    [51n, 17n],
  ],
  [
    `datatable(value:dynamic)[dynamic({"x":1, "y":3.5}), dynamic({"x":"somevalue", "z":[1, 2, 3]}), dynamic({"y":{"w":"zzz"}, "t":["aa", "bb"], "z":["foo"]})]
     | summarize buildschema(value)`,
    ['{"x":["long","string"],"y":[{"w":"string"},"double"],"z":{"`indexer`":["long","string"]},"t":{"`indexer`":"string"}}'],
  ],
])('%s', async (kql, want) => {
  const { rows } = await ask(connection, kql);
  expect(rows).toEqual([want]);
});

test('large sketches stay within 5 %', async () => {
  const { rows } = await ask(
    connection,
    `range x from 1 to 60000 step 1 | summarize h = hll(x), t = tdigest(x * 2) by x % 2
     | summarize h = hll_merge(h), t = tdigest_merge(t) | project dcount_hll(h), percentile_tdigest(t, 25, typeof(long))`,
  );
  expect(Math.abs(Number(rows[0]![0]) / 60_000 - 1)).toBeLessThan(0.05);
  expect(Math.abs(Number(rows[0]![1]) / 30_000 - 1)).toBeLessThan(0.05);
});

test.each<[string, RegExp]>([
  ['range x from 1 to 3 step 1 | summarize hll(x)', /showing a sketch, .* is not supported/],
  ['range x from 1 to 3 step 1 | summarize t = tdigest(x) | project pack_array(t)', /showing a sketch, .* is not supported/],
  ['range x from 1 to 3 step 1 | summarize h = hll(x) | project tostring(h)', /showing a sketch, .* is not supported/],
  ['print dcount_hll(dynamic([[1024,14],["1"],[]]))', /is not supported/],
  // The documentation of hll_merge: "You can't merge hll values that were created using different accuracy values."
  [
    'range x from 1 to 9 step 1 | summarize a = hll(x, 1), b = hll(x, 2) | project dcount_hll(hll_merge(a, b))',
    /merging sketches of hll\(\) of different accuracy is not supported/,
  ],
  [
    `range x from 1 to 9 step 1 | summarize h = hll(x, 1) | union (range x from 1 to 9 step 1 | summarize h = hll(x, 3)) | summarize dcount_hll(hll_merge(h))`,
    /merging sketches of hll\(\) of different accuracy is not supported/,
  ],
  ['datatable(d:dynamic)[dynamic({"a":"x"}), dynamic({"a":1})] | summarize buildschema(d)', /buildschema over types .* is not supported/],
])('%s is refused', async (kql, why) => {
  await expect(ask(connection, kql)).rejects.toThrow(why);
});
