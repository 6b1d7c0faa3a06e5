import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { ask, openEngine } from '../support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});
const rows = async (kql: string) => (await ask(connection, kql)).rows;

test.each<[string, string, unknown]>([
  [
    'make-series: bins count from the start, the end is out, empty bins take the default',
    'datatable(x:long, v:long)[1,5, 2,7, 6,9, 7,1] | make-series s=sum(v) default=-1, n=count() on x from 1 to 7 step 2',
    [['[12,-1,9]', '[2,0,1]', '[1,3,5]']],
  ],
  ['make-series: no rows, no series', 'datatable(x:long)[] | make-series count() on x from 1 to 3 step 1 | count', [[0n]]],
  [
    'make-series: a null of any number is a default of longs',
    'datatable(x:long, v:long)[1,5, 3,7] | make-series s=sum(v) default=double(null), n=count() default=long(null) on x from 1 to 4 step 1',
    [['[5,null,7]', '[1,null,1]', '[1,2,3]']],
  ],
  [
    'make-series in range(): both ends are in',
    'datatable(t:long, v:long)[1,1, 5,2] | make-series s=sum(v) default=0 on t in range(0, 5, 2) | project s',
    [['[1,0,2]']],
  ],
  ['make-series: nonempty', 'datatable(x:long)[] | make-series kind=nonempty count() on x from 1 to 3 step 1', [['[0,0]', '[1,2]']]],
  [
    'make-series: without bounds, from the first bin to the last',
    'datatable(x:long)[3, 8] | make-series count() on x step 2',
    [['[1,0,0,1]', '[2,4,6,8]']],
  ],
  [
    'make-series: each group has its own',
    'datatable(g:string, x:long)["a",1, "b",2] | make-series count() on x from 1 to 3 step 1 by g | order by g asc | project g, count_',
    [
      ['a', '[1,0]'],
      ['b', '[0,1]'],
    ],
  ],
])('%s', async (_name, kql, want) => {
  expect(await rows(kql)).toEqual(want);
});
