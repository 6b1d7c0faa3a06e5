import { expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { at, type EventRow, signIn } from '../support/events.ts';
import { DAY, evidence, later, own, START } from './phone-of-three.ts';

/** A computer without an id in a range of the user's own provider. */
const near: Partial<SignInRow> = {
  DeviceId: '',
  DeviceName: '',
  DeviceTrust: '',
  IPAddress: '192.0.2.50',
  OperatingSystem: 'MacOs',
  Browser: 'Safari 18.3',
  SessionId: 'brought',
};
const CLAIM = 'Previously satisfied; Previously satisfied';
const claimed: Partial<SignInRow> = { ...near, Methods: CLAIM };

function said(rows: readonly EventRow[], minutes = 6) {
  const found = evidence([...rows, own(minutes, { ActorIp: '192.0.2.50' })]);
  expect(found.length).toBeGreaterThan(0);
  return found.filter(({ detector }) => detector === 'D23-unproven-session');
}
const visit = (minutes: number, over: Partial<SignInRow>) => signIn('user-3', later(minutes), over);

test('a session that begins in a new place with what was satisfied before was begun elsewhere', () => {
  expect(said([visit(0, claimed)])[0]?.words).toMatch(/without a password or method/);
});

test('it makes no place known, however often it comes', () => {
  const visits = Array.from({ length: 10 }, (_, day) => visit((day - 9) * DAY, claimed));
  expect(said(visits)).not.toEqual([]);
});

test.each<[string, readonly EventRow[]]>([
  ['with a password and a method', [visit(0, near)]],
  ['whose log names no methods', [visit(0, { ...near, Methods: '' })]],
  [
    'that was asked for a method since',
    [visit(-8 * DAY, claimed), visit(30 - 8 * DAY, { ...near, Methods: 'Previously satisfied; SMS' }), visit(0, claimed)],
  ],
  ['on a device with an id', [visit(0, { ...claimed, DeviceId: 'laptop-user-3' })]],
  ['that was begun before, at the office', [visit(-60, { ...near, IPAddress: '198.51.100.10' }), visit(0, claimed)]],
  ['without an id', [visit(0, { ...claimed, SessionId: '' })]],
  ['of which the prompt before is logged', [visit(-1, { ...near, ResultType: '50074', Methods: 'Password' }), visit(0, claimed)]],
])('a session %s says nothing of the kind', (_, rows) => {
  expect(said(rows)).toEqual([]);
});

test('where people begin so all the time it says nothing', () => {
  const others = Array.from({ length: 40 }, (_, i) =>
    signIn(`user-${i % 12}`, at(START, 15 * DAY + i * 60), { ...claimed, IPAddress: `192.0.${i + 10}.7`, SessionId: `travel-${i}` }),
  );
  expect(said([...others, visit(0, claimed)])).toEqual([]);
});
