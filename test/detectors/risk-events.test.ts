import fc from 'fast-check';
import { expect, test } from 'vitest';
import { msFromTicks } from '../../src/core/ticks.ts';
import type { RiskRow, SignInRow } from '../../src/events/contracts.ts';
import { Engine } from '../../src/scoring/engine.ts';
import { feed, judgeAll, judgeInRuns } from '../support/engine.ts';
import { at, type EventRow, elsewhere, registration, signIn } from '../support/events.ts';

const START = '2026-03-02T08:00:00Z';
const later = (minutes: number) => at(START, 20 * 24 * 60 + 240 + minutes);

/** As queries/risk-events.kql gives it: the table has the workspace where others have the tenant, so TenantId is empty. */
const risk = (over: Partial<RiskRow> = {}): RiskRow => ({
  EventTime: later(-4),
  IngestedAt: later(180),
  Id: 'risk-1',
  CorrelationId: '',
  UserId: 'user-3',
  UserPrincipalName: 'user-3@contoso.example',
  TenantId: '',
  RiskEventType: 'anonymizedIPAddress',
  RiskLevel: 'high',
  RiskState: 'atRisk',
  DetectionTiming: 'offline',
  IPAddress: '203.0.113.66',
  RequestId: '',
  ...over,
});

/** Three weeks at work, then a strange sign-in and, four minutes later, the first registration that the log has of this user. */
const takeover = (signInOver: Partial<SignInRow> = {}): readonly EventRow[] => [
  ...Array.from({ length: 20 }, (_, day) => signIn('user-3', at(START, day * 24 * 60), { Id: `work-${day}` })),
  signIn('user-3', later(-4), { ...elsewhere, Id: 'strange', ...signInOver }),
  registration('user-3', later(0), { ActorIp: '203.0.113.66', Id: 'own', CorrelationId: 'own' }),
];
const passedOn = (rows: readonly EventRow[]) =>
  judgeAll(rows)
    .find(({ kind }) => kind === 'registration')
    ?.contributions.filter(({ words }) => words.startsWith('Identity Protection'))
    .map(({ llr, words }) => [llr, words]);

test.each([
  ['of the user', {}, 1],
  ['of another user', { UserId: 'user-4' }, 0],
  ['that was dismissed', { RiskState: 'dismissed' }, 0],
] as const)('a risk detection %s that comes hours later', (_, over, pieces) => {
  const rows = [
    ...Array.from({ length: 20 }, (_item, day) => signIn('user-3', at(START, day * 24 * 60))),
    signIn('user-3', later(-4), elsewhere),
    registration('user-3', later(0), { ActorIp: '203.0.113.66' }),
    risk(over),
  ];
  const found = judgeAll(rows).find(({ kind }) => kind === 'registration');
  const said = found?.contributions.filter(({ words }) => words.includes('within a day of the registration')) ?? [];
  expect(found).toBeDefined();
  expect(said).toHaveLength(pieces);
});

test('a detection whose row is there before the registration says the same as one that comes hours later', () => {
  const early = passedOn([...takeover(), risk({ IngestedAt: later(-3), DetectionTiming: 'realtime' })]);
  expect(early).toEqual([[3.5, expect.stringMatching(/anonymizedIPAddress \(high\) .*, 4 min before it/)]]);
  fc.assert(
    fc.property(fc.integer({ min: -4, max: 26 * 60 }), fc.boolean(), (minutes, isFirst) => {
      const row = risk({ IngestedAt: later(minutes) });
      expect(passedOn(isFirst ? [row, ...takeover()] : [...takeover(), row])).toEqual(early);
    }),
    { numRuns: 25 },
  );
});

test.each([-23, 23])('a detection %i h from the registration counts, one three hours further does not', (hours) => {
  const of = (h: number) => passedOn([...takeover(), risk({ EventTime: later(h * 60), IngestedAt: later(Math.max(h, 0) * 60 + 30) })]);
  expect(of(hours)).toEqual([[3.5, expect.stringContaining(`23 h ${hours < 0 ? 'before' : 'after'} it`)]]);
  expect(of(hours + 3 * Math.sign(hours))).toEqual([]);
});

test('what the sign-in said already is not said again by its detection', () => {
  const both = passedOn([...takeover({ RiskLevel: 'high' }), risk({ IngestedAt: later(-3) })]);
  expect(both?.map(([llr]) => llr as number).reduce((sum, llr) => sum + llr, 0)).toBeCloseTo(3.5, 1);
  const raised = passedOn([...takeover({ RiskLevel: 'low' }), risk()]);
  expect(raised?.map(([llr]) => llr as number).reduce((sum, llr) => sum + llr, 0)).toBeCloseTo(3.5, 1);
});

test('dismissed takes it back whenever it comes; remediated only where it was known before the registration', () => {
  const first = risk({ IngestedAt: later(-3) });
  const then = (RiskState: string, minutes: number) => passedOn([...takeover(), first, risk({ RiskState, IngestedAt: later(minutes) })]);
  expect(then('dismissed', 300)).toEqual([]);
  expect(then('confirmedSafe', -2)).toEqual([]);
  // Whoever registered a method can pass MFA with it, which remediates the risk.
  expect(then('remediated', 300)).toHaveLength(1);
  expect(passedOn([...takeover(), risk({ RiskState: 'remediated', EventTime: later(-60), IngestedAt: later(-40) })])).toEqual([]);
});

test('any cut into runs ends in the same judgements; the list of a user stays bounded', () => {
  const rows = [
    ...takeover(),
    ...Array.from({ length: 12 }, (_, i) => risk({ Id: `r-${i}`, EventTime: later(i - 6), IngestedAt: later(i * 40 - 5) })),
    risk({ RiskState: 'dismissed', IngestedAt: later(500) }),
  ];
  const expected = judgeAll(rows);
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: -30, max: 600 }), { minLength: 1, maxLength: 5 }), (minutes) => {
      const untils = minutes.sort((a, b) => a - b).map((minute) => msFromTicks(later(minute)));
      expect(judgeInRuns(rows, { untils, provisional: true, between: (engine) => Engine.restore(engine.snapshot()) })).toEqual(expected);
    }),
    { numRuns: 10 },
  );
  const size = (many: number) => {
    const engine = new Engine();
    feed(
      engine,
      Array.from({ length: many }, (_, i) => risk({ Id: `many-${i}`, EventTime: later(i), IngestedAt: later(i) })),
    );
    engine.advance(msFromTicks(later(100_000)));
    expect(engine.stats.users).toBe(0);
    return engine.snapshot().length;
  };
  expect(size(4000) - size(1000)).toBeLessThan(20_000);
});
