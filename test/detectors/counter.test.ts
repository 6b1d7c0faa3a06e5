import { expect, test } from 'vitest';
import { type EventRow, signIn } from '../support/events.ts';
import { DAY, evidence, later, own } from './phone-of-three.ts';

const OFFICE = '198.51.100.10';
/** At the laptop of user-5, who has been known by it for three weeks. */
const there = (user: string, minutes: number) =>
  signIn(user, later(minutes), {
    DeviceId: 'laptop-user-5',
    DeviceName: 'LAP-user-5',
    AppDisplayName: 'My Signins',
    SessionId: `desk-${user}`,
  });
const borrowed = (...before: readonly EventRow[]) =>
  evidence([...before, there('user-3', 0), own(4, { ActorIp: OFFICE })]).filter(({ words }) => /known computer of a colleague/.test(words));

test('a method registered on the computer of a colleague to whom nobody else comes', () => {
  expect(borrowed()[0]?.llr).toBeGreaterThan(1);
  expect(borrowed(there('user-1', -3 * DAY))[0]?.llr).toBeGreaterThan(1);
});

test('one on which several others have signed in is the counter to which people come', () => {
  expect(borrowed(...[1, 2, 4, 6].map((u) => there(`user-${u}`, -u * DAY)))).toEqual([]);
});

test("one to which nobody ever came back is no colleague's: people are at their own computer on most days", () => {
  const hall = (user: string, minutes: number) =>
    signIn(user, later(minutes), { DeviceId: 'hall-3', DeviceName: 'HALL-3', AppDisplayName: 'My Signins', SessionId: `hall-${user}` });
  const found = (...before: readonly EventRow[]) =>
    evidence([...before, hall('user-3', 0), own(4, { ActorIp: OFFICE })]).filter(({ words }) =>
      /known computer of a colleague/.test(words),
    );
  // Known by it since their first day: somebody new, whose first habits are taken as they come.
  const once = [0, 6, 12].map((minutes) => hall('novice', -8 * DAY + minutes));
  const again = [6, 5, 4, 2].map((days) => hall('novice', -days * DAY));
  expect(found(...once)).toEqual([]);
  expect(found(...once, ...again)[0]?.llr).toBeGreaterThan(0.5);
});
