import { expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { at, type EventRow, signIn } from '../support/events.ts';
import { DAY, evidence, later, own, START } from './phone-of-three.ts';

const OFFICE = '198.51.100.10';
/** The user's flat, where their own laptop has been for weeks. */
const home: Partial<SignInRow> = { IPAddress: '192.0.2.50', SessionId: 'week-3' };
const atHome: readonly EventRow[] = Array.from({ length: 18 }, (_, i) => signIn('user-3', at(START, i * DAY + 600), home));
/** The desk of user-5, on the laptop of user-5. */
const atDesk = (minutes: number, over: Partial<SignInRow> = {}) =>
  signIn('user-3', later(minutes), {
    DeviceId: 'laptop-user-5',
    DeviceName: 'LAP-user-5',
    Browser: 'Chrome',
    AppDisplayName: 'My Signins',
    SessionId: 'desk',
    ...over,
  });

function apart(...rows: readonly EventRow[]) {
  const found = evidence([...atHome, ...rows, own(4, { ActorIp: OFFICE })]);
  expect(found.length).toBeGreaterThan(0);
  return found.filter(({ detector, words }) => detector === 'D14-use-after' && /Meanwhile a known device/.test(words));
}

test("a method registered on a colleague's computer in the office while its owner is at work at home", () => {
  expect(apart(atDesk(0), signIn('user-3', later(12), home))[0]?.llr).toBeGreaterThanOrEqual(2);
});

test.each<[string, readonly EventRow[]]>([
  ['whose own laptop was left at home and fetches mail', [atDesk(0), signIn('user-3', later(12), { ...home, IsInteractive: false })]],
  ['who is at home in the evening', [atDesk(0), signIn('user-3', later(500), home)]],
  ['whose own laptop is in the office, too', [atDesk(0), signIn('user-3', later(12))]],
  ['on their own laptop', [atDesk(0, { DeviceId: 'laptop-user-3', DeviceName: 'LAP-user-3' }), signIn('user-3', later(12), home)]],
])('the owner %s is not in two places', (_, rows) => {
  expect(apart(...rows)).toEqual([]);
});
