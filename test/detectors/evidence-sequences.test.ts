import { describe, expect, test } from 'vitest';
import type { AuditRow, SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, elsewhere, registration, signIn } from '../support/events.ts';

const START = '2026-03-02T08:00:00Z';
const DAY = 24 * 60;
const NOON = 20 * DAY + 240;
const later = (minutes: number) => at(START, NOON + minutes);
const phone = (number: string) =>
  JSON.stringify([{ name: 'StrongAuthenticationUserDetails', oldValue: '[]', newValue: `[{"PhoneNumber":"${number}"}]` }]);

/** Three weeks of twelve people in the office, on laptops of their own; their number is a German one. */
const office: readonly EventRow[] = Array.from({ length: 20 * 12 }, (_, i) =>
  signIn(`user-${i % 12}`, at(START, Math.floor(i / 12) * DAY + (i % 12) * 7), { SessionId: `week-${i % 12}` }),
);
/** The phone of user-3 is that of two others: the registration is always reported, so that weak evidence can be seen. */
const SHARED = phone('+49 170 5550188');
const witness = [8, 9].map((u) => registration(`user-${u}`, at(START, DAY), { ModifiedProperties: SHARED }));
const own = (minutes: number, over: Partial<AuditRow> = {}) =>
  registration('user-3', later(minutes), { ActorIp: '203.0.113.66', ModifiedProperties: SHARED, ...over });
const stranger = (minutes: number, over: Partial<SignInRow> = {}) =>
  signIn('user-3', later(minutes), { ...elsewhere, SessionId: 'never-seen', ...over });
const byAdmin = (minutes: number, over: Partial<AuditRow> = {}) =>
  own(minutes, {
    OperationName: 'Admin registered security info',
    ResultReason: 'Admin registered temporary access pass method for user',
    ActorUserId: 'user-5',
    ActorUpn: 'user-5@contoso.example',
    ActorIp: '198.51.100.10',
    ...over,
  });

function evidence(rows: readonly EventRow[], anchorOf?: AuditRow) {
  const anchor = anchorOf?.CorrelationId;
  return judgeAll([...office, ...witness, ...rows])
    .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
    .filter((found) => anchor === undefined || found.anchor === anchor)
    .flatMap(({ contributions }) => contributions);
}
const words = (rows: readonly EventRow[], anchorOf?: AuditRow) => evidence(rows, anchorOf).map((item) => item.words);
const containing = (pattern: RegExp) => expect.arrayContaining([expect.stringMatching(pattern)]);

describe('a phone number', () => {
  const germans = Array.from({ length: 12 }, (_, i) =>
    registration(`user-${i === 3 ? 2 : i}`, at(START, 2 * DAY + i * 60), { ModifiedProperties: phone(`+49 170 55502${10 + i}`) }),
  );
  test('of a country that no number in the log is from, is evidence', () => {
    const foreign = own(1, { ModifiedProperties: phone('+234 8055 501882') });
    expect(words([...germans, own(0), { ...foreign, CorrelationId: 'c-1' }, { ...own(1), CorrelationId: 'c-1' }])).toEqual(
      containing(/number of a country \(\+234\) that no number/),
    );
  });
  test('of the usual country is none', () => {
    expect(words([...germans, own(0)])).not.toEqual(containing(/number of a country/));
  });
});

describe('a telephone for two', () => {
  const together = (method: string) => {
    const rows = [6, 10].map((u) =>
      registration(`user-${u}`, later(u), { ResultReason: `User registered ${method}`, ModifiedProperties: phone('+49 30 5550100') }),
    );
    const found = judgeAll([...office, ...rows]).find(({ kind, subject }) => kind === 'registration' && subject === 'user-10');
    return found?.contributions.find(({ detector }) => detector === 'D7-mass-registration')?.llr ?? 0;
  };
  test('says much where it is a mobile one, and little where it stands on a desk', () => {
    expect(together('Mobile Phone SMS')).toBeGreaterThan(5);
    expect(together('Office Phone')).toBeLessThan(3);
  });
});

describe('a session', () => {
  test('that had a device id and goes on elsewhere without one may have been taken', () => {
    expect(words([stranger(-5, { SessionId: 'week-3', Country: 'DE', Asn: '8881' }), own(0)])).toEqual(
      containing(/goes on in a new place without one/),
    );
  });
  test('that goes on elsewhere on its device says nothing of the kind', () => {
    const moved = signIn('user-3', later(-5), { IPAddress: '203.0.113.66', Asn: '8881', SessionId: 'week-3' });
    expect(words([moved, own(0)])).not.toEqual(containing(/goes on in a new place/));
  });
});

