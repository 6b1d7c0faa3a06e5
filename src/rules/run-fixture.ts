import { isDeepStrictEqual } from 'node:util';
import type { KqlColumn, KqlValue } from '../core/kql-types.ts';
import { datetimeText, TICKS_PER_MINUTE } from '../core/ticks.ts';
import { minutesOf } from './duration.ts';
import type { Fixture } from './fixture.ts';
import type { FixtureBench } from './fixture-workspace.ts';
import type { Rule } from './rule.ts';

export interface CaseResult {
  readonly case: string;
  /** What was not as expected; undefined where the case passed. */
  readonly failure: string | undefined;
}

/** Runs a rule over each case of its fixture as the service would: TimeGenerated limited to queryPeriod. */
export async function runFixture(rule: Rule, fixture: Fixture, bench: Pick<FixtureBench, 'load'>): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  for (const { name, rows, expect } of fixture.cases) {
    const workspace = await bench.load(fixture.now, rows);
    const minutes = minutesOf(rule.queryPeriod ?? '') ?? 60;
    const from = datetimeText(fixture.now - BigInt(minutes) * TICKS_PER_MINUTE);
    const answer = await workspace.query({ kql: rule.query, file: rule.file, timespan: `${from}/${datetimeText(fixture.now)}` });
    const got: Readonly<Record<string, unknown>>[] = [];
    for await (const chunk of answer.chunks) for (const row of chunk) got.push(plainRow(answer.columns, row));
    results.push({ case: name, failure: differs(got, expect) });
  }
  return results;
}

function plainRow(columns: readonly KqlColumn[], row: readonly KqlValue[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(columns.map(({ name, type }, i) => [name, plainValue(row[i] ?? null, type)]));
}

function plainValue(value: KqlValue, type: KqlColumn['type']): unknown {
  if (value === null) return null;
  if (type === 'datetime') return datetimeText(value as bigint, { trim: true });
  if (type === 'dynamic') return JSON.parse(value as string);
  return typeof value === 'bigint' ? Number(value) : value;
}

type Row = Readonly<Record<string, unknown>>;

function differs(got: readonly Row[], expected: readonly Row[]): string | undefined {
  const left = [...got];
  for (const wanted of expected) {
    const found = left.findIndex((row) => Object.entries(wanted).every(([name, value]) => isDeepStrictEqual(row[name], value)));
    if (found === -1) return `no row has ${JSON.stringify(wanted)}; the rule gave ${shown(got)}`;
    left.splice(found, 1);
  }
  return left.length === 0 ? undefined : `${left.length} rows more than expected: ${shown(left)}`;
}

function shown(rows: readonly Row[]): string {
  return rows.length === 0 ? 'no row' : JSON.stringify(rows.slice(0, 3));
}
