import { describe, expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, registration, signIn } from '../support/events.ts';

const START = '2026-03-02T08:00:00Z';
const DAY = 24 * 60;
const NOON = 20 * DAY + 240;
const later = (minutes: number) => at(START, NOON + minutes);
const bare = { DeviceId: '', DeviceName: '', DeviceTrust: '' };
/** Three weeks of twelve people, each at home in a browser of their own without a device id, in one session. */
const home = (u: number): Partial<SignInRow> => ({ ...bare, IPAddress: `198.51.${100 + u}.10`, SessionId: `week-${u}` });
const people: readonly EventRow[] = Array.from({ length: 20 * 12 }, (_, i) =>
  signIn(`user-${i % 12}`, at(START, Math.floor(i / 12) * DAY + (i % 12) * 7), home(i % 12)),
);
const SHARED = JSON.stringify([
  { name: 'StrongAuthenticationUserDetails', oldValue: '[]', newValue: '[{"PhoneNumber":"+49 170 5550188"}]' },
]);
/** The number of user-3 is that of two others: the registration is always reported, so that weak evidence can be seen. */
const witness = [8, 9].map((u) => registration(`user-${u}`, at(START, DAY), { ModifiedProperties: SHARED }));
const AWAY = '203.0.113.66';
const registered = registration('user-3', later(0), { ActorIp: AWAY, ModifiedProperties: SHARED });
/** The browser that registers: a session of its own, somewhere else in a network that the user has. */
const browser = (minutes: number, over: Partial<SignInRow> = {}) =>
  signIn('user-3', later(minutes), { ...bare, IPAddress: AWAY, SessionId: 'fresh', AppDisplayName: 'My Signins', ...over });
const owner = (minutes: number, over: Partial<SignInRow> = {}) => signIn('user-3', later(minutes), { ...home(3), ...over });
const refused = (minutes: number, over: Partial<SignInRow> = {}) =>
  owner(minutes, { ResultType: '500121', ResultDetail: 'MFA denied; user did not respond', Methods: '', ...over });
/** Somebody with the password, in a country of nobody's, whom the prompts keep out. */
const FAR = { IPAddress: '192.0.2.200', SessionId: 'guess', Country: 'BR', Asn: '28573' };
const week = Array.from({ length: 12 }, (_, i) => owner(90 + i * 300));

const said = (...rows: readonly EventRow[]) =>
  judgeAll([...people, ...witness, browser(-5), registered, ...rows])
    .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
    .flatMap(({ contributions }) => contributions)
    .filter(({ detector }) => detector === 'D18-two-hands');
/** What it says that the two never met, of rows beside everybody's weeks; undefined where it does not say it. */
const apart = (rows: readonly EventRow[], user = 'user-3') =>
  judgeAll([...people, ...witness, ...rows])
    .filter(({ kind, subject }) => kind === 'registration' && subject === user)
    .flatMap(({ contributions }) => contributions)
    .find(({ detector, group }) => detector === 'D18-two-hands' && group === 'registration')?.llr;
const words = (...rows: readonly EventRow[]) => said(...rows).map((item) => item.words);

