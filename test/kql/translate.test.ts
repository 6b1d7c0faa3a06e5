import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkKql, type KqlCatalog, type KqlError, translate } from '../../src/kql/translate.ts';
import { ask, EMPTY, NOW, openEngine, runTranslation } from './support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
  await connection.run(`CREATE TABLE logs("t" BIGINT, "u" VARCHAR, "d" VARCHAR, "ing" BIGINT, "arr" BIGINT);
    INSERT INTO logs VALUES (639000000000000000, 'ann', '{"a":{"b":[1,"x"]}}', 639000000000000001, 1), (639000000000000007, 'bob', NULL, 639000000000000009, 2)`);
});

const catalog: KqlCatalog = {
  tables: new Map([
    [
      'SigninLogs',
      {
        name: 'SigninLogs',
        columns: [
          { name: 'TimeGenerated', type: 'datetime' },
          { name: 'UserPrincipalName', type: 'string' },
          { name: 'Details', type: 'dynamic' },
        ],
        physical: 'logs',
        physicalColumns: ['"t"', '"u"', '"d"'],
        ingestionColumn: '"ing"',
        arrivalColumn: '"arr"',
      },
    ],
  ]),
  functions: new Map([
    ['Noted', { name: 'Noted', text: '// one line\n// and another\n(who:string) { SigninLogs | where UserPrincipalName == who }' }],
    ['Of', { name: 'Of', text: '(who:string) { SigninLogs | where UserPrincipalName == who }' }],
  ]),
};
const rows = async (kql: string, given = {}) => (await ask(connection, kql, catalog, given)).rows;

