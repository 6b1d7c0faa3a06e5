import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkKql, type Probe, schemaOf, translate } from '../../../src/kql/translate.ts';
import { ask, EMPTY, NOW, openEngine } from '../support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});
const answer = async (kql: string) => {
  const { columns, rows } = await ask(connection, kql);
  return [columns.map((c) => `${c.name}:${c.type}`), ...rows];
};

/** Who was seen on which day, as the documentation of new_activity_metrics has it. */
const USERS = `datatable(t:datetime, s:dynamic)[
  datetime(2019-11-01), dynamic([0,2,3,4]), datetime(2019-11-02), dynamic([0,1,3,4,5]), datetime(2019-11-03), dynamic([0,2,4,5]),
  datetime(2019-11-04), dynamic([0,1,2,3]), datetime(2019-11-05), dynamic([0,1,2,3,4])]
  | mv-expand user = s to typeof(long) | project t, user`;

describe('plugins', () => {
  test.each<[string, string, unknown]>([
    [
      'bag_unpack: names in order, types of the values',
      'datatable(i:long, d:dynamic)[1, dynamic({"b":1.5, "a":"x"}), 2, dynamic({"c":[1]})] | evaluate bag_unpack(d, "p_")',
      [
        ['i:long', 'p_a:string', 'p_b:real', 'p_c:dynamic'],
        [1n, 'x', 1.5, null],
        [2n, '', null, '[1]'],
      ],
    ],
    [
      'bag_unpack: prefix and conflict by place and by name',
      'print d=dynamic({"a":1}) | evaluate bag_unpack(d, "E_", "keep_source") | evaluate bag_unpack(dynamic({"b":2}), OutputColumnPrefix="F_", columnsConflict="keep_source")',
      [
        ['E_a:long', 'F_b:long'],
        [1n, 2n],
      ],
    ],
    [
      'a range that is computed: as detections are written',
      'let p = 30m; let w = 15m; datatable(u:string, t:datetime)["a", datetime(2026-11-22 11:30), "b", datetime(2026-11-22 11:40)] | evaluate activity_counts_metrics(u, t, ago(p + w), ago(w), w) | project dcount',
      [['dcount:long'], [2n]],
    ],
    [
      'geo_polygon_lookup: the key stays away unless it is asked for; who lies nowhere stays when it is asked for',
      `let areas = datatable(area:string, shape:dynamic)["square", dynamic({"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]]]})];
      datatable(who:string, x:real, y:real)["in", 1, 1, "out", 5, 5] | evaluate geo_polygon_lookup(areas, shape, x, y, return_unmatched=true) | sort by who asc`,
      [
        ['who:string', 'x:real', 'y:real', 'area:string'],
        ['in', 1, 1, 'square'],
        ['out', 5, 5, ''],
      ],
    ],
    [
      'geo_line_lookup: within a radius in metres',
      `let roads = datatable(road:string, path:dynamic)["5th Avenue NY", dynamic({"type":"LineString","coordinates":[[-73.97291864770574,40.76428551254824],[-73.99708638113894,40.73145135821781]]})];
      datatable(place:string, x:real, y:real)["Empire State Building", -73.98567337898565, 40.74842629977377, "Statue of Liberty", -74.04462223203123, 40.689195627512674]
      | evaluate geo_line_lookup(roads, path, x, y, 350) | project place, road`,
      [
        ['place:string', 'road:string'],
        ['Empire State Building', '5th Avenue NY'],
      ],
    ],
    [
      'bag_unpack: hostile names are names',
      'print d=dynamic({"__proto__":1, "it\'s \\"x\\"]":2}) | evaluate bag_unpack(d) | extend n=1',
      [
        ['__proto__:long', 'it\'s "x"]:long', 'n:long'],
        [1n, 2n, 1n],
      ],
    ],
    [
      'bag_unpack twice',
      'print d=dynamic({"a":1, "b":{"c":"x"}}) | evaluate bag_unpack(d) | evaluate bag_unpack(b) | project c, a',
      [
        ['c:string', 'a:long'],
        ['x', 1n],
      ],
    ],
    [
      'bag_unpack: a schema that is said',
      'print d=dynamic({"a":1}) | evaluate bag_unpack(d) : (a:real, z:string)',
      [
        ['a:real', 'z:string'],
        [1, ''],
      ],
    ],
    [
      'pivot counts, and 0 where there is nothing',
      'datatable(e:string, s:string)["x","B", "x","A", "y","A"] | evaluate pivot(s) | order by e asc',
      [
        ['e:string', 'A:long', 'B:long'],
        ['x', 1n, 1n],
        ['y', 1n, 0n],
      ],
    ],
    [
      'ipv4_lookup',
      'print ip="10.1.2.3" | evaluate ipv4_lookup(datatable(net:string, n:string)["10.0.0.0/8","in", "11.0.0.0/8","out"], ip, net) | project n',
      [['n:string'], ['in']],
    ],
    [
      'bag_unpack: columns that give way (documented)',
      `datatable(Name:string, d:dynamic)["James", dynamic({"Name":"John", "Age":20}), "David", dynamic({"Age":40})]
       | evaluate bag_unpack(d, columnsConflict="replace_source")`,
      [
        ['Name:string', 'Age:long'],
        ['John', 20n],
        ['', 40n],
      ],
    ],
    [
      'bag_unpack: properties that are ignored (documented)',
      'print d=dynamic({"Name":"John", "Age":20, "Address":"A"}) | evaluate bag_unpack(d, ignoredProperties=dynamic(["Address", "Age"]))',
      [['Name:string'], ['John']],
    ],
    [
      'pivot: null where there is no row',
      'datatable(k:string, g:string, v:long)["a","x",1, "b","x",2, "a","y",3] | evaluate pivot(k, max(v), g) | order by g asc',
      [
        ['g:string', 'a:long', 'b:long'],
        ['x', 1n, 2n],
        ['y', 3n, null],
      ],
    ],
    [
      'pivot: text in the aggregate that looks like the name of a column stays text',
      'datatable(k:string, g:string, v:string)["a","x","c1"] | evaluate pivot(k, countif(v in ("c1", "c2", "c3", "c4", "c5")))',
      [
        ['g:string', 'a:long'],
        ['x', 1n],
      ],
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
      'ipv4_lookup with further keys, which come out once (documented)',
      `datatable(ip:string, continent:string, country:string)["2.20.183.12","Europe","GB", "5.8.1.2","Europe","RU", "5.8.1.3","Europe",""]
       | evaluate ipv4_lookup(datatable(network:string, id:long, continent:string, country:string)["2.20.183.0/24",1,"Europe","GB", "5.8.0.0/19",2,"Europe","RU"], ip, network, continent, country)`,
      [
        ['ip:string', 'continent:string', 'country:string', 'network:string', 'id:long'],
        ['2.20.183.12', 'Europe', 'GB', '2.20.183.0/24', 1n],
        ['5.8.1.2', 'Europe', 'RU', '5.8.0.0/19', 2n],
      ],
    ],
    [
      'ipv4_lookup with a further key and the flag behind it',
      `print ip="10.0.0.1", k=1 | union (print ip="10.0.0.2", k=2) | evaluate ipv4_lookup(datatable(net:string, k:long, n:string)["10.0.0.0/8",1,"a"], ip, net, k, true) | sort by k asc`,
      [
        ['ip:string', 'k:long', 'net:string', 'n:string'],
        ['10.0.0.1', 1n, '10.0.0.0/8', 'a'],
        ['10.0.0.2', 2n, '', ''],
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
    [
      'rows_near: another number of rows after',
      'range i from 1 to 9 step 1 | evaluate rows_near(i == 4, 2, 1) | summarize make_list(i)',
      [['list_i:dynamic'], ['[2,3,4,5]']],
    ],
    [
      'schema_merge: a new column behind the others (documented)',
      `let a = datatable(Uri:string, HttpStatus:int)[] | getschema;
       let b = datatable(Uri:string, HttpStatus:int, Referrer:string)[] | getschema;
       union a, b | evaluate schema_merge()`,
      [
        ['ColumnName:string', 'ColumnOrdinal:long', 'DataType:string', 'ColumnType:string'],
        ['Uri', 0n, 'System.String', 'string'],
        ['HttpStatus', 1n, 'System.Int32', 'int'],
        ['Referrer', 2n, 'System.String', 'string'],
      ],
    ],
    [
      'ipv6_lookup',
      'print ip="2001:db8::7" | evaluate ipv6_lookup(datatable(net:string, n:string)["2001:db8::/32","in", "2002::/16","out"], ip, net)',
      [
        ['net:string', 'n:string', 'ip:string'],
        ['2001:db8::/32', 'in', '2001:db8::7'],
      ],
    ],
  ])('%s', async (_name, kql, want) => {
    expect(await answer(kql)).toEqual(want);
  });

  test.each<[string, string, RegExp]>([
    [
      'pivot: an average over no rows',
      'datatable(k:string, g:string, v:long)["a","x",1, "b","y",2] | evaluate pivot(k, avg(v), g)',
      /pivot with avg/,
    ],
    ['a bin without rows', 'datatable(v:long)[1, 5] | evaluate rolling_percentile(v, 50, v, 1, 2)', /a bin without rows is not supported/],
    [
      'a lookback without the ids',
      `${USERS} | evaluate new_activity_metrics(user, t, datetime(2019-11-01), datetime(2019-11-03), 1d, datetime(2019-11-01), (print u=1))`,
      /has no column of the name and type of the ids/,
    ],
    ['session_count at its end', 'print id=1, t=10 | evaluate session_count(id, t, 1, 10, 5, 2)', /over rows at its end is not supported/],
    ['rows in no order', 'datatable(v:long)[1] | evaluate rows_near(v == 1, 2)', /needs rows in an order/],
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

  test('a slot whose values differ in type is dynamic, as documented', async () => {
    const unpacked = await answer('datatable(d:dynamic)[dynamic({"a":1}), dynamic({"a":"x"})] | evaluate bag_unpack(d)');
    expect(unpacked).toEqual([['a:dynamic'], ['1'], ['"x"']]);
  });

  test('a column that is there is an error', async () => {
    await expect(answer('print a=1, d=dynamic({"a":1}) | evaluate bag_unpack(d)')).rejects.toThrow(/the column 'a' is there already/);
  });

  test('the first step asks for names and types only, and a check does not need them', () => {
    const kql = 'print i=1, d=dynamic({"a":1}) | evaluate bag_unpack(d) | project i, a';
    const first = translate(kql, EMPTY, { now: NOW });
    expect(first.probe).toMatchObject({ plugin: 'evaluate bag_unpack', source: [{ name: 'i', type: 'long' }], line: 1 });
    expect(checkKql(kql, EMPTY).map((c) => c.name)).toEqual(['i', 'a']);
    const schema = schemaOf(first.probe as Probe, [['a', 'long']]);
    const second = translate(kql, EMPTY, { now: NOW, schemas: [schema] });
    expect(second.probe).toBeUndefined();
    expect(second).toMatchObject({
      columns: [
        { name: 'i', type: 'long' },
        { name: 'a', type: 'long' },
      ],
    });
  });

  test('faults behind a schema keep their place', () => {
    const kql = 'print d=dynamic({"a":1}) | evaluate bag_unpack(d) | project nope';
    const schema = schemaOf(translate(kql, EMPTY, { now: NOW }).probe as Probe, [['a', 'long']]);
    expect(() => translate(kql, EMPTY, { now: NOW, schemas: [schema] })).toThrow(`query:1:${kql.indexOf('nope') + 1}`);
  });
});
