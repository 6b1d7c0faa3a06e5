import { describe, expect, test } from 'vitest';
import { Engine } from '../../src/scoring/engine.ts';
import type { EngineOptions } from '../../src/scoring/engine-api.ts';
import { judgeAll, judgeInRuns } from '../support/engine.ts';
import { at, type EventRow, elsewhere, registration, signIn } from '../support/events.ts';

const START = '2026-03-02T08:00:00Z';
const DAY = 24 * 60;
const later = (minutes: number) => at(START, 20 * DAY + 240 + minutes);
const BARE = { DeviceId: '', DeviceName: '', DeviceTrust: '' };
const PHONE = JSON.stringify([
  { name: 'StrongAuthenticationUserDetails', oldValue: '[]', newValue: '[{"PhoneNumber":"+49 170 5550188"}]' },
]);

/** Three weeks of thirty people in the office; the phone of two of them makes a third registration of it reported, whatever else is said. */
const office: readonly EventRow[] = [
  ...Array.from({ length: 20 * 30 }, (_, i) =>
    signIn(`user-${i % 30}`, at(START, Math.floor(i / 30) * DAY + (i % 30) * 7), { SessionId: `week-${i % 30}` }),
  ),
  ...[8, 9].map((u) => registration(`user-${u}`, at(START, DAY), { ModifiedProperties: PHONE })),
];
const of = (user: string, rows: readonly EventRow[], options: EngineOptions = {}) =>
  judgeAll([...office, ...rows], options).filter(({ kind, subject }) => kind === 'registration' && subject === user);
/** What speaks for an attack. */
const saidOf = (user: string, rows: readonly EventRow[]) =>
  of(user, rows).flatMap(({ contributions }) =>
    contributions.filter(({ llr }) => llr > 0).map(({ detector, words }) => `${detector} ${words}`),
  );
const containing = (pattern: RegExp) => expect.arrayContaining([expect.stringMatching(pattern)]);

describe('an account for emergencies', () => {
  /** At the desk, on the own device: nothing of it is suspicious. */
  const quiet = registration('user-3', later(0), { TargetUpn: 'Break.Glass@contoso.example', ActorUpn: 'Break.Glass@contoso.example' });
  const breakGlass = [{ value: 'break.glass@contoso.example' }];

  test('is none of our business without the list', () => {
    expect(of('user-3', [quiet])).toEqual([]);
  });
  test.each([
    ['by its name', { breakGlass }],
    ['by its object id', { breakGlass: [{ value: 'USER-3' }] }],
    ['though it is on the list of users that are not reported', { breakGlass, users: [{ value: 'user-3' }] }],
    ['though its address is vouched for', { breakGlass, egress: [{ value: '198.51.100.0/24' }] }],
  ] as const)('is at least Medium %s', (_, allow) => {
    const [found] = of('user-3', [quiet], { allow });
    expect(found?.score).toBeGreaterThanOrEqual(50);
    expect(found?.contributions.map(({ words }) => words)).toEqual(containing(/for emergencies \(break-glass\)/));
  });
  test('whose time on the list is over is like any other', () => {
    expect(of('user-3', [quiet], { allow: { breakGlass: [{ ...breakGlass[0]!, untilMs: Date.parse(START) }] } })).toEqual([]);
  });
  test('is judged the same after a restart', () => {
    const options = { allow: { breakGlass } };
    const rows = [...office, quiet];
    const untils = [Date.parse(START) + 20 * 86_400_000 + 4 * 3_600_000 + 60_000];
    const between = (engine: Engine) => Engine.restore(engine.snapshot(), options);
    expect(judgeInRuns(rows, { untils, provisional: true, between }, options)).toEqual(judgeAll(rows, options));
  });
});

describe('a guest', () => {
  const upn = 'sam_fabrikam.example#EXT#@contoso.onmicrosoft.com';
  const far = { IPAddress: '192.0.2.50', Country: 'PT', City: 'Lisbon', Asn: '2860', ...BARE };
  const newcomer = (name: string): readonly EventRow[] => [
    signIn('newcomer', later(-5), { ...far, UserPrincipalName: name, UserType: name === upn ? 'Guest' : 'Member' }),
    registration('newcomer', later(0), {
      ActorIp: '192.0.2.50',
      TargetUpn: name,
      ActorUpn: name,
      ModifiedProperties: PHONE,
    }),
  ];
  test('who comes for the first time, from where no colleague is, is less of a surprise than an employee', () => {
    const llr = (name: string, detector: string) =>
      of('newcomer', newcomer(name))
        .flatMap(({ contributions }) => contributions)
        .filter((item) => item.detector === detector)
        .reduce((sum, item) => sum + Math.max(0, item.llr), 0);
    for (const detector of ['D1-novelty', 'D10-dormant']) {
      const employee = llr('newcomer@contoso.example', detector);
      expect(employee, detector).toBeGreaterThan(1.5);
      expect(llr(upn, detector), detector).toBeLessThan(0.75 * employee);
    }
  });
  test('who is known by habits of their own is judged by them', () => {
    const weeks = Array.from({ length: 18 }, (_, day) =>
      signIn('newcomer', at(START, day * DAY + 60), { ...far, UserPrincipalName: upn, UserType: 'Guest', SessionId: `guest-${day}` }),
    );
    const stolen = [
      signIn('newcomer', later(-5), { ...elsewhere, UserPrincipalName: upn, UserType: 'Guest' }),
      registration('newcomer', later(0), { ActorIp: '203.0.113.66', TargetUpn: upn, ActorUpn: upn }),
    ];
    expect(saidOf('newcomer', [...weeks, ...stolen])).toEqual(containing(/^D1-novelty Not a usual country/));
  });
  test('whose invitation is in the log is new to it', () => {
    const invited = registration('user-20', later(-3 * DAY), {
      OperationName: 'Invite external user',
      ResultReason: '',
      TargetUserId: 'newcomer',
      TargetUpn: 'newcomer@contoso.example',
    });
    expect(saidOf('newcomer', [invited, ...newcomer('newcomer@contoso.example')])).not.toEqual(containing(/do not show it being made/));
  });
});

