import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { ask, openEngine } from '../support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});
const rows = async (kql: string) => (await ask(connection, kql)).rows;
const TRACE = 'datatable(t:long, e:string)[1,"A", 2,"Start", 3,"B", 4,"Stop", 5,"C", 6,"Start", 7,"Stop"] | sort by t asc';

test.each<[string, string, unknown]>([
  [
    'scan: steps, match ids, states',
    `${TRACE} | scan with_match_id=m with (step s: e == "Start"; step b: e != "Stop" and e != "Start"; step z: e == "Stop";) | project t, m`,
    [
      [2n, 0n],
      [3n, 0n],
      [4n, 0n],
      [6n, 1n],
      // Step b has no state of the second match, while step z still has that of the first.
      [7n, 0n],
    ],
  ],
  [
    'scan: a state starts with the default, a bare name is the default',
    'range x from 1 to 3 step 1 | scan declare (a:long=10, b:long=10) with (step s: true => a = s.a + x, b = b + x;)',
    [
      [1n, 11n, 11n],
      [2n, 13n, 12n],
      [3n, 16n, 13n],
    ],
  ],
  [
    'scan: each part by itself',
    'range x from 1 to 4 step 1 | extend g = x % 2 | scan partition by g declare (c:long=0) with (step s: true => c = s.c + x;) | where x > 2 | project x, c | order by x asc',
    [
      [3n, 4n],
      [4n, 6n],
    ],
  ],
  [
    'scan: a column that a step does not assign has its default (documentation of scan)',
    `${TRACE} | where e == "Start" or e == "Stop" | scan declare (a:long, b:long=-1) with (step s: e == "Start" => a = t; step z: e == "Stop" => b = t;)
       | project a, b`,
    [
      [2n, -1n],
      [null, 4n],
      [6n, -1n],
      [null, 7n],
    ],
  ],
  [
    'scan: a row that two steps match comes out of the later one first (documentation of scan: steps are looked at in reverse order)',
    'range x from 1 to 4 step 1 | scan with_match_id=m declare (f:long) with (step a: x % 3 == 1 => f = x; step b: true => f = a.f;) | project x, f, m',
    [
      [1n, 1n, 0n],
      [2n, 1n, 0n],
      [3n, 1n, 0n],
      [4n, 1n, 0n],
      [4n, 4n, 1n],
    ],
  ],
])('%s', async (_name, kql, want) => {
  expect(await rows(kql)).toEqual(want);
});
