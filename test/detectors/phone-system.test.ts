import { describe, expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, elsewhere, ofDirectory, registration, signIn } from '../support/events.ts';
import { DAY, START } from './phone-of-three.ts';

const PEOPLE = 24;
const IPHONE = { OperatingSystem: 'Ios 17.4', Browser: 'Mobile Safari' };
const ANDROID = { OperatingSystem: 'Android 14', Browser: 'Chrome Mobile' };
const bare = { DeviceId: '', DeviceName: '', DeviceTrust: '' };
const home = (u: number): Partial<SignInRow> => ({ ...bare, IPAddress: `192.0.2.${u}`, SessionId: `phone-${u}` });
/** A fortnight of people with a laptop in the office and, all but the last three, an iPhone at home; user-3 too. */
const fortnight: readonly EventRow[] = Array.from({ length: 14 * PEOPLE }, (_, i) => {
  const [day, u] = [Math.floor(i / PEOPLE), i % PEOPLE];
  const laptop = signIn(`user-${u}`, at(START, day * DAY + u * 7), { SessionId: `laptop-${u}` });
  return u >= PEOPLE - 3 ? [laptop] : [laptop, signIn(`user-${u}`, at(START, day * DAY + 600 + u), { ...home(u), ...IPHONE })];
}).flat();
const NOON = 15 * DAY + 240;
const later = (minutes: number) => at(START, NOON + minutes);
const app = (name: string, token = `token-${name}-4c1d7be2`, before: readonly string[] = []) =>
  JSON.stringify([
    {
      name: 'StrongAuthenticationPhoneAppDetail',
      oldValue: JSON.stringify(before.map((each) => ({ Id: `app-${each}`, DeviceName: each }))),
      newValue: JSON.stringify([
        ...before.map((each) => ({ Id: `app-${each}`, DeviceName: each })),
        { Id: `app-${name}`, DeviceName: name, DeviceToken: token },
      ]),
    },
  ]);
/** The token of two others, so that it is always reported; and the name that the phone has here. */
const SHARED = 'apns2-5f1c9a3be0d24c7788aa';
const came = (name: string, u = 3, minutes = 0) =>
  registration(`user-${u}`, later(minutes), { Id: `came-${u}`, ModifiedProperties: app(name, u === 3 ? SHARED : undefined) });
const witness = [21, 22].map((u) => registration(`user-${u}`, at(START, DAY), { ModifiedProperties: app('', SHARED) }));
const said = (rows: readonly EventRow[]) =>
  judgeAll([...fortnight, ...witness, ...rows])
    .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
    .flatMap(({ contributions }) => contributions)
    .filter(({ detector }) => detector === 'D30-phone-system');
/** Every other hour of the days after, at home. */
const onTelephone = (hours: number, system: Partial<SignInRow>, place: Partial<SignInRow> = home(3)): readonly EventRow[] =>
  Array.from({ length: hours }, (_, i) => signIn('user-3', later(60 + 120 * i), { ...place, ...system, IsInteractive: false }));

/** What a tenant begins with: one in twenty of ten owners. */
const BEGIN = { other: 0.5, all: 10 };

