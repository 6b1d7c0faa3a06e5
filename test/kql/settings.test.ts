import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { ask, openEngine } from './support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});

/** From the documentation of bin_auto() and column_names_of(). */
test.each<[string, unknown[][]]>([
  [
    `set query_bin_auto_size=1h; set query_bin_auto_at=datetime(2017-01-01 00:05);
     range t from datetime(2017-01-01 00:05) to datetime(2017-01-01 02:00) step 1m | summarize n = count() by bin_auto(t)
     | order by t asc | project tostring(t), n`,
    [
      ['2017-01-01T00:05:00.0000000Z', 60n],
      ['2017-01-01T01:05:00.0000000Z', 56n],
    ],
  ],
  ['set query_bin_auto_size=10; print bin_auto(27), bin_auto(-3)', [[20n, -10n]]],
  ['let T = datatable(A:string, B:int)[]; print column_names_of(T)', [['["A","B"]']]],
  ['let f = (n:int) { print A = "", B = n }; print column_names_of(f(1))', [['["A","B"]']]],
])('%s', async (kql, want) => {
  expect((await ask(connection, kql)).rows).toEqual(want);
});

test.each(['set query_now=datetime(2020-01-01); print now()', 'set query_take_max_records=1; range x from 1 to 3 step 1'])(
  'a property that would change the answer is refused: %s',
  async (kql) => {
    await expect(ask(connection, kql)).rejects.toThrow(/set query_\w+ is not supported/);
  },
);

test('a property of how to go about it is passed over', async () => {
  expect(
    (await ask(connection, 'set notruncation; set truncationmaxrecords=10; set maxmemoryconsumptionperiterator=5; print 1')).rows,
  ).toEqual([[1n]]);
});

test('bin_auto() without a length is wrong', async () => {
  await expect(ask(connection, 'print bin_auto(27)')).rejects.toThrow(/needs the length of a bin/);
});
