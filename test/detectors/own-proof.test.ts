import { expect, test } from 'vitest';
import type { AuditRow, SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { type EventRow, elsewhere, registration, signIn } from '../support/events.ts';
import { DAY, later, office, SHARED, witness } from './phone-of-three.ts';

const given = { AppDisplayName: 'My Signins', Methods: 'Password; Text message', Answers: 'Text message: +49 XXXXXXX12' };
/** The security-info page, opened behind a VPN company abroad on a computer that nothing is known of. */
const page = (minutes: number, over: Partial<SignInRow> = {}) =>
  signIn('user-3', later(minutes), { ...elsewhere, SessionId: 'new', ...given, ...over });
const registered = (over: Partial<AuditRow> = {}) =>
  registration('user-3', later(0), { ActorIp: elsewhere.IPAddress!, ModifiedProperties: SHARED, ...over });
const judged = (rows: readonly EventRow[]) =>
  judgeAll([...office, ...witness, ...rows]).find(({ kind, subject }) => kind === 'registration' && subject === 'user-3')!;
const said = (...rows: readonly EventRow[]) => judged(rows).contributions.filter(({ detector }) => detector === 'D28-own-proof');

test('who was asked for a method of the user on the page, and gave it there, holds what the user holds', () => {
  expect(said(page(-2), registered())).toMatchObject([{ group: 'credential', counts: { minutes: 2 } }]);
  const claims = page(-2, { Methods: 'Previously satisfied', Answers: '' });
  const doubt = (first: EventRow) => 1 - judged([first, registered()]).posterior;
  expect(doubt(page(-2)) / doubt(claims)).toBeGreaterThan(5);
});

test('so the rows may come in any order, and the twin without an address beside them', () => {
  const twin = registered({ ActorIp: '', LoggedByService: 'Core Directory', OperationName: 'Update user', OperationType: 'Update' });
  expect(said(registered(), page(-2))).toHaveLength(1);
  expect(said(page(-2), twin, registered())).toHaveLength(1);
});

test.each<[string, readonly EventRow[]]>([
  ['a claim in the token, which a stolen session has', [page(-2, { Methods: 'Previously satisfied', Answers: '' })]],
  ['a password alone', [page(-2, { Methods: 'Password', Answers: '' })]],
  ['a pass that the help desk gave out', [page(-2, { Methods: 'Temporary Access Pass', Answers: '' })]],
  ['a proof for another app, as the victim gives it to a page in between', [page(-2, { AppDisplayName: 'OfficeHome' })]],
  ['a proof given elsewhere', [page(-2, { IPAddress: '192.0.2.9' })]],
  ['a proof of two hours ago', [page(-120)]],
  ['a proof given after', [page(2)]],
  [
    'a proof by a number that came last week',
    [registration('user-3', later(-6 * DAY), { ResultReason: 'User registered Mobile Phone Call and SMS' }), page(-2)],
  ],
])('%s: nothing', (_name, rows) => {
  expect(said(...rows, registered())).toEqual([]);
});

test('nor what was wrung from the user by prompts until one was approved', () => {
  const refused = [-20, -18, -16, -14, -12, -10, -8].map((minutes) =>
    page(minutes, { ResultType: '500121', Methods: 'Mobile app notification', Answers: '' }),
  );
  const approved = page(-5, { Methods: 'Password; Mobile app notification', Answers: '' });
  const { contributions } = judged([...refused, approved, registered()]);
  expect(contributions.map(({ detector }) => detector)).toContain('D3-mfa-fatigue');
  expect(contributions.map(({ detector }) => detector)).not.toContain('D28-own-proof');
});

test('it is taken back where two people use the account from then on, and never meet', () => {
  const owner = (minutes: number) => signIn('user-3', later(minutes), { SessionId: 'week-3', Methods: 'Previously satisfied' });
  const there = (minutes: number) => page(minutes, { AppDisplayName: 'OfficeHome', Methods: 'Previously satisfied', Answers: '' });
  const days = [1, 2, 3, 4].flatMap((day) => [owner(day * DAY), owner(day * DAY + 100), there(day * DAY + 200)]);
  const { contributions } = judged([page(-2), registered(), ...days]);
  expect(contributions.filter(({ detector, llr }) => detector === 'D18-two-hands' && llr >= 2)).toHaveLength(1);
  expect(contributions.map(({ detector }) => detector)).not.toContain('D28-own-proof');
});

test('and where an administrator took back the method that was registered so', () => {
  const steps = [
    registration('user-3', later(300), {
      OperationName: 'Admin deleted security info',
      ResultReason: 'Admin deleted Authenticator App with Notification and Code',
      OperationType: 'Delete',
      ActorUserId: 'user-5',
      ActorUpn: 'user-5@contoso.example',
      ActorIp: '198.51.100.10',
    }),
    signIn('user-3', later(400), { SessionId: 'week-3' }),
  ];
  const detectors = judged([page(-2), registered(), ...steps]).contributions.map(({ detector }) => detector);
  expect(detectors).toContain('D17-taken-back');
  expect(detectors).not.toContain('D28-own-proof');
});
