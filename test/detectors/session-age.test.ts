import { describe, expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, registration, signIn } from '../support/events.ts';
import { SHARED } from './phone-of-three.ts';

const START = '2026-03-02T08:00:00Z';
const DAY = 24 * 60;
const later = (minutes: number) => at(START, 20 * DAY + 240 + minutes);
const bare = { DeviceId: '', DeviceName: '', DeviceTrust: '' };
/** Three weeks of twelve people who show no device, each in one session. */
const people: readonly EventRow[] = Array.from({ length: 20 * 12 }, (_, i) =>
  signIn(`user-${i % 12}`, at(START, Math.floor(i / 12) * DAY + (i % 12) * 7), { ...bare, SessionId: `long-${i % 12}` }),
);
/** The authenticator of user-3 is that of two others: the registration is always reported, so that weak evidence can be seen. */
const witness = [8, 9].map((u) => registration(`user-${u}`, at(START, DAY), { ModifiedProperties: SHARED }));
/** The next range of the user's own provider: hardly a new place. */
const NEXT_DOOR = '192.0.2.50';
const visit = (minutes: number, SessionId: string, over: Partial<SignInRow> = {}) =>
  signIn('user-3', later(minutes), { ...bare, IPAddress: NEXT_DOOR, SessionId, ...over });
const own = (session: string, ...before: readonly number[]) =>
  judgeAll([
    ...people,
    ...witness,
    ...before.map((minutes) => visit(minutes, session)),
    registration('user-3', later(0), { ActorIp: NEXT_DOOR, ModifiedProperties: SHARED }),
    visit(30, session),
  ])
    .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
    .flatMap(({ contributions }) => contributions)
    .filter(({ words }) => /browser that is known from usual places/.test(words));

describe('whose session it is, in a new range of a usual provider', () => {
  test('one that the user has had for weeks speaks for the user', () => {
    expect(own('long-3', -40, -5).length).toBeGreaterThan(0);
  });
  test('one that began there minutes or hours before does not, however often it comes', () => {
    expect(own('fresh', -40, -30, -5)).toEqual([]);
    expect(own('fresh', -600, -300, -5)).toEqual([]);
  });
});

describe('whose session it is, in a network that it made known itself', () => {
  const AWAY = { IPAddress: '203.0.113.80', Country: 'DE', Asn: '64500' };
  /** Four weeks before, in which the users come to be known. */
  const weeks = Array.from({ length: 28 * 12 }, (_, i) =>
    signIn(`user-${i % 12}`, at(START, (Math.floor(i / 12) - 28) * DAY + (i % 12) * 7), { ...bare, SessionId: `long-${i % 12}` }),
  );
  /** Four weeks of a session every other day in another network, in the user's kind of browser. */
  const visits = (SessionId: string) => Array.from({ length: 14 }, (_, i) => visit(-(28 - 2 * i) * DAY + 60, SessionId, AWAY));
  const saidAfter = (rows: readonly EventRow[]) =>
    judgeAll([
      ...weeks,
      ...people,
      ...witness,
      ...rows,
      registration('user-3', later(0), { ActorIp: AWAY.IPAddress, ModifiedProperties: SHARED }),
    ])
      .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
      .flatMap(({ contributions }) => contributions)
      .filter(({ words }) => /browser that is known from usual places/.test(words));

  test('one that was never anywhere else does not speak for the user, though the network is a usual one by now', () => {
    expect(saidAfter([...visits('poison'), visit(-5, 'poison', AWAY)])).toEqual([]);
  });
  test('one that the user has at home, too, does', () => {
    expect(saidAfter([...visits('long-3'), visit(-5, 'long-3', AWAY)]).length).toBeGreaterThan(0);
  });
});

describe('a computer that is new to the user, in a session that has been at home on it', () => {
  const NEW = { OperatingSystem: 'macOS 15', Browser: 'Safari' };
  const home = (minutes: number, SessionId: string, over: Partial<SignInRow> = {}) =>
    visit(minutes, SessionId, { IPAddress: '198.51.100.10', ...NEW, ...over });
  const judged = (...rows: readonly EventRow[]) =>
    judgeAll([
      ...people,
      ...witness,
      ...rows,
      registration('user-3', later(0), { ActorIp: NEXT_DOOR, ModifiedProperties: SHARED }),
      visit(30, 'laptop', NEW),
    ])
      .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
      .flatMap(({ contributions }) => contributions);
  const isOwn = ({ words }: { readonly words: string }) => /browser that is known from usual places/.test(words);
  const ofNewBrowser = (found: ReturnType<typeof judged>) =>
    Math.max(0, ...found.filter(({ words }) => /^Not a usual system and browser/.test(words)).map(({ llr }) => llr));

  test('speaks for the user days later, in a new range', () => {
    const found = judged(home(-3 * DAY, 'laptop'), home(-2 * DAY, 'laptop'), visit(-5, 'laptop', NEW));
    expect(found.some(isOwn)).toBe(true);
    expect(ofNewBrowser(found)).toBeLessThan(ofNewBrowser(judged(visit(-5, 'laptop', NEW))) / 2);
  });
  test('not on the day on which it came home, and not without having been there', () => {
    for (const before of [home(-300, 'laptop'), home(-3 * DAY, 'another')]) {
      const found = judged(before, visit(-5, 'laptop', NEW));
      expect(found.some(isOwn)).toBe(false);
    }
  });
  test('a cookie of the user that turns up on another computer is not their new one', () => {
    const found = judged(home(-3 * DAY, 'laptop', { OperatingSystem: 'Windows 11', Browser: 'Edge' }), visit(-5, 'laptop', NEW));
    expect(found.some(isOwn)).toBe(false);
  });
});
