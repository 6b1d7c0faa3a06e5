import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { msFromTicks } from '../../src/core/ticks.ts';
import type { AuditRow } from '../../src/events/contracts.ts';
import { Engine } from '../../src/scoring/engine.ts';
import { judgeAll, judgeInRuns } from '../support/engine.ts';
import { at, type EventRow, elsewhere, ofDirectory, registration, signIn } from '../support/events.ts';

const START = '2026-03-02T08:00:00Z';
const DAY = 24 * 60;
const later = (minutes: number) => at(START, 20 * DAY + 240 + minutes);
const change = (name: string, before: unknown, after: unknown) => ({
  displayName: name,
  oldValue: JSON.stringify(before),
  newValue: JSON.stringify(after),
});
const APP = [
  { MethodType: 6, Default: true },
  { MethodType: 7, Default: false },
];
const PHONE = [
  { MethodType: 0, Default: false },
  { MethodType: 5, Default: false },
];
const numbered = (PhoneNumber: string) => change('StrongAuthenticationUserDetails', [], [{ PhoneNumber }]);
const phoneAdded = [change('StrongAuthenticationMethod', APP, [...APP, ...PHONE]), numbered('+49 170 5550188')];
const appAdded = [change('StrongAuthenticationMethod', PHONE, [...PHONE, ...APP])];
const phoneGone = [change('StrongAuthenticationMethod', [...APP, ...PHONE], APP)];

const office: readonly EventRow[] = Array.from({ length: 20 * 12 }, (_, i) =>
  signIn(`user-${i % 12}`, at(START, Math.floor(i / 12) * DAY + (i % 12) * 7), { SessionId: `week-${i % 12}`, Id: `in-${i}` }),
);
const strange = signIn('user-3', later(-5), { ...elsewhere, SessionId: 'never-seen', RiskLevel: 'high', Id: 'strange' });
const service = (user: string, minutes: number, over: Partial<AuditRow> = {}) =>
  registration(user, later(minutes), { ResultReason: 'User registered Mobile Phone SMS', ActorIp: '203.0.113.66', ...over });
/** As Core Directory writes it, in the name of the service. */
const directory = (user: string, minutes: number, changes: readonly unknown[], over: Partial<AuditRow> = {}) =>
  registration(user, later(minutes), {
    ...ofDirectory,
    ModifiedProperties: JSON.stringify(changes),
    ...over,
  });
const registrationsOf = (rows: readonly EventRow[], user = 'user-3') =>
  judgeAll([...office, ...rows]).filter(({ kind, subject }) => kind === 'registration' && subject === user);
const plain = (rows: readonly EventRow[]) =>
  registrationsOf(rows).map(({ score, methods, events, contributions }) => ({
    score,
    methods: [...methods].sort(),
    events: events.map(({ id }) => id).sort(),
    said: contributions.map(({ words }) => words).sort(),
  }));

