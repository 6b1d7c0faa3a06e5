import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, describe, expect, test } from 'vitest';
import { ask, openEngine } from '../support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});
const rows = async (kql: string) => (await ask(connection, kql)).rows;

const TRACE = 'datatable(t:long, e:string)[1,"A", 2,"Start", 3,"B", 4,"Stop", 5,"C", 6,"Start", 7,"Stop"] | sort by t asc';

describe('operators', () => {
  test.each<[string, string, unknown]>([
    [
      'make-series: bins count from the start, the end is out, empty bins take the default',
      'datatable(x:long, v:long)[1,5, 2,7, 6,9, 7,1] | make-series s=sum(v) default=-1, n=count() on x from 1 to 7 step 2',
      [['[12,-1,9]', '[2,0,1]', '[1,3,5]']],
    ],
    ['make-series: no rows, no series', 'datatable(x:long)[] | make-series count() on x from 1 to 3 step 1 | count', [[0n]]],
    [
      'make-series in range(): both ends are in',
      'datatable(t:long, v:long)[1,1, 5,2] | make-series s=sum(v) default=0 on t in range(0, 5, 2) | project s',
      [['[1,0,2]']],
    ],
    [
      'project-by-names: names, arrays and patterns in the order they are said; what there is none of is left out',
      'let T = print Name="", Zip=1; print Name="Peter", Age=39, City="York" | project-by-names "C*", dynamic(["Age", "Nope"]), column_names_of(T)',
      [['York', 39n, 'Peter']],
    ],
    [
      'a spread over infinities is no number, several weighted percentiles of reals are an array',
      'datatable(r:real, k:long)[1.5,1, 2.5,1] | summarize variance(r / (2.5 - r)), tostring(percentilesw_array(r, k, 50, 90))',
      [[Number.NaN, '[1.5,2.5]']],
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
    [
      'union: a name made of name and type gives way to a column of that name (documentation of union)',
      `let View_1 = view () { print x=1 }; let View_2 = view () { print x=toint(2) }; let View_3 = view () { print x_long=3 };
       union withsource=TableName View_1, View_2, View_3 | getschema | project ColumnName`,
      [['TableName'], ['x_long1'], ['x_int'], ['x_long']],
    ],
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
      'mv-expand to a number takes numbers alone (measured by the tests of duckdb-kql)',
      `print a = dynamic([1, 2.5, -2.5, "2", true, null]) | mv-expand l = a to typeof(long), r = a to typeof(real), b = a to typeof(bool), s = a to typeof(string)
       | project l, r, b, s`,
      [
        [1n, 1, true, '1'],
        [2n, 2.5, null, '2.5'],
        [-2n, -2.5, null, '-2.5'],
        [null, null, null, '2'],
        [null, null, true, 'true'],
        [null, null, null, ''],
      ],
    ],
    [
      'names that the engine gives: an index beside a column of its name, a percentile inside calls',
      `let A = print a = dynamic([1]), i = 2 | mv-expand with_itemindex=i a; let B = print y = 1.5 | summarize round(percentile(y, 50), 1);
       union (A | getschema), (B | getschema) | project ColumnName`,
      [['a'], ['i'], ['i1'], ['percentile_y_50']],
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
      'has_any and has_all: a null is found everywhere, all of none is true (measured by the tests of duckdb-kql)',
      `print s = "alpha", none = array_slice(dynamic(["a"]), 1, 1)
       | project s has_any (dynamic(["zz", null])), s has_all (dynamic(["alpha", null])), s has_all (dynamic(["zz", null])), s has_all (dynamic([])), s has_all (none)`,
      [[true, true, false, true, true]],
    ],
    ['top of a negative number gives no rows', 'print x = 1 | top -1 by x', []],
    [
      'make_bag with a size keeps that many keys',
      'datatable(p:dynamic)[dynamic({"a":1}), dynamic({"b":2}), dynamic({"c":3})] | summarize make_bag(p, 2), make_bag_if(p, p.c != 3, 1)',
      [['{"a":1,"b":2}', '{"a":1}']],
    ],
    [
      'toscalar() of chance is asked once, a function of chance at each call (documentation of named expressions)',
      'let x = () { rand() }; let y = () { toscalar(rand()) }; print x == x, y == y, y == y()',
      [[false, true, true]],
    ],
    [
      'a parameter of type int is a constant where the argument is one',
      'let f = (n:int) { toscalar(range x from 1 to n step 1 | count) }; print f(1), f(2)',
      [[1n, 2n]],
    ],
    [
      'a function that gives a table takes a value computed from another table',
      'let Newest = toscalar(datatable(t:datetime)[datetime(2026-01-10)] | summarize max(t)); let Since = (from:datetime) { datatable(t:datetime)[datetime(2026-01-05), datetime(2026-01-09)] | where t >= from }; Since(Newest - 3d) | count',
      [[1n]],
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
    [
      'search: a whole term of any column',
      'datatable(a:string, n:long)["x_one",1, "oneself",2, "z",3] | search "one" or "3" | project n',
      [[1n], [3n]],
    ],
    ['search: a prefix', 'datatable(a:string)["oneself", "none"] | search "one*" | project a', [['oneself']]],
    ['search: a term in one column', 'datatable(a:string, b:string)["x","y", "y","x"] | search a:"x" | project b', [['y']]],
    [
      'where *: a negated operator holds when no column does',
      'datatable(a:string, b:string)["x","y", "z","z"] | where * !has "x" | project a',
      [['z']],
    ],
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
      'top-nested: the best of the best',
      'datatable(g:string, s:string, v:long)["a","x",1, "a","y",5, "b","x",4, "c","x",9] | top-nested 2 of g by sum(v), top-nested 1 of s by n=max(v) | order by g asc',
      [
        ['a', 6n, 'y', 5n],
        ['c', 9n, 'x', 9n],
      ],
    ],
    [
      'top-nested with others: all that is left out on the way to the last level has its rows there (the documented example in small)',
      `datatable(State:string, Source:string, End:string, v:long)["KS","Law","Fort",5, "KS","Law","Hays",1, "KS","Public","Hays",3, "TX","Law","Perry",4, "ME","Law","Bath",2]
       | top-nested 2 of State with others="Other states" by sum(v), top-nested 1 of Source by sum(v), top-nested 1 of End with others="Other ends" by sum(v)
       | order by State asc, Source asc, End asc`,
      [
        ['KS', 9n, '', null, 'Other ends', 3n],
        ['KS', 9n, 'Law', 6n, 'Fort', 5n],
        ['KS', 9n, 'Law', 6n, 'Other ends', 1n],
        ['Other states', 2n, '', null, 'Other ends', 2n],
        ['TX', 4n, 'Law', 4n, 'Perry', 4n],
      ],
    ],
    ['top-hitters: counted, or by weight', 'datatable(k:long, v:long)[1,5, 1,6, 2,20, 3,1] | top-hitters 1 of k by v', [[2n, 20n]]],
    [
      'find: rows of several tables, what they do not share in a bag',
      'let T = view () { datatable(a:string, b:long)["x",1, "y",2] }; let U = view () { datatable(a:string, c:long)["x",7] }; find in (T, U) where a == "x"',
      [
        ['T', 'x', '{"b":1}'],
        ['U', 'x', '{"c":7}'],
      ],
    ],
    [
      'NaN stands beside the nulls, whichever way the numbers go',
      'datatable(x:real)[1.5, real(nan), real(null), real(-inf)] | sort by x desc',
      [[1.5], [-Infinity], [Number.NaN], [null]],
    ],
    [
      'mv-apply kind=array: a bag comes apart into keys and values',
      'print d=dynamic({"a":1,"b":2}) | mv-apply kind=array e = d on (where e[1] == 2 | project k = tostring(e[0])) | project k',
      [['b']],
    ],
    [
      'mv-expand: a null gives one row, an empty array or bag none',
      'datatable(k:long, d:dynamic)[1, dynamic([]), 2, dynamic({}), 3, dynamic(null), 4, dynamic([7])] | mv-expand d | project k, d = tolong(d)',
      [
        [3n, null],
        [4n, 7n],
      ],
    ],
    [
      'mv-apply: where there is nothing to take apart there is nothing to count',
      'datatable(k:long, d:dynamic)[1, dynamic([]), 2, dynamic([1, 2]), 3, dynamic([5])] | mv-apply d to typeof(long) on (summarize n = count()) | project k, n',
      [
        [2n, 2n],
        [3n, 1n],
      ],
    ],
    ['parse: JSON for a dynamic', `print s='d={"a":1}' | parse s with "d=" d:dynamic | project tolong(d.a)`, [[1n]]],
    [
      'partition: an operator for each part',
      'datatable(k:long, v:long)[1,10, 1,20, 2,30] | partition by k (top 1 by v asc) | order by k asc',
      [
        [1n, 10n],
        [2n, 30n],
      ],
    ],
    [
      'row_rank: runs of equal values',
      'datatable(x:long)[5, 5, 3] | sort by x desc | extend d = row_rank_dense(x), m = row_rank_min(x)',
      [
        [5n, 1n, 1n],
        [5n, 1n, 1n],
        [3n, 2n, 3n],
      ],
    ],
    [
      'partition: windows begin anew in each part',
      'datatable(k:long, v:long)[1,10, 1,20, 2,30] | partition by k (sort by v asc | extend n=row_number(), p=prev(v)) | order by v asc | project n, p',
      [
        [1n, null],
        [2n, 10n],
        [1n, null],
      ],
    ],
    ['invoke', 'let f=(T:(x:long), n:long) { T | extend y = x + n }; print x=1 | invoke f(2) | project y', [[3n]]],
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
    ['union: the name of withsource may be written as a text', 'union withsource="Src" (print a=1) | project Src', [['union_arg0']]],
    [
      'row_cumsum of longs goes round like sum()',
      'datatable(x:long)[9223372036854775807, 1] | serialize c = row_cumsum(x) | summarize min(c) == -9223372036854775807 - 1, max(c)',
      [[true, 9223372036854775807n]],
    ],
    [
      'parse: numbers behind a delimiter that comes once',
      'print s="GET /a 200" | parse s with verb " " path " " code:int | project verb, path, code',
      [['GET', '/a', 200]],
    ],
    ['parse: flags', 'print s="A=1 a=2" | parse kind=regex flags=Ui s with * "a=" x " " * | project x', [['1']]],
    ['weighted percentiles', 'datatable(w:long, v:long)[8,10, 6,20, 3,30, 1,40] | summarize percentilesw(v, w, 50, 99.9)', [[20n, 40n]]],
    [
      'several columns of one function',
      'print y=dynamic([1,2,4,8]) | extend (r, s) = series_fit_line(y) | project round(r, 2), round(s, 1)',
      [[0.92, 2.3]],
    ],
  ])('%s', async (_name, kql, want) => {
    expect(await rows(kql)).toEqual(want);
  });

  test.each<[string, string]>([
    ['prev() inside scan', 'range x from 1 to 2 step 1 | scan declare (c:long=0) with (step s: true => c = prev(x);)'],
    ['scan over rows in no order', 'range x from 1 to 2 step 1 | summarize count() by x | scan with (step s: true;)'],
    ['two steps of one name', 'range x from 1 to 2 step 1 | scan with (step s: true; step s: true;)'],
    ['a pattern that is none', 'print x = extract("(", 1, "a")'],
    ['a pattern that looks ahead', 'print x="a" | where x matches regex "(?=a)"'],
    ['a number beyond its type', 'print x = 9223372036854775808'],
    ['a step of zero', 'print x=1 | make-series count() on x from 1 to 3 step 0'],
    ['a percentile above 100', 'print x=1 | summarize percentile(x, 101)'],
    ['fewer than no rows', 'print x=1 | take -1'],
    ['a key of a join that is dynamic', 'print k=dynamic(1) | join kind=inner (print k=dynamic(1)) on k'],
  ])('rejected: %s', async (_name, kql) => {
    await expect(rows(kql)).rejects.toThrow(expect.objectContaining({ code: 'kql-semantic' }));
  });

  test.each<[string, string, RegExp]>([
    [
      'a subquery for each row',
      'let f = (v:long) { toscalar(range z from 1 to 9 step 1 | where z == v | count) }; range x from 1 to 2 step 1 | extend f(x)',
      /toscalar is not supported/,
    ],
    ['two answers', 'print 1; print 2', /a second query is not supported/],
    [
      'a number behind a delimiter that comes twice: whether the engine looks further is not documented',
      'print s="john smith 42" | parse s with name " " age:long',
      /parse of a text that holds a delimiter again is not supported/,
    ],
    ['the same where the text must end', 'print s="(a)b)" | parse s with "(" x ")"', /parse of a text that holds a delimiter again/],
    ['kind=inner of columns of several types', 'union kind=inner (print x=1), (print x="a")', /of columns of one name and several types/],
    ['a default of another type', 'datatable(x:long)[1] | serialize p = prev(x, 1, "q")', /a default of type string/],
    ['a percentile of no reals', 'datatable(x:real)[] | summarize percentile(x, 50)', /of no reals is not supported/],
    ['a percentile beside NaN', 'datatable(x:real)[1.5, real(nan)] | summarize percentile(x, 50)', /percentile of NaN/],
    ['percentiles of nothing in an array', 'datatable(x:long)[] | summarize percentiles_array(x, 5, 50)', /of no values is not supported/],
    ['percentiles of truth values', 'datatable(x:bool)[true] | summarize percentile(x, 50)', /^(?!.*needs an aggregate).*of bools/s],
    ['a spread of timespans', 'datatable(x:timespan)[1h] | summarize stdev(x)', /stdev is not supported: of timespans/],
    ['a real for a long', 'print t=1 | scan declare (x:long) with (step s: true => x = 1.5;)', /a real for 'x', which is a long/],
    [
      'a default that is no whole number among longs',
      'datatable(t:long, v:long)[1,1] | make-series s=sum(v) default=1.5 on t from 1 to 3 step 1',
      /a default of another type/,
    ],
    [
      'rows past the end of in range() that lie in its last bin',
      'datatable(t:long, v:long)[1,1, 5,2] | make-series s=sum(v) default=0 on t in range(0, 4, 2)',
      /in range\(\) over rows outside of it that share a bin with its ends is not supported/,
    ],
    [
      'rows before in range() that lie in its first bin',
      'datatable(t:long, v:long)[0,1, 5,2] | make-series s=sum(v) default=0 on t in range(1, 5, 2)',
      /share a bin with its ends is not supported/,
    ],
    [
      'a greedy value before a key that is not asked for',
      `print s='name=John Doe phone=555 city=New York' | parse-kv s as (name:string, city:string) with (pair_delimiter=' ', kv_delimiter='=', greedy=true)`,
      /a greedy value before a key not asked for is not supported/,
    ],
    [
      'top-nested with others above a last level that has none',
      'print g=1, s=2 | top-nested 1 of g with others=0 by count(), top-nested 1 of s by count()',
      /top-nested with others is not supported: where the last level has none/,
    ],
    ['several tables', 'print x=1 | fork (count) (take 1)', /fork is not supported/],
    [
      'an open quote',
      `print s="a='x" | parse-kv s as (a:string) with (pair_delimiter=';', kv_delimiter='=', quote="'")`,
      /open quote is not supported/,
    ],
    [
      'a part that lost its rows',
      'print a=dynamic([1]) | mv-apply x=a to typeof(long) on (where x > 5 | summarize count())',
      /not supported/,
    ],
  ])('refused: %s', async (_name, kql, message) => {
    await expect(rows(kql)).rejects.toThrow(message);
  });
});
