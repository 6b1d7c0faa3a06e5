import { expect, test } from 'vitest';
import type { RiskRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { at, elsewhere, registration, signIn } from '../support/events.ts';

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
