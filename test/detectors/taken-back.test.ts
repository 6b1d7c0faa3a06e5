import { describe, expect, test } from 'vitest';
import type { AuditRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, registration, signIn } from '../support/events.ts';

const START = '2026-03-02T08:00:00Z';
const DAY = 24 * 60;
const NOON = 20 * DAY + 240;
const later = (minutes: number) => at(START, NOON + minutes);
const office: readonly EventRow[] = Array.from({ length: 20 * 12 }, (_, i) =>
  signIn(`user-${i % 12}`, at(START, Math.floor(i / 12) * DAY + (i % 12) * 7)),
);
const number = (before: string, after: string) =>
  JSON.stringify([
    {
      name: 'StrongAuthenticationUserDetails',
      oldValue: before === '' ? '[]' : `[{"PhoneNumber":"${before}"}]`,
      newValue: after === '' ? '[]' : `[{"PhoneNumber":"${after}"}]`,
    },
  ]);
const MINE = '+49 170 5550188';
/** The number of user-3 is that of two others: the registration is always reported, so that weak evidence can be seen. */
const witness = [8, 9].map((u) => registration(`user-${u}`, at(START, DAY), { ModifiedProperties: number('', MINE) }));
const own = registration('user-3', later(0), {
  ResultReason: 'User registered Mobile Phone SMS',
  ModifiedProperties: number('', MINE),
  ActorIp: '203.0.113.66',
});
const desk = { ActorUserId: 'user-5', ActorUpn: 'user-5@contoso.example', ActorIp: '198.51.100.10' };
const deleted = (minutes: number, over: Partial<AuditRow> = {}) =>
  registration('user-3', later(minutes), {
    OperationName: 'Admin deleted security info',
    ResultReason: 'Admin deleted phone method for user',
    OperationType: 'Delete',
    ...desk,
    ...over,
  });
/** The directory's record of what went. */
const twin = (minutes: number, gone: string) =>
  registration('user-3', later(minutes), {
    OperationName: 'Update user',
    LoggedByService: 'Core Directory',
    OperationType: 'Update',
    ResultReason: '',
    ActorIp: '',
    ModifiedProperties: number(gone, ''),
  });
/** The same by the help desk's own hand, in a tenant that has no other record. */
const twinOfDesk = (minutes: number, gone: string) => ({ ...twin(minutes, gone), ...desk, ActorIp: '' });
const reset = (minutes: number, over: Partial<AuditRow> = {}) =>
  registration('user-3', later(minutes), { OperationName: 'Reset password (by admin)', ResultReason: '', ...desk, ...over });

const said = (...rows: readonly EventRow[]) =>
  judgeAll([...office, ...witness, own, ...rows])
    .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
    .flatMap(({ contributions }) => contributions)
    .find(({ detector }) => detector === 'D17-taken-back');

