import { describe, expect, test } from 'vitest';
import type { AuditRow, SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, registration, signIn } from '../support/events.ts';

const START = '2026-03-02T08:00:00Z';
const DAY = 24 * 60;
const later = (minutes: number) => at(START, 20 * DAY + 240 + minutes);
const bare = { DeviceId: '', DeviceName: '', DeviceTrust: '' };
/** Three weeks of thirty people in the office, whose accounts the log saw being made; one is on leave. */
const made = Array.from({ length: 8 }, (_, i) => [
  registration(`new-${i}`, at(START, (9 + i) * DAY), { OperationName: 'Add user', ResultReason: '', LoggedByService: 'Core Directory' }),
  registration(`new-${i}`, at(START, (9 + i) * DAY + 30)),
]).flat();
const weeks: readonly EventRow[] = Array.from({ length: 20 * 30 }, (_, i) =>
  signIn(`user-${i % 30}`, at(START, Math.floor(i / 30) * DAY + (i % 30) * 7)),
);
const HOME = '192.0.2.50';
const registered = (over: Partial<AuditRow> = {}) => registration('sleeper', later(0), { ActorIp: HOME, ...over });
const comes = (minutes: number, over: Partial<SignInRow> = {}) => signIn('sleeper', later(minutes), { ...bare, IPAddress: HOME, ...over });
const helped = (operation: string, over: Partial<AuditRow> = {}) =>
  registration('sleeper', later(-40), {
    OperationName: operation,
    ResultReason: 'Admin deleted Authenticator App for user',
    ActorUserId: 'user-5',
    ActorUpn: 'user-5@contoso.example',
    ...over,
  });
const judged = (...rows: readonly EventRow[]) =>
  judgeAll([...weeks, ...made, ...rows]).find(
    ({ subject, kind, methods }) => subject === 'sleeper' && kind === 'registration' && !methods.some((method) => /pass/i.test(method)),
  );
const evidence = (...rows: readonly EventRow[]) => judged(...rows)?.contributions ?? [];
const dormant = (...rows: readonly EventRow[]) =>
  evidence(...rows)
    .filter(({ detector, llr }) => detector === 'D10-dormant' && llr > 0)
    .reduce((most, { llr }) => Math.max(most, llr), 0);
const back = (...rows: readonly EventRow[]) => evidence(...rows).filter(({ words }) => /its owner is back/.test(words));

describe('the first sign of an account in weeks of log', () => {
  test('says less where the help desk has taken a method away: there was one', () => {
    expect(dormant(registered())).toBeGreaterThan(1);
    expect(dormant(helped('Admin deleted security info'), registered())).toBeLessThan(0.5 * dormant(registered()));
    // Long ago it is another story.
    const before = helped('Admin deleted security info', { EventTime: later(-3 * DAY), IngestedAt: later(-3 * DAY) });
    expect(dormant(before, registered())).toBe(dormant(registered()));
  });
  test('no place is new to whoever was never seen: after help it is what it is to the tenant', () => {
    const reset = helped('Reset password (by admin)', { ResultReason: '' });
    const said = (...rows: readonly EventRow[]) =>
      evidence(reset, ...rows).filter(({ words }) => /new place .* after the help desk/.test(words));
    expect(said(registered({ ActorIp: '198.51.100.77' }), comes(1, { IPAddress: '198.51.100.77' }))).toEqual([]);
    const far = { IPAddress: '203.0.113.66', Country: 'BR', Asn: '9009' };
    expect(said(comes(-2, far), registered({ ActorIp: '203.0.113.66' }))).not.toEqual([]);
  });
  test.each<readonly [string, Partial<SignInRow>]>([
    ['in the office', { IPAddress: '198.51.100.10' }],
    ['on a computer that the organisation manages', { DeviceId: 'handed-out', DeviceName: 'LAP-77', DeviceTrust: 'managed' }],
  ])('the owner is back at work %s', (_name, over) => {
    const place = 'IPAddress' in over ? over : { ...over, IPAddress: '192.0.77.5' };
    expect(back(registered(), comes(DAY, place))).toMatchObject([{ group: 'context', detector: 'D10-dormant' }]);
  });
  test('which takes back what the silence said, and no more: victims who are not on leave go on working', () => {
    const office = comes(DAY, { IPAddress: '198.51.100.10' });
    const help = helped('Admin deleted security info');
    expect(back(registered(), office)[0]!.llr).toBeLessThan(-2);
    expect(-back(help, registered(), office)[0]!.llr).toBeLessThanOrEqual(2 * dormant(help, registered()));
  });
  test('but not where the organisation had disabled the account meanwhile: that is why', () => {
    const state = (operation: string, minutes: number) =>
      helped(operation, { ResultReason: '', EventTime: later(minutes), IngestedAt: later(minutes) });
    const office = comes(DAY, { IPAddress: '198.51.100.10' });
    expect(back(registered(), office)).not.toEqual([]);
    expect(back(registered(), state('Disable account', 300), state('Enable account', 600), office)).toEqual([]);
  });
  test.each<readonly [string, readonly EventRow[]]>([
    ['by who comes back to the place of the registration', [registered(), comes(DAY)]],
    ['from another new place', [registered(), comes(DAY, { IPAddress: '203.0.113.66', Country: 'BR', Asn: '9009' })]],
    [
      'on a device that the account has just registered itself',
      [
        registered(),
        registration('sleeper', later(60), {
          OperationName: 'Register device',
          ResultReason: '',
          LoggedByService: 'Device Registration Service',
          ActorIp: '203.0.113.66',
          TargetDeviceId: 'planted',
        }),
        comes(DAY, { IPAddress: '203.0.113.70', Country: 'BR', Asn: '9009', DeviceId: 'planted', DeviceTrust: 'managed' }),
      ],
    ],
  ])('not %s', (_name, rows) => {
    expect(judged(...rows)).toBeDefined();
    expect(back(...rows)).toEqual([]);
  });
});

test("an administrator's reset is one fact, and told of once", () => {
  const rows = (over: Partial<AuditRow>) => [
    ...weeks,
    helped('Reset password (by admin)', { ResultReason: '', TargetUserId: 'user-3', TargetUpn: 'user-3@contoso.example', ...over }),
    signIn('user-3', later(-5), { ...bare, IPAddress: '203.0.113.66', Country: 'BR', Asn: '9009' }),
    registration('user-3', later(0), { ActorIp: '203.0.113.66' }),
  ];
  const said = (over: Partial<AuditRow>) =>
    judgeAll(rows(over))
      .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
      .flatMap(({ contributions }) => contributions)
      .filter(({ words }) => /reset|help desk/.test(words))
      .map(({ detector }) => detector);
  expect(said({})).toEqual(['D11-on-behalf']);
  const self = { OperationName: 'Reset password (self-service)', ActorUserId: 'user-3', ActorUpn: 'user-3@contoso.example' };
  expect(said(self)).toEqual(['D9-method-change']);
});