describe('one change that is logged by the service and by the directory', () => {
  const record = service('user-3', 0, { Id: 'service', CorrelationId: 'one' });
  test.each([
    ['seconds before', -0.2],
    ['at the same time', 0],
    ['two minutes after', 2],
  ])('is one finding under two correlations too, the twin %s', (_, minutes) => {
    const twin = (CorrelationId: string) => directory('user-3', minutes, phoneAdded, { Id: 'twin', CorrelationId });
    const folded = plain([strange, record, twin('other')]);
    expect(folded).toHaveLength(1);
    expect(folded).toEqual(plain([strange, record, twin('one')]));
    expect(folded[0]!.events).toEqual(['service', 'strange', 'twin']);
  });

  test('says as little of an account that was never seen among colleagues, whichever record comes first', () => {
    const first = (minutes: number) => [
      service('sleeper', 0, { ActorIp: '198.51.100.10', CorrelationId: 'one' }),
      directory('sleeper', minutes, phoneAdded, { CorrelationId: 'one' }),
      // The phone of two colleagues makes it a finding, whatever else is said.
      ...[8, 9].map((u) => registration(`user-${u}`, later(-DAY), { ModifiedProperties: JSON.stringify(phoneAdded) })),
    ];
    const dormant = (minutes: number) =>
      registrationsOf(first(minutes), 'sleeper')
        .flatMap(({ contributions }) => contributions)
        .filter(({ detector }) => detector === 'D10-dormant')
        .map(({ llr }) => llr);
    const [after] = dormant(0.1);
    expect(after).toBeGreaterThan(0);
    expect(dormant(-0.1)).toEqual([after]);
  });

  test('is one for an administrator too', () => {
    const over = { ActorUserId: 'user-5', ActorUpn: 'user-5@contoso.example', ActorIp: '203.0.113.66' };
    const byAdmin = service('user-3', 0, {
      ...over,
      OperationName: 'Admin registered security info',
      ResultReason: 'Admin registered phone method for user',
    });
    const twin = directory('user-3', 0, phoneAdded, { ...over, ActorAppName: '' });
    const found = registrationsOf([{ ...strange, UserId: 'user-5', UserPrincipalName: 'user-5@contoso.example' }, byAdmin, twin]);
    expect(found.map(({ actor, events }) => [actor?.userId, events.length])).toEqual([['user-5', 2]]);
  });

  test('is no longer one after more than five minutes, nor where the kinds of method differ', () => {
    expect(registrationsOf([strange, record, directory('user-3', 6, phoneAdded, { CorrelationId: 'other' })])).toHaveLength(2);
    expect(registrationsOf([strange, record, directory('user-3', 1, appAdded, { CorrelationId: 'other' })])).toHaveLength(2);
  });

  test('is one within five seconds whatever the two call it, and one person adds no two methods so fast', () => {
    const others = [
      appAdded,
      [
        change('StrongAuthenticationMethod', APP, [
          { ...APP[0]!, Default: false },
          { ...APP[1]!, Default: true },
        ]),
      ],
    ];
    for (const changes of others)
      expect(registrationsOf([strange, record, directory('user-3', 0.05, changes, { Id: 'twin', CorrelationId: 'other' })])).toHaveLength(
        1,
      );
    const again = service('user-3', 0.05, { Id: 'again', CorrelationId: 'two', ResultReason: 'User registered Email' });
    expect(registrationsOf([strange, record, again])).toHaveLength(2);
  });

  test('is one by the operation that both Ids carry, where the exporter removed or renewed the CorrelationId', () => {
    const numbered = (operation: string, CorrelationId: (which: string) => string) => [
      service('user-3', 0, { Id: `IAMUX_${operation}_AB12C_7`, CorrelationId: CorrelationId('a') }),
      directory('user-3', 20, appAdded, { Id: `Directory_${operation}_CD34E_9`, CorrelationId: CorrelationId('b') }),
    ];
    const guid = '3f6d1c2a-8b47-4e0d-9a51-6c2f7e8d9b10';
    for (const correlation of [() => '00000000-0000-0000-0000-000000000000', () => '', (which: string) => which])
      expect(registrationsOf([strange, ...numbered(guid, correlation)])).toHaveLength(1);
    expect(registrationsOf([strange, ...numbered('00000000-0000-0000-0000-000000000000', (which) => which)])).toHaveLength(2);
  });

  test('two methods with a twin each are two, whatever the order of the four records', () => {
    const rows = [
      service('user-3', 0, { Id: 's1', CorrelationId: 'a' }),
      directory('user-3', 0.1, phoneAdded, { Id: 't1', CorrelationId: 'b' }),
      service('user-3', 2, { Id: 's2', CorrelationId: 'c', ResultReason: 'User registered Authenticator App with Notification' }),
      directory('user-3', 1.9, appAdded, { Id: 't2', CorrelationId: 'd' }),
    ];
    const expected = plain([strange, ...rows]);
    expect(expected.map(({ events }) => events)).toEqual([
      ['s1', 'strange', 't1'],
      ['s2', 'strange', 't2'],
    ]);
    fc.assert(
      fc.property(fc.shuffledSubarray(rows, { minLength: 4 }), fc.integer({ min: -6, max: 20 }), (shuffled, cut) => {
        expect(plain([strange, ...shuffled])).toEqual(expected);
        const untils = [msFromTicks(later(cut))];
        const all = [...office, strange, ...shuffled];
        const between = (engine: Engine) => Engine.restore(engine.snapshot());
        expect(judgeInRuns(all, { untils, provisional: true, between })).toEqual(judgeAll(all));
      }),
      { numRuns: 15 },
    );
  });

  test('delivered twice under other numbers is one finding; the same act a minute later is another', () => {
    const copy = { ...record, Id: 'copy', CorrelationId: 'numbered-anew' };
    expect(registrationsOf([strange, record, copy])).toHaveLength(1);
    expect(registrationsOf([strange, record, { ...copy, EventTime: later(1), IngestedAt: later(1) }])).toHaveLength(2);
  });

  test('a key is one finding by all three that write of it, and two keys are two', () => {
    const key = (minutes: number, which: string) => [
      service('user-3', minutes, {
        OperationName: 'Add Passkey (device-bound)',
        LoggedByService: 'Device Registration Service',
        ResultReason: '',
        Id: `device-service-${which}`,
      }),
      directory('user-3', minutes, [change('SearchableDeviceKey', [], [{ usage: 'FIDO', keyIdentifier: which }])], { Id: `twin-${which}` }),
      service('user-3', minutes + 0.2, { ResultReason: 'User registered Passkey (device-bound)', Id: `service-${which}` }),
    ];
    const eventsOf = (rows: readonly EventRow[]) => plain([strange, ...rows]).map(({ events }) => events);
    const first = ['device-service-a', 'service-a', 'strange', 'twin-a'];
    expect(eventsOf(key(0, 'a'))).toEqual([first]);
    expect(eventsOf([...key(0, 'a'), ...key(2, 'b')])).toEqual([first, ['device-service-b', 'service-b', 'strange', 'twin-b']]);
  });

  test('a method that was deleted before is one deletion', () => {
    const gone = { OperationName: 'User deleted security info', ResultReason: 'User deleted Mobile Phone SMS' };
    const rows = [strange, service('user-3', -3, gone), directory('user-3', -3, phoneGone, { CorrelationId: 'gone' }), record];
    expect(plain(rows)[0]?.said).toEqual(expect.arrayContaining([expect.stringMatching(/^1 method deleted by the account itself 3 min/)]));
  });
});