describe('translate', () => {
  test.each<[string, string, unknown]>([
    ['100 ns survive', 'SigninLogs | where UserPrincipalName == "bob" | project TimeGenerated', [[639000000000000007n]]],
    ['ingestion time', 'SigninLogs | where ingestion_time() > TimeGenerated + 1tick | project UserPrincipalName', [['bob']]],
    ['stored function after comments', 'Noted("ann") | project tostring(Details.a.b[1])', [['x']]],
    ['stored function with a parameter', 'Of("ann") | project tostring(Details.a.b[1])', [['x']]],
    [
      'lambda over a named table',
      'let f = (T: string) { table(T) | count }; union isfuzzy=true f("SigninLogs"), (NoSuchTable | count)',
      [[2n]],
    ],
    ['null in dynamic is null', 'SigninLogs | where isnull(Details) | project UserPrincipalName', [['bob']]],
    ['a let table meets itself', 'let A = SigninLogs; A | join kind=inner A on UserPrincipalName | count', [[2n]]],
    [
      'materialize is read twice',
      'let A = materialize(range x from 1 to 3 step 1); A | join kind=inner A on x | summarize sum(x1)',
      [[6n]],
    ],
    [
      'mv-apply works on each row',
      'datatable(k:string, l:dynamic)["a", dynamic([3,1,2]), "b", dynamic([9,8])] | mv-apply x = l to typeof(long) on (top 1 by x) | project k, x | order by k asc',
      [
        ['a', 3n],
        ['b', 9n],
      ],
    ],
    ['a number finds the string', 'datatable(ResultType:string)["0", "50126"] | where ResultType == 0 | count', [[1n]]],
    [
      'a filter after innerunique comes before the dedupe',
      'datatable(k:long, v:string)[1,"a", 1,"b"] | join (datatable(k:long)[1]) on k | where v == "b" | project v',
      [['b']],
    ],
    [
      'a filter after innerunique and take does not',
      'datatable(k:long, v:string)[1,"a", 1,"b"] | join (datatable(k:long)[1]) on k | take 5 | where v == "b" | project v',
      [],
    ],
    ['union * reads every table', 'union * | count', [[2n]]],
    ['a wildcard sees views', 'let V_1 = view () { print x=1 }; union isfuzzy=true V_*, Nope* | count', [[1n]]],
    ['null keys join', 'datatable(k:long)[long(null)] | join kind=inner (datatable(k:long)[long(null)]) on k | count', [[1n]]],
    ['names are case-sensitive', 'print A=1, a=2 | project a, A', [[2n, 1n]]],
  ])('%s', async (_name, kql, want) => {
    expect(await rows(kql)).toEqual(want);
  });

  test('parameters are bound, not spliced', async () => {
    expect(
      await rows('declare query_parameters(who:string); SigninLogs | where UserPrincipalName == who | count', { who: "x' OR '1'='1" }),
    ).toEqual([[0n]]);
  });

  test('arrival is a half-open interval', async () => {
    const t = translate('SigninLogs | project UserPrincipalName', catalog, { now: NOW, arrival: true });
    const reader = await connection.runAndReadAll(t.sql, { __arrival_after: 1n, __arrival_upto: 2n });
    expect(reader.getRows()).toEqual([['bob']]);
    expect(t.tables).toEqual(['SigninLogs']);
  });

  test('timespan intersects', async () => {
    const t = translate('SigninLogs | project UserPrincipalName', catalog, { now: NOW, timespan: { until: 639000000000000007n } });
    expect((await runTranslation(connection, t)).rows).toEqual([['ann']]);
  });

  test('every fault is named with its place', () => {
    expect.assertions(3);
    try {
      translate('print 1\n| extend a = series_fft(dynamic([1]))\n| reduce by tostring(a)', EMPTY, { now: NOW });
    } catch (error) {
      const { faults, kind } = error as KqlError;
      expect(kind).toBe('unsupported');
      expect(faults.map((f) => [f.line, f.column])).toEqual([
        [2, 14],
        [3, 3],
      ]);
      expect(faults.every((f) => f.message.includes(`${f.name} is not supported`))).toBe(true);
    }
  });

  test.each([
    ['syntax', 'SigninLogs | where ('],
    ['semantic', 'SigninLogs | project Nope'],
  ])('%s errors keep their kind', (kind, kql) => {
    expect(() => translate(kql, catalog, { now: NOW })).toThrow(expect.objectContaining({ kind, code: `kql-${kind}`, exitCode: 78 }));
  });

  test('checkKql gives the columns', () => {
    expect(checkKql('SigninLogs | summarize n=count(), make_set(UserPrincipalName) by bin(TimeGenerated, 1h)', catalog)).toEqual([
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'n', type: 'long' },
      { name: 'set_UserPrincipalName', type: 'dynamic' },
    ]);
  });
});

function fault(kql: string): KqlError {
  try {
    checkKql(kql, catalog);
  } catch (error) {
    return error as KqlError;
  }
  throw new Error('no fault');
}

test.each([
  ['SigninLogs | wher x', [14], 'where'],
  ['SigninLogs | take 5 | sumarize count()', [23], 'summarize'],
  ['SigninLogs | extnd y = 1 | where', [14, 22], 'extend'],
])('a misspelt operator is one fault, and says what was meant: %s', (kql, columns, meant) => {
  const thrown = fault(kql);
  expect(thrown.faults.map((f) => f.column)).toEqual(columns);
  expect(thrown.faults[0]!.message).toContain(`did you mean "${meant}"?`);
});

test('what stands where a statement should have ended is a fault still', () => {
  expect(fault('SigninLogs take').faults[0]).toMatchObject({ column: 12 });
});

test('a fault is shown in its line with a caret under its column, however long the line is', () => {
  const text = `SigninLogs\n\t| where Foo == 1`;
  expect(fault(text)).toMatchObject({ where: { file: 'query', line: 2, column: 10 }, excerpt: ` | where Foo == 1\n${' '.repeat(9)}^` });
  const [line = '', caret = ''] = fault(`SigninLogs | where ${'1 == 1 and '.repeat(50)}Foo == 1`).excerpt?.split('\n') ?? [];
  expect(line.length).toBeLessThan(80);
  expect(line.slice(caret.indexOf('^')).startsWith('Foo')).toBe(true);
});
