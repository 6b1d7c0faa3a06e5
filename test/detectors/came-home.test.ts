import { expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, registration, signIn } from '../support/events.ts';

const START = '2026-03-02T08:00:00Z';
const DAY = 24 * 60;
const NOON = 20 * DAY + 240;
const later = (minutes: number) => at(START, NOON + minutes);
const bare = { DeviceId: '', DeviceName: '', DeviceTrust: '', OperatingSystem: 'MacOs', Browser: 'Safari 18.1' };
/** Three weeks of twelve people at home, each in a browser of their own without a device id; some days user-3 is at a friend's. */
const home = (u: number): Partial<SignInRow> => ({ ...bare, IPAddress: `198.51.${100 + u}.10`, SessionId: `week-${u}` });
const FRIEND = '198.51.150.10';
const people: readonly EventRow[] = Array.from({ length: 20 * 12 }, (_, i) =>
  signIn(`user-${i % 12}`, at(START, Math.floor(i / 12) * DAY + (i % 12) * 7), home(i % 12)),
).concat(Array.from({ length: 10 }, (_, i) => signIn('user-3', at(START, i * 2 * DAY + 600), { ...home(3), IPAddress: FRIEND })));
const SHARED = JSON.stringify([
  { name: 'StrongAuthenticationUserDetails', oldValue: '[]', newValue: '[{"PhoneNumber":"+49 170 5550188"}]' },
]);
/** The number of user-3 is that of two others: the registration is always reported, so that evidence against can be seen. */
const witness = [8, 9].map((u) => registration(`user-${u}`, at(START, DAY), { ModifiedProperties: SHARED }));
const AWAY: Partial<SignInRow> = { ...bare, IPAddress: '203.0.113.66', Country: 'CH', Asn: '64500', SessionId: 'begun-away' };
const PROOF = 'Password; Mobile app notification';
const CLAIM = 'Previously satisfied; Previously satisfied';
const there = (minutes: number, over: Partial<SignInRow> = {}) => signIn('user-3', later(minutes), { ...AWAY, Methods: PROOF, ...over });
const atHome = (minutes: number, over: Partial<SignInRow> = {}) =>
  signIn('user-3', later(minutes), { ...home(3), SessionId: 'begun-away', Methods: CLAIM, ...over });
const registered = registration('user-3', later(0), { ActorIp: AWAY.IPAddress!, ModifiedProperties: SHARED });

function said(...rows: readonly EventRow[]) {
  const found = judgeAll([...people, ...witness, registered, ...rows]).find(
    ({ kind, subject }) => kind === 'registration' && subject === 'user-3',
  )!;
  return found.contributions.filter(({ detector }) => detector === 'D25-came-home');
}

test('a session that began where the method was registered, and goes on at home, is the owner come home', () => {
  const [item, ...others] = said(there(-5), atHome(DAY));
  expect(item).toMatchObject({ group: 'client', counts: { ranges: 1, days: 1 } });
  expect(item!.llr).toBeLessThan(-2);
  expect(others).toEqual([]);
});

test('on another day, or at another place of theirs, it says more', () => {
  const once = said(there(-5), atHome(DAY))[0]!.llr;
  expect(said(there(-5), atHome(DAY), atHome(2 * DAY))[0]!.llr).toBeLessThan(once);
  expect(said(there(-5), atHome(DAY), atHome(DAY + 60, { IPAddress: FRIEND }))[0]!.llr).toBeLessThan(once);
});

test('a session that was begun there after it does as well', () => {
  expect(said(there(-5), there(300, { SessionId: 'second' }), atHome(DAY, { SessionId: 'second' }))).toHaveLength(1);
});

test('where many colleagues are it says less: a colleague comes there, too', () => {
  // Eight more people live behind the address of user-3's home.
  const neighbours = Array.from({ length: 20 * 8 }, (_, i) =>
    signIn(`user-${4 + (i % 8)}`, at(START, Math.floor(i / 8) * DAY + 300 + (i % 8) * 7), {
      ...home(4 + (i % 8)),
      IPAddress: home(3).IPAddress!,
    }),
  );
  const [item] = said(...neighbours, there(-5), atHome(DAY), atHome(2 * DAY));
  const [alone] = said(there(-5), atHome(DAY), atHome(2 * DAY));
  expect(item!.llr).toBeLessThan(0);
  expect(item!.llr).toBeGreaterThan(alone!.llr / 2);
  expect(item!.words).toMatch(/as many colleagues are/);
});

test.each<[string, readonly EventRow[]]>([
  ['it stays where it began', [there(-5), there(DAY), there(2 * DAY)]],
  ['another session of the owner is at home', [there(-5), atHome(DAY, { SessionId: 'week-3' })]],
  ['it is the cookie of a session that was at home before', [atHome(-3 * DAY), there(-5, { Methods: CLAIM }), atHome(DAY)]],
  ['it was brought there without a proof, and its owner goes on with it at home', [there(-5, { Methods: CLAIM }), atHome(DAY)]],
  ['it comes to another new place', [there(-5), there(DAY, { IPAddress: '203.0.114.9' })]],
  ['it comes to a place that the user was never at', [there(-5), atHome(DAY, { IPAddress: '198.51.222.10' })]],
  ['the log has no sessions', [there(-5, { SessionId: '' }), atHome(DAY, { SessionId: '' })]],
  ['it began in another new place than the registration', [there(-5, { IPAddress: '203.0.114.9' }), atHome(DAY)]],
])('%s: nothing', (_, rows) => {
  expect(said(...rows)).toEqual([]);
});
