import { describe, expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { type EventRow, registration, signIn } from '../support/events.ts';
import { DAY, later, office, SHARED, witness } from './phone-of-three.ts';

/** The number is registered in the office, at the laptop of user-3, in the session that it has had for weeks. */
const unlocked = [
  signIn('user-3', later(-2), { SessionId: 'week-3', AppDisplayName: 'My Signins', Methods: 'Previously satisfied' }),
  registration('user-3', later(0), { ResultReason: 'User registered Mobile Phone Call and SMS', ModifiedProperties: SHARED }),
];
/** A computer without an id in a flat of the same town. */
const flat: Partial<SignInRow> = {
  DeviceId: '',
  DeviceName: '',
  DeviceTrust: '',
  OperatingSystem: 'Linux',
  Browser: 'Firefox',
  IPAddress: '192.0.2.80',
  Asn: '8881',
  SessionId: 'evening',
};
const texted: Partial<SignInRow> = { Methods: 'Password; Text message', Answers: 'Text message: +49 XXXXXXX88' };
const uses = (minutes: number, over: Partial<SignInRow> = {}) =>
  signIn('user-3', later(minutes), { ...flat, Methods: 'Previously satisfied', ...over });
/** The owner's laptop goes on in the office. */
const week = Array.from({ length: 12 }, (_, i) => signIn('user-3', later(600 + i * 240), { SessionId: 'week-3' }));
const judged = (...rows: readonly EventRow[]) =>
  judgeAll([...office, ...witness, ...unlocked, ...week, ...rows]).find(
    ({ kind, subject }) => kind === 'registration' && subject === 'user-3',
  )!;
const apart = (...rows: readonly EventRow[]) =>
  judged(...rows).contributions.find(({ detector, group }) => detector === 'D18-two-hands' && group === 'registration');

describe('a method that was registered on what the user is known by, and is first used on a strange computer', () => {
  const first = uses(500, texted);
  test('which is never where anything of the owner is: whoever came to the unlocked computer', () => {
    expect(apart(first, uses(1900), uses(3300))).toMatchObject({ words: expect.stringMatching(/that first used it was never where/) });
    expect(apart(first, uses(1900), uses(3300))!.llr).toBeGreaterThan(4);
  });
  test("takes back what the owner's laptop and place said: they stood there unlocked", () => {
    const owns = (...rows: readonly EventRow[]) =>
      judged(...rows).contributions.filter(({ group, llr }) => (group === 'client' || group === 'network') && llr < 0);
    expect(owns()).not.toEqual([]);
    expect(owns(first, uses(1900))).toEqual([]);
    expect(judged(first, uses(1900)).score).toBeGreaterThan(judged().score + 15);
  });
  test('a computer like the user’s says so as well, where theirs has an id', () => {
    const same = { OperatingSystem: 'Windows 11', Browser: 'Edge' };
    expect(apart(uses(500, { ...texted, ...same }), uses(1900, same))!.llr).toBeGreaterThan(4);
  });
  test.each<readonly [string, readonly EventRow[]]>([
    ['the method that the user had answers there', [uses(500, { Methods: 'Password; Mobile app notification' }), uses(1900)]],
    ['nobody is asked for a method there', [uses(500), uses(1900)]],
    ['it is a telephone', [500, 1900].map((minutes) => uses(minutes, { ...texted, OperatingSystem: 'Android', Browser: 'Chrome Mobile' }))],
    ['its session was at a usual place before', [uses(-200, { IPAddress: '198.51.100.10', Asn: '3320' }), first, uses(1900)]],
    [
      'it comes to the flat where the laptop is, too',
      [first, uses(1900), signIn('user-3', later(1910), { IPAddress: '192.0.2.80', Asn: '8881', SessionId: 'week-3' })],
    ],
    [
      "it comes to the user's own range",
      [
        ...[19, 16, 13, 10, 7, 4, 1].map((days) =>
          signIn('user-3', later(-days * DAY + 600), { IPAddress: '203.0.113.9', Asn: '6830', SessionId: 'week-3' }),
        ),
        first,
        uses(1900, { IPAddress: '203.0.113.40', Asn: '6830' }),
      ],
    ],
  ])('but not where %s', (_name, rows) => {
    expect(apart(...rows)).toBeUndefined();
  });
});
