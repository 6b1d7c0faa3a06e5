import { describe, expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { type EventRow, elsewhere, registration, signIn } from '../support/events.ts';
import { DAY, evidence, later, own } from './phone-of-three.ts';

const bare = { DeviceId: '', DeviceName: '', DeviceTrust: '' };
/** A range of the user's own provider. */
const near: Partial<SignInRow> = { ...bare, IPAddress: '192.0.2.50', OperatingSystem: 'MacOs', Browser: 'Safari 18.3', SessionId: 'visit' };
const wrong = (minutes: number, place: Partial<SignInRow> = near) =>
  signIn('user-3', later(minutes), { ...place, ResultType: '50126', Methods: '' });
const reset = registration('user-3', later(100), { OperationName: 'Reset password (self-service)', ActorIp: '192.0.2.50' });

/** Wrong passwords that count, of those before a sign-in and a registration. */
function guesses(rows: readonly EventRow[], place: Partial<SignInRow> = near): number {
  const visit = [signIn('user-3', later(180), place), own(186, place.IPAddress === undefined ? {} : { ActorIp: place.IPAddress })];
  const found = evidence([...rows, ...visit]);
  expect(found.length).toBeGreaterThan(0);
  return found.find(({ detector }) => detector === 'D22-guessed-password')?.counts['wrong'] ?? 0;
}

describe('the right password after hours of wrong ones', () => {
  test.each([
    ['from a range next door', near],
    ['from another country', { ...elsewhere, SessionId: 'visit' }],
  ])('%s was guessed', (_, place) => {
    expect(guesses([wrong(5, place), wrong(70, place)], place)).toBe(2);
  });
  test('is the right one as well where a method was asked for then', () => {
    const asked = signIn('user-3', later(90), { ...near, ResultType: '50074', Methods: 'Password' });
    expect(guesses([wrong(5), asked])).toBe(1);
  });
});

test.each<[string, readonly EventRow[], Partial<SignInRow>?]>([
  ['mistyped a minute before', [wrong(178), wrong(179)]],
  ['and a right one soon after', [wrong(5), signIn('user-3', later(6), near)]],
  ['and a new one set in between', [wrong(5), wrong(90), reset]],
  ['from elsewhere', [wrong(5, { ...near, IPAddress: '192.0.9.9' })]],
  ['of last week', [wrong(5 - 7 * DAY)]],
  ['at the office', [wrong(5, bare)], bare],
  ['on the own laptop in a hotel', [wrong(5, { IPAddress: '192.0.2.50' })], { IPAddress: '192.0.2.50' }],
])('a wrong password %s says nothing', (_, rows, place) => {
  expect(guesses(rows, place)).toBe(0);
});

test('a telephone that still has the old password, on its way through the ranges of its carrier, is no guesser', () => {
  const phone = { ...near, OperatingSystem: 'Ios 18.3', Browser: 'Mobile Safari 18.3' };
  expect(guesses([wrong(5, phone), wrong(70, phone)], phone)).toBe(0);
});
