import { describe, expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, elsewhere, registration, signIn } from '../support/events.ts';

const START = '2026-03-02T08:00:00Z';
const DAY = 24 * 60;
const later = (minutes: number) => at(START, 20 * DAY + 240 + minutes);
const PHONE = JSON.stringify([
  { name: 'StrongAuthenticationUserDetails', oldValue: '[]', newValue: '[{"PhoneNumber":"+49 170 5550188"}]' },
]);
/** Three weeks of twelve people in the office; the phone of two of them makes a third registration of it reported, whatever else is said. */
const office: readonly EventRow[] = [
  ...Array.from({ length: 20 * 12 }, (_, i) => signIn(`user-${i % 12}`, at(START, Math.floor(i / 12) * DAY + (i % 12) * 7))),
  ...[8, 9].map((u) => registration(`user-${u}`, at(START, DAY), { ModifiedProperties: PHONE })),
];
/** Prompts refused at these minutes, a sign-in at minute 0 from the same place and a registration there: what is said of the prompts. */
const wordsOf = (
  minutes: readonly number[],
  where: Partial<SignInRow>,
  over: Partial<SignInRow> = {},
  before: readonly EventRow[] = office,
) =>
  judgeAll([
    ...before,
    ...minutes.map((minute) =>
      signIn('user-3', later(minute), {
        ResultDetail: 'MFA denied; user declined the authentication',
        Methods: 'Password',
        ...where,
        ResultType: '500121',
      }),
    ),
    signIn('user-3', later(0), { ...where, ...over }),
    registration('user-3', later(4), { ActorIp: where.IPAddress ?? '198.51.100.10', ModifiedProperties: PHONE }),
  ])
    .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
    .flatMap(({ contributions }) => contributions)
    .filter(({ detector }) => detector === 'D3-mfa-fatigue');
/** What the burst says of the sign-in after it. */
const saidOf = (...of: Parameters<typeof wordsOf>): number =>
  wordsOf(...of)
    .filter(({ words }) => words.startsWith('Signed in after'))
    .reduce((sum, { llr }) => sum + llr, 0);

const BURST = [-6, -5, -4, -3, -2];

