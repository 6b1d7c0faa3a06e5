import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { ask, openEngine } from './support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});

/** Expression and the output that Kusto's documentation shows of it. */
test.each<[string, unknown]>([
  [
    'strcat_delim("|", geo_point_to_s2cell(-80.195829, 25.802215, 8), geo_point_to_s2cell(300, 1, 8), geo_point_to_s2cell(1, 1, 35))',
    '88d9b||',
  ],
  ['round(todouble(geo_s2cell_to_polygon("89c259").coordinates[0][0][1]), 12)', 40.801268433944],
  ['round(todouble(geo_s2cell_to_central_point("1234567").coordinates[0]), 12)', 9.868307318504],
  ['isnull(geo_s2cell_to_central_point("a")) and isnull(geo_s2cell_neighbors("a"))', true],
  [
    'array_length(set_union(geo_s2cell_neighbors("89c259"), dynamic(["89c25d","89c2f9","89c251","89c257","89c25f","89c25b","89c2f7","89c2f5"])))',
    8n,
  ],
  ['array_length(geo_polygon_to_s2cells(dynamic({"type":"Polygon","coordinates":[[[0,0],[0,50],[100,50],[0,0]]]}), 5))', 286n],
  ['isnull(geo_polygon_to_s2cells(dynamic({"type":"Polygon","coordinates":[[[0,0],[0,10],[10,10],[10,0],[0,0]]]}), 30))', true],
  ['geo_point_to_h3cell(-74.04450446039874, 40.689250859314974, 6)', '862a1072fffffff'],
  ['round(todouble(geo_h3cell_to_central_point("862a1072fffffff").coordinates[0]), 12)', -74.016008479792],
  ['round(todouble(geo_h3cell_to_polygon("862a1072fffffff").coordinates[0][6][1]), 12)', 40.735376026215],
  ['strcat_delim("|", geo_h3cell_level("862a1072fffffff"), isnull(geo_h3cell_level("abc")))', '6|True'],
  ['strcat(geo_h3cell_parent("862a1072fffffff"), geo_h3cell_parent("862a1072fffffff", 1))', '852a1073fffffff812a3ffffffffff'],
  ['strcat(geo_h3cell_parent("123"), geo_h3cell_parent("862a1072fffffff", 100), geo_h3cell_parent("862a1072fffffff", 15))', ''],
  ['tostring(geo_h3cell_children("862a1072fffffff")[6])', '872a1072effffff'],
  ['array_length(geo_h3cell_children("862a1072fffffff", geo_h3cell_level("862a1072fffffff") + 3))', 343n],
  ['isnull(geo_h3cell_children(geo_point_to_h3cell(1, 1, 9), 15))', true],
  ['strcat(geo_h3cell_rings("861f8894fffffff", 2)[1][3], array_length(geo_h3cell_rings("861f8894fffffff", 2)[2]))', '861f8d497ffffff12'],
  [
    'array_length(set_union(geo_h3cell_neighbors("862a1072fffffff"), dynamic(["862a10727ffffff","862a10707ffffff","862a1070fffffff","862a10777ffffff","862a100dfffffff","862a100d7ffffff"])))',
    6n,
  ],
])('%s', async (expression, wanted) => {
  const { rows } = await ask(connection, `print x = ${expression}`);
  expect(rows[0]![0]).toEqual(wanted);
});

test.each<[string, RegExp]>([
  ['geo_h3cell_parent("862a1072fffffff", 6)', /of the level of the cell itself is not supported/],
  ['geo_h3cell_neighbors("8009fffffffffff")', /of a pentagon is not supported/],
  ['geo_h3cell_rings("8009fffffffffff", 1)', /meet a pentagon is not supported/],
  ['geo_s2cell_neighbors("1")', /at a corner of the cube is not supported/],
])('%s is refused', async (expression, why) => {
  await expect(ask(connection, `print x = ${expression}`)).rejects.toThrow(why);
});
