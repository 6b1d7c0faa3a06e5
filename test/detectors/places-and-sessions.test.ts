import { describe, expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, elsewhere, registration, signIn } from '../support/events.ts';
import { containing, DAY, evidence, later, office, own, phone, START, stranger, witness, words } from './phone-of-three.ts';

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
    const llr = found?.contributions.find(({ detector }) => detector === 'D7-mass-registration')?.llr ?? 0;
    return { llr, score: found?.score ?? 0 };
  };
  test('says something where it is a mobile one, a couple has one too, and little where it stands on a desk', () => {
    // Counted: 37 of 1,203 intruders' registrations in 35 tenants and 48 of 11,165 owners'.
    const counted = Math.log(37 / 1203 / (48 / 11_165));
    expect(together('Mobile Phone SMS').llr).toBeGreaterThan(counted);
    expect(together('Mobile Phone SMS').score).toBeLessThan(50);
    expect(together('Office Phone').llr).toBeLessThan(together('Mobile Phone SMS').llr);
  });
});

test('the exit of a VPN company says less of a telephone, whose VPN is an app, than of a computer', () => {
  const hosted = (over: Partial<SignInRow>) =>
    evidence([stranger(-5, { Asn: '9009', ...over }), own(0)]).find(({ words: text }) => /^AS9009 belongs to a hosting or VPN/.test(text))!
      .llr;
  const computer = hosted({});
  expect(computer).toBeGreaterThan(1.5);
  expect(hosted({ OperatingSystem: 'Android 15', Browser: 'Chrome Mobile' })).toBeLessThan(computer / 2);
});

