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
const FAR = elsewhere.IPAddress!;
const came = (name: string, u = 3, minutes = 0) =>
  registration(`user-${u}`, later(minutes), { Id: `came-${u}`, ActorIp: u === 3 ? FAR : '198.51.100.10', ModifiedProperties: app(name) });
/** Those of a user's registrations, which a sign-in from far away came before: they are always reported, so that weak evidence can be seen. */
const saidOf = (u: number, rows: readonly EventRow[]) =>
  judgeAll([...fortnight, signIn(`user-${u}`, later(-4), { ...elsewhere, SessionId: 'never-seen' }), ...rows])
    .filter(({ kind, subject }) => kind === 'registration' && subject === `user-${u}`)
    .flatMap(({ contributions }) => contributions)
    .filter(({ detector }) => detector === 'D30-phone-system');
const said = (rows: readonly EventRow[]) => saidOf(3, rows);
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
  const last = PEOPLE - 1;
  const ofLast = (rows: readonly EventRow[]) => saidOf(last, rows);
  const replaced = (name: string, before: readonly string[]) =>
    registration(`user-${last}`, later(0), { ActorIp: FAR, ModifiedProperties: app(name, undefined, before) });
  test('the phone that had the app before tells, less', () => {
    const [other] = ofLast([replaced('Pixel 8', ['iPhone 12'])]);
    expect(other?.llr).toBeCloseTo(Math.log(0.38 / 0.15), 10);
    expect(other?.words).toMatch(/the phone that had the app before has iOS\.$/);
    expect(ofLast([replaced('Pixel 8', ['SM-G991B'])])[0]?.llr).toBeCloseTo(Math.log(0.62 / 0.85), 10);
  });
  test('and without one the first phone says nothing', () => {
    expect(ofLast([replaced('Pixel 8', [])])).toEqual([]);
  });
});

test("the directory's record may name it later than the service's does", () => {
  const bareRecord = registration('user-3', later(0), { CorrelationId: 'one' });
  const twin = { ...came('Pixel 8', 3, 0.1), ...ofDirectory, CorrelationId: 'one' };
  expect(said([bareRecord, twin])).toHaveLength(1);
});

test.each<[string, string, RegExp | undefined]>([
  ["Anna's iPhone", 'apns2-5f1c9a3be0d24c7788aa', undefined],
  ['SM-A546B', 'apns2-5f1c9a3be0d24c7788aa', /Android/],
  ['moto g54', 'apns2-5f1c9a3be0d24c7788aa', /Android/],
  ['CPH2609', 'apns2-5f1c9a3be0d24c7788aa', /Android/],
  ['TECNO KI5k', 'apns2-5f1c9a3be0d24c7788aa', /Android/],
  ['2201117TG', 'apns2-5f1c9a3be0d24c7788aa', /Android/],
  ['Anna', 'apns2-5f1c9a3be0d24c7788aa', undefined],
  ['Anna', 'fcmv1-90aa17c3d4e5b6f7a8c9d0e1', /Android/],
])('%s with %s', (name, token, expected) => {
  const found = said([registration('user-3', later(0), { ActorIp: FAR, ModifiedProperties: app(name, token) })]).find(({ llr }) => llr > 0);
  if (expected === undefined) expect(found).toBeUndefined();
  else expect(found?.words).toMatch(expected);
});

test('a telephone that names the browser only, as two systems do, tells nothing', () => {
  const both = fortnight.flatMap((row) =>
    'ResultType' in row && row.OperatingSystem.startsWith('Ios') ? [{ ...row, OperatingSystem: '' }] : [row],
  );
  const found = judgeAll([...both, signIn('user-3', later(-4), elsewhere), came('Pixel 8')]).find(({ subject }) => subject === 'user-3');
  expect(found?.contributions.length).toBeGreaterThan(0);
  expect(found?.contributions.filter(({ detector }) => detector === 'D30-phone-system')).toEqual([]);
});

test('a phone of several is one fact, which D7 tells', () => {
  const one = { ModifiedProperties: app('Pixel 8', 'fcm-90aa17c3d4e5b6f7a8c9d0e1') };
  const others = [21, 22].map((u) => registration(`user-${u}`, later(-DAY), one));
  const own = registration('user-3', later(0), one);
  expect(said([own])).toHaveLength(1);
  expect(said([...others, own])).toEqual([]);
});
