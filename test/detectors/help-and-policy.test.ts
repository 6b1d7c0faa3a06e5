import { describe, expect, test } from 'vitest';
import type { AuditRow } from '../../src/events/contracts.ts';
import { at, type EventRow, elsewhere, signIn } from '../support/events.ts';
import { byAdmin, containing, DAY, evidence, judged, later, own, START, stranger, words } from './phone-of-three.ts';

describe('help from an administrator', () => {
  test('a pass that is used from a new place without a known device', () => {
    const pass = byAdmin(0);
    expect(words([pass, stranger(10, { Methods: 'Temporary Access Pass' })], pass)).toEqual(containing(/^The pass was used from 203/));
  });
  test('a pass that is used on the own device', () => {
    const pass = byAdmin(0);
    const used = evidence([pass, signIn('user-3', later(10), { Methods: 'Temporary Access Pass' })], pass);
    expect(used.find((item) => item.words.startsWith('The pass was used'))?.llr).toBeLessThan(0);
  });
  test('the registration after the pass carries what speaks against the administrator', () => {
    const pass = byAdmin(0, { ActorIp: '192.0.2.77' });
    const then = own(20);
    expect(words([pass, stranger(15), then], then)).toEqual(
      containing(/after the help desk gave out a temporary access pass, which was odd in itself/),
    );
  });
  test('an administrator at an address that is new to them, less so in their first weeks, and not among colleagues', () => {
    const oddity = (pass: AuditRow, rows: readonly EventRow[] = []) =>
      evidence([...rows, pass, stranger(10, { Methods: 'Temporary Access Pass' })], pass).find((item) =>
        /not a usual place of theirs/.test(item.words),
      )?.llr;
    expect(oddity(byAdmin(0, { ActorIp: '192.0.2.77' }))).toBeGreaterThan(2);
    expect(oddity(byAdmin(0, { ActorIp: '198.51.100.10' }))).toBeUndefined();
    // Eight others live at the address; its network is none that the administrator is known by.
    const elsewhereAtWork = [0, 1, 2, 4, 6, 7, 8, 9].flatMap((u) =>
      [1, 5, 9, 13].map((d) =>
        signIn(`user-${u}`, at(START, d * DAY + 500 + u), { IPAddress: '192.0.2.77', Asn: '680', SessionId: `week-${u}` }),
      ),
    );
    expect(oddity(byAdmin(0, { ActorIp: '192.0.2.77' }), elsewhereAtWork)).toBeUndefined();
  });
  test('an administrator who had not done it before says less where most had not', () => {
    const first = (rows: readonly EventRow[]) => {
      const pass = byAdmin(0, { ActorIp: '192.0.2.77' });
      return evidence([...rows, pass, stranger(10, { Methods: 'Temporary Access Pass' })], pass).find((item) =>
        /has not done this before/.test(item.words),
      )?.llr;
    };
    const others = [0, 1, 2, 4, 6, 7, 8, 9, 10, 11].map((u) =>
      byAdmin(-9 * DAY + u * 90, {
        ActorUserId: `user-${u}`,
        ActorUpn: `user-${u}@contoso.example`,
        TargetUserId: `user-${(u + 1) % 12}`,
        TargetUpn: `user-${(u + 1) % 12}@contoso.example`,
        ModifiedProperties: '',
      }),
    );
    expect(first([])).toBeGreaterThan(1);
    expect(first(others)).toBeLessThan(0.5);
  });
  test('an administrator whose own sign-in looked wrong', () => {
    const taken = signIn('user-5', later(-10), { ...elsewhere, SessionId: 'x', RiskLevel: 'high' });
    const pass = byAdmin(0, { ActorIp: '203.0.113.66' });
    expect(words([taken, pass], pass)).toEqual(containing(/themselves had a suspicious sign-in/));
  });
  test('counts without an address too, by the sign-in that led to the registration', () => {
    const then = own(20, { ActorIp: '' });
    expect(words([byAdmin(0), stranger(15), then], then)).toEqual(containing(/new place 20 min after the help desk/));
  });
});

describe('a Conditional Access policy that the user was taken out of', () => {
  const policy = (...excludeUsers: readonly string[]) => JSON.stringify({ conditions: { users: { includeUsers: ['All'], excludeUsers } } });
  const excluding = (user: string, minutes: number) =>
    byAdmin(minutes, {
      OperationName: 'Update conditional access policy',
      LoggedByService: 'Conditional Access',
      Category: 'Policy',
      ResultReason: '',
      TargetUserId: '',
      TargetUpn: '',
      ModifiedProperties: JSON.stringify([{ displayName: 'ConditionalAccessPolicy', oldValue: policy(), newValue: policy(user) }]),
    });
  test('in the hours before is evidence; another user, or two days before, is none', () => {
    const pattern = /excluded from a Conditional Access policy 180 min before/;
    expect(words([excluding('USER-3', -180), own(0)])).toEqual(containing(pattern));
    expect(words([excluding('user-4', -180), own(0)])).not.toEqual(containing(/excluded from/));
    expect(words([excluding('user-3', -2 * DAY), own(0)])).not.toEqual(containing(/excluded from/));
  });

  const leavingOut = (minutes: number, ...groups: readonly string[]) => {
    const oldValue = JSON.stringify({ conditions: { users: { excludeGroups: ['group-0'] } } });
    const newValue = JSON.stringify({ conditions: { users: { excludeGroups: ['group-0', ...groups] } } });
    return {
      ...excluding('', minutes),
      ModifiedProperties: JSON.stringify([{ displayName: 'ConditionalAccessPolicy', oldValue, newValue }]),
    };
  };
  const joining = (minutes: number, group: string, over: Partial<EventRow> = {}) =>
    byAdmin(minutes, {
      OperationName: 'Add member to group',
      LoggedByService: 'Core Directory',
      Category: 'GroupManagement',
      ResultReason: '',
      ModifiedProperties: JSON.stringify([{ displayName: 'Group.ObjectID', oldValue: null, newValue: JSON.stringify(group) }]),
      ...over,
    });
  test.each([
    ['put into the group after it was left out', [leavingOut(-9 * DAY, 'group-1'), joining(-180, 'GROUP-1')]],
    ['left out with the group', [joining(-20 * 60, 'group-1'), leavingOut(-180, 'group-1')]],
  ] as const)('%s is evidence too', (_, rows) => {
    const [unit] = judged([...rows, own(0)]);
    const found = unit?.contributions.find((item) =>
      /Conditional Access policy 180 min before, by a group that it leaves out/.test(item.words),
    );
    expect([...found!.eventIds].sort()).toEqual(rows.map(({ Id }) => Id).sort());
    // What it rests on is among the raw rows that the finding shows.
    expect(unit?.events.map(({ id }) => id)).toEqual(expect.arrayContaining([...found!.eventIds]));
  });
  test.each([
    ['another group', [leavingOut(-180, 'group-1'), joining(-170, 'group-2')]],
    ['a group that was out before the log began', [leavingOut(-180), joining(-170, 'group-0')]],
    ['another user in the group', [leavingOut(-180, 'group-1'), joining(-170, 'group-1', { TargetUserId: 'user-4' })]],
    ['both days ago', [leavingOut(-3 * DAY, 'group-1'), joining(-2 * DAY, 'group-1')]],
    ['a change that failed', [leavingOut(-180, 'group-1'), joining(-170, 'group-1', { Result: 'failure' })]],
  ] as const)('%s is none', (_, rows) => {
    expect(words([...rows, own(0)])).not.toEqual(containing(/excluded from/));
  });
});
