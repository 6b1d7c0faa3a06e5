import { describe, expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { type EventRow, registration, signIn } from '../support/events.ts';
import { DAY, later, office, SHARED, witness } from './phone-of-three.ts';

const bare = { DeviceId: '', DeviceName: '', DeviceTrust: '' };
/** A server that is for rent, in the country of the tenant. */
const server: Partial<SignInRow> = { ...bare, IPAddress: '203.0.113.66', Asn: '14061' };
const flat: Partial<SignInRow> = { ...bare, IPAddress: '203.0.113.66', Asn: '8881' };

/** More of the same people, so that the tenant's habits say something of a user whom nobody knows. */
const more: readonly EventRow[] = Array.from({ length: 20 * 24 }, (_, i) =>
  signIn(`user-${i % 12}`, later(-20 * DAY + Math.floor(i / 24) * DAY + (i % 24) * 9), { SessionId: `week-${i % 12}` }),
);
/** Nobody knows this user; the first sign-in, the one on the day of the registration, and whether that comes from a network or country that is new. */
function newNetwork(place: Partial<SignInRow>, colleagues: readonly EventRow[] = []) {
  const first = signIn('beginner', later(-8 * DAY), place);
  const last = signIn('beginner', later(-5), place);
  const registered = registration('beginner', later(0), { ActorIp: place.IPAddress!, ModifiedProperties: SHARED });
  return judgeAll([...office, ...more, ...witness, ...colleagues, first, last, registered])
    .filter(({ kind, subject }) => kind === 'registration' && subject === 'beginner')
    .flatMap(({ contributions }) => contributions)
    .filter(
      ({ detector, words }) => detector === 'D1-novelty' && /^Registered from .* whose (?:country|network) is not a usual one/.test(words),
    );
}

describe('the first place of a user', () => {
  test('is none in the network of a hosting company', () => {
    expect(newNetwork(server)).not.toEqual([]);
  });
  test('is a flat, though nobody else is there', () => {
    expect(newNetwork(flat)).toEqual([]);
  });
  test('is a gateway of the organisation on such a server', () => {
    const gateway = Array.from({ length: 12 * 12 }, (_, i) =>
      signIn(`user-${i % 12}`, later(-14 * DAY + Math.floor(i / 12) * DAY + (i % 12) * 5), { IPAddress: server.IPAddress!, Asn: '14061' }),
    );
    expect(newNetwork(server, gateway)).toEqual([]);
  });
});