describe('somebody else deletes what was registered', () => {
  test('the very number, days later, with a reset: the most', () => {
    const most = said(reset(3 * DAY), twin(3 * DAY + 2, MINE), deleted(3 * DAY + 2));
    expect(most?.words).toMatch(/the very phone or device that was registered, 72 h after it came, and the password was reset/);
    // Some tenants write the directory's record alone.
    const alone = said(reset(3 * DAY), twinOfDesk(3 * DAY + 2, MINE));
    expect(alone?.words).toBe(most?.words);
    expect(alone?.llr).toBe(most?.llr);
    expect(said(twinOfDesk(3 * DAY + 2, '+49 170 5550777'))).toBeUndefined();
    expect(said(twin(3 * DAY + 2, MINE))).toBeUndefined();
    const without = said(twin(3 * DAY + 2, MINE), deleted(3 * DAY + 2));
    expect(without?.llr).toBeGreaterThan(2);
    expect(most?.llr).toBeGreaterThan(without!.llr);
  });
  test('with a reset it is Medium at least, where all else is the owner’s, too: somebody answered an incident', () => {
    const home = { IPAddress: '203.0.113.66', Methods: 'Password; FIDO2 security key' };
    const nobodyElses = '+49 170 5550199';
    const rows = [
      ...office,
      ...Array.from({ length: 15 }, (_, day) => signIn('user-3', at(START, day * DAY + 600), home)),
      ...[-5, 10, 300].map((minutes) => signIn('user-3', later(minutes), home)),
      registration('user-3', later(0), {
        ResultReason: 'User registered Mobile Phone SMS',
        ModifiedProperties: number('', nobodyElses),
        ActorIp: home.IPAddress,
      }),
    ];
    const scoreOf = (...more: readonly EventRow[]) =>
      judgeAll([...rows, ...more]).find(({ kind, subject }) => kind === 'registration' && subject === 'user-3')?.score ?? 0;
    const gone = [twin(DAY + 2, nobodyElses), deleted(DAY + 2)];
    expect(scoreOf(...gone)).toBeLessThan(50);
    expect(scoreOf(reset(DAY), ...gone)).toBe(50);
    // By its kind alone, where the directory writes no number.
    expect(scoreOf(deleted(DAY + 2))).toBeLessThan(50);
    expect(scoreOf(reset(DAY), deleted(DAY + 2))).toBe(50);
    // Days before and apart from it the help desk helped somebody who could not get in.
    expect(scoreOf(reset(-2 * DAY), ...gone)).toBeLessThan(50);
  });
  test('whichever of the two records comes first', () => {
    expect(said(deleted(DAY), twin(DAY + 1, MINE))?.words).toMatch(/the very phone/);
  });
  test('by its kind alone, where the directory writes no number: less', () => {
    const kind = said(deleted(60));
    expect(kind?.words).toMatch(/a method of the kind that was registered/);
    expect(kind?.llr).toBeLessThan(said(twin(60, MINE), deleted(60))!.llr);
  });
});

test('the rows of what was done are among those of the unit, whichever record came to tell it', () => {
  const [first, second] = [reset(3 * DAY), deleted(3 * DAY + 1)];
  const unit = judgeAll([...office, ...witness, own, first, second, twin(3 * DAY + 2, MINE)]).find(
    ({ kind, subject }) => kind === 'registration' && subject === 'user-3',
  )!;
  const item = unit.contributions.find(({ detector }) => detector === 'D17-taken-back')!;
  expect([...item.eventIds].sort()).toEqual([first.Id, second.Id].sort());
  expect(unit.events.map(({ id }) => id)).toEqual(expect.arrayContaining([first.Id, second.Id]));
  expect(Object.keys(item)).not.toContain('rows');
});