describe('a new default', () => {
  const record = service('user-3', 0, { Id: 'service' });
  const newDefault = (minutes: number, over: Partial<AuditRow> = {}) =>
    service('user-3', minutes, {
      Id: 'default',
      OperationName: 'User changed default security info',
      ResultReason: 'User changed the default security info for Mobile Phone SMS',
      ...over,
    });
  const idsOf = (rows: readonly EventRow[]) => plain([strange, ...rows]).map(({ events }) => events);

  const saidOfDefault = (rows: readonly EventRow[]) =>
    registrationsOf([strange, ...rows]).map(
      ({ contributions }) => contributions.find(({ words }) => words.startsWith('The default was'))?.llr,
    );

  test('is the last step of the registration right before it', () => {
    expect(idsOf([record, newDefault(2)])).toEqual([['default', 'service', 'strange']]);
  });

  test('says less of the weak method that was just added than where a stronger one was', () => {
    const app = { ...record, ResultReason: 'User registered Authenticator App with Notification' };
    const [[ofWeak], [ofStrong]] = [saidOfDefault([record, newDefault(2)]), saidOfDefault([app, newDefault(2)])];
    expect(ofWeak).toBeGreaterThan(0);
    expect(ofStrong).toBeGreaterThan(ofWeak!);
  });

  test.each([
    ['later', newDefault(20)],
    ['by itself', newDefault(-2)],
    ['at another address', newDefault(2, { ActorIp: '192.0.2.77' })],
    ['by an administrator', newDefault(2, { ActorUserId: 'user-5', ActorUpn: 'user-5@contoso.example' })],
  ])('is an act of its own %s', (_, changed) => {
    expect(idsOf([record, changed])).toHaveLength(2);
  });
});