describe('after the registration', () => {
  test('the new method used in the office on a computer that the user never had', () => {
    const here = { ActorIp: '198.51.100.10' };
    const colleague = stranger(60, {
      IPAddress: '198.51.100.10',
      Country: 'DE',
      Asn: '3320',
      Methods: 'Password; Mobile app notification',
    });
    expect(words([own(0, here), colleague])).toEqual(containing(/on a computer that the user is not known by/));
    const mine = signIn('user-3', later(60), { Methods: 'Password; Mobile app notification' });
    expect(words([own(0, here), mine])).not.toEqual(containing(/not known by/));
  });
  test('the owner at work meanwhile', () => {
    const rows = [stranger(-5), own(0), signIn('user-3', later(20), { SessionId: 'week-3' })];
    expect(words(rows)).toEqual(containing(/^Meanwhile a device that the user is known by/));
  });
  test('still abroad half a day later with the own browser, and nobody at home: a journey', () => {
    const bare = { DeviceId: '', DeviceName: '', DeviceTrust: '' };
    const before = [...office, ...witness].map((row) => ('Asn' in row && row.UserId === 'user-3' ? { ...row, ...bare } : row));
    const abroad = (minutes: number) =>
      signIn('user-3', later(minutes), { ...bare, IPAddress: '203.0.113.66', Country: 'PT', City: 'Lisbon', Asn: '2860' });
    const found = (rows: readonly EventRow[]) =>
      judgeAll([...before, ...rows])
        .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
        .flatMap(({ contributions }) => contributions.map((item) => item.words));
    const journey = [abroad(-5), own(0), abroad(11 * 60)];
    expect(found(journey)).toEqual(containing(/^Still abroad/));
    expect(found([...journey, signIn('user-3', later(12 * 60), bare)])).not.toEqual(containing(/^Still abroad/));
  });
});

describe('help from an administrator', () => {
  test('a pass that is used from a new place without a known device', () => {
    const pass = byAdmin(0);
    expect(words([pass, stranger(10, { Methods: 'Temporary Access Pass' })], pass)).toEqual(containing(/^The pass was used from 203/));
  });
  test('a pass that is used on the own device', () => {
    const pass = byAdmin(0);
    const used = evidence([pass, signIn('user-3', later(10), { Methods: 'Temporary Access Pass' })], pass);
    expect(used.find((item) => item.words.startsWith('The pass was used'))?.llr).toBeLessThan(0);
  });
  test('the registration after the pass carries what speaks against the administrator', () => {
    const pass = byAdmin(0, { ActorIp: '192.0.2.77' });
    const then = own(20);
    expect(words([pass, stranger(15), then], then)).toEqual(
      containing(/after the help desk gave out a temporary access pass, which was odd in itself/),
    );
  });
  test('an administrator at an address that is new to them, less so in their first weeks, and not among colleagues', () => {
    const oddity = (pass: AuditRow, rows: readonly EventRow[] = []) =>
      evidence([...rows, pass, stranger(10, { Methods: 'Temporary Access Pass' })], pass).find((item) =>
        /not a usual place of theirs/.test(item.words),
      )?.llr;
    expect(oddity(byAdmin(0, { ActorIp: '192.0.2.77' }))).toBeGreaterThan(2);
    expect(oddity(byAdmin(0, { ActorIp: '198.51.100.10' }))).toBeUndefined();
    // Eight others live at the address; its network is none that the administrator is known by.
    const elsewhereAtWork = [0, 1, 2, 4, 6, 7, 8, 9].flatMap((u) =>
      [1, 5, 9, 13].map((d) =>
        signIn(`user-${u}`, at(START, d * DAY + 500 + u), { IPAddress: '192.0.2.77', Asn: '680', SessionId: `week-${u}` }),
      ),
    );
    expect(oddity(byAdmin(0, { ActorIp: '192.0.2.77' }), elsewhereAtWork)).toBeUndefined();
  });
  test('an administrator who had not done it before says less where most had not', () => {
    const first = (rows: readonly EventRow[]) => {
      const pass = byAdmin(0, { ActorIp: '192.0.2.77' });
      return evidence([...rows, pass, stranger(10, { Methods: 'Temporary Access Pass' })], pass).find((item) =>
        /has not done this before/.test(item.words),
      )?.llr;
    };
    const others = [0, 1, 2, 4, 6, 7, 8, 9, 10, 11].map((u) =>
      byAdmin(-9 * DAY + u * 90, {
        ActorUserId: `user-${u}`,
        ActorUpn: `user-${u}@contoso.example`,
        TargetUserId: `user-${(u + 1) % 12}`,
        TargetUpn: `user-${(u + 1) % 12}@contoso.example`,
        ModifiedProperties: '',
      }),
    );
    expect(first([])).toBeGreaterThan(1);
    expect(first(others)).toBeLessThan(0.5);
  });
  test('an administrator whose own sign-in looked wrong', () => {
    const taken = signIn('user-5', later(-10), { ...elsewhere, SessionId: 'x', RiskLevel: 'high' });
    const pass = byAdmin(0, { ActorIp: '203.0.113.66' });
    expect(words([taken, pass], pass)).toEqual(containing(/themselves had a suspicious sign-in/));
  });
  test('counts without an address too, by the sign-in that led to the registration', () => {
    const then = own(20, { ActorIp: '' });
    expect(words([byAdmin(0), stranger(15), then], then)).toEqual(containing(/new place 20 min after the help desk/));
  });
});

