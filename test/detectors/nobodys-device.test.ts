import { expect, test } from 'vitest';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, registration, signIn } from '../support/events.ts';
import { DAY, later, PHONE, START } from '../support/three-weeks.ts';

const PEOPLE = 300;
const AWAY = '203.0.113.66';

/** Contributions to the registration of user-3, abroad, in a tenant where each row shows the device that is given for its user. */
function abroad(deviceOf: (user: number) => string) {
  const device = (u: number) => ({ DeviceId: deviceOf(u), SessionId: '' });
  const row = (u: number, minutes: number, over: object) => signIn(`user-${u}`, at(START, minutes), { ...device(u), ...over });
  const days: readonly EventRow[] = Array.from({ length: 20 * PEOPLE }, (_, i) => {
    const user = i % PEOPLE;
    return row(user, Math.floor(i / PEOPLE) * DAY + user, { IPAddress: `198.51.${user % 200}.${10 + Math.floor(user / 200)}` });
  });
  const visit = signIn('user-3', later(-5), { ...device(3), IPAddress: AWAY, Country: 'BR', Asn: '64501', AppDisplayName: 'My Signins' });
  const added = registration('user-3', later(0), { ActorIp: AWAY, ModifiedProperties: PHONE });
  // The number of two others: the registration is reported, whatever is weak about it.
  const others = [8, 9].map((u) => registration(`user-${u}`, at(START, DAY), { ModifiedProperties: PHONE }));
  return judgeAll([...days, ...others, visit, added])
    .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
    .flatMap(({ contributions }) => contributions);
}

const total = (items: ReturnType<typeof abroad>) => items.reduce((sum, { llr }) => sum + llr, 0);

test("a device id that hundreds have is nobody's: an intruder with it is no more the owner than one without", () => {
  const none = abroad(() => '');
  const constant = abroad(() => 'b5f1a7d2-3c4e-4f60-9a8b-1c2d3e4f5a6b');
  // A device of the user's own says a lot, or there would be nothing to see.
  expect(total(abroad((user) => `device-${user}`))).toBeLessThan(total(none) - 5);
  expect(constant.map(({ detector }) => detector)).toEqual(none.map(({ detector }) => detector));
  expect(Math.abs(total(constant) - total(none))).toBeLessThan(0.5);
});
