import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { ask, openEngine } from './support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});

/** Expression and its value: from Kusto's documentation or measured on the real engine. */
test.each<[string, unknown]>([
  ['9223372036854775807 + tolong("1")', -9223372036854775808n],
  ['-7 % 5', 3n],
  ['tostring(true)', 'True'],
  ['tolong("1.7")', null],
  ['tolong("0xFF")', 255n],
  ['todouble("-inf")', -Infinity],
  ['substring("hello", -2, 2)', 'lo'],
  ['trim("x", "xxabcxx")', 'xabcx'],
  ['"alpha_beta" has "alpha"', true],
  ['"alphabeta" has "alpha"', false],
  ['"MÜLLER" in~ ("müller")', true],
  ['"50053" in (dynamic([50053]))', true],
  ['tostring(datetime(2020-01-01 10:00:00.1234567))', '2020-01-01T10:00:00.1234567Z'],
  ['tostring(1d + 2h)', '1.02:00:00'],
  ['dayofmonth(endofmonth(datetime(0100-02-28)))', 28],
  ['datetime(9999-12-31 23:59:59.9999999) + 1tick', null],
  ['isnull(parse_json(\'{"a":null}\').a)', true],
  ['tostring(parse_json(\'{"a":{"b":[1,2]}}\').a.b[-1])', '2'],
  ['tostring(parse_json(\'{"__proto__":{"x":1}}\')["__proto__"].x)', '1'],
  ['tostring(parse_json(\'{"a*":1}\')["a*"])', '1'],
  ['round(2.5)', 3],
  ['min_of(real(nan), 1.0)', Number.NaN],
  ['tostring(split("a=b", "=", 7))', ''],
  ['"a\\tb" has " "', false],
  ['endofyear(datetime(9999-05-05))', 3155378975999999999n],
  ['datetime(2025, 6, 14) == todatetime("6/14/2025")', true],
  ['array_length(parse_json(\'{"a":1}\').a)', null],
])('%s', async (expression, want) => {
  const { rows } = await ask(connection, `print x = ${expression}`);
  expect(rows).toEqual([[want]]);
});
