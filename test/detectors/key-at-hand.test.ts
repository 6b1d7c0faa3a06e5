import { describe, expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { registration } from '../support/events.ts';
import { DAY, evidence, later, own, stranger } from './phone-of-three.ts';

const KEY = { Methods: 'Password; FIDO2 security key' };
/** What is said for the owner's key, of a registration from a new place at which somebody signed in some minutes before. */
const keyAt = (minutes: number, over: Partial<SignInRow>, ...more: ReturnType<typeof registration>[]) =>
  evidence([...more, stranger(-minutes, over), own(0)]).find(({ words }) => /with a key that cannot be phished/.test(words))?.llr;

describe('a key that cannot be phished, at the place of the registration', () => {
  test('within the hour says more than within the day', () => {
    expect(keyAt(20, KEY)).toBe(-4.5);
    expect(keyAt(5 * 60, KEY)).toBe(-3);
  });

  test.each<[string, Partial<SignInRow>]>([
    ['a claim in a token, which may be stolen', { Methods: 'Previously satisfied; Previously satisfied' }],
    ['a password and a claim', { Methods: 'Password; Previously satisfied' }],
    ['an app, which answers to a page in between', { Methods: 'Password; Mobile app notification' }],
    ['at another place', { ...KEY, IPAddress: '192.0.2.77' }],
    ['by a device code: the key is where it is typed in, the session where it was asked for', { ...KEY, Protocol: 'deviceCode' }],
    ['in a sign-in that failed', { ...KEY, ResultType: '53003' }],
  ])('%s says nothing of the kind', (_, over) => {
    expect(keyAt(20, over)).toBeUndefined();
  });

  test('nor does a key that was registered in the weeks before', () => {
    const fresh = registration('user-3', later(-10 * DAY), {
      OperationName: 'Add FIDO2 security key',
      ResultReason: '',
      ActorIp: '203.0.113.66',
      CorrelationId: 'fresh',
    });
    expect(keyAt(20, KEY, fresh)).toBeUndefined();
  });
});
