import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { translate } from '../../../src/kql/translate.ts';
import { EMPTY, NOW, openEngine } from '../support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});

/** A heap of the first rows, instead of all rows sorted or made: the engine does so for a constant number alone. */
test.each([
  ['range x from 1 to 99999 step 1 | top 100 by x', 'TOP_N'],
  ['let n = 100; range x from 1 to 99999 step 1 | top n by x', 'TOP_N'],
  ['range x from 1 to 99999 step 1 | top 10 * 10 by x', 'TOP_N'],
  ['range x from 1 to 99999 step 1 | sort by x desc | take 100', 'TOP_N'],
  ['let n = 100; range x from 1 to 99999 step 1 | sort by x desc | take n', 'TOP_N'],
])('%s', async (kql, operator) => {
  const { sql } = translate(kql, EMPTY, { now: NOW });
  const plan = (await (await connection.runAndReadAll(`EXPLAIN ${sql}`)).getRows()).flat().join('\n');
  expect(plan).toContain(operator);
});
