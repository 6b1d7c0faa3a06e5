import { describe, expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, ofDirectory, registration, signIn } from '../support/events.ts';

const START = '2026-03-02T08:00:00Z';
const DAY = 24 * 60;
const NOON = 20 * DAY + 240;
const later = (minutes: number) => at(START, NOON + minutes);
const BARE = { DeviceId: '', DeviceName: '', DeviceTrust: '' };
const TELEPHONE = { ...BARE, OperatingSystem: 'Ios 18', Browser: 'Mobile Safari', SessionId: 'phone-3' };
const COMPUTER = { ...BARE, SessionId: 'browser-3' };
/** A hotel in another country. */
const HOTEL: Partial<SignInRow> = {
  IPAddress: '203.0.113.66',
  Country: 'PT',
  City: 'Lisbon',
  Latitude: 38.7,
  Longitude: -9.1,
  Asn: '2860',
};
const PHONE = JSON.stringify([
  { name: 'StrongAuthenticationUserDetails', oldValue: '[]', newValue: '[{"PhoneNumber":"+49 170 5550188"}]' },
]);

/** Three weeks of twelve people in the office without device ids; user-3 has a telephone as well. */
const office: readonly EventRow[] = Array.from({ length: 20 * 12 }, (_, i) => {
  const [day, u] = [Math.floor(i / 12), i % 12];
  return signIn(`user-${u}`, at(START, day * DAY + u * 7), { ...BARE, SessionId: `browser-${u}` });
});
const telephone = Array.from({ length: 20 }, (_, day) => signIn('user-3', at(START, day * DAY + 200), TELEPHONE));
/** The phone number of two others makes the registration a finding, whatever else is said. */
const witness = [8, 9].map((u) => registration(`user-${u}`, at(START, DAY), { ModifiedProperties: PHONE }));
const own = registration('user-3', later(0), { ActorIp: '203.0.113.66', ModifiedProperties: PHONE });
const said = (rows: readonly EventRow[]) =>
  judgeAll([...office, ...telephone, ...witness, own, ...rows])
    .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
    .flatMap(({ contributions }) => contributions)
    .filter(({ detector }) => detector === 'D19-own-things');
const there = (minutes: number, over: Partial<SignInRow>) => signIn('user-3', later(minutes), { ...HOTEL, ...over });

