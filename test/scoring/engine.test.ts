import { expect, test } from 'vitest';
import { msFromTicks } from '../../src/core/ticks.ts';
import { Engine } from '../../src/scoring/engine.ts';
import { feed, judgeAll, Ledger } from '../support/engine.ts';
import { at, batchOf, type EventRow, elsewhere, registration, signIn } from '../support/events.ts';

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

const judge = (rows: readonly EventRow[]) => judgeAll(rows);

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
  expect(judgement!.contributions.filter(({ group }) => group === 'network').map(({ words }) => words)).toContainEqual(
    expect.stringMatching(/RU/),
  );
  expect(judgement!.events.map(({ id }) => id)).toEqual(attack.map(({ Id }) => Id));
  expect(judgement!.methods).toEqual(['Authenticator App with Notification and Code']);
});

test('an attacker who signs in twice and waits a day has not become known', () => {
  const twice = [signIn('user-3', later(-3 * DAY), elsewhere), signIn('user-3', later(-2 * DAY), elsewhere)];
  const attack = [signIn('user-3', NIGHT, elsewhere), registration('user-3', later(7), { ActorIp: '203.0.113.66' })];
  const found = judge([...office(), ...twice, ...attack]).filter(({ kind }) => kind === 'registration');
  expect(found.map(({ score }) => score >= 50)).toEqual([true]);
});

test('a place that the user has lived in for two weeks is known', () => {
  const moved = Array.from({ length: 15 }, (_, day) => signIn('user-3', later((day - 15) * DAY), elsewhere));
  const own = [signIn('user-3', NIGHT, elsewhere), registration('user-3', later(7), { ActorIp: '203.0.113.66' })];
  expect(judge([...office(), ...moved, ...own]).filter(({ kind }) => kind === 'registration')).toEqual([]);
});

test('rows that come after the bound re-open the registration they belong to', () => {
  const engine = new Engine();
  const ledger = new Ledger();
  feed(engine, [...office(), registration('user-3', later(7), { ActorIp: '203.0.113.66' })]);
  engine.advance(msFromTicks(later(180)));
  ledger.take(engine.takeJudgements());
  const without = ledger.sorted().find(({ kind }) => kind === 'registration')?.score ?? 0;
  const missing = signIn('user-3', later(1), elsewhere);
  engine.add('SigninLogs', 'sign-in', batchOf('sign-in', [missing]));
  expect(engine.stats.late).toBe(1);
  engine.advance(msFromTicks(later(180)));
  ledger.take(engine.takeJudgements());
  expect(ledger.sorted().find(({ kind }) => kind === 'registration')!.score).toBeGreaterThan(without);
});

test('a registration of the last minutes is judged at once, and the state stays as it was', () => {
  const engine = new Engine();
  feed(engine, [...office(), signIn('user-3', NIGHT, elsewhere), registration('user-3', later(7), { ActorIp: '203.0.113.66' })]);
  engine.advance(msFromTicks(later(-5)));
  const before = engine.snapshot();
  expect(engine.takeJudgements()).toEqual([]);
  const [first] = engine.provisional();
  expect(first?.score).toBeGreaterThanOrEqual(75);
  expect(engine.provisional()[0]).toEqual(first);
  expect(Engine.restore(before).provisional()[0]).toEqual(first);
  engine.advance(Number.POSITIVE_INFINITY);
  expect(engine.takeJudgements()).toContainEqual(first);
});

test('a provisional judgement that later rows disprove is withdrawn', () => {
  // The only sign-in of user-3 in that country comes first; fourteen days of life there are still under way.
  const life = Array.from({ length: 15 }, (_, day) => signIn('user-3', later((day - 15) * DAY), { ...elsewhere, IngestedAt: later(10) }));
  const own = [signIn('user-3', NIGHT, elsewhere), registration('user-3', later(7), { ActorIp: '203.0.113.66' })];
  const engine = new Engine({ latenessMs: 30 * DAY * 60_000 });
  feed(engine, [...office(), ...own]);
  const reported = engine.provisional();
  expect(reported.some(({ kind }) => kind === 'registration')).toBe(true);
  feed(engine, life);
  engine.advance(Number.POSITIVE_INFINITY);
  const withdrawn = engine.takeJudgements().filter(({ retracted }) => retracted === true);
  expect(withdrawn.map(({ anchor }) => anchor)).toContain(own[1]!.CorrelationId);
});