describe('prompts that were refused before a sign-in', () => {
  test('count once where they are all that is odd: the registration after it says little more of them', () => {
    const sequence = (where: Partial<SignInRow>) =>
      judgeAll([
        ...office,
        ...BURST.map((minute) => signIn('user-3', later(minute), { Methods: 'Password', ...where, ResultType: '500121' })),
        signIn('user-3', later(0), where),
        registration('user-3', later(4), { ActorIp: where.IPAddress ?? '198.51.100.10', ModifiedProperties: PHONE }),
      ])
        .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
        .flatMap(({ contributions }) => contributions);
    const partOf = (where: Partial<SignInRow>) => {
      const all = sequence(where);
      const prompts = Math.max(...all.filter(({ detector }) => detector === 'D3-mfa-fatigue').map(({ llr }) => llr));
      const after = all.find(({ detector, words }) => detector === 'D6-registration-after-risk' && /suspicious sign-in/.test(words));
      return (after?.llr ?? 0) / prompts;
    };
    // 0.6 of what was odd about the sign-in is what the sequence adds.
    expect(partOf({})).toBeLessThan(0.6 * 0.5);
    expect(partOf(elsewhere)).toBeGreaterThan(0.6);
  });
  test('say most where neither place nor device is the user’s', () => {
    expect(saidOf(BURST, elsewhere)).toBeGreaterThan(3);
  });
  test('two, three or four of them are more often an owner’s than those of whoever wears somebody down', () => {
    const [two, four, five] = [[-4, -2], [-5, -4, -3, -2], BURST].map((minutes) => saidOf(minutes, elsewhere)) as [number, number, number];
    expect(two).toBeGreaterThan(0);
    expect(two).toBeLessThan(1);
    expect(four).toBeGreaterThan(two);
    expect(four).toBeLessThan(five / 2);
  });
  test('ten minutes apart are seen, too', () => {
    expect(saidOf([-60, -50, -40, -30, -20, -10], elsewhere)).toBeGreaterThan(1.5);
  });
  test('for most of an hour say more than any few: an owner has given up by then', () => {
    const hour = Array.from({ length: 16 }, (_, i) => -50 + 3 * i);
    expect(saidOf(hour, elsewhere)).toBeGreaterThan(saidOf(BURST, elsewhere) + 1);
    expect(saidOf([-8, -7, ...BURST], elsewhere)).toBeLessThan(saidOf(BURST, elsewhere) + 1);
  });
  test('two in an hour are not a burst', () => {
    expect(saidOf([-40, -20], elsewhere)).toBe(0);
  });
  test('say less at a usual address, in a browser without an id', () => {
    expect(saidOf(BURST, { DeviceId: '', DeviceName: '', DeviceTrust: '' })).toBeLessThan(saidOf(BURST, elsewhere) - 2);
  });
  test('say more there in a system and browser that the user never had: who is at home is at their own computer', () => {
    const bare = { DeviceId: '', DeviceName: '', DeviceTrust: '' };
    const linux = { ...bare, OperatingSystem: 'Linux', Browser: 'Firefox' };
    // Six in 25 minutes are no few, though half of them lie back by more than ten.
    const slow = [-24, -19, -14, -11, -6, -3];
    expect(saidOf(slow, linux)).toBeGreaterThan(3);
    expect(saidOf(slow, bare)).toBe(0);
  });
  test('say hardly anything on the user’s own laptop', () => {
    expect(saidOf(BURST, {})).toBeLessThan(2);
    expect(saidOf([-6, -4, -2], {})).toBe(0);
  });
  test('say less where another method helped: who refuses pushes of somebody else sends no code by SMS', () => {
    const byMessage = saidOf(BURST, elsewhere, { Methods: 'Password; Text message' });
    expect(byMessage).toBeLessThan(saidOf(BURST, elsewhere) - 1.5);
  });
});

describe('prompts that all ran out', () => {
  const ranOut = { ...elsewhere, ResultDetail: 'MFA denied; user did not respond to mobile app notification' };
  test('are those of a telephone that is switched off: whoever is woken by a stranger’s declines one', () => {
    expect(saidOf(BURST, ranOut)).toBeLessThan(saidOf(BURST, elsewhere) - 1.5);
    expect(saidOf(BURST, ranOut)).toBeGreaterThan(1);
  });
  test('say no less where one was declined, or where the log does not tell', () => {
    const declined = signIn('user-3', later(-7), {
      ...elsewhere,
      ResultType: '500121',
      ResultDetail: 'MFA denied; user declined the authentication',
    });
    expect(saidOf(BURST, ranOut, {}, [...office, declined])).toBeGreaterThan(saidOf(BURST, ranOut) + 1);
    expect(saidOf(BURST, { ...elsewhere, ResultDetail: '' })).toBe(saidOf(BURST, elsewhere));
  });
  test('and a code that the app shows offline is the owner’s way out', () => {
    expect(saidOf(BURST, elsewhere, { Methods: 'Password; OATH verification code' })).toBeLessThan(saidOf(BURST, elsewhere) - 1.5);
  });
});

