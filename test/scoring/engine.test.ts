import { expect, test } from 'vitest';
import { Engine } from '../../src/scoring/engine.ts';
import type { Judgement } from '../../src/scoring/judgement.ts';
import { at, batchOf, type EventRow, elsewhere, kindOf, registration, signIn } from '../support/events.ts';

const START = '2026-03-02T08:00:00Z';
const DAY = 24 * 60;

/** Sixty users who sign in from the office on working days for three weeks. */
function office(): EventRow[] {
  const rows: EventRow[] = [];
  for (let day = 0; day < 21; day++) {
    for (let u = 0; u < 60; u++) rows.push(signIn(`user-${u}`, at(START, day * DAY + (u % 7) * 13)));
  }
  return rows;
}

const table = { 'sign-in': 'SigninLogs', audit: 'AuditLogs', risk: 'AADUserRiskEvents' } as const;

function feed(engine: Engine, rows: readonly EventRow[]): void {
  for (const kind of ['sign-in', 'audit', 'risk'] as const) {
    const some = rows.filter((row) => kindOf(row) === kind);
    if (some.length > 0) engine.add(table[kind], kind, batchOf(kind, some));
  }
}

function judge(rows: readonly EventRow[]): readonly Judgement[] {
  const engine = new Engine();
  feed(engine, rows);
  engine.advance(Number.POSITIVE_INFINITY);
  return engine.takeJudgements();
}

const NIGHT = at(START, 20 * DAY + 300);
const later = (minutes: number) => NIGHT + BigInt(minutes) * 600_000_000n;

test('a new phone registered in the office says nothing', () => {
  expect(judge([...office(), registration('user-3', NIGHT)])).toEqual([]);
});

test('a method registered after a sign-in from a new country on a new device is found, with reasons', () => {
  const attack = [signIn('user-3', NIGHT, elsewhere), registration('user-3', later(7), { ActorIp: '203.0.113.66' })];
  const found = judge([...office(), ...attack]).filter(({ kind }) => kind === 'registration');
  expect(found).toHaveLength(1);
  const [judgement] = found;
  expect(judgement).toMatchObject({ subject: 'user-3', anchor: attack[1]!.CorrelationId, originalId: attack[1]!.Id });
  expect(judgement!.score).toBeGreaterThanOrEqual(75);
  expect(judgement!.source).toMatchObject({ ip: '203.0.113.66', country: 'RU', asn: '9009' });
  expect(judgement!.contributions.map(({ detector }) => detector)).toContain('D6-registration-after-risk');
  expect(judgement!.contributions.find(({ group }) => group === 'network')?.words).toMatch(/RU/);
  expect(judgement!.events.map(({ id }) => id)).toEqual(attack.map(({ Id }) => Id));
  expect(judgement!.methods).toEqual(['Authenticator App with Notification and Code']);
});
