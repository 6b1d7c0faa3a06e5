import { describe, expect, test } from 'vitest';
import type { AuditRow } from '../../src/events/contracts.ts';
import { coverageWarnings } from '../../src/pipeline/coverage-warnings.ts';
import { Engine } from '../../src/scoring/engine.ts';
import { feed, judgeAll, restartedAt } from '../support/engine.ts';
import { at, type EventRow, elsewhere, registration, signIn } from '../support/events.ts';
import { DAY, later, PHONE, START, said, taken, weeks } from '../support/three-weeks.ts';

/** Rows of tables that are exported in different ways. */
const signIns = (over: object) => (row: EventRow) => ('ResultType' in row ? { ...row, ...over } : row);
const audits = (over: object) => (row: EventRow) => ('OperationName' in row ? { ...row, ...over } : row);

function warningsOf(rows: readonly EventRow[]): readonly string[] {
  const engine = new Engine();
  feed(engine, rows);
  engine.advance(Number.POSITIVE_INFINITY);
  return coverageWarnings(engine.coverage());
}
/** Registrations by eight people who sign in. */
const eight = (over: (u: number) => object = () => ({})) =>
  Array.from({ length: 8 }, (_, u) => registration(`user-${u}`, later(u), { ModifiedProperties: PHONE, ...over(u) }));

