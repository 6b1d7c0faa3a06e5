import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { KqlError } from '../../src/kql/translate.ts';
import { ask, openEngine } from './support/engine.ts';
import { MUST_REJECT } from './support/must-reject.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});

test.each(MUST_REJECT)('$kql', async ({ kql }) => {
  const answer = ask(connection, kql);
  await expect(answer).rejects.toBeInstanceOf(KqlError);
});