describe('one CorrelationId in every record', () => {
  const ONE = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
  /** Reported, and closed by the time of the second: the number was two colleagues' before. */
  const first = ['user-8', 'user-9', 'user-3'].map((user, i) =>
    service(user, i - 14 * DAY, {
      Id: `number-of-${user}`,
      CorrelationId: ONE,
      ModifiedProperties: JSON.stringify([numbered('+49 170 5550188')]),
    }),
  );
  const day = signIn('user-1', later(-3 * DAY), { Id: 'time-goes-on' });
  const second = service('user-3', 0, { Id: 'second', CorrelationId: ONE });

  test('does not end what is seen of a user with the first finding', () => {
    const found = registrationsOf([...first, day, strange, second]);
    expect(found.map(({ anchor }) => anchor)).toEqual([ONE, 'second']);
    expect(found[1]?.events.map(({ id }) => id)).toContain('strange');
  });

  test('nor does the lack of both ids', () => {
    const bare = (row: AuditRow): AuditRow => ({ ...row, Id: '', CorrelationId: '' });
    expect(registrationsOf([...first.map(bare), day, strange, bare(second)])).toHaveLength(2);
  });

  test('a record of the first act that comes late is still its own', () => {
    const late = { ...first[2]!, Id: 'late', OperationName: 'User registered all required security info', IngestedAt: later(-1) };
    expect(registrationsOf([...first, day, late])).toHaveLength(1);
  });
});

describe('a tenant that logs "Update user" alone', () => {
  const own = (user: string, minutes: number, changes: readonly unknown[], over: Partial<AuditRow> = {}) =>
    directory(user, minutes, changes, { ActorUserId: user, ActorUpn: `${user}@contoso.example`, ActorAppName: '', ...over });
  /** Weeks in which people registered phones, which no other record tells of. */
  const before = Array.from({ length: 6 }, (_, i) => own(`user-${i + 4}`, (i - 10) * DAY, phoneAdded.slice(0, 1)));

  test('many users who register from one address are seen', () => {
    const many = Array.from({ length: 8 }, (_, i) => own(`guest-${i}`, i, appAdded, { ActorIp: '203.0.113.66' }));
    const sources = (rows: readonly EventRow[]) => judgeAll([...office, ...rows]).filter(({ kind }) => kind === 'source');
    expect(sources([...before, ...many]).map(({ users }) => users.length)).toEqual([8]);
  });

  test('methods deleted before and after are counted', () => {
    const rows = [...before, strange, own('user-3', -4, phoneGone), own('user-3', 0, appAdded), own('user-3', 9, phoneGone)];
    const said = registrationsOf(rows).flatMap(({ contributions }) => contributions.map(({ words }) => words));
    expect(said).toEqual(expect.arrayContaining([expect.stringMatching(/deleted by the account itself 4 min/)]));
    expect(said).toEqual(expect.arrayContaining([expect.stringMatching(/^1 other method deleted within a day after/)]));
  });

  test('an administrator who does it for many within an hour is counted', () => {
    const admin = { ActorUserId: 'user-5', ActorUpn: 'user-5@contoso.example', ActorIp: '203.0.113.66' };
    const many = Array.from({ length: 10 }, (_, i) => directory(`guest-${i}`, i, appAdded, { ...admin, ActorAppName: '' }));
    const taken = { ...strange, UserId: 'user-5', UserPrincipalName: 'user-5@contoso.example' };
    const said = judgeAll([...office, ...before, taken, ...many]).flatMap(({ contributions }) => contributions.map(({ words }) => words));
    expect(said).toEqual(expect.arrayContaining([expect.stringMatching(/^10 users within an hour by user-5/)]));
  });
});