describe('tables that name a user differently are joined', () => {
  const expected = said(weeks());

  test.each([
    ['sign-ins name no tenant', signIns({ TenantId: '' })],
    ['audit records name no tenant', audits({ TenantId: '' })],
    ['no row names a tenant', (row: EventRow) => ({ ...row, TenantId: '' })],
    [
      'sign-ins write the tenant in capitals',
      (row: EventRow) => ('ResultType' in row ? { ...row, TenantId: row.TenantId.toUpperCase() } : row),
    ],
  ])('%s', (_, change) => {
    expect(expected?.length).toBeGreaterThan(2);
    expect(said(weeks(change))).toEqual(expected);
    expect(warningsOf(weeks(change))).toEqual([]);
  });

  test('a filter wrote one OriginalRequestId into every sign-in: those of other days and addresses are not its rows', () => {
    const filtered = signIns({ OriginalRequestId: '7c9e6679-7425-40de-944b-e07fc1f90ae7' });
    expect(said(weeks(filtered))).toEqual(expected);
  });

  test('sign-ins have names alone, in another case', () => {
    const named = (row: EventRow) =>
      'ResultType' in row ? { ...row, UserId: '', UserPrincipalName: row.UserPrincipalName.toUpperCase() } : row;
    expect(said(weeks(named))?.map(([detector, llr]) => [detector, llr])).toEqual(expected?.map(([detector, llr]) => [detector, llr]));
    expect(taken(weeks(named))?.users).toEqual([{ userId: 'user-3', upn: 'user-3@contoso.example' }]);
  });

  test('a guest by the name at home in sign-ins, by #EXT# in the audit log', () => {
    const guest = (row: EventRow): EventRow => {
      if ('ResultType' in row) return { ...row, UserId: '', UserPrincipalName: row.UserPrincipalName.replace('contoso', 'partner') };
      const [name] = 'TargetUpn' in row ? row.TargetUpn.split('@') : [];
      return { ...row, TargetUpn: `${name}_partner.example#EXT#@contoso.example`, ActorUpn: '', ActorUserId: '' } as EventRow;
    };
    expect(said(weeks(guest))).toBeDefined();
    expect(said(weeks(guest))?.map(([, , words]) => words)).toEqual(expect.arrayContaining([expect.stringMatching(/suspicious sign-in/)]));
  });

  test('sign-ins by name that follow the first record of both', () => {
    const nameless = { UserId: '' };
    const rows = [registration('user-3', at(START, -DAY), { ModifiedProperties: PHONE }), ...weeks(signIns(nameless))];
    expect(said(rows)?.map(([, , words]) => words)).toEqual(expect.arrayContaining([expect.stringMatching(/suspicious sign-in/)]));
  });

  describe('audit records have names alone, in another case', () => {
    const named = (row: EventRow): EventRow =>
      'TargetUpn' in row
        ? { ...row, TargetUserId: '', ActorUserId: '', TargetUpn: row.TargetUpn.toUpperCase(), ActorUpn: row.ActorUpn.toUpperCase() }
        : row;
    const numbersOf = (rows: readonly EventRow[]) => said(rows)?.map(([detector, llr]) => [detector, llr]);

    test('and say what the same records with ids say', () => {
      expect(numbersOf(weeks(named))).toEqual(expected?.map(([detector, llr]) => [detector, llr]));
    });

    test('after a restart too', () => {
      const rows = weeks(named);
      const second = restartedAt(rows, rows.length - 2);
      expect(
        second
          .takeJudgements()
          .find(({ anchor }) => anchor === 'own')
          ?.contributions.map(({ detector, llr }) => [detector, llr]),
      ).toEqual(numbersOf(rows));
    });

    test('whose account was given another name the week before', () => {
      const married = { UserPrincipalName: 'married@contoso.example' };
      const isLater = (row: EventRow) => 'ResultType' in row && row.UserId === 'user-3' && row.EventTime >= at(START, 14 * DAY);
      const rename = (row: EventRow): EventRow => {
        if (isLater(row)) return { ...row, ...married } as EventRow;
        return 'TargetUpn' in row && row.Id === 'own'
          ? { ...row, TargetUpn: 'married@contoso.example', ActorUpn: 'married@contoso.example' }
          : row;
      };
      expect(numbersOf(weeks((row) => named(rename(row))))).toEqual(expected?.map(([detector, llr]) => [detector, llr]));
    });
  });

  test('GUIDs are in capitals in one table and in small letters in another, or in both by turns', () => {
    const guids = (row: EventRow): EventRow => {
      if (!('ResultType' in row)) return row;
      const [, number = ''] = /^user-(\d+)$/.exec(row.UserId) ?? [];
      const guid = (of: string) => `${of}dbe21c-6e57-4f3b-9e0a-${number.padStart(12, '0')}`;
      return {
        ...row,
        DeviceId: row.DeviceId === '' ? '' : guid('a1'),
        SessionId: row.SessionId === 'never-seen' ? guid('ff') : guid('b2'),
      };
    };
    let turn = 0;
    const inCapitals = (row: EventRow): EventRow =>
      'ResultType' in row && turn++ % 2 === 0
        ? { ...row, DeviceId: row.DeviceId.toUpperCase(), SessionId: row.SessionId.toUpperCase(), AppId: row.AppId.toUpperCase() }
        : row;
    const ownDesk = (row: EventRow) =>
      'ResultType' in row && row.Id === 'attack' ? signIn('user-3', row.EventTime, { Id: 'attack' }) : row;
    for (const change of [guids, (row: EventRow) => guids(ownDesk(row))]) {
      expect(said(weeks((row) => inCapitals(change(row))))).toEqual(said(weeks(change)));
    }
  });

  test('who has to enrol first is stopped after the password: that row says what the name of the audit record is called', () => {
    const newcomer = (over: Partial<AuditRow>) => [
      ...weeks(),
      signIn('newcomer', later(-5), { ...elsewhere, ResultType: '50079', Methods: 'Password', SessionId: 'first', Id: 'stopped' }),
      registration('newcomer', later(0), {
        ActorIp: '203.0.113.66',
        ModifiedProperties: PHONE,
        Id: 'own-2',
        CorrelationId: 'first',
        ...over,
      }),
      signIn('newcomer', later(10), { ...elsewhere, SessionId: 'first', Id: 'in' }),
    ];
    const saidOf = (rows: readonly EventRow[]) =>
      judgeAll(rows)
        .find(({ anchor }) => anchor === 'first')
        ?.contributions.map(({ detector, llr }) => [detector, llr]);
    const expected = saidOf(newcomer({}));
    expect(expected?.map(([detector]) => detector)).toContain('D14-use-after');
    expect(saidOf(newcomer({ TargetUserId: '', ActorUserId: '' }))).toEqual(expected);
  });

  test('failures by a name that was guessed do not take the account away from its id', () => {
    const fresh = 'newcomer';
    const guess = signIn(fresh, later(-300), { UserId: '', ResultType: '50034', IPAddress: '192.0.2.9' });
    const first = registration(fresh, later(0), { ActorIp: '203.0.113.66', ModifiedProperties: PHONE, CorrelationId: 'first' });
    const after = signIn(fresh, later(10), { ...elsewhere, RiskLevel: 'high' });
    const wordsOf = (rows: readonly EventRow[]) =>
      judgeAll(rows)
        .find(({ anchor }) => anchor === 'first')
        ?.contributions.map(({ words }) => words);
    const rows = [...weeks(), first, after];
    expect(wordsOf(rows)?.length).toBeGreaterThan(wordsOf([...weeks(), first])!.length);
    expect(wordsOf([guess, ...rows])).toEqual(wordsOf(rows));
  });

  test('the engine that was saved goes on with the tenant and the names that it knew', () => {
    const rows = [...weeks(signIns({ TenantId: '', UserId: '' }))];
    const second = restartedAt(rows, rows.length - 4);
    expect(
      second
        .takeJudgements()
        .find(({ anchor }) => anchor === 'own')
        ?.contributions.map(({ words }) => words),
    ).toEqual(said(rows)?.map(([, , words]) => words));
    expect(second.coverage().signIns).toBe(rows.filter((row) => 'ResultType' in row).length);
  });
});