describe('the browser that registered a method, beside what the user is known by', () => {
  test('never where the user is, while the user goes on: two people', () => {
    const [apart, ...others] = said(...week, browser(400), browser(2000));
    expect(apart?.words).toMatch(/never where the user's known devices and sessions were/);
    expect(apart?.llr).toBeGreaterThan(0);
    expect(others).toEqual([]);
  });
  test('little is said as long as the user was seen for some hours only', () => {
    expect(said(...week)[0]!.llr).toBeGreaterThan(said(...week.slice(0, 4))[0]!.llr);
    expect(said(...week.slice(0, 2))).toEqual([]);
  });
  test('a browser that is new to the user makes it more, and an older session in one of theirs is enough to be the user', () => {
    const linux = { OperatingSystem: 'Linux', Browser: 'Firefox' };
    const rows = [browser(-5, linux), registered, browser(400, linux)];
    const llr = (more: readonly EventRow[]) =>
      judgeAll([...people, ...witness, ...more])
        .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
        .flatMap(({ contributions }) => contributions)
        .find(({ detector, group }) => detector === 'D18-two-hands' && group === 'registration')?.llr;
    expect(llr([...rows, ...week])!).toBeGreaterThan(llr([browser(-5), registered, browser(400), ...week])!);
    // In ranges that are new, of the usual network: days before and after.
    const roams = [-4000, -3900, ...Array.from({ length: 12 }, (_, i) => 90 + i * 300)].map((minutes, i) =>
      owner(minutes, { IPAddress: `198.51.${200 + (i % 20)}.9`, SessionId: 'roaming' }),
    );
    expect(llr([...rows, ...roams])).toBeGreaterThan(1);
    expect(llr([browser(-5), registered, browser(400), ...roams])).toBeUndefined();
  });
  test('a telephone that is never in a range where the telephone of the user is has another owner', () => {
    const phone = { OperatingSystem: 'Ios 18', Browser: 'Mobile Safari' };
    const before = Array.from({ length: 18 }, (_, day) =>
      owner((day - 19) * DAY, { ...phone, IPAddress: '198.51.103.20', SessionId: 'phone-3' }),
    );
    const ownPhone = (over: Partial<SignInRow>) =>
      [100, 700, 1500, 2200, 2900, 3600, 4300].map((minutes) =>
        owner(minutes, { ...phone, IPAddress: '198.51.103.20', SessionId: 'phone-3', IsInteractive: false, ...over }),
      );
    const strange = (minutes: number, IPAddress = AWAY) => browser(minutes, { ...phone, IPAddress });
    const rows = [strange(-5), registered, strange(400), strange(1000), strange(2000), ...before];
    const two = apart([...rows, ...ownPhone({})])!;
    expect(two).toBeGreaterThan(4);
    // Of the computer at the desk it says hardly anything, nor where both are in one range once.
    expect(apart([...rows, ...week])!).toBeLessThan(1);
    expect(apart([...rows, strange(3000, '198.51.103.99'), ...ownPhone({})])!).toBeLessThan(1);
    expect(apart([strange(-5), registered, strange(400), ...before, ...ownPhone({})])!).toBeLessThan(1);
    // The owner's is in another range of its carrier each time: a second one of theirs would not meet it, either.
    const roaming = ownPhone({}).map((row, i) => ({ ...row, IPAddress: `100.70.${i}.20` }));
    expect(apart([...rows, ...roaming])!).toBeLessThan(1);
  });
  test('that colleagues have come to the place of the browser says nothing any more', () => {
    const colleagues = [0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11].map((u) =>
      signIn(`user-${u}`, later(-DAY + u), { ...home(u), IPAddress: `203.0.113.${140 + u}` }),
    );
    const there = (...rows: readonly EventRow[]) =>
      judgeAll([...people, ...witness, ...colleagues, ...rows])
        .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
        .flatMap(({ contributions }) => contributions)
        .filter(({ detector }) => detector === 'D21-colleagues-there');
    const linux = { OperatingSystem: 'Linux', Browser: 'Firefox' };
    const rows = [browser(-5, linux), registered, browser(400, linux)];
    expect(there(...rows)).toMatchObject([{ group: 'context' }]);
    expect(there(...rows, ...week)).toEqual([]);
  });
  test('of a user who seldom signs in by hand, a computer that came minutes before is none of theirs', () => {
    const rare = (minutes: number, over: Partial<SignInRow> = {}) =>
      signIn('rare', later(minutes), { ...home(40), SessionId: 'rare-1', ...over });
    const seldom = [-18, -15, -12, -9, -6, -3, -1].map((day) => rare(day * DAY));
    const mail = [90, 390, 690, 990].map((minutes) => rare(minutes, { IsInteractive: false }));
    const linux = { OperatingSystem: 'Linux', Browser: 'Firefox' };
    const stranger = (minutes: number, AppDisplayName: string) =>
      rare(minutes, { ...linux, IPAddress: AWAY, SessionId: 'fresh', AppDisplayName });
    const own = registration('rare', later(0), { ActorIp: AWAY, ModifiedProperties: SHARED });
    const visits = [stranger(-20, 'OfficeHome'), stranger(-5, 'My Signins'), own, stranger(400, 'OfficeHome'), ...seldom, ...mail];
    expect(apart(visits, 'rare')!).toBeGreaterThan(5);
  });
  test('whose things are known by three sign-ins by hand, or by apps that were at work in the background for days, is no beginner', () => {
    const linux = { OperatingSystem: 'Linux', Browser: 'Firefox' };
    const of = (user: string, before: readonly EventRow[], hours = 12) => {
      const own = (minutes: number) => signIn(user, later(minutes), { ...home(40), SessionId: `${user}-1`, IsInteractive: false });
      const there = (minutes: number) =>
        signIn(user, later(minutes), { ...bare, ...linux, IPAddress: AWAY, SessionId: 'fresh', AppDisplayName: 'My Signins' });
      const registers = registration(user, later(0), { ActorIp: AWAY, ModifiedProperties: SHARED });
      return apart([...before, there(-5), registers, there(400), ...Array.from({ length: hours }, (_, i) => own(90 + i * 300))], user)!;
    };
    const days = (user: string, list: readonly number[], IsInteractive: boolean) =>
      list.map((day) => signIn(user, later(day * DAY), { ...home(40), SessionId: `${user}-1`, IsInteractive }));
    const often = of('often', days('often', [-18, -15, -12, -9, -6, -3, -1], true));
    expect(often).toBeGreaterThan(5);
    expect(of('seldom', days('seldom', [-12, -7, -2], true))).toBeGreaterThan(5);
    // In a few hours after it may be half of what they have.
    expect(of('seldom', days('seldom', [-12, -7, -2], true), 5)).toBeLessThan(often / 2);
    const mail = days('mail', [-17, -16, -15, -14, -12, -11, -9, -8, -6, -5, -3, -2, -1], false);
    expect(of('mail', [...days('mail', [-18], true), ...mail])).toBeGreaterThan(5);
    expect(of('new', days('new', [-2, -1], true))).toBeLessThan(often / 2);
  });
  test.each([
    ['desktops in a cloud are never where the laptop is', '16509', 0.5],
    ["a carrier's range that many live in is no gateway", '3320', 0.95],
  ] as const)('says less where many colleagues live in the range of the browser: %s', (_, Asn, share) => {
    const desktops = Array.from({ length: 20 * 7 }, (_, i) =>
      signIn(`user-${5 + (i % 7)}`, at(START, Math.floor(i / 7) * DAY + 600 + (i % 7) * 7), {
        ...home(5 + (i % 7)),
        IPAddress: `203.0.113.${10 + (i % 7)}`,
        Asn,
      }),
    );
    const rows = [...[-5, 400, 2000].map((minutes) => browser(minutes, { Asn })), registered, ...week];
    const [alone, crowded] = [apart(rows)!, apart([...desktops, ...rows])!];
    expect(crowded).toBeCloseTo(alone * share);
    expect(crowded).toBeGreaterThan(0);
  });
  test('at the address where the user is: their new browser', () => {
    const [met] = said(...week, browser(600, { IPAddress: home(3).IPAddress! }));
    expect(met?.words).toMatch(/at an address of the user's known devices and sessions/);
    expect(met?.llr).toBeLessThan(-1);
  });
  test('its session where the user always is says more than a browser of the same name', () => {
    const there = { IPAddress: home(3).IPAddress!, OperatingSystem: 'Linux', Browser: 'Firefox' };
    const linux = { OperatingSystem: 'Linux', Browser: 'Firefox' };
    const llr = (over: Partial<SignInRow>) =>
      judgeAll([...people, ...witness, browser(-5, linux), registered, ...week, browser(600, { ...there, ...over })])
        .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
        .flatMap(({ contributions }) => contributions)
        .find(({ detector, llr }) => detector === 'D18-two-hands' && llr < 0)!.llr;
    expect(llr({})).toBeLessThan(llr({ SessionId: 'another' }) - 0.5);
  });
  test('a cookie of the user’s at the place of the registration is no more than that: it may have been taken along', () => {
    const taken = owner(600, { IPAddress: AWAY });
    const [met] = said(...week, taken);
    expect(met!.llr).toBeGreaterThan(said(...week, browser(600, { IPAddress: home(3).IPAddress! }))[0]!.llr);
  });
  test('a computer that goes on, and is never where the user is, says far more than one that is never seen again', () => {
    expect(apart([browser(-5), registered, ...week, browser(400)])!).toBeGreaterThan(3 * apart([browser(-5), registered, ...week])!);
  });
  test('a computer that is not like the user’s says much though it is never seen again: nothing of the owner was ever like it', () => {
    const linux = { OperatingSystem: 'Linux', Browser: 'Firefox' };
    expect(apart([browser(-5, linux), registered, ...week])!).toBeGreaterThan(2 * apart([browser(-5), registered, ...week])!);
  });
  test('a telephone says little: it is in its carrier’s network whenever the computer is at home', () => {
    const phone = { OperatingSystem: 'Android', Browser: 'Chrome Mobile' };
    const of = (over: Partial<SignInRow>) => apart([browser(-5, over), registered, ...week, browser(400, over), browser(2000, over)])!;
    expect(of(phone)).toBeGreaterThan(0);
    expect(of(phone)).toBeLessThan(of({}) / 3);
    // Of 530 intruders 4 % had one that never met the owner's things, of 8,000 owners 2.6 %.
    expect(of(phone)).toBeLessThan(Math.log(21 / 530 / (206 / 8000)));
  });
  test('of somebody who was new a few days ago it says little: their own things are hardly known', () => {
    // A device id makes the newcomer's computer known at once.
    const of = (user: string, before: number) => {
      const laptop = { ...home(20), DeviceId: 'laptop-20', DeviceName: 'LAP-20', DeviceTrust: 'managed' };
      const own = (minutes: number) => signIn(user, later(minutes), laptop);
      const there = (minutes: number) =>
        signIn(user, later(minutes), { ...bare, IPAddress: AWAY, SessionId: 'fresh', AppDisplayName: 'My Signins' });
      const days = Array.from({ length: before }, (_, i) => own((i - before) * DAY));
      const registers = registration(user, later(0), { ActorIp: AWAY, ModifiedProperties: SHARED });
      return apart([...days, there(-5), registers, there(400), ...Array.from({ length: 12 }, (_, i) => own(90 + i * 300))], user)!;
    };
    expect(of('user-20', 3)).toBeGreaterThan(0);
    expect(of('user-20', 3)).toBeLessThan(of('user-20', 14) / 3);
  });
  test('who was asked to enrol is who registers, without a sign-in to the page', () => {
    const asked = browser(-5, { AppDisplayName: 'OfficeHome', ResultType: '50072', Methods: 'Password' });
    const goesOn = { AppDisplayName: 'OfficeHome', IPAddress: '203.0.113.200' };
    expect(apart([asked, registered, ...week, browser(400, goesOn)])).toBe(apart([browser(-5), registered, ...week, browser(400, goesOn)]));
    expect(apart([registered, ...week, browser(400, goesOn)])).toBeUndefined();
  });
  test('without either it is who comes from the very address after', () => {
    const mail = { AppDisplayName: 'OfficeHome' };
    expect(apart([registered, ...week, browser(400, mail), browser(2000, mail)])).toBeGreaterThan(3);
    // The owner does.
    expect(apart([registered, ...week, owner(400, { IPAddress: AWAY })])).toBeUndefined();
    expect(apart([registered, ...week])).toBeUndefined();
  });
  test('a known device in the session of a browser without a device id is the one that it was taken from', () => {
    const laptop = { DeviceId: 'laptop-3', DeviceName: 'LAP-3', DeviceTrust: 'managed', SessionId: 'taken' };
    const before = Array.from({ length: 14 }, (_, day) => owner(-day * DAY - 200, laptop));
    const after = Array.from({ length: 12 }, (_, i) => owner(90 + i * 300, laptop));
    const of = (session: string) => {
      const rows = [browser(-5, { SessionId: session }), registered, browser(400, { SessionId: session })];
      return judgeAll([...people, ...witness, ...before, ...rows, ...after])
        .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
        .flatMap(({ contributions }) => contributions)
        .filter(({ detector }) => detector === 'D18-two-hands')
        .map(({ llr }) => llr);
    };
    expect(of('taken')).toEqual(of('fresh'));
    expect(of('taken')[0]).toBeGreaterThan(0);
  });
  test('a session that the user has had for weeks is nobody else', () => {
    const own = [browser(-4, { SessionId: 'week-3' }), registration('user-3', later(0), { ActorIp: AWAY, ModifiedProperties: SHARED })];
    const found = judgeAll([...people, ...witness, ...own, ...week]).flatMap(({ contributions }) => contributions);
    expect(found.filter(({ detector }) => detector === 'D18-two-hands')).toEqual([]);
  });
  test('another fresh session at the address of the registration goes on with it, and is no owner', () => {
    expect(words(...week, browser(300, { SessionId: 'fresh-2' }))).toEqual([expect.stringMatching(/never where/)]);
  });
  test('without sessions in the log nothing is said', () => {
    const blank = [...people, ...witness, browser(-5), registered, ...week].map((row) =>
      'SessionId' in row ? { ...row, SessionId: '' } : row,
    );
    expect(judgeAll(blank).flatMap(({ contributions }) => contributions.filter(({ detector }) => detector === 'D18-two-hands'))).toEqual(
      [],
    );
  });
});

describe('prompts that fail elsewhere', () => {
  test('in different hours, and nobody there answers one', () => {
    const most = said(refused(120), refused(300), refused(500));
    expect(most.map((item) => item.words)).toEqual([expect.stringMatching(/failed in 3 different hours after it, elsewhere/)]);
    expect(most[0]!.llr).toBeGreaterThan(4);
    expect(said(refused(120))[0]!.llr).toBeLessThan(2);
  });
  test('several in one hour count once', () => {
    expect(words(refused(120), refused(121), refused(122))).toEqual([expect.stringMatching(/failed in 1 hour after it/)]);
  });
  test.each<readonly [string, readonly EventRow[]]>([
    ['the user answers one later', [refused(120), refused(300), owner(301)]],
    ['they fail in the browser that registered', [refused(120, { IPAddress: AWAY }), refused(300, { SessionId: 'fresh' })]],
    ['they failed before', [refused(-300), refused(-120)]],
    ['they fail where the user never was, further away than the registration', [120, 300, 500].map((minutes) => refused(minutes, FAR))],
  ])('%s: nothing', (_, rows) => {
    expect(words(...rows).filter((text) => /prompts failed/.test(text))).toEqual([]);
  });
});

test('whoever fails the prompts does not become the registrant by having the same system and browser', () => {
  const fresh = [browser(-5, { OperatingSystem: 'MacOs', Browser: 'Chrome' }), registered];
  const elsewhere = { IPAddress: '192.0.2.77', SessionId: 'mine', OperatingSystem: 'MacOs', Browser: 'Chrome' };
  const rows = [
    owner(100, { ...elsewhere, IsInteractive: false }),
    ...[120, 300, 500].flatMap((minutes) => [
      refused(minutes, elsewhere),
      owner(minutes + 5, { ...elsewhere, IsInteractive: false, Methods: '' }),
    ]),
  ];
  const found = judgeAll([...people, ...witness, ...fresh, ...rows]).flatMap(({ contributions }) => contributions);
  expect(found.map((item) => item.words)).toEqual(expect.arrayContaining([expect.stringMatching(/failed in 3 different hours/)]));
});
