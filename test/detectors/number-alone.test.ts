import { describe, expect, test } from 'vitest';
import type { AuditRow, SignInRow } from '../../src/events/contracts.ts';
import { type EventRow, registration, signIn } from '../support/events.ts';
import { containing, evidence, later, SHARED } from './phone-of-three.ts';

const bare = { DeviceId: '', DeviceName: '', DeviceTrust: '', OperatingSystem: 'Android 14', Browser: 'Chrome Mobile' };
/** In the town of the user, in a network that is none of theirs. */
const flat: Partial<SignInRow> = { ...bare, IPAddress: '192.0.2.50', Asn: '8881', SessionId: 'number' };
const OFFICE = { IPAddress: '198.51.100.10', Asn: '3320' };
const reset = (minutes: number, over: Partial<AuditRow> = {}) =>
  registration('user-3', later(minutes), {
    OperationName: 'Reset password (self-service)',
    ResultReason: 'Successfully completed reset.',
    LoggedByService: 'Self-service Password Management',
    ActorIp: '192.0.2.50',
    ...over,
  });
const answered = (by: string, place: Partial<SignInRow> = flat) => signIn('user-3', later(-8), { ...place, Methods: `Password; ${by}` });
const own = (over: Partial<AuditRow> = {}) =>
  registration('user-3', later(0), { ActorIp: '192.0.2.50', ModifiedProperties: SHARED, ...over });
const gone = (minutes: number, over: Partial<AuditRow> = {}) =>
  own({
    EventTime: later(minutes),
    OperationName: 'User deleted security info',
    ResultReason: 'User deleted Mobile Phone SMS',
    OperationType: 'Delete',
    ModifiedProperties: '[]',
    ActorIp: OFFICE.IPAddress,
    ...over,
  });
const said = (rows: readonly EventRow[]) => evidence(rows).filter(({ words }) => /a phone number answered for/.test(words));
/** In an address range where the user is, as those of carriers and of the one provider of a town are. */
const near = (how: Partial<SignInRow>, ...more: readonly EventRow[]) => [
  reset(-12, { ActorIp: OFFICE.IPAddress }),
  answered('Text message', { ...bare, ...OFFICE, ...how }),
  ...more,
  own({ ActorIp: OFFICE.IPAddress }),
];

describe('a number that somebody else has taken over', () => {
  test('resets the password, signs in and puts an app beside itself', () => {
    expect(said([reset(-12), answered('Text message'), own()])).toMatchObject([{ detector: 'D9-method-change', group: 'registration' }]);
    expect(said([reset(-12), answered('Phone call approval (Authentication phone)'), own()])).toHaveLength(1);
  });
  test("at a place of the user's, on a computer that is not like theirs", () => {
    expect(said(near({ OperatingSystem: 'Windows 11', Browser: 'Edge' }))).toHaveLength(1);
    expect(said(near({ OperatingSystem: 'Linux', Browser: 'Firefox' }))).toHaveLength(1);
  });
  test('and is deleted at once: nobody deletes what has just let them in, but who will not have it for long', () => {
    const [kept] = said([reset(-12), answered('Text message'), own()]);
    const [swapped] = said([reset(-12), answered('Text message'), gone(-3), own()]);
    expect(swapped!.llr).toBeGreaterThan(kept!.llr + 3);
    // Wherever that is.
    expect(said(near({}, gone(-3)))).toMatchObject([{ words: expect.stringMatching(/that number was deleted/) }]);
    expect(said(near({}, gone(-10)))).toEqual([]);
    expect(said(near({}, gone(-3, { ResultReason: 'User deleted Authenticator App with Notification and Code' })))).toEqual([]);
  });
  test.each<readonly [string, readonly EventRow[]]>([
    [
      'who forgot the password at home',
      [reset(-12, { ActorIp: OFFICE.IPAddress }), answered('Text message', { ...bare, ...OFFICE }), own({ ActorIp: OFFICE.IPAddress })],
    ],
    ['whose app answers, too', [reset(-12), answered('Mobile app notification'), own()]],
    ['who is on the laptop', [reset(-12), answered('Text message', { IPAddress: '192.0.2.50', Asn: '8881' }), own()]],
    ['who comes with another telephone', [reset(-12), answered('Text message'), own({ ResultReason: 'User registered Mobile Phone SMS' })]],
    ['who reset the password the day before', [reset(-1440), answered('Text message'), own()]],
    ['whose number answered before the reset', [answered('Text message'), reset(-4), own()]],
  ])('not the owner %s', (_name, rows) => {
    expect(evidence(rows).map(({ words }) => words)).toEqual(containing(/phone or device is registered for/));
    expect(said(rows)).toEqual([]);
  });
});
