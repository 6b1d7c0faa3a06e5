import { describe, expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { type EventRow, registration, signIn } from '../support/events.ts';
import { DAY, later, office, SHARED, witness } from './phone-of-three.ts';

/** The laptop of user-5, and where that colleague lives. */
const laptop: Partial<SignInRow> = { DeviceId: 'laptop-user-5', DeviceName: 'LAP-user-5' };
const flat: Partial<SignInRow> = { IPAddress: '192.0.2.80', Asn: '8881', SessionId: 'colleague' };
const texted: Partial<SignInRow> = { Methods: 'Password; Text message', Answers: 'Text message: +49 XXXXXXX88' };
const atHome = [18, 15, 12, 9, 6, 3, 1].map((days) => signIn('user-5', later(-days * DAY + 500), { ...laptop, ...flat }));
/** The number that is registered at the unlocked computer of user-3, in the office. */
const unlocked = [
  signIn('user-3', later(-2), { SessionId: 'week-3', AppDisplayName: 'My Signins', Methods: 'Previously satisfied' }),
  registration('user-3', later(0), { ResultReason: 'User registered Mobile Phone Call and SMS', ModifiedProperties: SHARED }),
];
const uses = (place: Partial<SignInRow>, over: Partial<SignInRow> = texted) =>
  signIn('user-3', later(500), { ...laptop, ...place, ...over });
const judged = (...rows: readonly EventRow[]) =>
  judgeAll([...office, ...witness, ...atHome, ...unlocked, ...rows]).find(
    ({ kind, subject }) => kind === 'registration' && subject === 'user-3',
  );
const onAColleagues = (...rows: readonly EventRow[]) =>
  (judged(...rows)?.contributions ?? []).filter(({ detector }) => detector === 'D24-colleagues-computer');

describe('the method that was registered at an unlocked computer', () => {
  test("answers on a colleague's laptop at that colleague's home", () => {
    expect(onAColleagues(uses(flat))).toMatchObject([{ group: 'registration', counts: { hours: 8 } }]);
    expect(judged(uses(flat))!.score).toBeGreaterThan(judged()!.score + 10);
  });
  test('there days later as well, and not after a week', () => {
    const usesIn = (days: number) => signIn('user-3', later(days * DAY), { ...laptop, ...flat, ...texted });
    expect(onAColleagues(usesIn(3))).toMatchObject([{ counts: { hours: 72 } }]);
    expect(onAColleagues(usesIn(8))).toEqual([]);
  });
  test('there, too, where other colleagues live in the same range of the provider, but not at an address of many', () => {
    const neighbours = (address: (u: number) => string) =>
      [0, 1, 2, 4, 6, 7, 10].flatMap((u) =>
        [18, 15, 12, 9, 6, 3, 1].map((days) =>
          signIn(`user-${u}`, later(-days * DAY + 600 + u), { ...flat, IPAddress: address(u), SessionId: `home-${u}` }),
        ),
      );
    expect(onAColleagues(...neighbours((u) => `192.0.2.${100 + u}`), uses(flat))).toHaveLength(1);
    expect(onAColleagues(...neighbours(() => flat.IPAddress!), uses(flat))).toEqual([]);
  });
  test("takes back what the owner's computer said, which stood there unlocked, and goes on to be used", () => {
    const owns = (...rows: readonly EventRow[]) => judged(...rows)!.contributions.filter(({ group, llr }) => group === 'client' && llr < 0);
    const goesOn = signIn('user-3', later(540), { SessionId: 'week-3' });
    expect(owns(goesOn)).not.toEqual([]);
    expect(owns(uses(flat), goesOn)).toEqual([]);
  });
  test.each<readonly [string, readonly EventRow[]]>([
    ["on a colleague's laptop in the office", [uses({ SessionId: 'borrowed' })]],
    ['on a computer that nobody is known by', [uses({ ...flat, DeviceId: 'dev-new', DeviceName: 'LAP-77' })]],
    [
      'there by the method that the user had',
      [uses(flat, { Methods: 'Password; Mobile app notification', Answers: 'Mobile app notification: Pixel' })],
    ],
    [
      "where that laptop is the user's, too",
      [...[17, 14, 11, 8, 5, 2].map((days) => signIn('user-3', later(-days * DAY + 505), { ...laptop, ...flat })), uses(flat)],
    ],
    [
      'on a terminal that many use',
      [...[0, 1, 2, 4].flatMap((u) => [15, 10, 5].map((days) => signIn(`user-${u}`, later(-days * DAY + 520), laptop))), uses(flat)],
    ],
  ])('but not %s', (_name, rows) => {
    expect(judged(...rows)).toBeDefined();
    expect(onAColleagues(...rows)).toEqual([]);
  });
});

test('somebody who came some days ago knows no computer yet: it says nothing of theirs', () => {
  const of = (days: number) =>
    judgeAll([
      ...office,
      ...witness,
      ...atHome,
      ...Array.from({ length: days }, (_, i) => signIn('user-30', later(-(i + 1) * DAY), { DeviceId: 'laptop-30', DeviceName: 'LAP-30' })),
      registration('user-30', later(0), { ResultReason: 'User registered Mobile Phone Call and SMS', ModifiedProperties: SHARED }),
      signIn('user-30', later(500), { ...laptop, ...flat, ...texted }),
    ])
      .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-30')
      .flatMap(({ contributions }) => contributions.map(({ detector }) => detector));
  expect(of(5)).toContain('D7-mass-registration');
  expect(of(5)).not.toContain('D24-colleagues-computer');
  expect(of(18)).toContain('D24-colleagues-computer');
});

describe('a beginner', () => {
  const visits = (computer: Partial<SignInRow>) =>
    [-3 * DAY, -5].map((minutes) => signIn('beginner', later(minutes), { ...computer, ...flat }));
  const registered = registration('beginner', later(0), { ActorIp: '192.0.2.80', ModifiedProperties: SHARED });
  const known = (computer: Partial<SignInRow>) =>
    judgeAll([...office, ...witness, ...atHome, ...visits(computer), registered])
      .filter(({ kind, subject }) => kind === 'registration' && subject === 'beginner')
      .flatMap(({ contributions }) => contributions)
      .filter(({ words }) => /a device of their own|whose address range is a usual one/.test(words));
  test("does not come to be known by a colleague's computer, nor by the place where it is", () => {
    expect(known(laptop)).toEqual([]);
    expect(known({ DeviceId: 'laptop-beginner', DeviceName: 'LAP-beginner' })).toHaveLength(2);
  });
});
