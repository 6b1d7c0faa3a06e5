import { describe, expect, test } from 'vitest';
import { looksLikeOnePerson } from '../../src/detectors/shared/names.ts';
import type { SignInRow } from '../../src/events/contracts.ts';
import { Engine } from '../../src/scoring/engine.ts';
import { feed, judgeAll } from '../support/engine.ts';
import { at, type EventRow, registration, signIn } from '../support/events.ts';
import { DAY, later, PHONE, START, said, taken, weeks } from '../support/three-weeks.ts';

const OTHER = '22222222-2222-4222-8222-222222222222';

describe('several tenants in one workspace', () => {
  test('an enrolment drive of one does not excuse a registration in another', () => {
    const before = Array.from({ length: 8 }, (_, day) => registration('user-1', at(START, (10 + day) * DAY)));
    const drive = (TenantId?: string) =>
      Array.from({ length: 30 }, (_, i) => registration(`user-${i % 12}`, later(-200 + i), TenantId === undefined ? {} : { TenantId }));
    const volume = (rows: readonly EventRow[]) =>
      taken([...before, ...weeks(), ...rows])?.contributions.filter(({ detector }) => detector === 'D12-volume');
    expect(volume(drive())).toHaveLength(1);
    expect(volume(drive(OTHER))).toEqual([]);
  });

  test('one whose log begins later has no accounts that were never seen before', () => {
    const first = /First sign of this account/;
    const fresh = (TenantId: string) => [
      registration('newcomer', later(10), { TenantId, ActorIp: '203.0.113.66', ModifiedProperties: PHONE, CorrelationId: 'fresh' }),
      registration('second', later(9), { TenantId, ModifiedProperties: PHONE }),
      registration('third', later(8), { TenantId, ModifiedProperties: PHONE }),
    ];
    const words = (rows: readonly EventRow[]) =>
      judgeAll([...weeks(), ...rows])
        .find(({ anchor }) => anchor === 'fresh')
        ?.contributions.map((item) => item.words);
    const here = taken(weeks())!.tenantId;
    expect(words(fresh(here))).toEqual(expect.arrayContaining([expect.stringMatching(first)]));
    expect(words(fresh(OTHER))).toBeDefined();
    expect(words(fresh(OTHER))).not.toEqual(expect.arrayContaining([expect.stringMatching(first)]));
  });

  test('numbers of a country that are usual in one are foreign in another', () => {
    const numbers = (TenantId: string) =>
      Array.from({ length: 12 }, (_, i) =>
        registration(`user-${i}`, at(START, 2 * DAY + i), {
          TenantId,
          ModifiedProperties: PHONE.replace('+49 170 5550188', `+234 8055 5018${10 + i}`),
        }),
      );
    const germans = Array.from({ length: 12 }, (_, i) =>
      registration(`other-${i}`, at(START, 3 * DAY + i), { ModifiedProperties: PHONE.replace('5550188', `55501${10 + i}`) }),
    );
    const nigerian = registration('user-3', later(1), {
      ActorIp: '203.0.113.66',
      CorrelationId: 'own',
      ModifiedProperties: PHONE.replace('+49 170 5550188', '+234 8055 501899'),
    });
    const words = (TenantId: string) => said([...germans, ...numbers(TenantId), ...weeks(), nigerian])?.map(([, , text]) => text);
    const foreign = /of a country \(\+234\)/;
    expect(words(OTHER)).toEqual(expect.arrayContaining([expect.stringMatching(foreign)]));
    expect(words(taken(weeks())!.tenantId)).not.toEqual(expect.arrayContaining([expect.stringMatching(foreign)]));
  });

  test('wrong passwords in one are no surge in another', () => {
    // Two weeks with one failure in the hour, then sixty: the square root goes from 1 to nearly 8.
    const quiet = (TenantId: string) =>
      Array.from({ length: 15 }, (_, day) => signIn('user-1', at(START, (5 + day) * DAY + 231), { TenantId, ResultType: '50126' }));
    const storm = (TenantId: string) =>
      Array.from({ length: 60 }, (_, i) => signIn(`user-${i % 12}`, later(-9 + i / 30), { TenantId, ResultType: '50126' }));
    const here = taken(weeks())!.tenantId;
    const surge = (rows: readonly EventRow[]) =>
      said([...quiet(here), ...rows, ...weeks()])?.filter(([detector]) => detector === 'D12-volume');
    expect(surge(storm(here))).toHaveLength(1);
    expect(surge([...quiet(OTHER), ...storm(OTHER)])).toEqual([]);
  });

  test('an administrator is new to it by the log of the own tenant', () => {
    const byAdmin = (TenantId: string, Id: string, minutes: number) =>
      registration('user-7', later(minutes), {
        OperationName: 'Admin registered security info',
        TenantId,
        ActorUserId: 'admin',
        ActorUpn: 'admin@contoso.example',
        ModifiedProperties: PHONE,
        CorrelationId: Id,
      });
    const helped = [8, 9].map((u) => registration(`user-${u}`, later(5 + u), { TenantId: OTHER, ModifiedProperties: PHONE }));
    const words = judgeAll([...weeks(), ...helped, byAdmin(OTHER, 'help', 30)])
      .find(({ anchor }) => anchor === 'help')
      ?.contributions.map((item) => item.words);
    expect(words).toBeDefined();
    expect(words).not.toEqual(expect.arrayContaining([expect.stringMatching(/has not done this before/)]));
  });
});

