import { describe, expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, registration, signIn } from '../support/events.ts';
import { DAY, later, PHONE, START } from '../support/three-weeks.ts';

/** Neither the system nor the browser, nor the user agent that names both. */
const nameless = { OperatingSystem: '', Browser: '', UserAgent: '' };
const PC = { DeviceId: '3f2a7c10-1b52-4d6e-9a54-7c1d2e3f4a5b', DeviceName: 'PC-3' };
/** Twelve people, each at home on a computer with an id. */
const home = (u: number): Partial<SignInRow> => ({ IPAddress: `198.51.${100 + u}.10`, SessionId: `week-${u}`, ...(u === 3 ? PC : {}) });
const AWAY = '203.0.113.66';
/** What registers a method for user-3 and comes again: without an id, in a session of its own, elsewhere in a usual network. */
const registrant = (minutes: number, over: Partial<SignInRow>) =>
  signIn('user-3', later(minutes), {
    ...{ DeviceId: '', DeviceName: '', DeviceTrust: '', IPAddress: AWAY, SessionId: 'fresh', AppDisplayName: 'My Signins' },
    ...over,
  });
/** What it says that the registrant and the user, whose rows look as `usual`, never met. */
function apart(usual: Partial<SignInRow>, strange: Partial<SignInRow>): number {
  const rows: EventRow[] = Array.from({ length: 20 * 12 }, (_, i) =>
    signIn(`user-${i % 12}`, at(START, Math.floor(i / 12) * DAY + (i % 12) * 7), { ...home(i % 12), ...usual }),
  );
  // The number is that of two others: the registration is always reported, so that weak evidence can be seen.
  for (const u of [8, 9]) rows.push(registration(`user-${u}`, at(START, DAY), { ModifiedProperties: PHONE }));
  rows.push(
    registrant(-5, strange),
    registrant(400, strange),
    registration('user-3', later(0), { ActorIp: AWAY, ModifiedProperties: PHONE }),
  );
  for (let i = 0; i < 12; i++) rows.push(signIn('user-3', later(90 + i * 300), { ...home(3), ...usual }));
  const found = judgeAll(rows)
    .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
    .flatMap(({ contributions }) => contributions);
  return found.find(({ detector, group }) => detector === 'D18-two-hands' && group === 'registration')?.llr ?? 0;
}

describe('a registrant without an id that never meets the owner', () => {
  test('in a log that names no systems may be the telephone of the owner: it says less than of a computer', () => {
    const [ofComputer, ofNobodyKnows] = [apart({}, {}), apart(nameless, nameless)];
    expect(ofNobodyKnows).toBeGreaterThan(0);
    expect(ofNobodyKnows).toBeLessThan(ofComputer / 2);
  });
  test('that names none where the user is known by some gains nothing by it', () => {
    expect(apart({}, nameless)).toBeGreaterThanOrEqual(apart({}, {}));
  });
});
