import { describe, expect, test } from 'vitest';
import { lastProof, noteOwn, Proof, provedNow } from '../../../src/detectors/shared/own-hand.ts';
import type { EventView } from '../../../src/detectors/stream/event-view.ts';
import { UserFlag, UserWord } from '../../../src/detectors/stream/layout.ts';
import { Flag } from '../../../src/events/event-record.ts';

const NOON = Date.parse('2026-03-02T12:00:00Z') / 1000;
const OFFICE = 77;
const HOTEL = 99;

/** Events of one user, whose record they share. */
function person() {
  const user = new Uint32Array(Object.keys(UserWord).length + 8);
  return (seconds: number, prefix = OFFICE, mobile = false) =>
    ({ user, userAt: 0, seconds, prefix, has: (flag: number) => mobile && flag === Flag.mobile }) as unknown as EventView;
}

describe('where the owner last proved to be', () => {
  test('is not known before a proof', () => {
    const event = person();
    expect(lastProof(event(NOON))).toBeUndefined();
    expect(provedNow(event(NOON))).toBe(Proof.none);
  });

  test('is kept to two minutes, with the range and whether a telephone showed it', () => {
    const event = person();
    noteOwn(event(NOON, OFFICE, true), Proof.device);
    expect(lastProof(event(NOON + 600, HOTEL))).toEqual({ proof: Proof.device, agoMs: 600_000, mobile: true, here: false });
    expect(lastProof(event(NOON + 600, OFFICE))?.here).toBe(true);
    expect(provedNow(event(NOON + 60, OFFICE))).toBe(Proof.device);
    expect(provedNow(event(NOON + 60, HOTEL))).toBe(Proof.none);
    expect(provedNow(event(NOON + 300, OFFICE))).toBe(Proof.none);
  });

  test('follows the newest proof, and of one moment the strongest, in any order', () => {
    const [first, second] = [person(), person()];
    const notes = [
      [NOON, OFFICE, Proof.device],
      [NOON + 3600, HOTEL, Proof.session],
      [NOON + 3600, HOTEL, Proof.resistant],
    ] as const;
    for (const [seconds, prefix, proof] of notes) noteOwn(first(seconds, prefix), proof);
    for (const [seconds, prefix, proof] of notes.toReversed()) noteOwn(second(seconds, prefix), proof);
    expect(lastProof(first(NOON + 7200, HOTEL))).toEqual({ proof: Proof.resistant, agoMs: 3_600_000, mobile: false, here: true });
    expect(lastProof(second(NOON + 7200, HOTEL))).toEqual(lastProof(first(NOON + 7200, HOTEL)));
  });

  test('leaves the other flags of the user as they are', () => {
    const event = person();
    event(NOON).user[UserWord.flags] = UserFlag.registered | UserFlag.managed;
    noteOwn(event(NOON), Proof.resistant);
    noteOwn(event(NOON + 3600), Proof.session);
    expect(event(NOON).user[UserWord.flags]! & (UserFlag.registered | UserFlag.managed)).toBe(UserFlag.registered | UserFlag.managed);
  });

  test('takes no time that it cannot hold, and an address without a range for no place', () => {
    const event = person();
    noteOwn(event(0), Proof.device);
    noteOwn(event(253_402_300_799), Proof.device);
    noteOwn(event(NOON, 0), Proof.device);
    expect(lastProof(event(NOON))).toBeUndefined();
    noteOwn(event(Date.parse('2050-01-01T00:00:00Z') / 1000), Proof.device);
    expect(lastProof(event(Date.parse('2050-01-01T00:10:00Z') / 1000))?.agoMs).toBe(600_000);
  });
});