describe('the things of the user at the place of a registration', () => {
  test.each([
    ['before', [there(-90, COMPUTER), there(-30, TELEPHONE)]],
    ['one of them after', [there(-5, COMPUTER), there(300, TELEPHONE)]],
    ['one of them in the background', [there(-5, COMPUTER), there(-60, { ...TELEPHONE, IsInteractive: false })]],
  ] as const)('a computer and a telephone, %s', (_, rows) => {
    const [found] = said(rows);
    expect(found?.words).toBe("A computer and a phone like the user's were both at the address range of the registration.");
    expect(found?.llr).toBeLessThan(-2);
  });
  test('a telephone that nobody knows the user by is half of it', () => {
    const [found] = said([there(-5, COMPUTER), there(30, { ...TELEPHONE, OperatingSystem: 'Android 15', Browser: 'Chrome Mobile' })]);
    expect(found?.words).toMatch(/one of them like the user's/);
    expect(found?.llr).toBeGreaterThan(-2);
  });
  test.each([
    ['one machine', [there(-90, COMPUTER), there(-5, COMPUTER)]],
    [
      'two machines that are both new to the user',
      [
        there(-90, { ...BARE, OperatingSystem: 'Linux', Browser: 'Firefox' }),
        there(-5, { ...BARE, OperatingSystem: 'Android 15', Browser: 'Chrome Mobile' }),
      ],
    ],
    ['a telephone at another new place', [there(-90, COMPUTER), there(-30, { ...TELEPHONE, IPAddress: '192.0.2.9', Asn: '12353' })]],
    ['a telephone at a usual place', [there(-90, COMPUTER), signIn('user-3', later(-30), TELEPHONE)]],
    [
      'no system and browser in the log',
      [there(-90, { ...BARE, OperatingSystem: '', Browser: '' }), there(-5, { ...BARE, OperatingSystem: '', Browser: '' })],
    ],
  ] as const)('%s says nothing', (_, rows) => {
    expect(said(rows)).toEqual([]);
  });
  test('nor does an address of many colleagues', () => {
    const colleagues = [0, 1, 2, 4, 5, 6, 7, 8].flatMap((u) =>
      [3, 7, 11, 15].map((day) => signIn(`user-${u}`, at(START, day * DAY + 600 + u), { ...BARE, ...HOTEL, SessionId: `browser-${u}` })),
    );
    expect(said([...colleagues, there(-90, COMPUTER), there(-30, TELEPHONE)])).toEqual([]);
  });
});

test('the record of the directory, which has no address and comes first, makes no place of the owner the one of the registration', () => {
  const twin = registration('user-3', later(-1), {
    ...ofDirectory,
    ModifiedProperties: PHONE,
    CorrelationId: own.CorrelationId as string,
  });
  const atHotel = [there(-90, COMPUTER), there(-30, TELEPHONE), there(-5, { ...COMPUTER, RiskLevel: 'high' })];
  expect(said([...atHotel, twin])).toHaveLength(1);
  const rows = [...office, ...telephone, ...witness, ...atHotel, twin];
  const elsewhere = { ...own, ActorIp: '192.0.2.9' };
  const found = judgeAll([...rows, elsewhere]).flatMap(({ kind, subject, contributions }) =>
    kind === 'registration' && subject === 'user-3' ? contributions : [],
  );
  expect(found.filter(({ detector }) => detector === 'D19-own-things')).toEqual([]);
  const before = judgeAll(rows).flatMap(({ kind, subject, contributions }) =>
    kind === 'registration' && subject === 'user-3' ? contributions : [],
  );
  expect(before.filter(({ detector }) => detector === 'D19-own-things')).toHaveLength(1);
});

test('a method that is asked for on a second day says that the owner is there, unless it is a program that signs in', () => {
  const given = (over: Partial<SignInRow>) =>
    said([3, 2, 1].map((days) => there(-days * DAY, { ...COMPUTER, SessionId: `hotel-${days}`, ...over }))).find(
      ({ group }) => group === 'credential',
    );
  expect(given({})!.words).toMatch(/on 3 earlier days/);
  expect(given({})!.llr).toBeLessThan(-2);
  expect(given({ OperatingSystem: '', Browser: '', UserAgent: 'python-requests/2.32.3' })).toBeUndefined();
});

describe('behind a VPN company, which gives another range each time', () => {
  const M247 = { Asn: '9009' };
  const other = { ...M247, IPAddress: '203.0.114.9' };
  test('what was in another range of the company counts, for less', () => {
    const [found] = said([there(-300, { ...TELEPHONE, ...other }), there(-5, { ...COMPUTER, ...M247 })]).filter(
      ({ group }) => group === 'client',
    );
    expect(found!.words).toMatch(/computer and a phone like the user's were both behind the hosting or VPN company/);
    const [range] = said([there(-300, { ...TELEPHONE, ...M247 }), there(-5, { ...COMPUTER, ...M247 })]).filter(
      ({ group }) => group === 'client',
    );
    expect(found!.llr).toBeGreaterThan(range!.llr);
    expect(found!.llr).toBeLessThan(-1);
  });
  test('whose customer gave their own method there on three days is known to come from one', () => {
    const given = (day: number) => there(-day * DAY, { ...COMPUTER, ...other, Methods: 'Password; Mobile app notification' });
    const hosted = (...days: readonly number[]) =>
      judgeAll([...office, ...telephone, ...witness, own, ...days.map(given), there(-5, { ...BARE, ...M247, SessionId: 'fresh' })])
        .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
        .flatMap(({ contributions }) => contributions)
        .find(({ detector, group }) => detector === 'D1-novelty' && group === 'credential')?.words;
    expect(hosted(3, 2)).toMatch(/belongs to a hosting or VPN company, and the user was not known to come from one/);
    expect(hosted(4, 3, 2)).toBeUndefined();
  });
  test('a telephone in another range of a carrier says nothing', () => {
    expect(said([there(-300, { ...TELEPHONE, IPAddress: '203.0.114.9' }), there(-5, COMPUTER)])).toEqual([]);
  });
});

describe('the method of the user at the place of a registration', () => {
  const given = (days: number, over: Partial<SignInRow> = {}) =>
    there(-days * DAY, { ...COMPUTER, Methods: 'Password; Mobile app notification', ...over });
  const words = (rows: readonly EventRow[]) => said(rows).map((item) => item.words);
  const pattern = /^A method of the user's was asked for and used at the address range of the registration on 2 earlier days/;
  const containing = expect.arrayContaining([expect.stringMatching(pattern)]);
  test('given on two earlier days is the owner', () => {
    expect(words([given(3), given(2), given(0.01)])).toEqual(containing);
  });
  test('given on three, more surely: nobody is talked into it day after day', () => {
    const llr = (rows: readonly EventRow[]) => said(rows).find(({ words: text }) => text.includes('was asked for and used'))!.llr;
    expect(llr([given(4), given(3), given(2)])).toBeLessThan(llr([given(3), given(2)]) - 1);
  });
  test.each([
    ['on one earlier day alone', [given(2), given(2.01)]],
    ['satisfied by an earlier proof', [given(3, { Methods: 'Previously satisfied; Previously satisfied' }), given(2)]],
    ['with a password alone', [given(3, { Methods: 'Password' }), given(2, { Methods: 'Password' })]],
    ['elsewhere', [given(3, { IPAddress: '192.0.2.9' }), given(2, { IPAddress: '192.0.2.9' })]],
    [
      'with a method that came from there first',
      [registration('user-3', later(-4 * DAY), { ActorIp: '203.0.113.66' }), given(3), given(2)],
    ],
  ] as const)('%s it is not', (_, rows) => {
    expect(words(rows)).not.toEqual(containing);
  });
});

describe('an app of the user at the place of a registration', () => {
  const app = (minutes: number, over: Partial<SignInRow> = {}) =>
    there(minutes, { ...COMPUTER, IsInteractive: false, Methods: '', ...over });
  const words = (rows: readonly EventRow[]) => said(rows).map((item) => item.words);
  const containing = expect.arrayContaining([
    expect.stringMatching(/^An app on a computer or phone like the user's was active in the background/),
  ]);
  test('at work in the background the day before', () => {
    expect(words([app(-DAY), there(-5, COMPUTER)])).toEqual(containing);
  });
  describe('that is never signed in to by hand', () => {
    const MAIL = { OperatingSystem: 'Android 15', Browser: 'Chrome Mobile', SessionId: 'mail-3' };
    const weeks = Array.from({ length: 19 }, (_, day) =>
      signIn('user-3', at(START, day * DAY + 300), { ...BARE, ...MAIL, IsInteractive: false, Methods: '' }),
    );
    test('is the user’s by its session, which is known from usual places', () => {
      expect(words([...weeks, app(-DAY, MAIL), there(-5, COMPUTER)])).toEqual(containing);
      expect(words([app(-DAY, MAIL), there(-5, COMPUTER)])).not.toEqual(containing);
    });
    test('is not where the session goes on in another system and browser: its token may have been taken', () => {
      const taken = app(-DAY, { ...MAIL, OperatingSystem: 'Linux', Browser: 'Firefox' });
      expect(words([...weeks, taken, there(-5, COMPUTER)])).not.toEqual(containing);
    });
  });
  test.each([
    ['on the same day, as a stolen token is', [app(-200), app(-100)]],
    ['on a machine that nobody knows the user by', [app(-DAY, { OperatingSystem: 'Linux', Browser: 'Firefox' })]],
    ['elsewhere', [app(-DAY, { IPAddress: '192.0.2.9' })]],
    ['at a hosting company, where services fetch mail', [app(-DAY, { Asn: '9009' })]],
  ] as const)('says nothing %s', (_, rows) => {
    expect(words([...rows, there(-5, COMPUTER)])).not.toEqual(containing);
  });
});