describe("a phone that is not of the system of the user's telephones", () => {
  test('speaks against the user by how seldom it happens to owners in the tenant', () => {
    const [found] = said([came('Pixel 8')]);
    expect(found).toMatchObject({
      group: 'registration',
      words: expect.stringMatching(/Android \(Pixel 8\); the telephones .* have iOS\.$/),
    });
    // 0.38 of intruders, 0.05 of owners.
    expect(found?.llr).toBeCloseTo(Math.log(0.38 / (BEGIN.other / BEGIN.all)), 10);
    const others = [came('Pixel 7', 4, -900), came('SM-S921B', 5, -800), came('iPhone 15', 6, -700), came('iPhone 14', 7, -600)];
    const share = (2 + BEGIN.other) / (4 + BEGIN.all);
    expect(said([...others, came('Pixel 8')])[0]?.llr).toBeCloseTo(Math.log(0.38 / share), 10);
  });
  test('says nothing where the names have nothing to do with the phones', () => {
    const others = Array.from({ length: 16 }, (_, i) => came(i % 5 < 3 ? 'Pixel 7' : 'iPhone 15', 4 + i, -900 + i));
    expect(said([...others, came('Pixel 8')])).toEqual([]);
  });
  test('of the same system it says little, for the user', () => {
    const [found] = said([came('iPhone 15')]);
    expect(found).toMatchObject({ group: 'client', words: expect.stringMatching(/as the telephones have that the user is known by/) });
    expect(found?.llr).toBeCloseTo(Math.log(0.62 / 0.95), 10);
  });
  test("is an attacker's the more where the telephones that the user is known by go on alone", () => {
    const [before] = said([came('Pixel 8')]);
    expect(said([came('Pixel 8'), ...onTelephone(5, IPHONE)])).toEqual([before]);
    const [after] = said([came('Pixel 8'), ...onTelephone(6, IPHONE)]);
    // 0.9 of intruders, a fifth of owners.
    expect(after?.llr).toBeCloseTo(before!.llr + Math.log(0.9 / 0.2), 10);
    expect(after?.words).toMatch(/Telephones with iOS went on at usual places, in 6 hours after, and hardly one with Android\.$/);
  });
  test("is the user's where one of its system is then seen where the user always is, and not where the user never is", () => {
    const [changed] = said([came('Pixel 8'), ...onTelephone(3, ANDROID)]);
    expect(changed).toMatchObject({
      group: 'client',
      llr: expect.any(Number),
      words: expect.stringMatching(/with Android was at usual places in 3/),
    });
    expect(changed!.llr).toBeLessThan(-1);
    const [before] = said([came('Pixel 8')]);
    expect(said([came('Pixel 8'), ...onTelephone(9, ANDROID, { ...elsewhere, ...bare, SessionId: 'x' })])).toEqual([before]);
  });
  test('is nothing where both kinds go on', () => {
    const [before] = said([came('Pixel 8')]);
    expect(said([came('Pixel 8'), ...onTelephone(8, IPHONE), ...onTelephone(4, ANDROID)])[0]?.llr).toBe(before?.llr);
  });
});

describe('whose telephones are not known by sign-ins', () => {
  const [few] = [PEOPLE - 1];
  const ofFew = (rows: readonly EventRow[]) =>
    judgeAll([...fortnight, ...witness, ...rows])
      .filter(({ kind, subject }) => kind === 'registration' && subject === `user-${few}`)
      .flatMap(({ contributions }) => contributions)
      .filter(({ detector }) => detector === 'D30-phone-system');
  const replaced = (name: string, before: readonly string[]) =>
    registration(`user-${few}`, later(0), { ModifiedProperties: app(name, SHARED, before) });
  test('the phone that had the app before tells, less', () => {
    const [other] = ofFew([replaced('Pixel 8', ['iPhone 12'])]);
    expect(other?.llr).toBeCloseTo(Math.log(0.38 / 0.15), 10);
    expect(other?.words).toMatch(/the phone that had the app before has iOS\.$/);
    expect(ofFew([replaced('Pixel 8', ['SM-G991B'])])[0]?.llr).toBeCloseTo(Math.log(0.62 / 0.85), 10);
  });
  test('and without one the first phone says nothing', () => {
    expect(ofFew([replaced('Pixel 8', [])])).toEqual([]);
  });
});

test("the directory's record may name it later than the service's does", () => {
  const bareRecord = registration('user-3', later(0), { CorrelationId: 'one' });
  const twin = { ...came('Pixel 8', 3, 0.1), ...ofDirectory, CorrelationId: 'one' };
  expect(said([bareRecord, twin])).toHaveLength(1);
});

test.each<[string, string, RegExp | undefined]>([
  ["Anna's iPhone", SHARED, undefined],
  ['SM-A546B', SHARED, /Android/],
  ['moto g54', SHARED, /Android/],
  ['CPH2609', SHARED, /Android/],
  ['TECNO KI5k', SHARED, /Android/],
  ['2201117TG', SHARED, /Android/],
  ['Anna', SHARED, undefined],
  ['Anna', 'fcmv1-90aa17c3d4e5b6f7a8c9d0e1', /Android/],
])('%s with %s', (name, token, expected) => {
  const rows = [21, 22, 3].map((u, i) => registration(`user-${u}`, later(i), { ModifiedProperties: app(name, token) }));
  const found = said(rows).find(({ llr }) => llr > 0);
  if (expected === undefined) expect(found).toBeUndefined();
  else expect(found?.words).toMatch(expected);
});

test('a telephone that names the browser only, as two systems do, tells nothing', () => {
  const both = fortnight.flatMap((row) =>
    'ResultType' in row && row.OperatingSystem.startsWith('Ios') ? [{ ...row, OperatingSystem: '' }] : [row],
  );
  const found = judgeAll([...both, ...witness, came('Pixel 8')])
    .filter(({ subject }) => subject === 'user-3')
    .flatMap(({ contributions }) => contributions);
  expect(found.filter(({ detector }) => detector === 'D30-phone-system')).toEqual([]);
});
