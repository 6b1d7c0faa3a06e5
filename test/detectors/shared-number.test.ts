import { describe, expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { type EventRow, elsewhere, registration, signIn } from '../support/events.ts';
import { DAY, later, office, phone } from './phone-of-three.ts';

/** A number at a reception. */
const NUMBER = phone('+49 30 5550100');
const OFFICE = '198.51.100.10';
const people = [3, 4, 5];

/** Each of three registers it on a day of their own, just after a sign-in from there. */
const onOwnLaptop = (u: number): readonly EventRow[] => [
  signIn(`user-${u}`, later(u * DAY), { SessionId: `week-${u}` }),
  registration(`user-${u}`, later(u * DAY + 3), { ActorIp: OFFICE, ModifiedProperties: NUMBER }),
];
const byStranger = (u: number): readonly EventRow[] => [
  signIn(`user-${u}`, later(u * DAY), { ...elsewhere, SessionId: `stolen-${u}` }),
  registration(`user-${u}`, later(u * DAY + 3), { ActorIp: elsewhere.IPAddress!, ModifiedProperties: NUMBER }),
];
const found = (rows: readonly EventRow[]) => judgeAll([...office, ...rows]);
const shared = (rows: readonly EventRow[]) => found(rows).find(({ kind }) => kind === 'source');
const ofLast = (rows: readonly EventRow[]) =>
  found(rows)
    .find(({ kind, subject }) => kind === 'registration' && subject === 'user-5')
    ?.contributions.find(({ detector }) => detector === 'D7-mass-registration')?.llr;

describe('one number of three users', () => {
  test('each of whom registered it where their own laptop was: no finding of Medium', () => {
    expect(shared(people.flatMap(onOwnLaptop))?.score ?? 0).toBeLessThan(50);
  });
  test('one of whom holds it and put it on the others from elsewhere: hard evidence', () => {
    expect(shared([...onOwnLaptop(3), ...byStranger(4), ...byStranger(5)])?.score).toBeGreaterThanOrEqual(75);
  });
  test('is told once, with all of them; one of them is Medium by itself only after something else that is odd', () => {
    // No address: nothing is known of where they were.
    const unplaced = (u: number) => registration(`user-${u}`, later(u * DAY + 700), { ActorIp: '', ModifiedProperties: NUMBER });
    const reported = found(people.map(unplaced)).filter(({ score }) => score >= 50);
    expect(reported.map(({ kind, users }) => [kind, users.length])).toEqual([['source', 3]]);
    const third = found(people.map(unplaced)).find(({ kind, subject }) => kind === 'registration' && subject === 'user-5');
    expect(third?.score).toBeGreaterThanOrEqual(30);
    const strange = signIn('user-5', later(5 * DAY + 695), { ...elsewhere, SessionId: 'stolen', RiskLevel: 'high' });
    const odd = found([...people.map(unplaced), strange]).filter(({ score }) => score >= 50);
    expect(odd.map(({ kind }) => kind).sort()).toEqual(['registration', 'source']);
  });
  test('is none of whoever registered it last on a laptop of their own, whatever strangers did before', () => {
    const scoreOfLast = (rows: readonly EventRow[]) =>
      found(rows).find(({ kind, subject }) => kind === 'registration' && subject === 'user-5')?.score ?? 0;
    expect(scoreOfLast([...byStranger(3), ...byStranger(4), ...byStranger(5)])).toBeGreaterThanOrEqual(50);
    expect(scoreOfLast([...byStranger(3), ...byStranger(4), ...onOwnLaptop(5)])).toBeLessThan(50);
  });
  test("who registered it in turn on the ward's computer, which is nobody's own: no finding of Medium", () => {
    const kiosk = { DeviceId: 'ward-7', DeviceName: 'WARD-7', DeviceTrust: 'managed' };
    const onWard = (over: Partial<SignInRow>) => (u: number) => [
      signIn(`user-${u}`, later(4 * DAY + u * 10), { ...kiosk, ...over, SessionId: `ward-${u}` }),
      registration(`user-${u}`, later(4 * DAY + u * 10 + 3), { ActorIp: over.IPAddress ?? OFFICE, ModifiedProperties: NUMBER }),
    ];
    expect(shared(people.flatMap(onWard({})))?.score ?? 0).toBeLessThan(50);
    expect(ofLast(people.flatMap(onWard({})))).toBeLessThan(6);
    // At a counter it is a computer that the organisation does not manage. Where none of them ever is it can be anybody's.
    expect(shared(people.flatMap(onWard({ DeviceTrust: '' })))?.score ?? 0).toBeLessThan(50);
    expect(shared(people.flatMap(onWard(elsewhere)))?.score).toBeGreaterThanOrEqual(75);
  });
  test('who registered it where they usually are, at hours of their own or one after the other: a team', () => {
    const there = (u: number, minutes: number, ip = OFFICE) =>
      registration(`user-${u}`, later(u * DAY + minutes), { ActorIp: ip, ModifiedProperties: NUMBER });
    expect(shared(people.map((u) => there(u, 700)))?.score ?? 0).toBeLessThan(50);
    expect(shared(people.map((u) => there(u, 700 - u * DAY + u)))?.score ?? 0).toBeLessThan(50);
    // From where none of them is, it is one hand; so it is where two of them were put on it from there.
    expect(shared(people.map((u) => there(u, 700, elsewhere.IPAddress)))?.score).toBeGreaterThanOrEqual(75);
    expect(shared(people.map((u) => there(u, 700, u === 3 ? OFFICE : elsewhere.IPAddress)))?.score).toBeGreaterThanOrEqual(75);
  });
  test('who registered it at an office where they hardly ever are, among many colleagues, at hours of their own: a team', () => {
    const CAMPUS = '198.51.150.77';
    const others = [0, 1, 2, 6, 7, 8, 9, 10, 11].flatMap((u) =>
      Array.from({ length: 12 }, (_, day) =>
        signIn(`user-${u}`, later((day - 12) * DAY + u * 5), { IPAddress: CAMPUS, SessionId: `week-${u}` }),
      ),
    );
    const home = people.flatMap((u) =>
      Array.from({ length: 12 }, (_, day) =>
        signIn(`user-${u}`, later((day - 12) * DAY + 300), { IPAddress: `198.51.${u}.10`, SessionId: `week-${u}` }),
      ),
    );
    const there = (ip: string) =>
      people.map((u) => registration(`user-${u}`, later(u * DAY + 700), { ActorIp: ip, ModifiedProperties: NUMBER }));
    expect(shared([...others, ...home, ...there(CAMPUS)])?.score ?? 0).toBeLessThan(50);
    // Where nobody lives it is one hand.
    expect(shared([...others, ...home, ...there('198.51.200.77')])?.score).toBeGreaterThanOrEqual(75);
  });
  test('put on all of them from a strange computer in their own office is told, if below Medium', () => {
    const bare = { DeviceId: '', DeviceName: '', DeviceTrust: '', OperatingSystem: 'Linux', Browser: 'Firefox 138.0' };
    const rows = people.flatMap((u) => [
      signIn(`user-${u}`, later(5 * DAY + u * 10), { ...bare, SessionId: `own-${u}` }),
      registration(`user-${u}`, later(5 * DAY + u * 10 + 3), { ActorIp: OFFICE, ModifiedProperties: NUMBER }),
    ]);
    const last = found(rows).find(({ kind, subject }) => kind === 'registration' && subject === 'user-5');
    expect(last?.score).toBeGreaterThanOrEqual(30);
  });
});
