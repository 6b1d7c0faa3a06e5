import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { ticksFromIso } from '../../../src/core/ticks.ts';
import { ask, openEngine } from '../support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});

/** The appearances in the documentation of active_users_count, of which only those of B on 7/4 and of A on 7/20 (and 7/17, in the same bin) are active. */
const SEEN = `datatable(User:string, Timestamp:datetime)[
  "B", datetime(2018-06-29), "B", datetime(2018-06-30), "A", datetime(2018-07-02), "B", datetime(2018-07-04), "B", datetime(2018-07-08),
  "A", datetime(2018-07-10), "A", datetime(2018-07-14), "A", datetime(2018-07-17), "A", datetime(2018-07-20), "B", datetime(2018-07-24)]`;
const count = (given: string, rows = SEEN) =>
  ask(connection, `${rows} | evaluate active_users_count(User, Timestamp, ${given}) | order by Timestamp asc`);
const JULY = 'datetime(2018-07-01), datetime(2018-07-31)';

test('active_users_count (documented)', async () => {
  const { columns, rows } = await count(`${JULY}, 8d, 1d, 3, 7d`);
  expect(columns.map((c) => c.name)).toEqual(['Timestamp', 'dcount']);
  expect(rows).toEqual([
    [ticksFromIso('2018-07-01T00:00:00Z'), 1n],
    [ticksFromIso('2018-07-15T00:00:00Z'), 1n],
  ]);
});

test.each<[string, string, RegExp]>([
  ['rows at its end', 'datetime(2018-07-01), datetime(2018-07-24), 8d, 1d, 3, 7d', /rows at its end/],
  ['periods that begin elsewhere', 'datetime(2018-07-01 01:00), datetime(2018-07-31), 8d, 1d, 3, 7d', /do not begin with its start/],
  ['dimensions', `${JULY}, 8d, 1d, 3, 7d, User`, /by dimensions/],
])('active_users_count with %s is refused', async (_name, given, why) => {
  await expect(count(given)).rejects.toThrow(why);
});
