import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Answer } from './support/engine.ts';
import { ask, openEngine, wireCell } from './support/engine.ts';
import type { OracleCase } from './support/oracle.ts';
import { type Row, variantsOf } from './support/variants.ts';

const FILE = new URL('../../../shared/kql-oracle/dev.jsonl', import.meta.url);
const here = existsSync(FILE);

/** Chance and the clock give another answer each time; which rows or values `any` takes is open. */
const OPEN = /\b(rand|now|ago|sample|new_guid|take_any|any|externaldata|cursor\w*)\b/;
/** The variants of every query take ten minutes; 1 asks them all. */
const EACH = Number(process.env['FACTORWATCH_VARIANTS_EACH'] ?? 36);

function cell(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number' && !Number.isInteger(value)) return Number(value.toPrecision(12));
  if (typeof value !== 'string' || !/^[[{"]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
const sorted = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row.map(cell))).sort();
const wire = (answer: Answer): Row[] => answer.rows.map((row) => row.map((v, i) => wireCell(v, answer.columns[i]!.type)));
const named = (answer: Answer) => answer.columns.map((c) => `${c.name}:${c.type}`).join();

test.skipIf(!here)('other ways to ask the same give the same answer (skipped without the oracle)', async () => {
  const connection = await openEngine();
  const cases = readFileSync(FILE, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as OracleCase)
    .filter((c, i) => i % EACH === 0 && !c.flags.includes('nondeterministic') && !OPEN.test(c.query));
  const counted = { variants: 0, refused: 0 };
  const wrong: string[] = [];
  for (const { query } of cases) {
    const base = await ask(connection, query).catch(() => undefined);
    if (!base || base.rows.length > 3000) continue;
    for (const { name, text, derive } of variantsOf(query, base.columns)) {
      counted.variants++;
      try {
        const answer = await ask(connection, text);
        const want = sorted(derive ? derive(wire(base)) : wire(base));
        if (JSON.stringify(sorted(wire(answer))) !== JSON.stringify(want) || (!derive && named(answer) !== named(base)))
          wrong.push(`${name}: ${text}`);
      } catch (error) {
        if (error instanceof Error && /not supported/.test(error.message)) counted.refused++;
        else wrong.push(`${name}: ${text}\n${error}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(counted.variants).toBeGreaterThan(1000);
  expect(counted.refused).toBeLessThan(counted.variants * 0.01);
});