describe('a session', () => {
  test('that had a device id and goes on elsewhere without one may have been taken', () => {
    const taken = { SessionId: 'week-3', Country: 'DE', Asn: '8881' };
    expect(words([stranger(-5, { ...taken, OperatingSystem: 'Windows 11' }), own(0)])).toEqual(
      containing(/goes on in a new place without one/),
    );
    // On another kind of system, the laptop's being Windows, it was taken.
    expect(words([stranger(-5, taken), own(0)])).toEqual(containing(/on another kind of system goes on in a new place.* was taken/));
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
    expect(words([own(0, here), colleague])).toEqual(containing(/on a computer that is not known as the user's/));
    const mine = signIn('user-3', later(60), { Methods: 'Password; Mobile app notification' });
    expect(words([own(0, here), mine])).not.toEqual(containing(/not known as/));
  });
  test('the new method used in a range where many colleagues live is judged by the computer, not by the place', () => {
    // Desktops in a cloud, each at an address of its own; whoever is signed in to there shows no device.
    const desktops = Array.from({ length: 20 * 7 }, (_, i) =>
      signIn(`user-${5 + (i % 7)}`, at(START, Math.floor(i / 7) * DAY + 600 + (i % 7) * 7), { IPAddress: `203.0.113.${10 + (i % 7)}` }),
    );
    const bare = { DeviceId: '', DeviceName: '', DeviceTrust: '' };
    const before = [...office, ...witness].map((row) => ('Asn' in row && row.UserId === 'user-3' ? { ...row, ...bare } : row));
    const used = (over: Partial<SignInRow>) =>
      stranger(60, { Methods: 'Password; Mobile app notification', Country: 'DE', Asn: '3320', ...over });
    const found = (rows: readonly EventRow[]) =>
      judgeAll([...before, ...rows])
        .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
        .flatMap(({ contributions }) => contributions.flatMap((item) => (item.detector === 'D14-use-after' ? [item.words] : [])));
    const mine = used({ OperatingSystem: 'Windows 11', Browser: 'Edge' });
    expect(found([own(0), mine])).toEqual(containing(/a place that is new to the user/));
    expect(found([...desktops, own(0), mine])).toEqual([]);
    expect(found([...desktops, own(0), used({})])).toEqual(containing(/on a computer that is not known as the user's/));
  });
  test('the owner at work meanwhile', () => {
    const rows = [stranger(-5), own(0), signIn('user-3', later(20), { SessionId: 'week-3' })];
    expect(words(rows)).toEqual(containing(/^Meanwhile a known device of the user/));
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
    // Not user-7's: in a crowd's bitmap of 64 bits user-3 and user-7 are one.
    const borrowed = signIn('user-3', later(-5), { DeviceId: 'laptop-user-8', DeviceName: 'LAP-8', SessionId: 'other' });
    const found = evidence([borrowed, own(0, { ActorIp: '198.51.100.10' })]);
    expect(found.map((item) => item.words)).toEqual(containing(/Not a usual device of the user: LAP-8/));
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

describe('a prompt that the user reported and their own laptop had asked for', () => {
  const report = registration('user-3', later(0), { OperationName: 'Suspicious activity reported', ResultReason: '' });
  const refused = (minutes: number, over: Partial<SignInRow> = {}) =>
    signIn('user-3', later(minutes), { SessionId: 'week-3', Methods: 'Password', ResultType: '500121', ...over });
  const found = (...rows: readonly EventRow[]) =>
    judgeAll([...office, ...rows, report]).find(({ kind, subject }) => kind === 'user-day' && subject === 'user-3');
  test('was reported by mistake: no finding', () => {
    expect(found(refused(-1))?.score ?? 0).toBeLessThan(30);
  });
  test.each<readonly [string, readonly EventRow[]]>([
    ['where a stranger had asked within the day, too', [refused(-600, elsewhere), refused(-1)]],
    ['where the laptop had asked hours before', [refused(-300)]],
    ['where the log shows no prompt', []],
  ])('is hard evidence %s', (_, rows) => {
    expect(found(...rows)).toMatchObject({ hardEvidence: true });
  });
  test.each<readonly [string, Partial<SignInRow>, boolean]>([
    [
      'like the one that they have had for weeks, in a new range of their network, was reported by mistake',
      { IPAddress: '198.51.77.9' },
      false,
    ],
    ['in a network that is not theirs is hard evidence', { IPAddress: '203.0.113.9', Country: 'CH', Asn: '64500' }, true],
    ['of another system is hard evidence', { OperatingSystem: 'Android 15', Browser: 'Chrome Mobile' }, true],
  ])('on a telephone without an id, %s', (_, over, isHard) => {
    const telephone = {
      DeviceId: '',
      DeviceName: '',
      DeviceTrust: '',
      OperatingSystem: 'Ios 18',
      Browser: 'Mobile Safari',
      SessionId: 'phone-3',
    };
    const weeks = Array.from({ length: 18 }, (_day, i) => signIn('user-3', later((i - 19) * DAY + 60), telephone));
    expect(found(...weeks, refused(-1, { ...telephone, ...over }))?.hardEvidence ?? false).toBe(isHard);
  });
  test('takes little of what is odd about a registration on that day', () => {
    const of = (...rows: readonly EventRow[]) =>
      judgeAll([...office, ...witness, own(-60), ...rows, report])
        .find(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
        ?.contributions.find(({ words }) => /reported an MFA prompt/.test(words));
    expect(of(refused(-1, elsewhere))?.llr).toBeGreaterThan(of(refused(-1))!.llr);
    expect(of(refused(-1))?.words).toMatch(/which a known device of theirs had asked for/);
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
  test('of one try each is said to be that', () => {
    const words = judgeAll([...office, ...wrong.slice(0, 35)])
      .find(({ kind }) => kind === 'source')
      ?.contributions.map((item) => item.words);
    expect(words).toEqual(containing(/^35 users .* about 1\.0 tries each/));
  });
  test('that got in is Medium at least', () => {
    const passed = stranger(60, { IPAddress: '203.0.113.99' });
    expect(scoreOf([...wrong, passed])).toBeGreaterThanOrEqual(50);
  });
  test('that met an expired password only has not got in: it is one more that failed', () => {
    const expired = wrong.map((row, i) => (i % 50 === 7 ? { ...row, ResultType: '50055' } : row));
    expect(scoreOf(expired)).toBe(scoreOf(wrong));
    expect(scoreOf([...wrong, stranger(60, { IPAddress: '203.0.113.99', ResultType: '50144' })])).toBeLessThan(50);
    expect(scoreOf([...expired, stranger(60, { IPAddress: '203.0.113.99' })])).toBeGreaterThanOrEqual(50);
  });
  test('whose right passwords a policy stopped has not got in either, and says so', () => {
    const from = { IPAddress: '203.0.113.99', Methods: 'Password' };
    const stopped = [60, 62, 64].map((minutes) => stranger(minutes, { ...from, ResultType: '53003' }));
    expect(scoreOf([...wrong, ...stopped])).toBeLessThan(50);
    const told = judgeAll([...office, ...wrong, ...stopped])
      .find(({ kind }) => kind === 'source')
      ?.contributions.map((item) => item.words);
    expect(told).toEqual(containing(/^3 sign-ins got past the password from this address; a policy stopped them all\.$/));
    // Who is asked for a second factor, or to enrol, met no policy.
    expect(scoreOf([...wrong, ...stopped, stranger(66, { ...from, ResultType: '50072' })])).toBeGreaterThanOrEqual(50);
  });
});

test('a sign-in that was stopped on the way in the last 24 hours is one that the logs have', () => {
  const gapsOf = (rows: readonly EventRow[]) =>
    judgeAll([...office, ...witness, ...rows]).find(({ kind, subject }) => kind === 'registration' && subject === 'user-3')?.gaps;
  const pattern = /^No sign-in logs in the 24 h before/;
  const stopped = (minutes: number) => stranger(minutes, { ResultType: '50072', Methods: 'Password' });
  expect(gapsOf([own(0)])).toEqual(containing(pattern));
  expect(gapsOf([stopped(-3), own(0)])).not.toEqual(containing(pattern));
  expect(gapsOf([own(0), stopped(3)])).toEqual(containing(pattern));
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

test('the rows that evidence of the hours after rests on are among those of the unit', () => {
  const home = signIn('user-3', later(60), { SessionId: 'week-3' });
  const unit = judgeAll([...office, ...witness, stranger(-5), own(0), home]).find(
    ({ kind, subject }) => kind === 'registration' && subject === 'user-3',
  )!;
  const named = unit.contributions.filter(({ llr, eventIds }) => llr > 0 && eventIds.includes(home.Id));
  expect(named.map(({ detector }) => detector)).toEqual(['D14-use-after']);
  expect(unit.events.map(({ id }) => id)).toContain(home.Id);
});