describe('the password alone is reset by an administrator afterwards', () => {
  /** Passwords of others that the help desk resets, so many a week for the three weeks. */
  const everyday = (aWeek: number) =>
    Array.from({ length: 3 * aWeek }, (_, i) =>
      registration(`user-${i % 3}`, at(START, Math.floor((i * 20 * DAY) / (3 * aWeek))), {
        OperationName: 'Reset password (by admin)',
        ResultReason: '',
        ...desk,
      }),
    );
  test('is how an incident is answered, too: less than with the method deleted', () => {
    const found = said(reset(20 * 60));
    expect(found?.words).toMatch(/^An administrator reset the user's password 20 h after/);
    expect(found?.llr).toBeGreaterThan(1);
    expect(found?.llr).toBeLessThan(said(reset(20 * 60), twin(20 * 60 + 2, MINE), deleted(20 * 60 + 2))!.llr);
  });
  test('says what the ratio says of a third of the intruders’ accounts and of one in a hundred others a week, where hardly any is reset', () => {
    expect(said(reset(20 * 60))!.llr).toBeCloseTo(Math.log(0.3 / 0.01), 5);
  });
  test('says less the more passwords the help desk resets from day to day, and in the end nothing', () => {
    const llr = (aWeek: number) => said(...everyday(aWeek), reset(20 * 60))?.llr ?? 0;
    expect(llr(1)).toBeLessThan(llr(0));
    expect(llr(6)).toBe(0);
  });
  test('says more where the user had chosen a new one just before the registration', () => {
    const own = { ActorUserId: 'user-3', ActorUpn: '', OperationName: 'Reset password (self-service)' };
    expect(said(reset(-20, own), reset(20 * 60))!.llr).toBeGreaterThan(said(reset(20 * 60))!.llr);
    expect(said(reset(-5 * DAY, own), reset(20 * 60))!.llr).toBe(said(reset(20 * 60))!.llr);
  });
  test('says less where the help desk was at work before the registration, and goes on', () => {
    expect(said(reset(-120), reset(20 * 60))!.llr).toBeLessThan(said(reset(20 * 60))!.llr);
  });
});

describe('the account is disabled after the method came, and enabled again', () => {
  const state = (operation: string, minutes: number, user = 'user-3') =>
    registration(user, later(minutes), { OperationName: operation, ResultReason: '', LoggedByService: 'Core Directory', ...desk });
  const stop = (minutes: number, user?: string) => state('Disable account', minutes, user);
  const letIn = (minutes: number, user?: string) => state('Enable account', minutes, user);
  const HOUR = 60;
  test('says what the ratio says of a tenth of the intruders’ accounts and of hardly any other, with both rows', () => {
    const [first, second] = [stop(9 * HOUR), letIn(14 * HOUR)];
    const found = said(first, second);
    expect(found?.words).toBe('The account was enabled again 14 h after the method came; it had been disabled 9 h after it.');
    expect(found?.llr).toBeCloseTo(Math.log(0.1 / 0.003), 5);
    expect([...found!.eventIds].sort()).toEqual([first.Id, second.Id].sort());
  });
  test('and where the log does not show the first of the two', () => {
    expect(said(letIn(14 * HOUR))?.words).toMatch(/enabled again 14 h after the method came; it had been disabled\.$/);
  });
  test('says nothing where the tenant does so from day to day', () => {
    const everyday = Array.from({ length: 36 }, (_, i) => letIn(-20 * DAY + i * 13 * HOUR, `user-${i % 3}`));
    expect(said(...everyday, stop(9 * HOUR), letIn(14 * HOUR))).toBeUndefined();
  });
  test.each<readonly [string, readonly EventRow[]]>([
    ['it stays disabled, as for who leaves', [stop(9 * HOUR)]],
    ['it was enabled before', [stop(-9 * HOUR), letIn(-HOUR)]],
    ['another account was', [stop(9 * HOUR, 'user-4'), letIn(14 * HOUR, 'user-4')]],
  ])('nothing where %s', (_, rows) => {
    expect(said(...rows)).toBeUndefined();
  });
  test('a method of another kind that goes then is part of the answer', () => {
    const other = deleted(10 * HOUR, { ResultReason: 'Admin deleted authenticator app method for user' });
    const found = judgeAll([...office, ...witness, own, stop(9 * HOUR), other, letIn(14 * HOUR)])
      .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
      .flatMap(({ contributions }) => contributions.filter(({ detector }) => detector === 'D17-taken-back'));
    expect(found.map(({ words }) => words)).toContainEqual(
      expect.stringMatching(/deleted a method of theirs \(.*authenticator app.*\), 10 h after/i),
    );
  });
});

describe('what is no answer to an incident', () => {
  test.each<readonly [string, readonly EventRow[]]>([
    ['the old number goes, as for a lost phone', [twin(60, '+49 170 5550111'), deleted(60)]],
    ['another kind of method goes', [deleted(60, { ResultReason: 'Admin deleted authenticator app method for user' })]],
    ['the user deletes it', [deleted(60, { OperationName: 'User deleted security info', ActorUserId: 'user-3', ActorUpn: '' })]],
    ['it was deleted before', [deleted(-60)]],
    ['more than a week later', [deleted(7 * DAY + 60)]],
    ['the user resets the password', [reset(60, { ActorUserId: 'user-3', ActorUpn: '', OperationName: 'Reset password (self-service)' })]],
    ['a service does, in the course of the self-service', [reset(60, { ActorUserId: '', ActorUpn: '', ActorAppName: 'Password reset' })]],
    ['it was reset before, which is how the user came to register', [reset(-60)]],
    ['nothing happens', []],
  ])('%s', (_, rows) => {
    expect(said(...rows)).toBeUndefined();
  });
  test('a temporary access pass is taken back by routine', () => {
    const pass = {
      OperationName: 'Admin registered security info',
      ResultReason: 'Admin registered temporary access pass method for user',
    };
    const given = registration('user-3', later(30), { ...desk, ...pass, ModifiedProperties: number('', MINE) });
    const taken = deleted(90, { ResultReason: 'Admin deleted temporary access pass method for user' });
    const found = judgeAll([...office, ...witness, given, taken]).flatMap(({ contributions }) => contributions);
    expect(found.some(({ detector }) => detector === 'D17-taken-back')).toBe(false);
  });
});
