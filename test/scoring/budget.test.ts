import { expect, test } from 'vitest';
import { msFromTicks } from '../../src/core/ticks.ts';
import type { Unit } from '../../src/detectors/stream/unit.ts';
import { Budget, type Group } from '../../src/scoring/budget.ts';
import { Engine } from '../../src/scoring/engine.ts';
import { fuse } from '../../src/scoring/fusion.ts';
import type { TailState } from '../../src/scoring/tail/tail.ts';
import { weights } from '../../src/scoring/weights.ts';
import { feed, judgeAll, judgeInRuns } from '../support/engine.ts';
import { at, type EventRow, elsewhere, registration, signIn } from '../support/events.ts';
import { Rng } from '../support/rng.ts';

const DAY_MS = 86_400_000;

class MapTable<T> {
  readonly #entries = new Map<string, T>();
  get(key: string) {
    return this.#entries.get(key);
  }
  edit(key: string, create: () => T): T {
    const entry = this.#entries.get(key) ?? create();
    this.#entries.set(key, entry);
    return entry;
  }
}

const newBudget = (perDay?: number) => new Budget({ tails: new MapTable<TailState>(), groups: new MapTable<Group>() }, perDay);

/** A unit with so much evidence, in nats, from an address. */
function unitOf(llr: number, over: Partial<Unit> & { readonly ip?: string; readonly hard?: boolean } = {}): Unit {
  const { ip = '', hard = false, ...rest } = over;
  const piece = { detector: 'D0-test', group: 'registration', llr, words: '', counts: {}, eventIds: [], techniques: [], hard } as const;
  return {
    kind: 'registration',
    tenantId: 't',
    subject: 'u',
    anchor: 'c',
    openedMs: 0,
    touchedMs: 0,
    evidence: { 'D0-test': [piece] },
    source: { ip, country: '', city: '', asn: '', deviceId: '', sessionId: '', app: '' },
    ...rest,
  } as unknown as Unit;
}

const fused = (unit: Unit) => fuse(unit.kind, Object.values(unit.evidence).flat(), weights);
const pair = (unit: Unit) => ({ unit, fused: fused(unit) });

/** Sixty days of 500 units with exponential evidence, none from a known address. */
function practised(budget: Budget): Budget {
  const rng = new Rng(1);
  for (let day = 0; day < 60; day++) {
    const units = Array.from({ length: 500 }, (_, i) => pair(unitOf(-Math.log(1 - rng.next()), { anchor: `${day}-${i}` })));
    budget.closed(units, day * DAY_MS, 20_000);
  }
  return budget;
}

test('what about one unit a day exceeds is within the budget, what is below is over it', () => {
  const budget = practised(newBudget());
  const isOver = (llr: number) => budget.isOver(unitOf(llr), fused(unitOf(llr)));
  // Exceeded by one of 500: ln 500 = 6.2.
  expect([5, 7.5].map(isOver)).toEqual([true, false]);
  expect(budget.stats['registration']).toMatchObject({ threshold: { basis: 'fitted' } });
});

test('a larger budget lies lower', () => {
  const budget = practised(newBudget(20));
  expect(budget.isOver(unitOf(5), fused(unitOf(5)))).toBe(false);
});

test('hard evidence is never over budget, nor is anything before the tail is known, nor a source', () => {
  const hard = unitOf(0.1, { hard: true });
  const source = unitOf(0.1, { kind: 'source', subject: 'ip:203.0.113.7' });
  const budget = practised(newBudget());
  expect([hard, source].map((unit) => budget.isOver(unit, fused(unit)))).toEqual([false, false]);
  expect(newBudget().isOver(unitOf(0.1), fused(unitOf(0.1)))).toBe(false);
});

test('units of one address and day count as one: the strongest stands for them, the source before all', () => {
  const budget = practised(newBudget());
  const [first, second, other] = [
    unitOf(8.5, { ip: '203.0.113.7', anchor: 'a' }),
    unitOf(8.9, { ip: '203.0.113.7', anchor: 'b' }),
    unitOf(8.5, { ip: '203.0.113.7', anchor: 'c', openedMs: DAY_MS }),
  ];
  for (const unit of [first, second, other]) budget.note(unit, fused(unit));
  const over = () => [first, second, other].map((unit) => budget.isOver(unit, fused(unit)));
  expect(over()).toEqual([true, false, false]);
  const source = unitOf(8.5, { kind: 'source', subject: 'ip:203.0.113.7', anchor: '1970-01-01' });
  budget.note(source, fused(source));
  expect(over()).toEqual([true, true, false]);
});

const START = '2026-03-02T08:00:00Z';
const DAY = 24 * 60;

/** A tenant with registrations of everybody every other day, and a spray of many users across midnight from one address. */
function tenant(victims: number, days = 12): EventRow[] {
  const rows: EventRow[] = [];
  for (let day = 0; day < days; day++) {
    for (let u = 0; u < 40; u++) {
      rows.push(signIn(`user-${u}`, at(START, day * DAY + u)));
      if ((day + u) % 2 === 0) rows.push(registration(`user-${u}`, at(START, day * DAY + u + 3)));
    }
  }
  const midnight = at('2026-03-14T00:00:00Z');
  for (let i = 0; i < victims; i++) {
    const time = midnight + (BigInt(i - Math.floor(victims / 2)) * 18_000_000_000n) / BigInt(victims);
    rows.push(signIn(`staff-${i}`, time, { ...elsewhere, IPAddress: '203.0.113.99', ResultType: '50126' }));
  }
  return rows;
}

test('one spray is one finding with all its users, across midnight', () => {
  const sources = judgeAll(tenant(3000)).filter(({ kind }) => kind === 'source');
  expect(sources).toHaveLength(1);
  expect(new Set(sources[0]!.users.map(({ userId }) => userId)).size).toBe(3000);
});

/** Names that are not one person's: no word of four letters twice. */
const personName = (i: number) => `${String.fromCharCode(97 + (i % 26)).repeat(3)}${String.fromCharCode(98 + ((i * 7) % 25)).repeat(3)}`;

test('one mass registration is one finding about its source with all its users', () => {
  const phone = JSON.stringify([
    { name: 'StrongAuthenticationUserDetails', oldValue: '[]', newValue: '[{"PhoneNumber":"+49 170 5550199","Email":null}]' },
  ]);
  const rows = Array.from({ length: 30 }, (_, i) => {
    const over = { ActorIp: '203.0.113.66', ModifiedProperties: phone, ResultReason: 'User registered Mobile Phone SMS' };
    return registration(personName(i), at(START, 12 * DAY + i), over);
  });
  const sources = judgeAll([...tenant(0), ...rows]).filter(({ kind, subject }) => kind === 'source' && subject.startsWith('phone:'));
  expect(sources).toHaveLength(1);
  expect(sources[0]!.users).toHaveLength(30);
});

test('the budget is part of the state: the same after restarts and provisional looks', () => {
  // Registrations are closed after eight days.
  const rows = tenant(0, 18);
  const ends = [2, 5, 7, 17].map((day) => msFromTicks(at(START, day * DAY + 300)));
  const between = (engine: Engine) => Engine.restore(engine.snapshot());
  let last: Engine | undefined;
  judgeInRuns(rows, { untils: ends, provisional: true, between: (engine) => (last = between(engine)) });
  const whole = new Engine();
  feed(whole, rows);
  whole.advance(Number.POSITIVE_INFINITY);
  expect(last!.stats.budget['registration']!.scored).toBeGreaterThan(100);
  expect(last!.stats.budget).toEqual(whole.stats.budget);
});
