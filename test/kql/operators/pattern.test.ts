import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { ask, openEngine } from '../support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});

/** As in the documentation of declare pattern. */
const COUNTRIES = `declare pattern country = (name:string)[state:string]
{
  ("USA").["New York"] = { print Capital = "Albany" };
  ("USA").["Washington"] = { print Capital = "Olympia" };
  ("Canada").["Alberta"] = { print Capital = "Edmonton" };
};`;
const APPS = `declare pattern App = (applicationId:string)[scope:string]
{
  ('a1').['Metrics'] = { range x from 1 to 5 step 1 | project App = "App #1", Metrics = x * 0.5 };
  ('a2').['Data'] = { range x from 1 to 5 step 1 | project App = "App #2", Data = 10 - x };
};`;
const PLACES = `declare pattern map_ip_to_longlat = (address:string)
{
  ("10.10.10.10") = { print Lat=37.405992, Long=-122.078515 };
};`;

test.each<[string, string, readonly string[], readonly (readonly unknown[])[]]>([
  ['a path as a name', `${COUNTRIES} country("Canada").Alberta`, ['Capital'], [['Edmonton']]],
  ['a path as a text', `${COUNTRIES} country("USA").["New York"]`, ['Capital'], [['Albany']]],
  ['a pattern without paths', `${PLACES} map_ip_to_longlat("10.10.10.10")`, ['Lat', 'Long'], [[37.405992, -122.078515]]],
  ['a name for what it gives', `${COUNTRIES} let C = country("USA").Washington; C | count`, ['Count'], [[1n]]],
  [
    'several in a union',
    `${APPS} union App('a2').Data, App('a1').Metrics | summarize n = count(), most = max(Data), sum(Metrics) by App | order by App asc`,
    ['App', 'n', 'most', 'sum_Metrics'],
    [
      ['App #1', 5n, null, 7.5],
      ['App #2', 5n, 9n, 0],
    ],
  ],
])('declare pattern: %s', async (_name, kql, columns, rows) => {
  const answer = await ask(connection, kql);
  expect(answer.columns.map((c) => c.name)).toEqual(columns);
  expect(answer.rows).toEqual(rows);
});

test.each<[string, string, RegExp]>([
  ['values that it does not have', `${PLACES} map_ip_to_longlat("10.10.10.11")`, /No pattern matches/],
  ['without its path', `${COUNTRIES} country("USA")`, /country is not supported/],
  [
    'a name of the pattern inside of it',
    'declare pattern p = (a:string) { ("x") = { print b = a }; }; p("x")',
    /a is not supported: a name of declare pattern/,
  ],
])('declare pattern, refused: %s', async (_name, kql, message) => {
  await expect(ask(connection, kql)).rejects.toThrow(message);
});
