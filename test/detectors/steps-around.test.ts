import { describe, expect, test } from 'vitest';
import type { AuditRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { type EventRow, signIn } from '../support/events.ts';
import { containing, evidence, later, office, own, SHARED, stranger, words } from './phone-of-three.ts';

describe('the steps around a registration', () => {
  const types = (...numbers: readonly number[]) =>
    JSON.stringify(numbers.map((MethodType, i) => ({ MethodType, Default: i === numbers.length - 1 })));
  /** What the directory logs beside the service's record: types of methods, the default last. */
  const directory = (before: string, after: string) =>
    JSON.stringify([
      ...(JSON.parse(SHARED) as unknown[]),
      { displayName: 'StrongAuthenticationMethod', oldValue: before, newValue: after },
    ]);
  const step = (minutes: number, OperationName: string, over: Partial<AuditRow> = {}) =>
    own(minutes, { OperationName, ResultReason: '', ModifiedProperties: '', ...over });

  test('a default taken down from an app to messages is more than one that is merely weak', () => {
    const changed = {
      OperationName: 'User changed default security info',
      ResultReason: 'User changed the default security info for Mobile Phone SMS',
    };
    const record = own(0, { ...changed, CorrelationId: 'a-change-of-default-1' });
    const twin = own(0, {
      OperationName: 'Update user',
      ResultReason: '',
      CorrelationId: 'a-change-of-default-1',
      ModifiedProperties: JSON.stringify([
        { displayName: 'StrongAuthenticationMethod', oldValue: types(5, 7, 6), newValue: types(6, 7, 5) },
      ]),
    });
    const llrOf = (rows: readonly EventRow[]) =>
      evidence([stranger(-5), ...rows], record).find(({ words: text }) => text.includes('default'));
    expect(llrOf([record, twin])?.words).toBe(
      'The default was taken down from Authenticator App with Notification to a weak method: Mobile Phone SMS.',
    );
    expect(llrOf([twin, record])?.llr).toBe(llrOf([record, twin])?.llr);
    expect(llrOf([record])!.llr).toBeLessThan(llrOf([record, twin])!.llr);
  });

  test('an account that is left with a telephone alone', () => {
    const swap = own(0, { ModifiedProperties: directory(types(7, 6), types(0, 5)), OperationName: 'Update user', ResultReason: '' });
    expect(words([stranger(-5), swap])).toEqual(
      containing(/^The same change removed .*Notification.*: of the app and phone methods only Phone, Mobile Phone SMS is left/),
    );
    const kept = own(0, { ModifiedProperties: directory(types(7, 6), types(7, 6, 5)), OperationName: 'Update user', ResultReason: '' });
    expect(words([stranger(-5), kept])).not.toEqual(containing(/of the app and phone methods only/));
  });

  test('an address that opens a forgotten account, and answers no prompt, is rather the owner’s', () => {
    const email = own(0, { ResultReason: 'User registered Email' });
    expect(evidence([stranger(-5), email], email).find(({ words: text }) => text.includes('Only a way to recover'))?.llr).toBeLessThan(-2);
  });

  test('registrations that were begun, cancelled or failed before, from a new place', () => {
    const failed = step(-30, 'User registered security info', {
      Result: 'failure',
      ResultReason: 'User failed to register Authenticator App with Code',
    });
    const tries = [
      step(-50, 'User started security info registration'),
      step(-45, 'User cancelled security info registration'),
      step(-31, 'User started security info registration'),
      failed,
      step(-2, 'User started security info registration'),
    ];
    const pattern = /^2 registrations were started and not finished in the two hours before/;
    expect(words([stranger(-55), ...tries, own(0)])).toEqual(containing(pattern));
    // The one that this registration itself began with is none.
    expect(words([stranger(-55), tries[4]!, own(0)])).not.toEqual(containing(/started and not finished/));
    const finished = [tries[0]!, own(-40, { ResultReason: 'User registered Email' })];
    expect(words([stranger(-55), ...finished, own(0)], undefined)).not.toEqual(containing(/started and not finished/));
    expect(words([...tries, own(0, { ActorIp: '198.51.100.10' })])).not.toEqual(containing(/started and not finished/));
  });

  describe('on the day of a sign-in that looked wrong', () => {
    /** The user's own report makes the day a finding, whatever else is said. */
    const report = step(40, 'Suspicious activity reported', { ActorIp: '198.51.100.10' });
    const day = (rows: readonly EventRow[]) =>
      judgeAll([...office, ...rows, report])
        .filter(({ kind, subject }) => kind === 'user-day' && subject === 'user-3')
        .flatMap(({ contributions }) => contributions.map((item) => item.words));
    const began = (minutes: number, over: Partial<AuditRow> = {}) => step(minutes, 'User started security info registration', over);
    const cancelled = step(9, 'User cancelled security info registration');
    const pattern = /begun after this sign-in and not finished, from its address/;

    test('a registration that was begun and not finished', () => {
      expect(day([stranger(0), began(5)])).toEqual(containing(/^1 registration of a method was begun after this sign-in/));
      expect(day([stranger(0), began(5), cancelled, began(12)])).toEqual(containing(/^2 registrations of methods were begun/));
    });
    test.each([
      ['finished', [stranger(0), began(5), own(8)]],
      ['from where the user is', [stranger(0), began(5, { ActorIp: '198.51.100.10' })]],
      ['before the sign-in', [began(-5), stranger(0)]],
      ['by an administrator', [stranger(0), began(5, { ActorUserId: 'user-5', ActorUpn: 'user-5@contoso.example' })]],
      ['after a usual sign-in', [signIn('user-3', later(0)), began(5)]],
    ] as const)('none that was %s', (_, rows) => {
      expect(day(rows)).not.toEqual(containing(pattern));
    });
    test('security info that was looked through', () => {
      const looked = step(5, 'User reviewed security info', { ResultReason: 'User successfully reviewed security info.' });
      expect(day([stranger(0), looked])).toEqual(containing(/^The security info was viewed after this sign-in/));
    });
  });

  test('the owner looks through the security info afterwards and lets it stand', () => {
    const looked = (minutes: number, over: Partial<AuditRow> = {}) =>
      step(minutes, 'User reviewed security info', { ActorIp: '198.51.100.10', CorrelationId: `look-${minutes}`, ...over });
    const pattern = /^The user viewed the security info 90 min after, at a usual place, and left it as it was/;
    expect(words([stranger(-5), own(0), looked(90)])).toEqual(containing(pattern));
    const none = expect.not.arrayContaining([expect.stringMatching(/left it as it was/)]);
    expect(words([stranger(-5), own(0), looked(90, { ActorIp: '203.0.113.66' })])).toEqual(none);
    expect(words([stranger(-5), own(0), looked(90, { Result: 'failure' })])).toEqual(none);
    expect(words([stranger(-95), looked(-90), own(0)])).toEqual(none);
  });

  test('a stronger method that went for a weaker one', () => {
    const gone = (ResultReason: string) => step(-10, 'User deleted security info', { ResultReason });
    const phoneIn = own(0, { ResultReason: 'User registered Mobile Phone SMS' });
    const said = (row: EventRow) =>
      evidence([stranger(-15), row, phoneIn], phoneIn).find(({ words: text }) => /deleted by the account/.test(text));
    const [app, number] = [said(gone('User deleted Fido')), said(gone('User deleted Mobile Phone SMS'))];
    expect(app?.words).toBe(
      '1 method deleted by the account itself 10 min before. Fido is harder to take over than what came in its place.',
    );
    expect(number?.words).toBe('1 method deleted by the account itself 10 min before.');
    expect(app!.llr).toBeGreaterThan(number!.llr);
  });

  test('one method deleted after is the old phone; two lock somebody out', () => {
    const gone = (minutes: number) =>
      step(minutes, 'User deleted security info', { ResultReason: 'User deleted Mobile Phone SMS', CorrelationId: `gone-${minutes}` });
    const llr = (rows: readonly EventRow[]) =>
      evidence([stranger(-15), own(0), ...rows]).find(({ words: text }) => /deleted within a day/.test(text))!.llr;
    expect(llr([gone(10)])).toBeLessThan(0.2);
    expect(llr([gone(10), gone(12)])).toBeGreaterThan(1);
  });

  test('a device registered after the method, from a new place; not in the office, nor by somebody else', () => {
    const device = (over: Partial<AuditRow> = {}) =>
      step(12, 'Register device', { TargetUserId: '', TargetUpn: '', TargetDeviceId: 'd-1', ...over });
    const pattern = /^A device was registered 12 min after, by the account itself/;
    expect(words([stranger(-5), own(0), device()])).toEqual(containing(pattern));
    const atWork = { ActorIp: '198.51.100.10' };
    expect(words([own(0, atWork), device(atWork)])).not.toEqual(containing(pattern));
    expect(words([stranger(-5), own(0), device({ ActorUserId: 'user-4', ActorUpn: 'user-4@contoso.example' })])).not.toEqual(
      containing(pattern),
    );
  });
});
