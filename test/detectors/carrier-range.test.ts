import { expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { signIn } from '../support/events.ts';
import { DAY, evidence, later, own, stranger } from './phone-of-three.ts';

const LAPTOP: Partial<SignInRow> = {};
const TELEPHONE: Partial<SignInRow> = { DeviceId: 'phone-3', DeviceName: 'PHONE-3', OperatingSystem: 'Ios 18', Browser: 'Mobile Safari' };
const weeks = Array.from({ length: 20 }, (_, day) => signIn('user-3', later(-(day + 1) * DAY + 60), TELEPHONE));
/** What is said for the owner, whose device was some minutes before in the range from which the method was registered. */
const seen = (device: Partial<SignInRow>, minutes: number) =>
  evidence([...weeks, signIn('user-3', later(-minutes), { ...device, IPAddress: '203.0.113.90' }), stranger(-5), own(0)]).find(
    ({ words }) => /^Registered from the address range where the user was last seen, with a device of their own/.test(words),
  )!.llr;

test('a telephone that was in its carrier’s range hours ago says half of what a computer says: half of the town is in that range', () => {
  expect(seen(TELEPHONE, 5 * 60)).toBeCloseTo(seen(LAPTOP, 5 * 60) / 2);
  // Just now it is there itself.
  expect(seen(TELEPHONE, 20)).toBe(seen(LAPTOP, 20));
});
