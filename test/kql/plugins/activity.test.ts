import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { askTyped, openEngine } from '../support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});
const answer = (kql: string) => askTyped(connection, kql);

/** Who was seen on which day, as the documentation of new_activity_metrics has it. */
const USERS = `datatable(t:datetime, s:dynamic)[
  datetime(2019-11-01), dynamic([0,2,3,4]), datetime(2019-11-02), dynamic([0,1,3,4,5]), datetime(2019-11-03), dynamic([0,2,4,5]),
  datetime(2019-11-04), dynamic([0,1,2,3]), datetime(2019-11-05), dynamic([0,1,2,3,4])]
  | mv-expand user = s to typeof(long) | project t, user`;

test.each<[string, string, unknown]>([
  [
    'a range that is computed: as detections are written',
    'let p = 30m; let w = 15m; datatable(u:string, t:datetime)["a", datetime(2026-11-22 11:30), "b", datetime(2026-11-22 11:40)] | evaluate activity_counts_metrics(u, t, ago(p + w), ago(w), w) | project dcount',
    [['dcount:long'], [2n]],
  ],
  [
    'sliding_window_counts: by a column',
    `datatable(u:string, t:long, g:string)["a",1,"x", "a",1,"x", "b",2,"x", "c",1,"y"]
       | evaluate sliding_window_counts(u, t, 1, 3, 2, 1, g) | order by g asc, t asc`,
    [
      ['t:long', 'g:string', 'Count:long', 'Dcount:long'],
      [1n, 'x', 2n, 1n],
      [2n, 'x', 3n, 2n],
      [3n, 'x', 1n, 1n],
      [1n, 'y', 1n, 1n],
      [2n, 'y', 1n, 1n],
    ],
  ],
  [
    'new_activity_metrics (documented)',
    `${USERS} | evaluate new_activity_metrics(user, t, datetime(2019-11-01), datetime(2019-11-07) - 1tick, 1d)
       | where from_t < datetime(2019-11-03) | order by from_t asc, to_t asc
       | project dcount_new_values, dcount_retained_values, dcount_churn_values, retention_rate, churn_rate`,
    [
      ['dcount_new_values:long', 'dcount_retained_values:long', 'dcount_churn_values:long', 'retention_rate:real', 'churn_rate:real'],
      [4n, 4n, 0n, 1, 0],
      [2n, 3n, 1n, 0.75, 0.25],
      [1n, 3n, 1n, 0.75, 0.25],
      [1n, 3n, 1n, 0.75, 0.25],
      [1n, 4n, 0n, 1, 0],
      [0n, 0n, 4n, 0, 1],
      [2n, 2n, 0n, 1, 0],
      [0n, 1n, 1n, 0.5, 0.5],
      [0n, 1n, 1n, 0.5, 0.5],
      [0n, 1n, 1n, 0.5, 0.5],
      [0n, 0n, 2n, 0, 1],
    ],
  ],
  [
    'new_activity_metrics: who is in the lookback is never new (by the definition)',
    `let before = datatable(day:long, user:long)[1, 0, 2, 3];
       ${USERS} | evaluate new_activity_metrics(user, t, datetime(2019-11-01), datetime(2019-11-03), 1d, datetime(2019-11-01), before)
       | order by to_t asc | project dcount_new_values, dcount_retained_values, dcount_churn_values, retention_rate`,
    [
      ['dcount_new_values:long', 'dcount_retained_values:long', 'dcount_churn_values:long', 'retention_rate:real'],
      [2n, 2n, 0n, 1],
      [2n, 1n, 1n, 0.5],
      [1n, 2n, 0n, 1],
    ],
  ],
  [
    'activity_metrics: who came back, by the definition; the first window is 1 and 0, as the engine has it where the documentation says NaN',
    `${USERS} | evaluate activity_metrics(user, t, datetime(2019-11-01), datetime(2019-11-03), 1d) | order by t asc
       | project dcount_values, dcount_newvalues, retention_rate, churn_rate`,
    [
      ['dcount_values:long', 'dcount_newvalues:long', 'retention_rate:real', 'churn_rate:real'],
      [4n, 4n, 1, 0],
      [5n, 2n, 0.75, 0.25],
      [4n, 1n, 0.6, 0.4],
    ],
  ],
  [
    'activity_metrics by a dimension: each column under its own name, and each part by itself',
    `${USERS} | extend odd = user % 2 | evaluate activity_metrics(user, t, datetime(2019-11-01), datetime(2019-11-02), 1d, odd) | order by t asc, odd asc
       | project odd, dcount_values, dcount_newvalues, retention_rate`,
    [
      ['odd:long', 'dcount_values:long', 'dcount_newvalues:long', 'retention_rate:real'],
      [0n, 3n, 3n, 1],
      [1n, 1n, 1n, 1],
      [0n, 2n, 0n, 2 / 3],
      [1n, 3n, 2n, 1],
    ],
  ],
  [
    'activity_engagement: of the users of two days',
    `${USERS} | evaluate activity_engagement(user, t, datetime(2019-11-01), datetime(2019-11-03), 1d, 2d) | order by t asc
       | project dcount_activities_inner, dcount_activities_outer, activity_ratio`,
    [
      ['dcount_activities_inner:long', 'dcount_activities_outer:long', 'activity_ratio:real'],
      [4n, 4n, 1],
      [5n, 6n, 5 / 6],
      [4n, 6n, 4 / 6],
    ],
  ],
  [
    'session_count (the bins of the documented chart)',
    `range Timeline from 1 to 9999 step 1 | extend k = 1 | join kind=inner (range Id from 1 to 50 step 1 | extend k = 1) on k | where Timeline % Id == 0
       | project Timeline, Id | evaluate session_count(Id, Timeline, 1, 10000, 100, 41) | order by Timeline asc
       | summarize n = count(), all = make_list(count_sessions) | project n, begin = array_slice(all, 0, 39), end = all[99]`,
    [
      ['n:long', 'begin:dynamic', 'end:dynamic'],
      [
        100n,
        '[57,18,19,20,19,20,19,21,18,20,19,20,20,20,19,21,18,19,22,18,18,20,20,21,21,19,19,20,20,19,19,21,18,20,20,18,23,18,18,21]',
        '21',
      ],
    ],
  ],
  [
    'rolling_percentile over longs',
    'range i from 0 to 3 step 1 | evaluate rolling_percentile(i, 50, i, 1, 2) | order by i asc',
    [
      ['i:long', 'rolling_2_percentile_i_50:long'],
      [0n, 0n],
      [1n, 0n],
      [2n, 1n],
      [3n, 2n],
    ],
  ],
])('%s', async (_name, kql, want) => {
  expect(await answer(kql)).toEqual(want);
});

test.each<[string, string, RegExp]>([
  ['a bin without rows', 'datatable(v:long)[1, 5] | evaluate rolling_percentile(v, 50, v, 1, 2)', /a bin without rows is not supported/],
  [
    'a lookback without the ids',
    `${USERS} | evaluate new_activity_metrics(user, t, datetime(2019-11-01), datetime(2019-11-03), 1d, datetime(2019-11-01), (print u=1))`,
    /has no column of the name and type of the ids/,
  ],
  ['session_count at its end', 'print id=1, t=10 | evaluate session_count(id, t, 1, 10, 5, 2)', /over rows at its end is not supported/],
  [
    'a window of no length',
    `${USERS} | evaluate activity_counts_metrics(user, t, datetime(2019-11-01), datetime(2019-11-04), 0d)`,
    /a length of zero or less/,
  ],
  [
    'a window without activity',
    `${USERS} | where t != datetime(2019-11-02) | evaluate activity_metrics(user, t, datetime(2019-11-01), datetime(2019-11-04), 1d)`,
    /a window without activity/,
  ],
])('%s is refused', async (_name, kql, why) => {
  await expect(answer(kql)).rejects.toThrow(why);
});
