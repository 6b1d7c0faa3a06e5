import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { ask, openEngine } from './support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});

/** The rules of the functions' documentation, computed by hand; types as Kusto's own parser gives them. */
test.each<[string, string, unknown]>([
  ['round(decimal(3.14159), 2)', 'decimal', '3.14'],
  ['round(decimal(-50.55), -2)', 'decimal', '-100'],
  ['round(decimal(2.5))', 'decimal', '3'],
  ['round(decimal(0.15), 1)', 'decimal', '0.2'],
  ['round(decimal(null), 1)', 'decimal', null],
  ['abs(decimal(-1.5))', 'decimal', '1.5'],
  ['ceiling(decimal(-1.1))', 'decimal', '-1'],
  ['ceiling(decimal(0.1))', 'decimal', '1'],
  ['bin(decimal(-5.5), 2)', 'decimal', '-6'],
  ['bin(7, decimal(2.5))', 'decimal', '5'],
  ['bin(decimal(7), 0)', 'decimal', null],
  ['floor(decimal(0.3), 0.1)', 'decimal', '0.3'],
  ['max_of(decimal(10), 9.5, 2)', 'decimal', '10'],
  ['min_of(decimal(10), decimal(null), 9)', 'decimal', '9'],
  ['max_of(decimal(null), decimal(null))', 'decimal', null],
  ['sign(decimal(-0.5))', 'real', -1],
  ['sqrt(decimal(6.25))', 'real', 2.5],
  ['tobool(decimal(0.0))', 'bool', false],
  ['tobool(decimal(-0.5))', 'bool', true],
])('%s is a %s', async (expression, type, want) => {
  const { columns, rows } = await ask(connection, `print x = ${expression}`);
  expect([columns[0]!.type, rows[0]![0]]).toEqual([type, want]);
});
