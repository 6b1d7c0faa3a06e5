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
/** A computer without an id in a flat of the same town, each time in another session. */
const flat: Partial<SignInRow> = {
  DeviceId: '',
  DeviceName: '',
  DeviceTrust: '',
  OperatingSystem: 'Linux',
  Browser: 'Firefox',
  IPAddress: '192.0.2.80',
  Asn: '8881',
};
const telephone = { OperatingSystem: 'Android', Browser: 'Chrome Mobile' };
const texted: Partial<SignInRow> = { Methods: 'Password; Text message', Answers: 'Text message: +49 XXXXXXX88' };
const uses = (minutes: number, over: Partial<SignInRow> = {}) =>
  signIn('user-3', later(minutes), { ...flat, ...texted, SessionId: `visit-${minutes}`, ...over });
/** The owner's laptop goes on in the office. */
const week = Array.from({ length: 12 }, (_, i) => signIn('user-3', later(300 + i * 240), { SessionId: 'week-3' }));
const judged = (...rows: readonly EventRow[]) =>
  judgeAll([...office, ...witness, ...unlocked, ...rows]).find(({ kind, subject }) => kind === 'registration' && subject === 'user-3')!;
const used = (...rows: readonly EventRow[]) => judged(...rows).contributions.filter(({ detector }) => detector === 'D27-strangers-use');
/** A colleague who lives in the flat. */
const atHome = [18, 15, 12, 9, 6, 3, 1].map((days) =>
  signIn('user-5', later(-days * DAY + 500), { IPAddress: flat.IPAddress!, Asn: flat.Asn!, SessionId: 'colleague' }),
);

describe('a method that answers on a computer that is not like the user’s, in a network that is new to them', () => {
  test('says that somebody else holds it, the more the oftener', () => {
    const [once] = used(...week, uses(1500));
    const [again] = used(...week, uses(1500), uses(2900));
    expect(once).toMatchObject({ group: 'registration', counts: { occasions: 1 } });
    expect(again).toMatchObject({
      counts: { occasions: 2 },
      words: expect.stringMatching(/on 2 occasions, .* nothing that the user is known by/),
    });
    expect(again!.llr).toBeGreaterThan(once!.llr);
  });
  test('an hour of work there is one occasion', () => {
    expect(used(...week, uses(1500), uses(1520), uses(1590))).toMatchObject([{ counts: { occasions: 1 } }]);
  });
  test("takes back what the owner's laptop and place said of the registration", () => {
    const owns = (...rows: readonly EventRow[]) =>
      judged(...week, ...rows).contributions.filter(({ group, llr }) => (group === 'client' || group === 'network') && llr < 0);
    expect(owns()).not.toEqual([]);
    expect(owns(uses(1500), uses(2900))).toEqual([]);
  });
  test('is silent where as much is said of its browser by D18, which is the same fact', () => {
    const first = uses(1500, { OperatingSystem: 'Windows 11', Browser: 'Edge' });
    const positive = judged(...week, first).contributions.filter(({ group, llr }) => group === 'registration' && llr > 0);
    expect(positive.map(({ detector }) => detector)).toContain('D18-two-hands');
    expect(positive.map(({ detector }) => detector)).not.toContain('D27-strangers-use');
  });
  test("counts on a telephone where a colleague lives, and not in a carrier's network", () => {
    const there = [uses(1500, telephone), uses(2900, telephone)];
    expect(used(...week, ...there)).toEqual([]);
    expect(used(...atHome, ...week, ...there)).toMatchObject([{ words: expect.stringMatching(/colleague's address/) }]);
  });
  test.each<readonly [string, readonly EventRow[]]>([
    [
      "something of the owner's comes there, too",
      [...week, uses(1500), signIn('user-3', later(1700), { ...flat, SessionId: 'week-3', DeviceId: 'laptop-user-3' })],
    ],
    [
      "something of the owner's had been there",
      [...week, signIn('user-3', later(100), { IPAddress: '192.0.2.80', Asn: '8881', SessionId: 'week-3' }), uses(1500)],
    ],
    ["nothing of the owner's goes on elsewhere", [uses(1500), uses(2900)]],
    ['it is the method that the user had', [...week, uses(1500, { Methods: 'Password; Mobile app notification', Answers: '' })]],
    ['nobody is asked there', [...week, uses(1500, { Methods: 'Previously satisfied', Answers: '' })]],
    [
      'it is behind a VPN company',
      [...week, uses(1500, { IPAddress: '185.65.134.10', Asn: '9009' }), uses(2900, { IPAddress: '185.65.134.10', Asn: '9009' })],
    ],
    ['a week has passed', [...week, uses(8 * DAY)]],
  ])('but not where %s', (_name, rows) => {
    expect(used(...rows)).toEqual([]);
  });
});
