import { describe, expect, test } from 'vitest';
import type { IdentityRow, SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { type EventRow, registration, signIn, TENANT } from '../support/events.ts';
import { DAY, later, office, SHARED, witness } from './phone-of-three.ts';

const bare = { DeviceId: '', DeviceName: '', DeviceTrust: '' };
const flat: Partial<SignInRow> = { ...bare, IPAddress: '192.0.2.50', Asn: '8881' };
const asked: Partial<SignInRow> = { ...flat, ResultType: '50072', Requirement: 'multiFactorAuthentication' };
/** Days of the last three weeks on which the user was there, on a laptop in the office. */
const life = (...days: readonly number[]) => days.map((day) => signIn('sleeper', later(-day * DAY - 60), { SessionId: 'week' }));
const known = (days: number): IdentityRow => ({
  EventTime: later(-DAY),
  IngestedAt: later(-DAY),
  Id: 'identity-sleeper',
  CorrelationId: '',
  UserId: 'sleeper',
  UserPrincipalName: 'sleeper@contoso.example',
  TenantId: TENANT,
  UserType: 'Member',
  Department: '',
  CreatedAt: later(-days * DAY),
  Roles: '',
  IsServiceAccount: false,
});
const visit = (over: Partial<SignInRow> = {}, place: Partial<SignInRow> = flat) => [
  signIn('sleeper', later(-3), { ...asked, ...place, ...over }),
  signIn('sleeper', later(-3), { ...place }),
  registration('sleeper', later(0), { ActorIp: place.IPAddress!, ModifiedProperties: SHARED }),
];
const judged = (...rows: readonly EventRow[]) =>
  judgeAll([...office, ...witness, ...rows])
    .filter(({ kind, subject }) => kind === 'registration' && subject === 'sleeper')
    .flatMap(({ contributions }) => contributions);
const hadNone = (...rows: readonly EventRow[]) => judged(...rows).filter(({ words }) => /had no method until/.test(words));

describe('an account without a method, asked to enrol', () => {
  const regular = life(20, 19, 18, 17, 16, 13, 12);
  test('after a silence that is long by what its user did before', () => {
    expect(hadNone(...regular, ...visit())).toMatchObject([{ detector: 'D10-dormant', group: 'context', counts: { days: 12 } }]);
  });
  test.each<readonly [string, readonly EventRow[]]>([
    ['had a method: it was asked for that', [...regular, ...visit({ ResultType: '50074' })]],
    ['is used from day to day', [...regular, ...life(6, 5, 3, 1), ...visit()]],
    ['comes once in a fortnight', [...life(20, 16, 12), ...visit()]],
    ['is back on the laptop', [...regular, ...visit({ DeviceId: 'dev-sleeper', DeviceTrust: 'managed' })]],
    ['is back in the office', [...regular, ...visit({}, { ...bare, IPAddress: '198.51.100.10' })]],
  ])('not who %s', (_name, rows) => {
    expect(judged(...rows)).not.toEqual([]);
    expect(hadNone(...rows)).toEqual([]);
  });
  test('for the first time in weeks, where it is known to be old', () => {
    expect(hadNone(known(900), ...visit())).toHaveLength(1);
    expect(hadNone(known(3), ...visit())).toEqual([]);
    expect(hadNone(...visit())).toEqual([]);
  });
  test('not a guest, whose methods are at home; that one comes for the first time is less of a surprise, however old the account', () => {
    const first = (...rows: readonly EventRow[]) => judged(...rows).find(({ words }) => /^First sign of this account/.test(words))!.llr;
    const upn = 'sleeper_fabrikam.example#EXT#@contoso.example';
    const asGuest = (row: EventRow): EventRow =>
      'TargetUpn' in row ? { ...row, TargetUpn: upn, ActorUpn: upn } : { ...row, UserPrincipalName: upn, UserType: 'Guest' };
    const guest = [known(900), ...visit()].map(asGuest);
    expect(hadNone(...guest)).toEqual([]);
    expect(first(...guest)).toBeLessThan(0.7 * first(known(900), ...visit()));
  });
  test("also in a carrier's range that colleagues live in, where an old account is nobody's first day", () => {
    const neighbours = Array.from({ length: 12 * 7 }, (_, i) =>
      signIn(`user-${3 + (i % 7)}`, later(-(1 + Math.floor(i / 7)) * DAY - 30 * (i % 7)), {
        DeviceId: `dev-user-${3 + (i % 7)}`,
        IPAddress: `192.0.2.${10 + (i % 7)}`,
        Asn: '8881',
        SessionId: `home-${i % 7}`,
      }),
    );
    const firstSign = (...rows: readonly EventRow[]) => judged(...rows).find(({ words }) => /^First sign of this account/.test(words))!.llr;
    expect(hadNone(known(900), ...neighbours, ...visit())).toHaveLength(1);
    expect(firstSign(known(900), ...neighbours, ...visit())).toBeCloseTo(0.8 * firstSign(known(900), ...visit()));
    // Without being asked it may have had a method, and nobody knows the age of the other.
    const unasked = visit({ ResultType: '50074' });
    expect(firstSign(known(900), ...neighbours, ...unasked)).toBeLessThan(0.4 * firstSign(known(900), ...unasked));
    expect(hadNone(...neighbours, ...visit())).toEqual([]);
  });
  test('says most once the account goes on in two more hours, as whoever took it does, also in the background', () => {
    const llrOf = (...after: readonly EventRow[]) => hadNone(known(900), ...visit(), ...after)[0]?.llr;
    const again = (minutes: number, IsInteractive: boolean) =>
      signIn('sleeper', later(minutes), { ...flat, IsInteractive, SessionId: 's' });
    const atOnce = llrOf()!;
    expect(llrOf(again(10, true), again(50, false))).toBe(atOnce);
    expect(llrOf(again(130, true), again(140, false))).toBe(atOnce);
    expect(llrOf(again(130, true), again(200, false))).toBeCloseTo(2.5 * atOnce, 10);
  });
  test('is taken back when its owner is at work in the days after', () => {
    const back = signIn('sleeper', later(DAY), { IPAddress: '198.51.100.10', SessionId: 'back' });
    expect(hadNone(...regular, ...visit(), back)).toEqual([]);
    expect(hadNone(known(900), ...visit(), back)).toEqual([]);
    // Whoever comes back to where the method was registered is nobody's colleague.
    expect(hadNone(known(900), ...visit(), signIn('sleeper', later(DAY), flat))).toHaveLength(1);
  });
});
