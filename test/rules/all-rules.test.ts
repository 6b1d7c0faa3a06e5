import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkRules } from '../../src/rules/check-rules.ts';
import { readFixture } from '../../src/rules/fixture.ts';
import { type FixtureBench, openBench } from '../../src/rules/fixture-workspace.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import { runFixture } from '../../src/rules/run-fixture.ts';
import { ROOT } from '../support/source-files.ts';

const rules = loadRules(join(ROOT, 'rules'), ROOT);

let bench: FixtureBench;
beforeAll(async () => {
  bench = await openBench(join(ROOT, 'queries/functions'));
});
afterAll(() => bench.close());

describe('the rules of rules/', () => {
  it('are at least eight: a promoter for each severity, and native ones', () => {
    expect(rules.length).toBeGreaterThanOrEqual(8);
    const promoted = rules.filter(({ query }) => query.includes('FactorFindings()')).map(({ severity }) => severity);
    expect(promoted.sort()).toEqual(['High', 'Low', 'Medium']);
  });

  it('break none of the numbered limits, and their queries compile', async () => {
    const workspace = await bench.load(0n, []);
    expect(await checkRules(rules, rules, (query) => workspace.check(query))).toEqual([]);
  });
});

describe.each(rules)('$slug', (rule) => {
  const path = join(ROOT, 'test/rules', `${rule.slug}.yaml`);
  const fixture = readFixture(readFileSync(path, 'utf8'), `test/rules/${rule.slug}.yaml`);

  it('has a case that hits and one that does not', () => {
    expect(new Set(fixture.cases.map(({ expect: rows }) => rows.length > 0))).toEqual(new Set([true, false]));
  });

  it.each(fixture.cases)('$name', async (one) => {
    const [result] = await runFixture(rule, { ...fixture, cases: [one] }, bench);
    expect(result?.failure).toBeUndefined();
  });
});
