import { describe, expect, test } from 'vitest';
import type { AuditRow, SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, elsewhere, registration, signIn } from '../support/events.ts';

const START = '2026-03-02T08:00:00Z';
const DAY = 24 * 60;
const later = (minutes: number) => at(START, 20 * DAY + 240 + minutes);
/** Three weeks of twelve people in the office who show no device. */
const bare = { DeviceId: '', DeviceName: '', DeviceTrust: '' };
const office: readonly EventRow[] = Array.from({ length: 20 * 12 }, (_, i) =>
  signIn(`user-${i % 12}`, at(START, Math.floor(i / 12) * DAY + (i % 12) * 7), bare),
);
/** A carrier's next address range, and a network that nobody here has. */
const PLACES: Readonly<Record<'range' | 'network', Partial<SignInRow>>> = {
  range: { ...bare, IPAddress: '192.0.2.50' },
  network: { ...elsewhere, IPAddress: '203.0.113.66' },
};
const SHARED = JSON.stringify([
  { name: 'StrongAuthenticationUserDetails', oldValue: '[]', newValue: '[{"PhoneNumber":"+49 170 5550188"}]' },
]);
/** The phone of user-3 is that of two others: the registration is always reported, so that weak evidence can be seen. */
const witness = [8, 9].map((u) => registration(`user-${u}`, at(START, DAY), { ModifiedProperties: SHARED }));
const desk = { ActorUserId: 'user-5', ActorUpn: 'user-5@contoso.example', ActorIp: '198.51.100.10' };
const PASS = {
  OperationName: 'Admin registered security info',
  ResultReason: 'Admin registered temporary access pass method for user',
};
/** The help desk's trade. */
const habit = registration('user-10', at(START, 2 * DAY), { ...desk, ...PASS });

function said(place: keyof typeof PLACES, before: Partial<AuditRow>, pattern: RegExp): number {
  const visit = PLACES[place];
  const rows = [
    registration('user-3', later(0), { ...desk, ...before }),
    signIn('user-3', later(20), { ...visit, SessionId: 'new' }),
    registration('user-3', later(25), { ActorIp: visit.IPAddress!, ModifiedProperties: SHARED, CorrelationId: 'the-one' }),
  ];
  const found = judgeAll([...office, ...witness, habit, ...rows]).find(
    ({ anchor, subject }) => anchor === 'the-one' && subject === 'user-3',
  );
  return found?.contributions.find(({ words }) => pattern.test(words))?.llr ?? 0;
}

describe('a new address range of a usual network is hardly a new place', () => {
  test.each([
    [
      'a password reset by the help desk',
      { OperationName: 'Reset password (by admin)', ResultReason: '' },
      /from a new place \d+ min after the help desk changed the account/,
    ],
    ['a pass given out', PASS, /from a new place \d+ min after the help desk/],
  ])('%s before it says little there, and much in a network of nobody', (_, before, pattern) => {
    const [range, network] = [said('range', before, pattern), said('network', before, pattern)];
    expect(network).toBeGreaterThanOrEqual(1);
    expect(range).toBeGreaterThan(0);
    expect(range).toBeLessThan(network / 2);
  });
});
