import { describe, expect, test } from 'vitest';
import type { Unit } from '../../src/detectors/stream/unit.ts';
import { judgementOf } from '../../src/scoring/judging.ts';
import { weights } from '../../src/scoring/weights.ts';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, elsewhere, registration, signIn } from '../support/events.ts';

const START = '2026-03-02T08:00:00Z';
const DAY = 24 * 60;
const NIGHT = 20 * DAY + 300;
const USERS = 60;

/** People who sign in from the office every day for three weeks. */
const office: readonly EventRow[] = Array.from({ length: 21 * USERS }, (_, i) => {
  const [day, u] = [Math.floor(i / USERS), i % USERS];
  return signIn(`user-${u}`, at(START, day * DAY + (u % 7) * 13));
});
/** Methods that the people of the office register there: nothing to report. */
const calm = (count: number): readonly EventRow[] =>
  Array.from({ length: count }, (_, i) => registration(`user-${10 + (i % 50)}`, at(START, 6 * DAY + i * 60)));
const taken = (user: string, minutes: number): readonly EventRow[] => [
  signIn(user, at(START, minutes), elsewhere),
  registration(user, at(START, minutes + 7), { ActorIp: '203.0.113.66' }),
];
const attack = taken('user-3', NIGHT);

const found = (rows: readonly EventRow[], user = 'user-3') =>
  judgeAll([...office, ...rows]).find(({ kind, subject }) => kind === 'registration' && subject === user);
const rarity = (rows: readonly EventRow[]) => found(rows)?.contributions.find(({ detector }) => detector === 'base-rate');

describe('how rare takeovers are in the tenant', () => {
  test('says nothing before there are registrations to go by', () => {
    expect(found(attack)).toBeDefined();
    expect(rarity(attack)).toBeUndefined();
  });
  test('many registrations and none of them High: the same takeover counts for less, and the finding says why', () => {
    const item = rarity([...calm(200), ...attack]);
    expect(item?.counts).toEqual({ registrations: 200, high: 0 });
    expect(item?.words).toMatch(/^0 of 200 registrations in the tenant's log before it were rated High/);
    // Half of the registrations that are known are the tenant's own, none of them High: half of the usual share.
    expect(item?.llr).toBeCloseTo(-Math.log(2));
  });
  test('a clear takeover stays High', () => {
    expect(found([...calm(300), ...attack])?.score).toBeGreaterThanOrEqual(75);
  });
  test('takeovers that were found before take it back', () => {
    const before = [0, 1, 2, 4, 5, 6, 7, 8].flatMap((u) => taken(`user-${u}`, NIGHT - DAY + u * 30));
    expect(found([...calm(200), ...before, ...attack], 'user-5')?.score).toBeGreaterThanOrEqual(75);
    expect(rarity([...calm(200), ...before, ...attack])).toBeUndefined();
  });
  test('what comes after a registration does not change what was said of it', () => {
    const after = [0, 1, 2, 4, 5].flatMap((u) => taken(`user-${u}`, NIGHT + 60 + u * 30));
    expect(rarity([...calm(200), ...attack, ...after])).toEqual(rarity([...calm(200), ...attack]));
  });
  test('is no reason to close a finding', () => {
    const judged = found([...calm(200), ...attack])!;
    const [weak] = judged.contributions.filter(({ llr }) => llr > 0).slice(-1);
    const unit = { ...judged, evidence: { weak: [{ ...weak!, llr: 0.1 }], 'base-rate': [rarity([...calm(200), ...attack])!] } };
    // It is closed since nothing is left of what spoke for it.
    expect(judgementOf(unit as unknown as Unit, weights).closedReason).toMatch(/taken back by later events/);
  });
});
