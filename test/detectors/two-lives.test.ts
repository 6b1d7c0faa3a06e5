import { describe, expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, registration, signIn } from '../support/events.ts';

const START = '2026-03-02T08:00:00Z';
const DAY = 24 * 60;
const USER = 'user-30';
const REGISTERED = 20 * DAY + 240;
const bare = { DeviceId: '', DeviceName: '', DeviceTrust: '' };
const home = (u: number): Partial<SignInRow> => ({ ...bare, IPAddress: `198.51.${100 + u}.10`, SessionId: `own-${u}` });
const person = (u: number) => `user-${u}`;
const own = (u: number, minutes: number, over: Partial<SignInRow> = {}) => signIn(person(u), at(START, minutes), { ...home(u), ...over });
/** Four weeks of 31 people, each at home in a browser of their own, in one session. */
const people: readonly EventRow[] = Array.from({ length: 28 * 31 }, (_, i) => own(i % 31, Math.floor(i / 31) * DAY + (i % 31) * 7)).concat(
  // In hours enough of the week in which another browser is followed.
  Array.from({ length: 20 * 31 }, (_, i) => own(i % 31, 10 * DAY + 60 + Math.floor(i / 31) * 300, { IsInteractive: false })),
);
const SHARED = JSON.stringify([
  { name: 'StrongAuthenticationUserDetails', oldValue: '[]', newValue: '[{"PhoneNumber":"+49 170 5550188"}]' },
]);
/** The number is that of two others: the registration is always reported, so that weak evidence can be seen. */
const witness = [28, 29].map((u) => registration(person(u), at(START, DAY), { ModifiedProperties: SHARED }));
const AWAY = '203.0.113.66';
const intruder: readonly EventRow[] = [
  ...[-5, 400].map((minutes) =>
    signIn(USER, at(START, REGISTERED + minutes), { ...bare, IPAddress: AWAY, SessionId: 'fresh', AppDisplayName: 'My Signins' }),
  ),
  registration(USER, at(START, REGISTERED), { ActorIp: AWAY, ModifiedProperties: SHARED }),
  ...Array.from({ length: 12 }, (_, i) => own(30, REGISTERED + 90 + i * 300)),
];
/** Another computer without an id, which comes again on two days; with `comesHome` to where the own one is, too. */
const other = (u: number, comesHome: boolean, days: readonly number[] = [10, 11, 12]): readonly EventRow[] => {
  const there = { ...bare, IPAddress: `203.0.${u}.7`, SessionId: `other-${u}` };
  const again = comesHome ? [signIn(person(u), at(START, 13 * DAY), { ...there, IPAddress: home(u).IPAddress! })] : [];
  return [...days.map((day) => signIn(person(u), at(START, day * DAY + 30), there)), ...again];
};
const others = (count: number, comesHome = false) => Array.from({ length: count }, (_, u) => other(u, comesHome)).flat();
/** What D18 says of the registration of USER. */
const said = (...rows: readonly EventRow[]) =>
  judgeAll([...people, ...witness, ...intruder, ...rows])
    .filter(({ kind, subject }) => kind === 'registration' && subject === USER)
    .flatMap(({ contributions }) => contributions)
    .find(({ detector, group }) => detector === 'D18-two-hands' && group === 'registration');

describe("a browser that is never where the user's things are, in a tenant whose people live so", () => {
  const alone = said()!.llr;
  test('says as much as ever where nobody else has such a browser', () => {
    expect(alone).toBeGreaterThan(5);
    expect(said()!.words).not.toMatch(/registered nothing/);
  });
  test("says as much where the others' come home", () => {
    expect(said(...others(20, true))!.llr).toBeCloseTo(alone);
  });
  test.each([5, 10])('of %i people who registered nothing: no more than intruders do so more often than they', (count) => {
    const found = said(...others(count))!;
    // An intruder's browser goes on apart in 0.55 of cases; one of the others may be an intruder's; 20 that met stand for tenants unseen.
    expect(found.llr).toBeCloseTo(Math.log(0.55 / ((count - 1) / (count + 20))));
    expect(found.words).toMatch(new RegExp(`nor were ${count} of the ${count} new browsers of people who registered nothing`));
  });
  test('is held against others, too, when hundreds of people began such a browser and never came again', () => {
    const gone = Array.from({ length: 400 }, (_, i) => 1000 + i).flatMap((u) => [
      ...[0, 1, 2, 3, 4].map((day) =>
        signIn(person(u), at(START, day * DAY + 90), { ...bare, IPAddress: '198.51.99.10', SessionId: `gone-${u}` }),
      ),
      signIn(person(u), at(START, 5 * DAY + 120), {
        ...bare,
        IPAddress: `203.1.${u % 200}.${Math.floor(u / 200)}`,
        SessionId: `other-${u}`,
      }),
    ]);
    const late = Array.from({ length: 10 }, (_, u) => other(u, false, [13, 14, 15])).flat();
    expect(said(...gone, ...late)!.llr).toBeCloseTo(Math.log(0.55 / (9 / 30)));
  });
  test('nothing at all where they do so as often', () => {
    expect(said(...others(28))).toBeUndefined();
  });
  test('one alone may be an intruder who registered nothing', () => {
    expect(said(...others(1))!.llr).toBeCloseTo(alone);
  });
  test('those who registered a method are not among them', () => {
    const registrations = Array.from({ length: 20 }, (_, u) => registration(person(u), at(START, 9 * DAY), { ActorIp: `203.0.${u}.7` }));
    expect(said(...others(20), ...registrations)!.llr).toBeCloseTo(alone);
  });
});
