import { describe, expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, elsewhere, registration, signIn } from '../support/events.ts';
import { DAY, SHARED, START } from './phone-of-three.ts';

const PEOPLE = 40;
/** A fortnight of forty people on a ward's computers, at one address. */
const ward: readonly EventRow[] = Array.from({ length: 14 * PEOPLE }, (_, i) => {
  const [day, u] = [Math.floor(i / PEOPLE), i % PEOPLE];
  const computer = `ward-${(u + day) % 4}`;
  return signIn(`nurse-${u}`, at(START, day * DAY + u * 9), { DeviceId: computer, DeviceName: computer, SessionId: `${day}-${u}` });
});
const bare: Partial<SignInRow> = { DeviceId: '', DeviceName: '', DeviceTrust: '', OperatingSystem: 'MacOs', Browser: 'Safari 18.3' };
const home = (u: number): Partial<SignInRow> => ({ ...bare, IPAddress: `192.0.${u}.7`, Asn: '680', SessionId: `home-${u}` });
/** One after the other, in the week after: a sign-in and a method from the same place. */
const registers = (u: number, place: Partial<SignInRow> = home(u)): readonly EventRow[] => [
  signIn(`nurse-${u}`, at(START, 15 * DAY + u * 60), place),
  registration(`nurse-${u}`, at(START, 15 * DAY + u * 60 + 4), { ActorIp: place.IPAddress ?? '198.51.100.10' }),
];
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const ofLast = (rows: readonly EventRow[], u = PEOPLE - 1) =>
  judgeAll([...ward, ...rows]).find(({ kind, subject }) => kind === 'registration' && subject === `nurse-${u}`);
const said = (rows: readonly EventRow[]) => ofLast(rows)?.contributions.find(({ detector }) => detector === 'D29-common-here');

const withShared = (row: EventRow): EventRow =>
  'TargetUserId' in row && ['nurse-1', 'nurse-2', 'nurse-39'].includes(row.TargetUserId) ? { ...row, ModifiedProperties: SHARED } : row;

describe('who is known at work only, and registers at home', () => {
  test('is one of many: each piece of evidence is worth what the share of such registrations leaves of it', () => {
    // The sequence, the computer and the new session. 25 registrations with 5 % of these are what a tenant begins with; 8 % are nothing special.
    const pieces = 3;
    const share = (9 + 25 * 0.05) / (39 + 25);
    const some = [...range(0, 30).flatMap((u) => registers(u, {})), ...range(30, 40).flatMap((u) => registers(u))];
    expect(said(some)?.llr).toBeCloseTo(pieces * Math.log(0.08 / share), 10);
    expect(said(some)?.counts).toEqual({ registrations: 39, strange: 9 });
    const supports = ofLast(some)!.contributions.filter(({ llr, group }) => llr > 0 && group !== 'network');
    expect(supports.map(({ detector }) => detector).sort()).toEqual(['D1-novelty', 'D13-session', 'D6-registration-after-risk']);
  });
  test('is a finding where hardly anybody does so, and none where all do', () => {
    const alone = [...range(0, 39).flatMap((u) => registers(u, {})), ...registers(39)];
    expect(said(alone)).toBeUndefined();
    const all = range(0, 40).flatMap((u) => registers(u));
    expect(ofLast(alone)!.score - (ofLast(all)?.score ?? 0)).toBeGreaterThan(20);
  });
  test('is told the same in any split into batches', () => {
    const all = range(0, 40).flatMap((u) => registers(u));
    const [whole, pieces] = [judgeAll([...ward, ...all]), judgeAll([...ward, ...all].reverse())].map((found) =>
      found.map(({ subject, score }) => `${subject} ${score}`).sort(),
    );
    expect(pieces).toEqual(whole);
  });
});

test.each<[string, readonly EventRow[]]>([
  ['abroad', registers(39, { ...elsewhere, Asn: '12389', SessionId: 'x' })],
  ['behind a hosting company', registers(39, { ...home(39), Asn: '14061' })],
  [
    'at a place of theirs, and is known from another',
    [
      ...range(4, 14).map((day) =>
        signIn('nurse-39', at(START, day * DAY + 700), { IPAddress: '192.0.99.7', Asn: '3209', SessionId: 'evening' }),
      ),
      ...registers(39),
    ],
  ],
])('where many register at home it says nothing of one who does so %s', (_, rows) => {
  // With the authenticator of two colleagues it is reported whatever else is said.
  const found = ofLast([...range(0, 39).flatMap((u) => registers(u)), ...rows].map((row) => withShared(row)));
  expect(found?.contributions.map(({ detector }) => detector)).toContain('D7-mass-registration');
  expect(found?.contributions.map(({ detector }) => detector)).not.toContain('D29-common-here');
});