describe('a burst by itself', () => {
  const bare = { DeviceId: '', DeviceName: '', DeviceTrust: '' };
  const known = office.map((row) => ('Asn' in row && row.UserId === 'user-3' ? { ...row, ...bare } : row));
  /** The sign-in after it is the owner's, at home: it takes nothing over. */
  const { IPAddress, Country, City, Latitude, Longitude, Asn, OperatingSystem, Browser } = signIn('user-3', later(0));
  const home = { ...bare, IPAddress, Country, City, Latitude, Longitude, Asn, OperatingSystem, Browser };
  const burstOf = (where: Partial<SignInRow>) =>
    Math.max(0, ...wordsOf(BURST, where, home, known).flatMap(({ words, llr }) => (/refused or ignored in/.test(words) ? [llr] : [])));

  test('that the owner’s own browser asks for where the user always is, is a telephone that does not ring', () => {
    expect(burstOf({ ...bare, ...elsewhere })).toBeGreaterThan(4);
    expect(burstOf(bare)).toBeLessThan(burstOf({ ...bare, ...elsewhere }) - 2);
  });
  test('on a computer that the organisation has just handed out, or one for all, says less than on a colleague’s own', () => {
    const fresh = { DeviceId: 'laptop-new', DeviceName: 'LAP-NEW', DeviceTrust: 'managed' };
    expect(burstOf(fresh)).toBeLessThan(burstOf({ DeviceId: 'laptop-user-8', DeviceName: 'LAP-8' }) - 1);
    expect(burstOf({ ...elsewhere, ...fresh })).toBeLessThan(burstOf({ ...bare, ...elsewhere }) - 1);
  });
  test('on a computer that the account itself registered from a new place is an intruder’s as any', () => {
    const fresh = { DeviceId: 'laptop-own', DeviceName: 'LAP-OWN', DeviceTrust: 'managed' };
    const enrolled = registration('user-3', later(-300), {
      OperationName: 'Register device',
      ResultReason: '',
      ActorIp: '203.0.113.66',
      TargetDeviceId: 'laptop-own',
    });
    const burst = (before: readonly EventRow[]) =>
      Math.max(
        0,
        ...wordsOf(BURST, { ...elsewhere, ...fresh }, home, before).flatMap(({ words, llr }) =>
          /refused or ignored in/.test(words) ? [llr] : [],
        ),
      );
    expect(burst([...known, enrolled])).toBeGreaterThan(burst(known) + 1);
  });
  test('that somebody else’s browser asks for there, a neighbour’s or a colleague’s, says all that it says anywhere', () => {
    expect(burstOf({ ...bare, OperatingSystem: 'Linux', Browser: 'Firefox' })).toBeGreaterThan(4);
    expect(burstOf({ DeviceId: 'laptop-user-8', DeviceName: 'LAP-8' })).toBeGreaterThan(4);
  });
});

describe('prompts from one new range, hours apart', () => {
  const HOURS = 60;
  const dripped = (minutes: readonly number[], where: Partial<SignInRow> = elsewhere) =>
    wordsOf(minutes, where).find(({ words }) => /had caused/.test(words));
  test('tell of whoever gets in from there in the end', () => {
    const four = dripped([-9 * HOURS, -7 * HOURS, -4 * HOURS, -2 * HOURS]);
    expect(four?.words).toMatch(/had caused 4 MFA prompts in 4 hours of the days before, all refused or ignored/);
    expect(four?.llr).toBeGreaterThan(3);
    const three = dripped([-9 * HOURS, -9 * HOURS + 1, -4 * HOURS, -2 * HOURS]);
    expect(three?.llr).toBeGreaterThan(2);
    expect(three?.llr).toBeLessThan(four!.llr);
  });
  test.each([
    ['three prompts', [-9 * HOURS, -4 * HOURS, -2 * HOURS], elsewhere],
    ['four in two hours', [-9 * HOURS, -9 * HOURS + 1, -9 * HOURS + 2, -4 * HOURS], elsewhere],
    ['with days between', [-9 * DAY, -6 * DAY, -3 * DAY, -2 * HOURS], elsewhere],
    ['that ended days ago', [-80 * HOURS, -78 * HOURS, -76 * HOURS, -74 * HOURS], elsewhere],
    ['in the office', [-9 * HOURS, -7 * HOURS, -4 * HOURS, -2 * HOURS], {}],
  ])('%s tell nothing', (_, minutes, where) => {
    expect(dripped(minutes, where)).toBeUndefined();
  });
  test('of another range than the one that gets in tell nothing', () => {
    const other = [-9, -7, -4, -2].map((hour) =>
      signIn('user-3', later(hour * HOURS), { ...elsewhere, IPAddress: '192.0.2.9', ResultType: '500121' }),
    );
    expect(wordsOf([], elsewhere, {}, [...office, ...other]).some(({ words }) => /had caused/.test(words))).toBe(false);
  });
});
