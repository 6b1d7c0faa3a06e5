import { expect, test } from 'vitest';
import { pruned, scanSql } from '../../src/kql/prune.ts';
import { type KqlCatalog, translate } from '../../src/kql/translate.ts';

const names = ['TimeGenerated', 'A', 'B', 'C', 'D'];
const catalog: KqlCatalog = {
  tables: new Map([
    [
      'T',
      {
        name: 'T',
        columns: names.map((name) => ({ name, type: name === 'TimeGenerated' ? 'datetime' : 'string' }) as const),
        physical: 'main.t7',
        physicalColumns: names.map((_, i) => `p${i}`),
        ingestionColumn: 'ing',
      },
    ],
  ]),
  functions: new Map(),
};
const read = (kql: string) => [...new Set(translate(kql, catalog, { now: 0n }).sql.match(/\bp\d\b|\bing\b/g))].sort();

// Which columns a reader of the query sees that it needs.
test.each<[string, readonly string[]]>([
  ['T | count', []],
  ['T | project B', ['p2']],
  ['T | where A == "x" | project B', ['p1', 'p2']],
  ['T | where A has "x" | count', ['p1']],
  ['T | summarize count() by C', ['p3']],
  ['T | extend E = strcat(A, B) | project E', ['p1', 'p2']],
  ['T | where ingestion_time() > datetime(2026-01-01) | project D', ['ing', 'p4']],
  ['T | summarize arg_max(TimeGenerated, A) by D', ['p0', 'p1', 'p4']],
  ['T | where A == "c12" | project B', ['p1', 'p2']],
  ['T', ['p0', 'p1', 'p2', 'p3', 'p4']],
])('%s', (kql, columns) => {
  expect(read(kql).filter((name) => name !== 'ing' || columns.includes('ing'))).toEqual(columns);
});

test('a scan that stands in the text twice is the same both times; another of the same table has its own columns', () => {
  const scan = (first: number) => ({
    items: [0, 1, 2].map((i) => ({ sql: `p${i}`, id: `c${first + i}` })),
    tail: 'FROM t WHERE p0 > 1',
  });
  const [one, two] = [scan(1), scan(4)];
  const sql = `SELECT c2 AS "c0" FROM (${scanSql(one)}) WHERE 1 = (SELECT count(c6) FROM (${scanSql(two)})) OR 2 = (SELECT count(c2) FROM (${scanSql(one)}))`;
  const first = '(SELECT p1 AS c2 FROM t WHERE p0 > 1)';
  expect(pruned(sql, [one, two])).toBe(
    `SELECT c2 AS "c0" FROM ${first} WHERE 1 = (SELECT count(c6) FROM (SELECT p2 AS c6 FROM t WHERE p0 > 1)) OR 2 = (SELECT count(c2) FROM ${first})`,
  );
});
