import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { ask, openEngine } from '../support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});
const rows = async (kql: string) => (await ask(connection, kql)).rows;

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
  ['a sketch of an accuracy that there is not', 'print x=1 | summarize h = hll(x, 5) | project dcount_hll(h)'],
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
  [
    'a query in braces that joins',
    'let L = range a from 1 to 2 step 1; datatable(k:int)[1] | partition by k { L | join (L | where a == toscalar(k)) on a }',
    /partition is not supported: another operator in braces/,
  ],
  [
    'rows in braces that depend on the part',
    'datatable(k:int)[1, 2] | partition by k { range i from 1 to toscalar(k) step 1 }',
    /whose source depends on the part/,
  ],
  [
    'a statement that narrows what is read',
    'let A = print x=1; restrict access to (A); A',
    /restrict is not supported: what a query may read is not narrowed here/,
  ],
  ['a graph that nothing is asked of', 'datatable(a:string, b:string)["x", "y"] | make-graph a --> b', /a graph where rows are expected/],
  ['two answers', 'print 1; print 2', /a second query is not supported/],
  [
    'a number behind a delimiter that comes twice: whether the engine looks further is not documented',
    'print s="john smith 42" | parse s with name " " age:long',
    /parse of a text that holds a delimiter again is not supported/,
  ],
  ['the same where the text must end', 'print s="(a)b)" | parse s with "(" x ")"', /parse of a text that holds a delimiter again/],
  [
    'the legacy strategy over more values than it takes',
    'range x from 1 to 65 step 1 | partition by x (count) | count',
    /partition by more than 64 values needs hint.strategy/,
  ],
  ['a list of at most no values', 'print x=1 | summarize make_list(x, 0)', /make_list is not supported: a size below 1/],
  ['bits of times', 'print x=1d | summarize binary_all_or(x)', /binary_all_or is not supported: of timespans/],
  ['a covariance of times', 'print x=1d | summarize covariance(x, x)', /covariance is not supported: of timespans/],
  [
    'a number of rows that begins anew with each',
    'print x=1 | serialize n = row_number(x)',
    /row_number is not supported: a start that is not a constant/,
  ],
  [
    'a step of scan that assigns to a column of its input',
    'range x from 1 to 2 step 1 | scan declare (c:long=0) with (step s: true => x = 1;)',
    /an assignment to 'x', which is not declared/,
  ],
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
  [
    'top-nested of an expression, whose name is not documented',
    'print g="ab" | top-nested 1 of substring(g, 0, 1) by count()',
    /top-nested is not supported: of an expression without a name/,
  ],
  ['an order of dynamic values', 'print g="a", x=1 | top-nested 1 of g by tdigest(x)', /top-nested is not supported: by a dynamic value/],
  ['fewer than no rows, by what a table says', 'print x=1 | take toscalar(print -1)', /a number of rows that is negative or null is not/],
  ['a number beyond the longs', 'print x=1 | serialize row_number(9223372036854775807)', /row_number is not supported: a start above/],
  ['no number to begin with', 'print x=1 | serialize row_number(long(null))', /row_number is not supported: a start that is not/],
  [
    'sessions of no table',
    'print x = row_window_session(datetime(2020-01-01), 1h, 1m)',
    /row_window_session is not supported: inside mv-apply, partition or print/,
  ],
  ['a month that is not whole', 'print make_datetime(2020, 1.5, 1)', /make_datetime is not supported: of a part .* not whole/],
  ['a day of 25 hours in a literal', 'print timespan(25:00:00)', /a timespan of more than 23 hours/],
  ['groups of dynamic values', 'print d=dynamic([1]) | top-nested 1 of d by count()', /top-nested is not supported: of dynamic values/],
  ['counts of dynamic values', 'print d=dynamic([1]) | top-hitters 1 of d', /top-hitters is not supported: of dynamic values/],
  [
    'a series over what is no number',
    'datatable(x:real)[1.0, real(nan)] | make-series count() on x step 1.0',
    /make-series over an axis of NaN or infinite values is not supported/,
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
