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
    'project-by-names: names, arrays and patterns in the order they are said; what there is none of is left out',
    'let T = print Name="", Zip=1; print Name="Peter", Age=39, City="York" | project-by-names "C*", dynamic(["Age", "Nope"]), column_names_of(T)',
    [['York', 39n, 'Peter']],
  ],
  [
    'a spread over infinities is no number, several weighted percentiles of reals are an array',
    'datatable(r:real, k:long)[1.5,1, 2.5,1] | summarize variance(r / (2.5 - r)), tostring(percentilesw_array(r, k, 50, 90))',
    [[Number.NaN, '[1.5,2.5]']],
  ],
  [
    'union: a name made of name and type gives way to a column of that name (documentation of union)',
    `let View_1 = view () { print x=1 }; let View_2 = view () { print x=toint(2) }; let View_3 = view () { print x_long=3 };
       union withsource=TableName View_1, View_2, View_3 | getschema | project ColumnName`,
    [['TableName'], ['x_long1'], ['x_int'], ['x_long']],
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
    'has_any and has_all: a null is found everywhere, all of none is true (measured by the tests of duckdb-kql)',
    `print s = "alpha", none = array_slice(dynamic(["a"]), 1, 1)
       | project s has_any (dynamic(["zz", null])), s has_all (dynamic(["alpha", null])), s has_all (dynamic(["zz", null])), s has_all (dynamic([])), s has_all (none)`,
    [[true, true, false, true, true]],
  ],
  [
    'a null of any type is the null of a dynamic: a list with nulls holds it, a bag names it',
    `datatable(t:datetime, s:timespan)[datetime(null), timespan(null), datetime(2020-01-01), 1d]
       | summarize tostring(make_list_with_nulls(t)), tostring(make_list_with_nulls(s)), tostring(make_list(bag_pack("t", t)))`,
    [['[null,"2020-01-01T00:00:00.0000000Z"]', '[null,"1.00:00:00"]', '[{"t":null},{"t":"2020-01-01T00:00:00.0000000Z"}]']],
  ],
  [
    'partition: 64 values under the legacy strategy, any number under the others (documented)',
    'range x from 1 to 64 step 1 | partition by x (count) | union (range x from 1 to 65 step 1 | partition hint.strategy=native by x (count)) | count',
    [[129n]],
  ],
  [
    'the old names of make_list, make_set and make_bag keep 128 values (documented)',
    'range x from 1 to 200 step 1 | summarize array_length(makelist(x)), array_length(makeset(x)), array_length(bag_keys(make_dictionary(bag_pack(tostring(x), x)))), array_length(makelist(x, 150)), array_length(make_list(x))',
    [[128n, 128n, 128n, 150n, 200n]],
  ],
  [
    'top-hitters gives its rows sorted, so that window functions may follow (documentation of window functions)',
    'datatable(g:string)["a", "b", "b", "c", "c", "c"] | top-hitters 2 of g | extend n = row_number(), before = prev(g)',
    [
      ['c', 3n, 1n, ''],
      ['b', 2n, 2n, 'c'],
    ],
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
    'a bag comes apart into keys and values by an mv-expand inside mv-apply (documented, since mv-apply itself does not)',
    'print d=dynamic({"a":1,"b":2}) | mv-apply e = d on (mv-expand kind=array e | where e[1] == 2 | project k = tostring(e[0])) | project k',
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
  [
    'partition: a query in braces has rows of its own and sees the value of the part (documented)',
    `let L = datatable(a:int, b:string)[1,"x", 2,"y", 3,"z"];
     datatable(k:string, n:int)["x",1, "y",2, "x",3] | partition hint.strategy=legacy by k { L | where b == toscalar(k) | extend of = toscalar(k) } | order by a asc`,
    [
      [1, 'x', 'x'],
      [2, 'y', 'y'],
    ],
  ],
  [
    'partition: an operator over the rows of each part, in braces',
    'let L = range a from 1 to 5 step 1; datatable(k:int)[2, 4] | partition by k { L | where a <= toscalar(k) | summarize n = count(), most = max(a) } | order by n asc',
    [
      [2n, 2n],
      [4n, 4n],
    ],
  ],
  ['invoke', 'let f=(T:(x:long), n:long) { T | extend y = x + n }; print x=1 | invoke f(2) | project y', [[3n]]],
  ['union: the name of withsource may be written as a text', 'union withsource="Src" (print a=1) | project Src', [['union_arg0']]],
  [
    'row_cumsum of longs goes round like sum()',
    'datatable(x:long)[9223372036854775807, 1] | serialize c = row_cumsum(x) | summarize min(c) == -9223372036854775807 - 1, max(c)',
    [[true, 9223372036854775807n]],
  ],
  ['weighted percentiles', 'datatable(w:long, v:long)[8,10, 6,20, 3,30, 1,40] | summarize percentilesw(v, w, 50, 99.9)', [[20n, 40n]]],
  [
    'several columns of one function',
    'print y=dynamic([1,2,4,8]) | extend (r, s) = series_fit_line(y) | project round(r, 2), round(s, 1)',
    [[0.92, 2.3]],
  ],
])('%s', async (_name, kql, want) => {
  expect(await rows(kql)).toEqual(want);
});
