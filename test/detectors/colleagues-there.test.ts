import { describe, expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, registration, signIn } from '../support/events.ts';

const START = '2026-03-02T08:00:00Z';
const DAY = 24 * 60;
const later = (minutes: number) => at(START, 20 * DAY + 240 + minutes);
/** Three weeks of twenty people, each on a laptop of their own in the office. */
const weeks = (over: Partial<SignInRow> = {}): readonly EventRow[] =>
  Array.from({ length: 20 * 20 }, (_, i) => signIn(`user-${i % 20}`, at(START, Math.floor(i / 20) * DAY + (i % 20) * 7), over));
const SHARED = JSON.stringify([
  { name: 'StrongAuthenticationUserDetails', oldValue: '[]', newValue: '[{"PhoneNumber":"+49 170 5550188"}]' },
]);
/** The number of user-3 is that of two others: the registration is always reported, so that weak evidence can be seen. */
const witness = [18, 19].map((u) => registration(`user-${u}`, at(START, DAY), { ModifiedProperties: SHARED }));
const GATEWAY: Partial<SignInRow> = { IPAddress: '203.0.113.40', Country: 'NL', Asn: '13335' };
const bare = { DeviceId: '', DeviceName: '', DeviceTrust: '' };
const registered = registration('user-3', later(0), { ActorIp: '203.0.113.41', ModifiedProperties: SHARED });
const colleagues = (minutes: number, over: Partial<SignInRow> = {}, count = 12) =>
  Array.from({ length: count }, (_, i) => signIn(`user-${4 + i}`, later(minutes + i), { ...GATEWAY, ...over }));
const evidence = (rows: readonly EventRow[]) =>
  judgeAll(rows)
    .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
    .flatMap(({ contributions }) => contributions)
    .filter(({ detector }) => detector === 'D21-colleagues-there');
const next = signIn('user-3', later(2 * DAY), GATEWAY);

describe('a range that nobody was in before', () => {
  test('colleagues on their own laptops come to it: the organisation has moved', () => {
    const [found] = evidence([...weeks(), ...witness, ...colleagues(-DAY), registered]);
    expect(found).toMatchObject({ group: 'context', counts: { users: expect.any(Number) } });
    expect(found!.llr).toBeLessThan(-2);
    expect(found!.words).toMatch(/^1\d colleagues, on known devices or in known sessions, have come to the address range/);
  });
  test('the first one there is judged again when they have come', () => {
    expect(evidence([...weeks(), ...witness, registered, ...colleagues(DAY)])).toEqual([]);
    expect(evidence([...weeks(), ...witness, registered, ...colleagues(DAY), next])).toHaveLength(1);
  });
  test.each<readonly [string, readonly EventRow[]]>([
    ["victims who are signed in to on the intruder's computer", [...weeks(), ...witness, ...colleagues(-DAY, bare), registered, next]],
    ['a few of them', [...weeks(), ...witness, ...colleagues(-DAY, {}, 4), registered, next]],
    ['a range that was always in use', [...weeks(), ...witness, ...colleagues(-19 * DAY), ...colleagues(-DAY), registered, next]],
    ['a log that has only begun', [...weeks(GATEWAY), ...witness, registered, next]],
    ['long before the registration', [...weeks(), ...witness, ...colleagues(-15 * DAY), registered, next]],
  ])('not by %s', (_name, rows) => {
    expect(evidence(rows)).toEqual([]);
  });
});