test('an event time in the year 9999 or 1 moves nothing', () => {
  const wild = [9999, 1].map((year) =>
    signIn('user-3', at(`${String(year).padStart(4, '0')}-01-01T00:00:00Z`), { ...elsewhere, IngestedAt: NIGHT }),
  );
  const engine = new Engine();
  feed(engine, [...office(), ...wild]);
  engine.advance(msFromTicks(later(1)));
  expect(engine.stats).toMatchObject({ pending: 0, late: 0 });
  expect(engine.stats.watermarkMs).toBe(msFromTicks(later(1)));
});

test('an egress range and a user on the allow-list are not reported, until the entry expires', () => {
  const rows = [...office(), signIn('user-3', NIGHT, elsewhere), registration('user-3', later(7), { ActorIp: '203.0.113.66' })];
  const scoreWith = (options: ConstructorParameters<typeof Engine>[0]) =>
    judgeAll(rows, options).find(({ kind }) => kind === 'registration')?.score ?? 0;
  const full = scoreWith({});
  expect(scoreWith({ allow: { egress: [{ value: '203.0.113.0/24' }] } })).toBeLessThan(full - 20);
  expect(scoreWith({ allow: { egress: [{ value: '203.0.113.0/24', untilMs: 1 }] } })).toBe(full);
  expect(scoreWith({ allow: { users: [{ value: 'USER-3@contoso.example' }] } })).toBe(0);
});

test('a state of another version or with a flipped bit is refused by name', () => {
  const engine = new Engine();
  feed(engine, office().slice(0, 50));
  const bytes = engine.snapshot().slice();
  const flipped = bytes.slice();
  flipped[flipped.length - 9]! ^= 4;
  expect(() => Engine.restore(flipped)).toThrow(expect.objectContaining({ code: 'state-damaged' }));
  expect(() => Engine.restore(bytes.subarray(0, bytes.length - 100))).toThrow(expect.objectContaining({ code: 'state-damaged' }));
  const older = bytes.slice();
  older[4] = 99;
  expect(() => Engine.restore(older)).toThrow(expect.objectContaining({ code: 'state-version' }));
});

test('a state that an engine has taken over is refused a second time, whatever became of it', () => {
  const engine = new Engine();
  feed(engine, office().slice(0, 50));
  const bytes = engine.snapshot();
  // At an odd place in memory, where words cannot be read as they lie.
  const copy = new Uint8Array(bytes.length + 1).subarray(1);
  copy.set(bytes);
  const restored = Engine.restore(bytes);
  feed(restored, office().slice(50));
  restored.advance(Number.POSITIVE_INFINITY);
  expect(() => Engine.restore(bytes)).toThrow(
    expect.objectContaining({ code: 'state-damaged', message: expect.stringContaining('taken over') }),
  );
  expect(Engine.restore(copy).snapshot()).toEqual(engine.snapshot());
});

test('a state in the memory of the one before says what it would say in its own', () => {
  const rows = office();
  const [one, other] = [new Engine(), new Engine()];
  const next = (engine: Engine, from: number, to: number, memory?: ArrayBufferLike) => {
    feed(engine, rows.slice(from, to));
    engine.advance(Number.POSITIVE_INFINITY);
    return engine.delta(memory);
  };
  const before = next(one, 0, 60);
  expect(next(other, 0, 60)).toEqual(before);
  const after = next(one, 60, 90, before.buffer);
  expect(after.buffer).toBe(before.buffer);
  expect(after).toEqual(next(other, 60, 90));
  const whole = one.snapshot(new ArrayBuffer(1 << 22));
  expect(whole.buffer.byteLength).toBe(1 << 22);
  expect(whole).toEqual(other.snapshot());
  // What does not fit into it has its own.
  expect(next(one, 90, rows.length, new ArrayBuffer(8))).toEqual(next(other, 90, rows.length));
});

test('an unknown detector or parameter is refused by name', () => {
  expect(() => new Engine({ detectors: ['D99-nothing'] })).toThrow(expect.objectContaining({ code: 'detector-unknown' }));
  expect(() => new Engine({ parameters: { 'D1-novelty': { speed: 1 } } })).toThrow(expect.objectContaining({ code: 'detector-parameter' }));
});
