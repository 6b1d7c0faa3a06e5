import { describe, expect, test } from 'vitest';
import { coverageWarnings } from '../../src/pipeline/coverage-warnings.ts';
import { Engine } from '../../src/scoring/engine.ts';
import { feed } from '../support/engine.ts';
import { at, type EventRow, signIn } from '../support/events.ts';
import { said, taken, weeks } from '../support/three-weeks.ts';

const START = '2026-03-02T08:00:00Z';
const withId = (Id: string) => (row: EventRow) => ({ ...row, Id });
/** Ten prompts that the user lets pass, a minute apart. */
const prompts = Array.from({ length: 10 }, (_, minute) => signIn('user-1', at(START, minute), { ResultType: '500121' }));

function counted(rows: readonly EventRow[]) {
  const engine = new Engine();
  let duplicates = 0;
  const add = engine.add.bind(engine);
  engine.add = (...given) => {
    const outcome = add(...given);
    duplicates += outcome.duplicates;
    return outcome;
  };
  feed(engine, rows);
  engine.advance(Number.POSITIVE_INFINITY);
  return { duplicates, warnings: coverageWarnings(engine.coverage()) };
}

describe.each([
  ['without an Id', ''],
  ['with a mask for an Id', 'REDACTED'],
  ['with zeros for an Id', '00000000-0000-0000-0000-000000000000'],
])('rows %s', (_, Id) => {
  const nameless = withId(Id);
  test('are rows of their own where they differ, be it in the time alone', () => {
    const same = prompts.map((row) => ({ ...row, CorrelationId: 'c', OriginalRequestId: 'o', SessionId: 's' }));
    expect(counted(prompts.map(nameless)).duplicates).toBe(0);
    expect(counted(same.map(nameless)).duplicates).toBe(0);
  });
  test('are one where everything is the same, in one batch or two', () => {
    const rows = prompts.map(nameless);
    expect(counted([...rows, ...rows]).duplicates).toBe(prompts.length);
    expect(counted(rows.flatMap((row) => [row, row])).duplicates).toBe(prompts.length);
  });
  test('say what rows with Ids say, and are told of', () => {
    expect(said(weeks())?.length).toBeGreaterThan(2);
    expect(said(weeks(nameless))).toEqual(said(weeks()));
    expect(counted(weeks(nameless)).warnings.join()).toMatch(/have no Id, or a mask in its place[\s\S]*Export the column Id/);
  });
  test('are all listed in the finding that they make', () => {
    const listed = (rows: readonly EventRow[]) => taken(rows)?.events.map(({ timeMs }) => timeMs);
    expect(listed(weeks())).toHaveLength(2);
    expect(listed(weeks(nameless))).toEqual(listed(weeks()));
  });
});

test('a log with Ids has no such warning', () => {
  expect(counted(weeks()).warnings).toEqual([]);
});
