import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { ask, openEngine } from '../support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});

test.each<[string, unknown[]]>([
  ['range x from 5 to 1 step -2', [5n, 3n, 1n]],
  ['range x from 1.5 to 3.0 step 0.5', [1.5, 2, 2.5, 3]],
  ['range x from 1h to 2h step 30m', [36_000_000_000n, 54_000_000_000n, 72_000_000_000n]],
  ['let pace = toscalar(print -3); range x from 10 to 1 step pace', [10n, 7n, 4n, 1n]],
  ['let most = toscalar(print 4); range x from 1 to most step 2', [1n, 3n]],
  ['range x from 3 to 1 step 1', []],
  ['range x from 1 to 3 step 1 | top toscalar(print 2) by x', [3n, 2n]],
  ['range x from 1 to 3 step 1 | top toscalar(print -1) by x', []],
  ['range x from 1 to 3 step 1 | take toscalar(print 2)', [1n, 2n]],
])('%s', async (kql, expected) => {
  expect((await ask(connection, kql)).rows.map(([x]) => x)).toEqual(expected);
});

/** More rows than could ever be made: only a range whose rows are made one by one answers. */
test.each<[string, unknown[]]>([
  ['range x from 1 to 10000000000000000 step 1 | take 3', [1n, 2n, 3n]],
  ['range x from 10000000000000000 to 1 step -1 | take 2', [10000000000000000n, 9999999999999999n]],
  ['range x from 1 to 10000000000000000 step 1 | where x % 7 == 0 | extend y = x * 2 | project y | take 2', [14n, 28n]],
  ['range x from 1.0 to 1e16 step 0.5 | take 2', [1, 1.5]],
  ['range x from 0s to 900000d step 1tick | take 2', [0n, 1n]],
  ['range x from datetime(0001-01-01) to datetime(9999-12-31) step 1tick | take 2', [0n, 1n]],
  ['let T = range x from 1 to 10000000000000000 step 1; T | take 2 | union (T | where x > 5 | take 1) | sort by x asc', [1n, 2n, 6n]],
])('only as many rows are made as are taken: %s', async (kql, expected) => {
  expect((await ask(connection, kql)).rows.map(([x]) => x)).toEqual(expected);
});

test.each<[string, unknown[]]>([
  ['range x from 1 to 9 step 1 | sort by x desc | take 2', [9n, 8n]],
  ['range x from 1 to 9 step 1 | extend x = 10 - x | sort by x asc | take 2', [1n, 2n]],
  ['range x from 1 to 99999 step 1 | where x in (toscalar(print dynamic([70000, 3])), 5) | take 3', [3n, 5n, 70000n]],
  ['range x from 3 to 1 step -1 | extend p = prev(x) | take 2', [3n, 2n]],
])('the order is that of the rows, or the one asked for: %s', async (kql, expected) => {
  expect((await ask(connection, kql)).rows.map(([x]) => x)).toEqual(expected);
});

test('a long range can be stopped', async () => {
  const stopping = setInterval(() => connection.interrupt(), 20);
  try {
    await expect(ask(connection, 'range x from 1 to 1000000000000 step 1 | summarize sum(x)')).rejects.toThrow(/interrupt/i);
  } finally {
    clearInterval(stopping);
  }
});

/** The documentation of range(): 1,048,576 values at most; the engine's answer to the first is recorded. */
test.each([
  'print r = range(1, 1000000000) | mv-expand r | count',
  'range x from 1 to 1 step 1 | project array_length(range(0, x * 1000000000))',
  'print array_length(range(0.5, 10000000.0))',
])('an array ends at its longest: %s', async (kql) => {
  expect((await ask(connection, kql)).rows).toEqual([[1048576n]]);
});

test('refused, not made: repeat', async () => {
  await expect(ask(connection, 'print repeat(1, 1000000000)')).rejects.toThrow('an array of more than 1048576 values is not supported');
});

test('strrep repeats 1024 times at most', async () => {
  expect((await ask(connection, 'print strlen(strrep("abc", 1000000000))')).rows).toEqual([[3072n]]);
});