test('a user whose name changes is the same user', () => {
  const married = (row: EventRow): EventRow => {
    if (!('Asn' in row) || row.UserId !== 'user-3' || row.EventTime < at(START, 15 * DAY)) return row;
    return { ...row, UserPrincipalName: 'new.name@contoso.example' };
  };
  const rows = [
    signIn('user-3', later(-5), { ...elsewhere, UserPrincipalName: 'new.name@contoso.example', Id: 'strange' }),
    registration('user-3', later(0), {
      ActorIp: '203.0.113.66',
      TargetUpn: 'new.name@contoso.example',
      ActorUpn: 'new.name@contoso.example',
    }),
  ];
  const said = (all: readonly EventRow[]) =>
    judgeAll(all)
      .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
      .map(({ contributions }) => contributions.map(({ llr, words }) => [llr, words]));
  expect(said([...office, ...rows].map(married))).toEqual(said([...office, ...rows]));
  expect(said([...office, ...rows].map(married))[0]).not.toEqual([]);
});

test('a device for all at the address of a registration speaks less for its user than a device of their own', () => {
  const own = [
    signIn('user-3', later(-5), { ...elsewhere, Id: 'strange' }),
    registration('user-3', later(0), { ActorIp: '203.0.113.66' }),
    signIn('user-3', later(20), { ...elsewhere, DeviceId: 'laptop-user-3', DeviceName: 'LAP-3', DeviceTrust: 'managed' }),
  ];
  const kiosk = Array.from({ length: 4 * 18 }, (_, i) =>
    signIn(`user-${20 + (i % 4)}`, at(START, Math.floor(i / 4) * DAY + 400 + (i % 4)), { DeviceId: 'laptop-user-3' }),
  );
  const llr = (rows: readonly EventRow[]) =>
    of('user-3', rows)
      .flatMap(({ contributions }) => contributions)
      .find(({ words }) => words.includes('signed in from the very address'))?.llr;
  expect(llr(own)).toBeLessThan(-4);
  expect(llr([...kiosk, ...own])).toBeGreaterThan(-2);
});

test('a device that the account registered from a new place, and what signs in with it there', () => {
  const planted = (over: Partial<ReturnType<typeof registration>> = {}) =>
    registration('user-3', later(-26 * 60), {
      OperationName: 'Register device',
      LoggedByService: 'Device Registration Service',
      ResultReason: '',
      TargetUserId: '',
      TargetUpn: '',
      ActorIp: '203.0.113.66',
      AdditionalDetails: JSON.stringify([
        { key: 'Device Id', value: 'planted-device' },
        { key: 'Device OS', value: 'Windows' },
      ]),
      ...over,
    });
  const rows = [
    signIn('user-3', later(-26 * 60 - 9), { ...elsewhere, IPAddress: '203.0.114.7' }),
    signIn('user-3', later(-30), { ...elsewhere, DeviceId: 'planted-device', DeviceTrust: 'joined' }),
    registration('user-3', later(0), { ActorIp: '203.0.113.66' }),
  ];
  const pattern = /^D13-session Signed in with a device that the account itself had registered from a new place/;
  expect(saidOf('user-3', [planted(), ...rows])).toEqual(containing(pattern));
  // Without an address the sign-in just before tells from where.
  expect(saidOf('user-3', [planted({ ActorIp: '' }), ...rows])).toEqual(containing(pattern));
  expect(saidOf('user-3', [planted({ ActorUserId: 'user-4', ActorUpn: 'user-4@contoso.example' }), ...rows])).not.toEqual(
    containing(pattern),
  );
  expect(saidOf('user-3', [planted({ ActorIp: '198.51.100.10' }), ...rows])).not.toEqual(containing(pattern));

  const managed = signIn('user-3', later(20), {
    ...elsewhere,
    IPAddress: '203.0.113.66',
    DeviceId: 'planted-device',
    DeviceTrust: 'managed',
  });
  const handedOut = /^D14-use-after A new device that the organisation manages/;
  const againstOf = (records: readonly EventRow[]) =>
    of('user-3', records).flatMap(({ contributions }) =>
      contributions.filter(({ llr }) => llr < 0).map(({ detector, words }) => `${detector} ${words}`),
    );
  expect(againstOf([...rows, managed])).toEqual(containing(handedOut));
  // Enrolled by whoever registered the method: it speaks for nobody.
  expect(againstOf([planted(), ...rows, managed])).not.toEqual(containing(handedOut));
});
