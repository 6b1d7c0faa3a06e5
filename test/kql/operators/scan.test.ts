import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { ask, openEngine } from '../support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});

const SESSIONS = `datatable(ID:string, t:datetime)["1", datetime(2024-04-11 10:00), "2", datetime(2024-04-11 10:18), "1", datetime(2024-04-11 11:00),
  "3", datetime(2024-04-11 11:30), "2", datetime(2024-04-11 13:30), "2", datetime(2024-04-11 10:16)] | sort by ID asc, t asc`;
const at = (hour: number, minute: number) => `2024-04-11T${hour}:${String(minute).padStart(2, '0')}:00.0000000Z`;

test.each<[string, string, unknown[]]>([
  [
    'a running sum over many rows, in one part',
    'range i from 1 to 1000 step 1 | serialize | scan declare (c:long=0) with (step s: true => c = s.c + i;) | summarize max(c), count()',
    [500_500n, 1000n],
  ],
  [
    'and in several',
    `range i from 1 to 1000 step 1 | sort by i asc | scan partition by i % 3 declare (c:long=0) with (step s: true => c = s.c + 1;)
     | summarize max(c), sum(c)`,
    [334n, (334n * 335n) / 2n + 333n * 334n],
  ],
  [
    'text that looks like the name of a column stays text',
    'datatable(u:string)["c12", "x.c3"] | serialize | scan declare (s:string="\'w3\' c1") with (step q: u != "c5" => s = strcat(q.s, u, "c9");) | summarize max(s)',
    ["'w3' c1c12c9x.c3c9"],
  ],
  [
    'what a fold cannot hold is walked row by row',
    'range i from 1 to 9 step 1 | serialize | scan declare (c:long=0) with (step s: i in ((range j from 1 to 3 step 1)) => c = s.c + i;) | summarize max(c)',
    [6n],
  ],
  [
    'scan of each part of a partition (documented)',
    `datatable(t:long, u:int, e:string)[8, 1, "login", 9, 2, "login", 12, 1, "logout", 11, 2, "logout"]
     | partition hint.strategy=native by u (sort by t asc
       | scan declare (start:long, end:long) with (
           step s1 output=none: e == "login" => start = t;
           step s2 output=all: e == "logout" => start = s1.start, end = t;))
     | sort by u asc | summarize make_list(start), make_list(end)`,
    ['[8,9]', '[12,11]'],
  ],
  [
    'row_window_session (documented)',
    `${SESSIONS} | extend s = row_window_session(t, 1h, 5m, ID != prev(ID)) | summarize make_list(s)`,
    [JSON.stringify([at(10, 0), at(11, 0), at(10, 16), at(10, 16), at(13, 30), at(11, 30)])],
  ],
  [
    'row_window_session: a session ends when it is as long as it may be',
    'range i from 0 to 20 step 1 | extend t = datetime(2020-01-01) + i * 4m | sort by t asc | summarize n = count() by s = row_window_session(t, 1h, 5m) | summarize make_list(n)',
    ['[15,6]'],
  ],
])('%s', async (_name, kql, want) => {
  const { rows } = await ask(connection, kql);
  expect(rows).toEqual([want]);
});

test('row_window_session needs an order', async () => {
  await expect(ask(connection, 'datatable(t:datetime)[] | extend s = row_window_session(t, 1h, 5m)')).rejects.toThrow(
    /needs rows in an order/,
  );
});
