import fc from 'fast-check';
import { expect, test } from 'vitest';
import { msFromTicks, ticksFromMs } from '../../src/core/ticks.ts';
import { Engine } from '../../src/scoring/engine.ts';
import { feed, judgeAll, judgeInRuns } from '../support/engine.ts';
import { type EventRow, signIn } from '../support/events.ts';
import { ATTACK_DAY, scenario } from './contract-scenario.ts';

const MINUTE = 600_000_000n;
const DAY = 1440n * MINUTE;
const attackMs = msFromTicks(ATTACK_DAY);

/** Most rows come within minutes, some within hours, a few after days. */
const delays = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 14 }) },
  { weight: 2, arbitrary: fc.integer({ min: 15, max: 300 }) },
  { weight: 1, arbitrary: fc.integer({ min: 301, max: 6000 }) },
);

test('any delays, cuts, restarts and provisional runs together end in the same judgements', () => {
  fc.assert(
    fc.property(
      fc.infiniteStream(delays),
      fc.array(fc.integer({ min: -2000, max: 7000 }), { minLength: 1, maxLength: 8 }),
      fc.boolean(),
      (minutes, cuts, provisional) => {
        const rows = scenario.map((row) => ({ ...row, IngestedAt: row.EventTime + BigInt(minutes.next().value) * MINUTE }) as EventRow);
        const untils = [...new Set(cuts)].sort((a, b) => a - b).map((minute) => attackMs + minute * 60_000);
        const between = (engine: Engine) => Engine.restore(engine.snapshot());
        expect(judgeInRuns(rows, { untils, provisional, between })).toEqual(judgeAll(rows));
      },
    ),
    { numRuns: 6, seed: 20_260_302 },
  );
});

test('absurd times neither stop the engine nor change what others get', () => {
  const absurd = ['0001-01-01T00:00:00Z', '1601-01-01T00:00:00Z', '9999-12-31T23:59:59Z'].map((text, i) => {
    const time = ticksFromMs(Date.parse(text));
    return { ...signIn('elsewhere', time, { Id: `absurd-${i}` }), IngestedAt: ATTACK_DAY } as EventRow;
  });
  // The tenant's counts hold three sign-ins more: the judgements are the same, a share may differ in its last digits.
  const told = (rows: readonly EventRow[]) =>
    judgeAll(rows).map(({ kind, subject, anchor, score, startMs }) => [kind, subject, anchor, score, startMs]);
  expect(told([...scenario, ...absurd])).toEqual(told(scenario));
});

test('a record that comes when its unit is closed does not report it again with less evidence', () => {
  const engine = new Engine();
  feed(engine, scenario);
  feed(engine, [signIn('later', ATTACK_DAY + 12n * DAY)]);
  engine.advance(Number.POSITIVE_INFINITY);
  const registrations = engine.takeJudgements().filter(({ kind }) => kind === 'registration');
  expect(registrations.length).toBeGreaterThan(0);
  const anchors = new Set(registrations.map(({ anchor }) => anchor));
  const late = scenario
    .filter((row) => 'OperationName' in row && (anchors.has(row.CorrelationId) || anchors.has(row.Id)))
    .map((row) => ({ ...row, Id: `${row.Id}-again`, IngestedAt: ATTACK_DAY + 12n * DAY }) as EventRow);
  expect(late.length).toBeGreaterThan(0);
  const restored = Engine.restore(engine.snapshot());
  feed(restored, late);
  restored.advance(Number.POSITIVE_INFINITY);
  expect(restored.takeJudgements().filter(({ anchor }) => anchors.has(anchor))).toEqual([]);
});
