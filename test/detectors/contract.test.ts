import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { msFromTicks } from '../../src/core/ticks.ts';
import { allDetectors } from '../../src/detectors/registry.ts';
import { Engine } from '../../src/scoring/engine.ts';
import { feed, judgeAll, judgeInRuns } from '../support/engine.ts';
import { at, batchOf, type EventRow, registration, signIn } from '../support/events.ts';
import { ATTACK_DAY, scenario } from './contract-scenario.ts';

const attackMs = msFromTicks(ATTACK_DAY);
/** Ends of runs around the attacks, where a cut could matter. */
const untilsOf = (minutes: readonly number[]) => [...new Set(minutes)].sort((a, b) => a - b).map((m) => attackMs + m * 60_000);
const cuts = fc.array(fc.integer({ min: -30, max: 180 }), { minLength: 1, maxLength: 6 });
const hostile = [
  '__proto__',
  'constructor',
  '\u0000',
  '\uD800',
  "'; DROP TABLE x; --",
  '<script>',
  '{"a":',
  'x'.repeat(100_000),
  '٣',
  '\u202e',
];

/** The same rows for every detector by itself and for all together. */
const runs: readonly (readonly [string, readonly string[] | undefined])[] = [
  ['all detectors', undefined],
  ...allDetectors.map(({ id }) => [id, [id]] as const),
];

test('a detector is named as its file, and says what an analyst needs', () => {
  expect(allDetectors.length).toBeGreaterThanOrEqual(5);
  for (const { id, techniques, benignIf, parameters } of allDetectors) {
    expect(id).toMatch(/^D\d+-[a-z0-9-]+$/);
    for (const technique of techniques) expect(technique).toMatch(/^T\d{4}(\.\d{3})?$/);
    expect(benignIf).toMatch(/^[A-Z].*\.$/);
    for (const { doc } of Object.values(parameters)) expect(doc).not.toBe('');
  }
});

describe.each(runs)('%s', (_, detectors) => {
  const options = { detectors };
  const expected = judgeAll(scenario, options);

  test('the same rows give the same judgements', () => {
    expect(judgeAll(scenario, options)).toEqual(expected);
  });

  test('any cut into runs, judged provisionally in each, ends in the same judgements', () => {
    fc.assert(
      fc.property(cuts, (minutes) => {
        expect(judgeInRuns(scenario, { untils: untilsOf(minutes), provisional: true }, options)).toEqual(expected);
      }),
      { numRuns: detectors === undefined ? 8 : 2 },
    );
  });

  test('any order of arrival ends in the same judgements', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (keys) => {
        const rank = new Map(scenario.map((row) => [row, keys.next().value as number]));
        expect(
          judgeAll(
            [...scenario].sort((a, b) => rank.get(a)! - rank.get(b)!),
            options,
          ),
        ).toEqual(expected);
      }),
      { numRuns: 2 },
    );
  });

  test('a restart from a snapshot at any point changes nothing', () => {
    const between = (engine: Engine) => Engine.restore(engine.snapshot(), options);
    expect(judgeInRuns(scenario, { untils: untilsOf([-600, 5, 24, 48, 95, 97]), provisional: true, between }, options)).toEqual(expected);
  });

  test('a restart from a snapshot and its deltas changes nothing', () => {
    const parts: Uint8Array[] = [];
    const between = (engine: Engine) => {
      parts.push(parts.length === 0 ? engine.snapshot() : engine.delta());
      const [snapshot, ...deltas] = parts.map((part) => part.slice());
      return Engine.restore(snapshot!, options, deltas);
    };
    // A restored engine goes on with deltas to the same snapshot.
    expect(judgeInRuns(scenario, { untils: untilsOf([-600, 24, 97]), between }, options)).toEqual(expected);
  });

  test('rows that are delivered twice count once', () => {
    expect(judgeAll([...scenario, ...scenario.slice(-30)], options)).toEqual(expected);
  });

  test('the first events of users never alarm on themselves', () => {
    const rows = Array.from({ length: 30 }, (_, u) => signIn(`new-${u}`, at('2026-03-02T08:00:00Z', u), { Country: 'BR', Asn: String(u) }));
    expect(judgeAll(rows, options)).toEqual([]);
  });

  test('nothing, and rows in which everything is absent, are taken', () => {
    const blank = Object.fromEntries(Object.keys(signIn('u', 0n)).map((name) => [name, null])) as unknown as EventRow;
    const engine = new Engine(options);
    engine.add('SigninLogs', 'sign-in', batchOf('sign-in', []));
    engine.add('SigninLogs', 'sign-in', batchOf('sign-in', [blank, { ...blank, Id: 'x' } as EventRow]));
    engine.add('AuditLogs', 'audit', batchOf('audit', [blank]));
    engine.add('AADUserRiskEvents', 'risk', batchOf('risk', [blank]));
    engine.advance(Number.POSITIVE_INFINITY);
    expect(engine.takeJudgements()).toEqual([]);
    expect(engine.stats.pending).toBe(0);
  });

  test('hostile texts in every column are only texts', () => {
    const rows = hostile.flatMap((text) => {
      const bad = (row: EventRow) =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [name, typeof value === 'string' ? text : value]),
        ) as unknown as EventRow;
      const time = ATTACK_DAY;
      return [bad(signIn('x', time)), bad(registration('x', time)), { ...registration('x', time), ModifiedProperties: text } as EventRow];
    });
    const engine = new Engine(options);
    feed(engine, [...scenario, ...rows]);
    engine.advance(Number.POSITIVE_INFINITY);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(engine.takeJudgements().filter(({ users }) => users.some(({ userId }) => /^user-/.test(userId))).length).toBeGreaterThanOrEqual(
      expected.length,
    );
  });

  test('with a cap on keys the idle go', () => {
    const engine = new Engine({ ...options, maxUsers: 500, maxSources: 500 });
    const rows = Array.from({ length: 4000 }, (_, i) =>
      signIn(`u${i}`, at('2026-03-02T08:00:00Z', i / 10), { IPAddress: `10.${i >> 8}.${i & 255}.1` }),
    );
    feed(engine, rows);
    engine.advance(Number.POSITIVE_INFINITY);
    expect(engine.stats.users).toBeLessThanOrEqual(500);
    expect(engine.stats.sources).toBeLessThanOrEqual(500);
  });
});