describe('a Conditional Access policy that the user was taken out of', () => {
  const policy = (...excludeUsers: readonly string[]) => JSON.stringify({ conditions: { users: { includeUsers: ['All'], excludeUsers } } });
  const excluding = (user: string, minutes: number) =>
    byAdmin(minutes, {
      OperationName: 'Update conditional access policy',
      LoggedByService: 'Conditional Access',
      Category: 'Policy',
      ResultReason: '',
      TargetUserId: '',
      TargetUpn: '',
      ModifiedProperties: JSON.stringify([{ displayName: 'ConditionalAccessPolicy', oldValue: policy(), newValue: policy(user) }]),
    });
  test('in the hours before is evidence; another user, or two days before, is none', () => {
    const pattern = /excluded from a Conditional Access policy 180 min before/;
    expect(words([excluding('USER-3', -180), own(0)])).toEqual(containing(pattern));
    expect(words([excluding('user-4', -180), own(0)])).not.toEqual(containing(/excluded from/));
    expect(words([excluding('user-3', -2 * DAY), own(0)])).not.toEqual(containing(/excluded from/));
  });

  const leavingOut = (minutes: number, ...groups: readonly string[]) => {
    const oldValue = JSON.stringify({ conditions: { users: { excludeGroups: ['group-0'] } } });
    const newValue = JSON.stringify({ conditions: { users: { excludeGroups: ['group-0', ...groups] } } });
    return {
      ...excluding('', minutes),
      ModifiedProperties: JSON.stringify([{ displayName: 'ConditionalAccessPolicy', oldValue, newValue }]),
    };
  };
  const joining = (minutes: number, group: string, over: Partial<EventRow> = {}) =>
    byAdmin(minutes, {
      OperationName: 'Add member to group',
      LoggedByService: 'Core Directory',
      Category: 'GroupManagement',
      ResultReason: '',
      ModifiedProperties: JSON.stringify([{ displayName: 'Group.ObjectID', oldValue: null, newValue: JSON.stringify(group) }]),
      ...over,
    });
  test.each([
    ['put into the group after it was left out', [leavingOut(-9 * DAY, 'group-1'), joining(-180, 'GROUP-1')]],
    ['left out with the group', [joining(-20 * 60, 'group-1'), leavingOut(-180, 'group-1')]],
  ] as const)('%s is evidence too', (_, rows) => {
    expect(words([...rows, own(0)])).toEqual(containing(/Conditional Access policy 180 min before, by a group that it leaves out/));
  });
  test.each([
    ['another group', [leavingOut(-180, 'group-1'), joining(-170, 'group-2')]],
    ['a group that was out before the log began', [leavingOut(-180), joining(-170, 'group-0')]],
    ['another user in the group', [leavingOut(-180, 'group-1'), joining(-170, 'group-1', { TargetUserId: 'user-4' })]],
    ['both days ago', [leavingOut(-3 * DAY, 'group-1'), joining(-2 * DAY, 'group-1')]],
    ['a change that failed', [leavingOut(-180, 'group-1'), joining(-170, 'group-1', { Result: 'failure' })]],
  ] as const)('%s is none', (_, rows) => {
    expect(words([...rows, own(0)])).not.toEqual(containing(/excluded from/));
  });
});

