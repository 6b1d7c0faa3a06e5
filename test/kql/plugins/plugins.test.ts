import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkKql, type Probe, schemaOf, translate } from '../../../src/kql/translate.ts';
import { askTyped, EMPTY, NOW, openEngine } from '../support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});
const answer = (kql: string) => askTyped(connection, kql);

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
    ['rows in no order', 'datatable(v:long)[1] | evaluate rows_near(v == 1, 2)', /needs rows in an order/],
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
