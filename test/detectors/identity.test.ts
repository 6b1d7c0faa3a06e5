import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { msFromTicks, ticksFromIso } from '../../src/core/ticks.ts';
import type { IdentityRow } from '../../src/events/contracts.ts';
import { Engine } from '../../src/scoring/engine.ts';
import { feed, judgeAll, judgeInRuns } from '../support/engine.ts';
import { at, type EventRow, elsewhere, registration, signIn, TENANT } from '../support/events.ts';

const START = '2026-03-02T08:00:00Z';
const DAY = 24 * 60;
const later = (minutes: number) => at(START, 20 * DAY + 240 + minutes);
const PHONE = JSON.stringify([
  { name: 'StrongAuthenticationUserDetails', oldValue: '[]', newValue: '[{"PhoneNumber":"+49 170 5550188"}]' },
]);

/** Thirty people in the office, and two whose phone makes a third registration of it reported. */
const office: readonly EventRow[] = [
  ...Array.from({ length: 20 * 30 }, (_, i) => signIn(`user-${i % 30}`, at(START, Math.floor(i / 30) * DAY + (i % 30) * 7))),
  ...[8, 9].map((u) => registration(`user-${u}`, at(START, DAY), { ModifiedProperties: PHONE })),
];
/** As queries/identity.kql gives it. */
const account = (UserId: string, time: bigint, over: Partial<IdentityRow> = {}): IdentityRow => ({
  EventTime: time,
  IngestedAt: time,
  Id: `${UserId} ${time}`,
  CorrelationId: '',
  UserId,
  UserPrincipalName: `${UserId}@contoso.example`,
  TenantId: TENANT,
  UserType: 'Member',
  Department: 'Research',
  CreatedAt: ticksFromIso('2019-05-06T07:00:00Z')!,
  Roles: '[]',
  IsServiceAccount: false,
  ...over,
});
const first = registration('sleeper', later(0), { ActorIp: '203.0.113.66', ModifiedProperties: PHONE, CorrelationId: 'first' });
const found = (rows: readonly EventRow[]) => judgeAll([...office, ...rows]).find(({ anchor }) => anchor === 'first');
const piece = (rows: readonly EventRow[], pattern: RegExp) => found(rows)?.contributions.find(({ words }) => pattern.test(words));
const NO_IDENTITY = /^No snapshot of the account in IdentityInfo before/;

describe('the age of an account', () => {
  const FIRST_SIGN = /^First sign of this account in \d+ days of log/;
  // From 6 May 2019 to 22 March 2026: seven years with two leap days, less 45 days.
  test('that is years old and shows up for the first time, with the day on which that was known', () => {
    expect(piece([account('sleeper', later(-5 * DAY)), first], FIRST_SIGN)?.words).toMatch(
      /though it is 2512 days old by IdentityInfo of 2026-03-17\.$/,
    );
  });
  test('that was made last week speaks for a first method, though the log does not show it', () => {
    const CreatedAt = later(-7 * DAY);
    const rows = [account('sleeper', later(-5 * DAY), { CreatedAt }), first];
    expect(piece(rows, FIRST_SIGN)).toBeUndefined();
    expect(piece(rows, /made recently: a first method is expected/)?.llr).toBeLessThan(0);
  });
  test('of a tenant where new accounts are never logged as they are made', () => {
    const beginners = Array.from({ length: 40 }, (_, i) => registration(`beginner-${i}`, at(START, 15 * DAY + i * 60)));
    const llr = (rows: readonly EventRow[]) => piece([...beginners, ...rows, first], FIRST_SIGN)?.llr ?? 0;
    expect(llr([])).toBeLessThan(0.2);
    expect(llr([account('sleeper', later(-5 * DAY))])).toBeGreaterThan(1.5);
  });
  test('is the newest snapshot’s before the registration; a later one tells nothing of then', () => {
    const renewed = account('sleeper', later(-3 * DAY), { CreatedAt: later(-4 * DAY) });
    const old = account('sleeper', later(-5 * DAY));
    expect(piece([renewed, old, first], /first method is expected/)).toBeDefined();
    expect(found([account('sleeper', later(60)), first])?.gaps).toEqual(expect.arrayContaining([expect.stringMatching(NO_IDENTITY)]));
  });
  test('is not guessed where it is not known', () => {
    const unknown = account('sleeper', later(-5 * DAY), { CreatedAt: null });
    expect(piece([unknown, first], FIRST_SIGN)?.words).toMatch(/which does not show its creation\.$/);
    expect(found([unknown, first])?.gaps).not.toEqual(expect.arrayContaining([expect.stringMatching(NO_IDENTITY)]));
    expect(found([first])?.gaps).toEqual(expect.arrayContaining([expect.stringMatching(NO_IDENTITY)]));
  });
});

