import { describe, expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, registration, signIn } from '../support/events.ts';
import { DAY, later, PHONE, START, said, weeks } from '../support/three-weeks.ts';

const CONSTANT = '5c1f60aa-93b1-4f3e-8d2a-7be01f4c9a10';
/** The tenant's rows without a device id, their SessionIds as given. */
const withSessions = (sessionOf: (user: number) => string) => (row: EventRow) =>
  'SessionId' in row
    ? { ...row, DeviceId: '', DeviceName: '', DeviceTrust: '', SessionId: sessionOf(Number(row.UserId.replace(/\D/g, ''))) }
    : row;

describe('one SessionId for everybody', () => {
  const none = said(weeks(withSessions(() => '')));
  test('is none: an intruder in it is not the owner on the move', () => {
    expect(none).toBeDefined();
    expect(said(weeks(withSessions(() => CONSTANT)))).toEqual(none);
  });
  test('while that of two users, who may be one person in two tenants, is one', () => {
    expect(said(weeks(withSessions((user) => `of-${user >> 1}`)))).not.toEqual(none);
  });
});

/** Twelve people, each at home in one browser; the log shows neither sessions nor devices. */
const bare = { DeviceId: '', DeviceName: '', DeviceTrust: '', SessionId: '' };
const home = (u: number): Partial<SignInRow> => ({ ...bare, IPAddress: `198.51.${100 + u}.10` });
const people: readonly EventRow[] = Array.from({ length: 20 * 12 }, (_, i) =>
  signIn(`user-${i % 12}`, at(START, Math.floor(i / 12) * DAY + (i % 12) * 7), home(i % 12)),
);
/** The number of user-3 is that of two others: the registration is always reported, so that weak evidence can be seen. */
const witness = [8, 9].map((u) => registration(`user-${u}`, at(START, DAY), { ModifiedProperties: PHONE }));
const AWAY = '203.0.113.66';
const registered = (ActorIp: string) => registration('user-3', later(0), { ActorIp, ModifiedProperties: PHONE });
const browser = (minutes: number, over: Partial<SignInRow> = {}) =>
  signIn('user-3', later(minutes), { ...bare, IPAddress: AWAY, AppDisplayName: 'My Signins', ...over });
const week = Array.from({ length: 12 }, (_, i) => signIn('user-3', later(90 + i * 300), home(3)));
const LINUX = { OperatingSystem: 'Linux', Browser: 'Firefox' };
const evidence = (detector: string, rows: readonly EventRow[], ip = AWAY) =>
  judgeAll([...people, ...witness, registered(ip), ...rows])
    .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
    .flatMap(({ contributions }) => contributions)
    .filter((item) => item.detector === detector);

describe('who registered, in a log without sessions', () => {
  const twoHands = (...rows: readonly EventRow[]) => evidence('D18-two-hands', [...week, ...rows]);
  test('a system and browser that is new to the user, comes again and is never where the user is: two people', () => {
    const [found] = twoHands(browser(-5, LINUX), browser(400, LINUX));
    expect(found?.words).toMatch(/never where the user's known devices and browsers were/);
    expect(found?.llr).toBeGreaterThan(2);
  });
  test("one like the user's may be the user on the move, and one that never comes again may have been anybody's: neither is evidence", () => {
    expect(twoHands(browser(-5), browser(400))).toEqual([]);
    expect(twoHands(browser(-5, LINUX))).toEqual([]);
  });
  test('one computer that comes back to the range of the registration, where nothing of the user ever is: two people', () => {
    const neighbour = (last: number) => ({ IPAddress: `203.0.113.${last}` });
    const back = [browser(-5), browser(400, neighbour(70)), browser(2000, neighbour(81))];
    const [found] = twoHands(...back);
    expect(found?.words).toMatch(
      /^One computer came back to the address range of the registration in 2 hours; nothing that the user is known by was ever/,
    );
    expect(found?.llr).toBeGreaterThan(3);
    // At home there is a telephone, or another computer; and what is the user's may come there once.
    const phone = { OperatingSystem: 'Ios 18', Browser: 'Mobile Safari' };
    expect(twoHands(...back, browser(900, { ...neighbour(90), ...phone }))).toEqual([]);
    expect(twoHands(...back, browser(900, { ...neighbour(90), ...LINUX })).every(({ llr }) => llr < 3)).toBe(true);
    const laptop = { DeviceId: 'laptop-3', DeviceName: 'LAP-3', DeviceTrust: 'managed' };
    const before = Array.from({ length: 14 }, (_, day) => signIn('user-3', later(-day * DAY - 200), { ...home(3), ...laptop }));
    expect(twoHands(...before, ...back).map(({ llr }) => llr)).toEqual([found?.llr]);
    expect(twoHands(...before, ...back, browser(900, { ...neighbour(90), ...laptop })).some(({ llr }) => llr > 0)).toBe(false);
  });
  test("a new one that turns up at home is the user's", () => {
    const [found] = twoHands(browser(-5, LINUX), signIn('user-3', later(800), { ...home(3), ...LINUX }));
    expect(found?.words).toMatch(/was at an address of the user's known devices and browsers/);
    expect(found?.llr).toBeLessThan(0);
  });
});

describe("the user's browser where it always is", () => {
  const own = (ip: string, ...rows: readonly EventRow[]) =>
    evidence('D6-registration-after-risk', rows, ip).filter(({ words }) => /browser that is known from usual places/.test(words));
  test('speaks for the user at its address, for nobody at another', () => {
    expect(own('198.51.103.10', signIn('user-3', later(-20), home(3)))[0]?.llr).toBeLessThan(0);
    expect(own(AWAY, browser(-20), signIn('user-3', later(-40), home(3)))).toEqual([]);
  });
  test('and is not seen to be elsewhere, since it may have gone along', () => {
    const elsewhere = evidence('D14-use-after', [signIn('user-3', later(-20), home(3)), browser(-5)]);
    expect(elsewhere.filter(({ words }) => /elsewhere/.test(words))).toEqual([]);
  });
});
