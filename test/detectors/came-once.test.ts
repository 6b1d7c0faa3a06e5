import { expect, test } from 'vitest';
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
/** The number of user-3 is that of two others: the registration is always reported, so that evidence against can be seen. */
const witness = [8, 9].map((u) => registration(`user-${u}`, at(START, DAY), { ModifiedProperties: SHARED }));
/** A computer that nothing is known of, in a new range of the user's network, which opens the page of the methods. */
const AWAY = { ...bare, IPAddress: '203.0.113.66', SessionId: 'fresh', OperatingSystem: 'Linux', Browser: 'Firefox' };
const there = (minutes: number, over: Partial<SignInRow> = {}) =>
  signIn('user-3', later(minutes), { ...AWAY, AppDisplayName: 'OfficeHome', ...over });
const page = (minutes: number, over: Partial<SignInRow> = {}) => there(minutes, { AppDisplayName: 'My Signins', ...over });
const registered = registration('user-3', later(0), { ActorIp: AWAY.IPAddress, ModifiedProperties: SHARED });
const owner = (minutes: number) => signIn('user-3', later(minutes), home(3));
/** Five days of the owner's at home. */
const days = [300, 700, DAY, DAY + 400, 2 * DAY, 2 * DAY + 400, 3 * DAY, 4 * DAY].map(owner);

const said = (rows: readonly EventRow[], ...before: readonly EventRow[]) =>
  judgeAll([...people, ...witness, ...(before.length === 0 ? [page(-5)] : before), registered, ...rows])
    .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
    .flatMap(({ contributions }) => contributions)
    .filter(({ detector }) => detector === 'D26-came-once');

test('a computer that registers a method and is never seen again, while the owner goes on, was borrowed', () => {
  const [item, ...others] = said(days);
  expect(item).toMatchObject({ group: 'context' });
  expect(item!.llr).toBeLessThan(-2);
  expect(others).toEqual([]);
});

test('the page of the methods itself is opened once more when one has been added', () => {
  expect(said([page(1), ...days])).toHaveLength(1);
});

test.each<[string, readonly EventRow[]]>([
  ['its session reads mail minutes after', [there(3), ...days]],
  ['it comes back days later', [...days, there(3 * DAY + 60)]],
  ['another session comes to the place of the registration', [...days, there(2 * DAY + 60, { SessionId: 'second' })]],
  ['a computer without an id is at another new place', [...days, there(DAY + 60, { SessionId: 'second', IPAddress: '203.0.114.9' })]],
  ['the owner has not gone on for long', days.slice(0, 3)],
  ['a day is not over', [300, 400, 500, 600, 700, 800].map(owner)],
])('%s: nothing', (_, rows) => {
  expect(said(rows)).toEqual([]);
});

test.each<[string, Partial<SignInRow>]>([
  ['in another country', { Country: 'NG', Asn: '37282' }],
  ['behind a hosting company', { Asn: '212238' }],
  ['on a computer with an id', { DeviceId: '7f1c22be-2b63-4f0b-93cd-6a1d8fd6b2a0', DeviceName: 'PC-77' }],
])('%s it says nothing', (_, over) => {
  expect(said(days, page(-5, over))).toEqual([]);
});

test('nor after a reset of the password with a number that then signed in there: whoever does that wants the account', () => {
  const texted = page(-5, { Methods: 'Password; Text message' });
  const reset = registration('user-3', later(-12), {
    OperationName: 'Reset password (self-service)',
    ResultReason: 'Successfully completed reset.',
    LoggedByService: 'Self-service Password Management',
    ActorIp: AWAY.IPAddress,
  });
  expect(said(days, texted)).toHaveLength(1);
  expect(said(days, reset, texted)).toEqual([]);
});

const PHONE = { OperatingSystem: 'Android 15', Browser: 'Chrome Mobile' };
const onPhone = (minutes: number, over: Partial<SignInRow> = {}) => there(minutes, { ...PHONE, ...over });

test('so was the browser of a telephone that is used for hardly anything else, abroad too: a new phone, put in on the phone itself', () => {
  const computer = said(days)[0]!.llr;
  for (const place of [{}, { Country: 'NG', Asn: '37282' }]) {
    const [item] = said([onPhone(2, place), ...days], page(-5, { ...PHONE, ...place }));
    expect(item!.llr).toBeLessThan(-1);
    expect(item!.llr).toBeGreaterThan(computer);
  }
});

test('on a telephone behind a hosting company: nothing', () => {
  const hosted = { Country: 'NG', Asn: '14061' };
  expect(said([onPhone(2, hosted), ...days], page(-5, { ...PHONE, ...hosted }))).toEqual([]);
});

test.each<[string, readonly EventRow[], Partial<SignInRow>]>([
  ['its session goes on', [onPhone(2), onPhone(60), onPhone(400), ...days], {}],
  [
    'its session goes on, in another range each time',
    [2, 60, 400].map((m) => onPhone(m, { IPAddress: `203.0.${m % 200}.9` })).concat(days),
    {},
  ],
  ['the log has no sessions', days, { SessionId: '' }],
  ['a day is not over', days.slice(0, 2), {}],
])('on a telephone, where %s: nothing', (_, rows, over) => {
  expect(said(rows, page(-5, { ...PHONE, ...over }))).toEqual([]);
});
