import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { ask, askTyped, openEngine } from '../support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});

/** The graph of the documentation of make-graph and graph-to-table. */
const NODES =
  'let nodes = datatable(name:string, type:string, age:long) ["Alice", "Person", 23, "Bob", "Person", 31, "Eve", "Person", 17, "Trent", "System", 99];';
const EDGES = `let edges = datatable(source:string, destination:string, edge_type:string)
["Alice", "Bob", "communicatesWith", "Alice", "Trent", "trusts", "Bob", "Trent", "hasPermission", "Eve", "Alice", "attacks", "Mallory", "Alice", "attacks", "Mallory", "Bob", "attacks"];`;
const ATTACK = `graph-match (mallory)-[attacks]->(compromised)-[hasPermission]->(trent)
  where mallory.name == "Mallory" and trent.name == "Trent" and attacks.edge_type == "attacks" and hasPermission.edge_type == "hasPermission"
  project Attacker = mallory.name, Compromised = compromised.name, System = trent.name`;

test('graph-to-table nodes: also those that only edges name (documented)', async () => {
  const query = `${NODES} ${EDGES} edges | make-graph source --> destination with nodes on name | graph-to-table nodes with_node_id=NodeId`;
  expect(await askTyped(connection, query)).toEqual([
    ['NodeId:long', 'name:string', 'type:string', 'age:long'],
    [-3122868243544336885n, 'Alice', 'Person', 23n],
    [-7133945255344544237n, 'Bob', 'Person', 31n],
    [4363395278938690453n, 'Eve', 'Person', 17n],
    [2533909231875758225n, 'Trent', 'System', 99n],
    [3855580634910899594n, 'Mallory', '', null],
  ]);
});

test('graph-to-table edges, with the hashes of their nodes (documented)', async () => {
  const query = `${NODES} ${EDGES} let G = edges | make-graph source --> destination with nodes on name;
    G | graph-to-table edges with_source_id=SourceId with_target_id=TargetId | where edge_type == "attacks" | order by source asc, destination asc`;
  expect(await askTyped(connection, query)).toEqual([
    ['SourceId:long', 'TargetId:long', 'source:string', 'destination:string', 'edge_type:string'],
    [4363395278938690453n, -3122868243544336885n, 'Eve', 'Alice', 'attacks'],
    [3855580634910899594n, -3122868243544336885n, 'Mallory', 'Alice', 'attacks'],
    [3855580634910899594n, -7133945255344544237n, 'Mallory', 'Bob', 'attacks'],
  ]);
});

test.each([
  ['with nodes', 'with nodes on name'],
  ['with the ids alone', 'with_node_id=name'],
])('graph-match %s (documented)', async (_name, clause) => {
  const query = `${NODES} ${EDGES} edges | make-graph source --> destination ${clause} | ${ATTACK}`;
  expect(await askTyped(connection, query)).toEqual([
    ['Attacker:string', 'Compromised:string', 'System:string'],
    ['Mallory', 'Bob', 'Trent'],
  ]);
});

/** A ring of two, and an edge from a node to itself. */
const RING = 'datatable(a:long, b:long)[1,2, 2,1, 3,3] | make-graph a --> b with_node_id=n';

test.each<[string, string, readonly (readonly unknown[])[]]>([
  [
    'an edge is not gone twice where nothing is said',
    '(x)-[e]->(y)-->(z) project x.n, y.n, z.n, e.a | order by x_n asc',
    [
      [1n, 2n, 1n, 1n],
      [2n, 1n, 2n, 2n],
    ],
  ],
  ['cycles=none: no node twice', '(x)-->(y)-->(z) project x.n', []],
  ['cycles=all: edges may be gone again', '(x)-->(y)-->(z) where x.n == 3 project x.n, z.n', [[3n, 3n]]],
  ['an edge from right to left', '(x)<-[e]-(y) where x.n == 2 project e.a, strcat(tostring(y.n), "!")', [[1n, '1!']]],
])('graph-match: %s', async (name, pattern, rows) => {
  const cycles = /^cycles=\w+/.exec(name)?.[0] ?? '';
  expect((await ask(connection, `${RING} | graph-match ${cycles} ${pattern}`)).rows).toEqual(rows);
});

test.each<[string, string, RegExp]>([
  ['an edge of variable length', `${RING} | graph-match (x)-[e*1..3]->(y) project x.n`, /an edge of variable length/],
  ['an edge of any direction', `${RING} | graph-match (x)--(y) project x.n`, /an edge of any direction/],
  ['several sequences', `${RING} | graph-match (x)-->(y), (x)-->(z) project x.n`, /several sequences/],
  ['two tables at once', `${RING} | graph-to-table nodes as N`, /graph-to-table is not supported|name 'N'/],
  ['the hash of a number', `${RING} | graph-to-table nodes with_node_id=h`, /the hash of ids that are no texts/],
  [
    'two nodes of one id',
    'datatable(a:long, b:long)[1,2] | make-graph a --> b with (datatable(n:long)[1, 1]) on n | graph-to-table nodes',
    /several nodes of one id/,
  ],
  [
    'an edge without an end',
    'datatable(a:long, b:long)[1,long(null)] | make-graph a --> b with_node_id=n | graph-to-table nodes',
    /edges without a node/,
  ],
  ['another operator', `${RING} | graph-mark-components | graph-to-table nodes`, /not supported/],
])('graph, refused: %s', async (_name, kql, message) => {
  await expect(ask(connection, kql)).rejects.toThrow(message);
});