describe('the steps around a registration', () => {
  const types = (...numbers: readonly number[]) =>
    JSON.stringify(numbers.map((MethodType, i) => ({ MethodType, Default: i === numbers.length - 1 })));
  /** What the directory logs beside the service's record: types of methods, the default last. */
  const directory = (before: string, after: string) =>
    JSON.stringify([
      ...(JSON.parse(SHARED) as unknown[]),
      { displayName: 'StrongAuthenticationMethod', oldValue: before, newValue: after },
    ]);
  const step = (minutes: number, OperationName: string, over: Partial<AuditRow> = {}) =>
    own(minutes, { OperationName, ResultReason: '', ModifiedProperties: '', ...over });

  test('a default taken down from an app to messages is more than one that is merely weak', () => {
    const changed = {
      OperationName: 'User changed default security info',
      ResultReason: 'User changed the default security info for Mobile Phone SMS',
    };
    const record = own(0, { ...changed, CorrelationId: 'default' });
    const twin = own(0, {
      OperationName: 'Update user',
      ResultReason: '',
      CorrelationId: 'default',
      ModifiedProperties: JSON.stringify([
        { displayName: 'StrongAuthenticationMethod', oldValue: types(5, 7, 6), newValue: types(6, 7, 5) },
      ]),
    });
    const llrOf = (rows: readonly EventRow[]) =>
      evidence([stranger(-5), ...rows], record).find(({ words: text }) => text.includes('default'));
    expect(llrOf([record, twin])?.words).toBe(
      'The default was taken down from Authenticator App with Notification to a weak method: Mobile Phone SMS.',
    );
    expect(llrOf([twin, record])?.llr).toBe(llrOf([record, twin])?.llr);
    expect(llrOf([record])!.llr).toBeLessThan(llrOf([record, twin])!.llr);
  });

  test('an account that is left with a telephone alone', () => {
    const swap = own(0, { ModifiedProperties: directory(types(7, 6), types(0, 5)), OperationName: 'Update user', ResultReason: '' });
    expect(words([stranger(-5), swap])).toEqual(
      containing(
        /^Leaves the account with Phone, Mobile Phone SMS of its app and telephone methods: .*Notification.* went in the same change/,
      ),
    );
    const kept = own(0, { ModifiedProperties: directory(types(7, 6), types(7, 6, 5)), OperationName: 'Update user', ResultReason: '' });
    expect(words([stranger(-5), kept])).not.toEqual(containing(/^Leaves the account/));
  });

  test('registrations that were begun, cancelled or failed before, from a new place', () => {
    const failed = step(-30, 'User registered security info', {
      Result: 'failure',
      ResultReason: 'User failed to register Authenticator App with Code',
    });
    const tries = [
      step(-50, 'User started security info registration'),
      step(-45, 'User cancelled security info registration'),
      step(-31, 'User started security info registration'),
      failed,
      step(-2, 'User started security info registration'),
    ];
    const pattern = /^2 registrations were started and not finished in the two hours before/;
    expect(words([stranger(-55), ...tries, own(0)])).toEqual(containing(pattern));
    // The one that this registration itself began with is none.
    expect(words([stranger(-55), tries[4]!, own(0)])).not.toEqual(containing(/started and not finished/));
    const finished = [tries[0]!, own(-40, { ResultReason: 'User registered Email' })];
    expect(words([stranger(-55), ...finished, own(0)], undefined)).not.toEqual(containing(/started and not finished/));
    expect(words([...tries, own(0, { ActorIp: '198.51.100.10' })])).not.toEqual(containing(/started and not finished/));
  });

  describe('on the day of a sign-in that looked wrong', () => {
    /** The user's own report makes the day a finding, whatever else is said. */
    const report = step(40, 'Suspicious activity reported', { ActorIp: '198.51.100.10' });
    const day = (rows: readonly EventRow[]) =>
      judgeAll([...office, ...rows, report])
        .filter(({ kind, subject }) => kind === 'user-day' && subject === 'user-3')
        .flatMap(({ contributions }) => contributions.map((item) => item.words));
    const began = (minutes: number, over: Partial<AuditRow> = {}) => step(minutes, 'User started security info registration', over);
    const cancelled = step(9, 'User cancelled security info registration');
    const pattern = /begun after this sign-in and not finished, from its address/;

    test('a registration that was begun and not finished', () => {
      expect(day([stranger(0), began(5)])).toEqual(containing(/^1 registration of a method was begun after this sign-in/));
      expect(day([stranger(0), began(5), cancelled, began(12)])).toEqual(containing(/^2 registrations of methods were begun/));
    });
    test.each([
      ['finished', [stranger(0), began(5), own(8)]],
      ['from where the user is', [stranger(0), began(5, { ActorIp: '198.51.100.10' })]],
      ['before the sign-in', [began(-5), stranger(0)]],
      ['by an administrator', [stranger(0), began(5, { ActorUserId: 'user-5', ActorUpn: 'user-5@contoso.example' })]],
      ['after a usual sign-in', [signIn('user-3', later(0)), began(5)]],
    ] as const)('none that was %s', (_, rows) => {
      expect(day(rows)).not.toEqual(containing(pattern));
    });
    test('security info that was looked through', () => {
      const looked = step(5, 'User reviewed security info', { ResultReason: 'User successfully reviewed security info.' });
      expect(day([stranger(0), looked])).toEqual(containing(/^The security info was looked through after this sign-in/));
    });
  });

  test('the owner looks through the security info afterwards and lets it stand', () => {
    const looked = (minutes: number, over: Partial<AuditRow> = {}) =>
      step(minutes, 'User reviewed security info', { ActorIp: '198.51.100.10', CorrelationId: `look-${minutes}`, ...over });
    const pattern = /^The user looked through the security info 90 min after, at a usual place, and let it stand/;
    expect(words([stranger(-5), own(0), looked(90)])).toEqual(containing(pattern));
    const none = expect.not.arrayContaining([expect.stringMatching(/let it stand/)]);
    expect(words([stranger(-5), own(0), looked(90, { ActorIp: '203.0.113.66' })])).toEqual(none);
    expect(words([stranger(-5), own(0), looked(90, { Result: 'failure' })])).toEqual(none);
    expect(words([stranger(-95), looked(-90), own(0)])).toEqual(none);
  });

  test('a stronger method that went for a weaker one', () => {
    const gone = (ResultReason: string) => step(-10, 'User deleted security info', { ResultReason });
    const phoneIn = own(0, { ResultReason: 'User registered Mobile Phone SMS' });
    const said = (row: EventRow) =>
      evidence([stranger(-15), row, phoneIn], phoneIn).find(({ words: text }) => /deleted by the account/.test(text));
    const [app, number] = [said(gone('User deleted Fido')), said(gone('User deleted Mobile Phone SMS'))];
    expect(app?.words).toBe(
      '1 method deleted by the account itself 10 min before. Fido is harder to take over than what came in its place.',
    );
    expect(number?.words).toBe('1 method deleted by the account itself 10 min before.');
    expect(app!.llr).toBeGreaterThan(number!.llr);
  });

  test('a device registered after the method, from a new place; not in the office, nor by somebody else', () => {
    const device = (over: Partial<AuditRow> = {}) =>
      step(12, 'Register device', { TargetUserId: '', TargetUpn: '', TargetDeviceId: 'd-1', ...over });
    const pattern = /^A device was registered 12 min after, by the account itself/;
    expect(words([stranger(-5), own(0), device()])).toEqual(containing(pattern));
    const atWork = { ActorIp: '198.51.100.10' };
    expect(words([own(0, atWork), device(atWork)])).not.toEqual(containing(pattern));
    expect(words([stranger(-5), own(0), device({ ActorUserId: 'user-4', ActorUpn: 'user-4@contoso.example' })])).not.toEqual(
      containing(pattern),
    );
  });
});