describe('what cannot be joined is told', () => {
  test('a workspace where nothing is missing has no warning', () => {
    expect(warningsOf([...weeks(), ...eight()])).toEqual([]);
  });

  test.each<[string, RegExp, readonly EventRow[]]>([
    ['no sign-ins', /8 users changed methods, and there is not one sign-in/, eight()],
    [
      'names that do not fit',
      /8 of 11 users who changed methods never signed in/,
      [...weeks(), ...eight((u) => ({ TargetUserId: `other-${u}`, TargetUpn: '' }))],
    ],
    [
      'sign-ins none of which is a success',
      /10 of 10 users who changed methods never signed in/,
      [...weeks(signIns({ ResultType: 'Success' })), ...eight()],
    ],
    [
      'sign-ins that begin after the registrations',
      /8 of 8 users changed methods before the first sign-in that was read \(2026-03-02T08:00:00Z\)/,
      [
        ...eight().map((row) => ({ ...row, EventTime: at(START, -DAY), IngestedAt: at(START, -DAY) })),
        ...Array.from({ length: 8 }, (_, u) => signIn(`user-${u}`, at(START))),
      ],
    ],
    [
      'no audit records',
      /1200 sign-ins, and not one record of a change/,
      Array.from({ length: 1200 }, (_, i) => signIn(`user-${i % 9}`, at(START, i))),
    ],
    [
      'rows without a tenant among two tenants',
      /240 rows name no tenant .* 2 tenants are named by others/s,
      [
        ...weeks((row) => ('ResultType' in row && row.Id.startsWith('in-') ? { ...row, TenantId: '' } : row)),
        signIn('far', later(0), { TenantId: '22222222-2222-4222-8222-222222222222' }),
      ],
    ],
    [
      'operations of another name',
      /1 record of the service Authentication Methods with operations that are not known here \("Benutzer hat Sicherheitsinformationen registriert"\)/,
      [...weeks(), registration('user-4', later(0), { OperationName: 'Benutzer hat Sicherheitsinformationen registriert' })],
    ],
  ])('%s', (_, words, rows) => {
    expect(warningsOf(rows)).toEqual([expect.stringMatching(words)]);
  });
});