test('a privileged role makes a registration by somebody else worse', () => {
  const byAdmin = registration('user-3', later(0), {
    OperationName: 'Admin registered security info',
    ActorUserId: 'user-5',
    ActorUpn: 'user-5@contoso.example',
    CorrelationId: 'first',
    ModifiedProperties: PHONE,
  });
  const words = (Roles: string) => piece([account('user-3', later(-DAY), { Roles }), byAdmin], /has the role/)?.words;
  expect(words('["Global Administrator","Message Center Reader"]')).toBe(
    'The account has the role Global Administrator (IdentityInfo of 2026-03-21).',
  );
  expect(words('["Message Center Reader"]')).toBeUndefined();
  expect(words('{"not":"a list"}')).toBeUndefined();
});

test('a service account has no use for a method', () => {
  const rows = (IsServiceAccount: boolean) => [account('sleeper', later(-DAY), { IsServiceAccount }), first];
  expect(piece(rows(true), /^A service account by IdentityInfo of 2026-03-21/)?.llr).toBeGreaterThan(0);
  expect(piece(rows(false), /^A service account/)).toBeUndefined();
});

test('a beginner in the branch office of the department is where the department is', () => {
  const branch = { IPAddress: '192.0.2.50', Country: 'PT', City: 'Lisbon', Asn: '2860' };
  // So few that the tenant at large hardly knows the country.
  const peers = [0, 1, 2].map((u) => account(`branch-${u}`, at(START, 60), { Department: 'Sales Iberia' }));
  const there = peers.flatMap(({ UserId }, u) =>
    Array.from({ length: 2 }, (_, day) => signIn(UserId, at(START, day * DAY + 120 + u), { ...branch, DeviceId: `pt-${u}` })),
  );
  const beginner = [
    signIn('sleeper', later(-5), { ...branch, DeviceId: '', DeviceName: '', DeviceTrust: '' }),
    registration('sleeper', later(0), { ActorIp: branch.IPAddress, ModifiedProperties: PHONE, CorrelationId: 'first' }),
  ];
  const network = (Department: string) =>
    found([...peers, ...there, account('sleeper', later(-DAY), { Department }), ...beginner])
      ?.contributions.filter(({ group }) => group === 'network')
      .reduce((most, { llr }) => Math.max(most, llr), Number.NEGATIVE_INFINITY);
  expect(network('Legal')).toBeGreaterThan(0);
  expect(network('sales iberia ')).toBeLessThanOrEqual(0);
});

test('any order of arrival and any cut gives the same judgements; accounts that never sign in take no place among users', () => {
  const accounts = Array.from({ length: 40 }, (_, i) =>
    account(`user-${i}`, at(START, i), { Roles: i % 3 === 0 ? '["User Administrator"]' : '' }),
  );
  const rows = [...accounts, account('sleeper', later(-5 * DAY)), ...office, signIn('sleeper', later(-3), elsewhere), first];
  const expected = judgeAll(rows);
  fc.assert(
    fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), fc.integer({ min: -9000, max: 60 }), (keys, minute) => {
      const rank = new Map(rows.map((row) => [row, keys.next().value as number]));
      const shuffled = [...rows].sort((a, b) => rank.get(a)! - rank.get(b)!);
      const between = (engine: Engine) => Engine.restore(engine.snapshot());
      expect(judgeAll(shuffled)).toEqual(expected);
      expect(judgeInRuns(shuffled, { untils: [msFromTicks(later(minute))], provisional: true, between })).toEqual(expected);
    }),
    { numRuns: 4 },
  );
  const engine = new Engine();
  feed(engine, accounts);
  engine.advance(Number.POSITIVE_INFINITY);
  expect(engine.stats.users).toBe(0);
});