describe('habits', () => {
  const background = (day: number): EventRow =>
    signIn('user-3', at(START, day * DAY + 700), {
      IsInteractive: false,
      IPAddress: '192.0.2.80',
      Asn: '6805',
      DeviceId: '',
      DeviceName: '',
      DeviceTrust: '',
      OperatingSystem: 'Ios 18',
      Browser: 'Outlook',
      Methods: '',
    });
  test('places are learnt from mail and chat in the background', () => {
    const known = evidence([...Array.from({ length: 18 }, (_, day) => background(day)), own(0, { ActorIp: '192.0.2.80' })]);
    expect(known.filter(({ detector, llr }) => detector === 'D1-novelty' && llr > 0)).toEqual([]);
    const unknown = evidence([background(19), own(0, { ActorIp: '192.0.2.80' })]);
    expect(unknown.filter(({ detector, llr }) => detector === 'D1-novelty' && llr > 0)).not.toEqual([]);
  });
  test('a colleague’s laptop in the office is not excused by the office', () => {
    const borrowed = signIn('user-3', later(-5), { DeviceId: 'laptop-user-7', DeviceName: 'LAP-7', SessionId: 'other' });
    const found = evidence([borrowed, own(0, { ActorIp: '198.51.100.10' })]);
    expect(found.map((item) => item.words)).toEqual(containing(/Not a usual device of the user: LAP-7/));
    expect(found.filter(({ detector, group }) => detector === 'D1-novelty' && group === 'network').every(({ llr }) => llr >= -0.5)).toBe(
      true,
    );
  });
  test('who comes back to the same new place after days is the same as before', () => {
    const visit = stranger(-3 * DAY);
    expect(words([visit, own(0)])).toEqual(
      containing(/Registered 72 h after a suspicious sign-in from 203.0.113.66, from the same address/),
    );
    expect(words([visit, own(0, { ActorIp: '192.0.2.99' })])).not.toEqual(containing(/after a suspicious sign-in/));
  });
});

