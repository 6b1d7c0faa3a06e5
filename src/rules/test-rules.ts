import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FactorwatchError, placeText } from '../core/errors.ts';
import { checkRules } from './check-rules.ts';
import { readFixture } from './fixture.ts';
import { type FixtureBench, openBench } from './fixture-workspace.ts';
import type { Rule } from './rule.ts';
import { runFixture } from './run-fixture.ts';

export interface RuleResult {
  /** Name of its file. */
  readonly rule: string;
  readonly cases: number;
  readonly failures: readonly string[];
}

export interface TestOptions {
  /** Folder of the fixtures, named like the rules. */
  readonly fixtures: string;
  /** Folder of the functions that rules may call. */
  readonly functions: string;
  readonly signal?: AbortSignal;
}

/** Checks rules and runs their fixtures. A limit that is broken, a missing fixture and a case that fails all count. */
export async function testRules(
  rules: readonly Rule[],
  all: readonly Rule[],
  { fixtures, functions, signal }: TestOptions,
): Promise<readonly RuleResult[]> {
  const bench = await openBench(functions);
  const results: RuleResult[] = [];
  try {
    for (const rule of rules) {
      signal?.throwIfAborted();
      const faults = await checkRules([rule], all, async (query) => (await bench.load(0n, [])).check(query));
      const failures = faults.map(({ check, message, where }) => `${placeText(where)}: ${check} ${message}`);
      results.push(await withCases(rule, failures, { path: join(fixtures, `${rule.slug}.yaml`), bench }));
    }
  } finally {
    await bench.close();
  }
  return results;
}

async function withCases(
  rule: Rule,
  failures: readonly string[],
  { path, bench }: { readonly path: string; readonly bench: FixtureBench },
): Promise<RuleResult> {
  const result = (cases: number, more: readonly string[]): RuleResult => ({ rule: rule.slug, cases, failures: [...failures, ...more] });
  if (!existsSync(path)) return result(0, [`it has no cases: ${path} does not exist`]);
  // A query that does not compile would only say so once more for every case.
  if (failures.length > 0) return result(0, []);
  try {
    const fixture = readFixture(readFileSync(path, 'utf8'), path);
    const hits = new Set(fixture.cases.map(({ expect }) => expect.length > 0));
    const missing = hits.size === 2 ? [] : [`it needs a case that hits and one that does not: ${path}`];
    const cases = await runFixture(rule, fixture, bench);
    return result(cases.length, missing.concat(cases.flatMap((one) => (one.failure === undefined ? [] : [`${one.case}: ${one.failure}`]))));
  } catch (error) {
    if (!(error instanceof FactorwatchError)) throw error;
    return result(0, [error.message]);
  }
}
