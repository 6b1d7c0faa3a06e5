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
    'parse kind=regex need not reach the end of the text, kind=simple must (measured by the tests of duckdb-kql)',
    `datatable(s:string)["abcbd", "k=1,k=2,end"] | parse kind=regex s with "a" v "b" | parse kind=regex s with "k=" w "," | parse s with "a" x "b"
       | project v, w, x`,
    [
      ['bc', '', ''],
      ['', '1,k=2', ''],
    ],
  ],
  [
    'blanks around a truth value: passed over in a constant and by parse, null in a column (each measured on the engine)',
    `datatable(s:string)[" true", "\tTRUE"] | extend c = tobool(" true "), r = tobool(s) | extend p = strcat("b=", s) | parse p with "b=" b: bool | project c, r, b`,
    [
      [true, null, true],
      [true, null, true],
    ],
  ],
  [
    'parse kind=regex: anywhere in the text, and columns by the shape of their type (measured by the tests of duckdb-kql)',
    `datatable(s:string)["n=27x|12|1."] | parse kind=regex s with "n=" n: long | parse kind=regex s with @"\\|" b: bool @"\\|" | parse kind=regex flags=m s with "^n=" t "x"
       | parse kind=regex s with "12" * @"\\|" r: real "$" | project n, b, t, r`,
    [[27n, null, '27', null]],
  ],
  [
    'parse-kv: quotes hold delimiters, the first value of a key wins',
    `print s="a='x;y';b=2;b=3" | parse-kv s as (a:string, b:long, c:string) with (pair_delimiter=';', kv_delimiter='=', quote="'") | project a, b, c`,
    [['x;y', 2n, '']],
  ],
  [
    'parse-kv: quoted keys, text that has no key, greedy values, no delimiters',
    `print a='x=1 "event time"=2021-01-01', b='name=John Doe city=New York', c="[INFO] Id:45, Text: 'it \\\\'s'"
       | parse-kv a as (['event time']:datetime) with (pair_delimiter=' ', kv_delimiter='=', quote='"')
       | parse-kv b as (name:string, city:string) with (pair_delimiter=' ', kv_delimiter='=')
       | parse-kv c as (Text:string, Id:long) with (quote="'", escape='\\\\')
       | project ['event time'] == datetime(2021-01-01), name, city, Text, Id`,
    [[true, 'John', 'New', "it 's", 45n]],
  ],
  [
    'parse-kv: a greedy value reaches to the next key',
    `print s='name=John Doe phone=555 5555' | parse-kv s as (name:string, phone:string) with (pair_delimiter=' ', kv_delimiter='=', greedy=true) | project name, phone`,
    [['John Doe', '555 5555']],
  ],
  [
    'parse-kv: pairs of a regular expression',
    `print s="a=1, b=2" | parse-kv s as (b:long, a:long) with (regex=@"(\\w+)=(\\w+)") | project a, b`,
    [[1n, 2n]],
  ],
  ['parse: JSON for a dynamic', `print s='d={"a":1}' | parse s with "d=" d:dynamic | project tolong(d.a)`, [[1n]]],
  [
    'parse: numbers behind a delimiter that comes once',
    'print s="GET /a 200" | parse s with verb " " path " " code:int | project verb, path, code',
    [['GET', '/a', 200]],
  ],
  ['parse: flags', 'print s="A=1 a=2" | parse kind=regex flags=Ui s with * "a=" x " " * | project x', [['1']]],
])('%s', async (_name, kql, want) => {
  expect(await rows(kql)).toEqual(want);
});