describe('a prompt that the user reported', () => {
  const day = (rows: readonly EventRow[]) =>
    judgeAll([...office, ...rows]).find(({ kind, subject }) => kind === 'user-day' && subject === 'user-3');
  const report = registration('user-3', later(0), { OperationName: 'Suspicious activity reported', ResultReason: '' });
  test.each([
    ['before it', [stranger(-8, { Country: 'RU', Asn: '12389' }), report]],
    ['after it', [report, stranger(8, { Country: 'RU', Asn: '12389' })]],
    [
      'before and after it',
      [stranger(-8, { Country: 'RU', Asn: '12389' }), report, stranger(8, { Country: 'KP', Asn: '131279', IPAddress: '203.0.113.250' })],
    ],
  ])('stays hard evidence with a suspicious sign-in %s', (_, rows) => {
    const found = day(rows);
    expect(found?.hardEvidence).toBe(true);
    expect(found?.contributions.map((item) => item.words)).toEqual(containing(/reported an MFA prompt as not their own/));
    expect(found?.contributions.some(({ detector }) => detector === 'D1-novelty')).toBe(true);
  });
});

describe('a spray from one address', () => {
  const wrong = Array.from({ length: 200 }, (_, i) =>
    signIn(`staff-${i}`, later(i / 5), { ...elsewhere, IPAddress: '203.0.113.99', ResultType: '50126', Methods: 'Password' }),
  );
  const scoreOf = (rows: readonly EventRow[]) => judgeAll([...office, ...rows]).find(({ kind }) => kind === 'source')?.score;
  test('that got past no password is told, but not at Medium', () => {
    expect(scoreOf(wrong)).toBeGreaterThanOrEqual(30);
    expect(scoreOf(wrong)).toBeLessThan(50);
  });
  test('that got in is Medium at least', () => {
    const passed = stranger(60, { IPAddress: '203.0.113.99' });
    expect(scoreOf([...wrong, passed])).toBeGreaterThanOrEqual(50);
  });
});

test('a new session says less in another range of a usual network than in a network that is new', () => {
  const llrOf = (over: Partial<SignInRow>) =>
    evidence([stranger(-5, { Country: 'DE', ...over }), own(0)]).find((item) => /^A new session/.test(item.words))?.llr;
  const [near, far] = [llrOf({ Asn: '3320' }), llrOf({ Asn: '680' })];
  expect(near).toBeGreaterThan(0);
  expect(near).toBeLessThan(far! / 2);
});

test('sessions that are begun again and again in one new range', () => {
  const visits = (sessions: readonly string[], over: Partial<SignInRow> = {}) =>
    sessions.map((SessionId, i) => stranger(-60 + i * 10, { SessionId, ...over }));
  const pattern = /^3 sessions were begun in the address range of the registration within days/;
  expect(words([...visits(['a', 'b', 'c']), own(0)])).toEqual(containing(pattern));
  expect(words([...visits(['a', 'b']), own(0), stranger(30, { SessionId: 'c' })])).toEqual(containing(pattern));
  const none = expect.not.arrayContaining([expect.stringMatching(/sessions were begun/)]);
  expect(words([...visits(['a', 'a', 'a', 'b']), own(0)])).toEqual(none);
  expect(words([...visits(['a', 'b']), ...visits(['c', 'd'], { IPAddress: '192.0.2.9' }), own(0)])).toEqual(none);
  expect(words([...visits(['', '', '', '']), own(0)])).toEqual(none);
});
