import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { KqlError } from '../../src/kql/translate.ts';
import { ask, openEngine } from './support/engine.ts';
import { difference, type OracleCase } from './support/oracle.ts';

const FOLDER = new URL('../../../shared/kql-oracle/', import.meta.url);
const here = existsSync(new URL('dev.jsonl', FOLDER));

function cases(file: string): OracleCase[] {
  return readFileSync(new URL(file, FOLDER), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as OracleCase);
}

test.skipIf(!here)('answers of the real engine (skipped without the oracle)', async () => {
  const connection = await openEngine();
  const verdicts = { right: 0, wrong: [] as string[], refused: 0, failed: [] as string[] };
  for (const c of cases('dev.jsonl').filter((one) => !one.flags.includes('nondeterministic'))) {
    try {
      const differs = difference(c, await ask(connection, c.query));
      if (differs === undefined) verdicts.right++;
      else verdicts.wrong.push(`${c.id}: ${differs}`);
    } catch (error) {
      // Some things can only be told from the data: then the engine's error names them.
      if (error instanceof Error && /not supported/.test(error.message)) verdicts.refused++;
      else verdicts.failed.push(`${c.id}: ${error instanceof Error ? error.message : error}`);
    }
  }
  const total = verdicts.right + verdicts.wrong.length + verdicts.refused + verdicts.failed.length;
  console.log(
    `right ${verdicts.right} wrong ${verdicts.wrong.length} refused ${verdicts.refused} failed ${verdicts.failed.length} of ${total}`,
  );
  expect(verdicts.wrong.length).toBeLessThanOrEqual(Math.floor(total * 0.005));
  expect(verdicts.failed).toEqual([]);
  expect(verdicts.right).toBeGreaterThanOrEqual(RIGHT_AT_LEAST);
});

/** Raised as the translator grows, so that nothing that was right is lost. */
const RIGHT_AT_LEAST = 1333;

test.skipIf(!here)('decomposition of random series, which the answers themselves hold', async () => {
  const connection = await openEngine();
  const random = cases('dev.jsonl').filter((c) => c.query.includes('series_decompose') && c.flags.includes('nondeterministic'));
  const wrong: string[] = [];
  for (const c of random) {
    const given = c.columns.flatMap((name, i) =>
      /^(y|Timestamp)$/.test(name) ? [`${name} = dynamic(${JSON.stringify(c.rows[0]![i])})`] : [],
    );
    const query = c.query.replace(/^let ts\s*=[\s\S]*?;/, () => `let ts = print ${given.join(', ')};`);
    const differs = difference(c, await ask(connection, query));
    if (differs !== undefined) wrong.push(`${c.id}: ${differs}`);
  }
  expect(random.length).toBe(5);
  expect(wrong).toEqual([]);
});

test.skipIf(!here)('queries that the real engine rejects', async () => {
  const connection = await openEngine();
  const answered: string[] = [];
  for (const { query } of cases('errors-dev.jsonl')) {
    try {
      await ask(connection, query);
      answered.push(query);
    } catch (error) {
      if (!(error instanceof KqlError)) answered.push(`${query}: ${error}`);
    }
  }
  expect(answered).toEqual([]);
});
