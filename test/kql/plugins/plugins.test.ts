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
  ])('%s', async (_name, kql, want) => {
    expect(await answer(kql)).toEqual(want);
  });

  test('values of several types are refused, a column that is there is an error', async () => {
    await expect(answer('datatable(d:dynamic)[dynamic({"a":1}), dynamic({"a":"x"})] | evaluate bag_unpack(d)')).rejects.toThrow(
      /not supported/,
    );
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