describe('logs that lack something everywhere', () => {
  test('object ids: users are told by their names, whatever the case', () => {
    const nameless = (row: EventRow): EventRow => {
      if ('OperationName' in row) return { ...row, TargetUserId: '', ActorUserId: '', TargetUpn: row.TargetUpn.toUpperCase() };
      return { ...row, UserId: '' };
    };
    const found = taken(weeks(nameless));
    expect(found?.users).toEqual([{ userId: '', upn: 'USER-3@CONTOSO.EXAMPLE' }]);
    expect(found?.subject).toBe('user-3@contoso.example');
    expect(said(weeks(nameless))?.map(([detector]) => detector)).toEqual(said(weeks())?.map(([detector]) => detector));
  });

  test('networks and countries: nothing is said of them', () => {
    const blank = (row: EventRow): EventRow =>
      'Asn' in row ? { ...row, Asn: '', Country: '', City: '', Latitude: null, Longitude: null } : row;
    const words = said(weeks(blank))?.map(([, , text]) => String(text));
    expect(words?.length).toBeGreaterThan(1);
    expect(words?.filter((text) => /country|AS\d|\bAS\b|km/.test(text))).toEqual([]);
  });

  test('plain addresses: with a port, in brackets or mapped they are the same ones', () => {
    const dressed = (row: EventRow): EventRow => {
      if ('OperationName' in row) return { ...row, ActorIp: `[::ffff:${row.ActorIp}]:50123` };
      return 'IPAddress' in row ? { ...row, IPAddress: `${row.IPAddress}:443` } : row;
    };
    const detectors = (rows: readonly EventRow[]) => said(rows)?.map(([detector, llr]) => [detector, llr]);
    expect(detectors(weeks(dressed))).toEqual(detectors(weeks()));
  });
});

describe('logs in which a privacy filter wrote one text for all', () => {
  const detectors = (rows: readonly EventRow[]) => said(rows)?.map(([detector, llr]) => [detector, llr]);
  const isSignIn = (row: EventRow): row is SignInRow => 'SessionId' in row;
  /** The takeover as it is seen where the column is empty: neither hidden by the text, nor another by it. */
  test.each<readonly [column: keyof SignInRow, text: string]>([
    ['SessionId', '00000000-0000-0000-0000-000000000000'],
    ['SessionId', 'session-redacted'],
    ['DeviceId', '00000000-0000-0000-0000-000000000000'],
    ['DeviceId', 'PII Removed'],
    ['Asn', '0'],
    ['Country', 'unknown'],
    ['IPAddress', '0.0.0.0'],
    ['IPAddress', '127.0.0.1'],
    ['IPAddress', '::'],
    ['IPAddress', 'PII Removed'],
    ['IPAddress', '198.51.100.x'],
    ['CorrelationId', 'redacted'],
    ['UserId', 'redacted'],
    ['UserId', '00000000-0000-0000-0000-000000000000'],
  ])('%s %s is as none', (column, text) => {
    const withText = (value: string) => weeks((row) => (isSignIn(row) ? { ...row, [column]: value } : row));
    expect(detectors(withText(text))).toBeDefined();
    expect(detectors(withText(text))).toEqual(detectors(withText('')));
  });
  test('OriginalRequestId: each sign-in is one of its own', () => {
    const withText = (value: string) => weeks((row) => (isSignIn(row) ? { ...row, OriginalRequestId: value } : row));
    expect(detectors(withText('redacted'))).toEqual(detectors(withText('')));
  });
  test.each(['redacted', '00000000-0000-0000-0000-000000000000'])('CorrelationId %s of registrations: each is its own', (CorrelationId) => {
    const rows = weeks((row) => ('OperationName' in row ? { ...row, CorrelationId } : row));
    expect(judgeAll(rows).find(({ originalId }) => originalId === 'own')?.anchor).toBe('own');
  });
});

test('a user who registers without end: every list stays bounded', () => {
  const engine = new Engine();
  const rows = Array.from({ length: 5000 }, (_, i) => registration('user-3', later(i / 100), { ModifiedProperties: PHONE }));
  feed(engine, [...weeks(), ...rows]);
  engine.advance(Number.POSITIVE_INFINITY);
  const found = engine.takeJudgements();
  expect(found.length).toBeGreaterThan(0);
  expect(Math.max(...found.map(({ events }) => events.length))).toBeLessThanOrEqual(50);
  expect(Math.max(...found.map(({ users }) => users.length))).toBeLessThanOrEqual(12);
});

test.each([
  ['иван.петров@пример.example', 'adm-иван.петров@пример.example', true],
  ['иван.петров@пример.example', 'мария.петрова@пример.example', false],
  ['王小明@contoso.example', 'adm.王小明@contoso.example', true],
  ['王小明@contoso.example', '李小龙@contoso.example', false],
  ['محمد.علي@contoso.example', 'فاطمة.علي@contoso.example', false],
])('%s and %s: one person is %s', (a, b, expected) => {
  expect(looksLikeOnePerson(a, b)).toBe(expected);
});
