import { expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, elsewhere, registration, signIn } from '../support/events.ts';

const START = '2026-03-02T08:00:00Z';
const DAY = 24 * 60;
const later = (minutes: number) => at(START, 20 * DAY + 240 + minutes);
const bare = { DeviceId: '', DeviceName: '', DeviceTrust: '' };
const office: readonly EventRow[] = Array.from({ length: 20 * 12 }, (_, i) =>
  signIn(`user-${i % 12}`, at(START, Math.floor(i / 12) * DAY + (i % 12) * 7), { ...bare, SessionId: `browser-${i % 12}` }),
);
/** The attacker's server, and minutes later where the cookie is used. */
const kit: Partial<SignInRow> = { ...elsewhere, OperatingSystem: 'Windows10', Browser: 'Edge 144.0.0', SessionId: 'taken' };
const replay: Partial<SignInRow> = { ...elsewhere, IPAddress: '192.0.2.77', Country: 'BR', Asn: '28573', SessionId: 'taken' };

function said(first: Partial<SignInRow>, second: Partial<SignInRow>) {
  const rows = [
    signIn('user-3', later(0), first),
    signIn('user-3', later(11), second),
    registration('user-3', later(13), { ActorIp: second.IPAddress! }),
  ];
  const found = judgeAll([...office, ...rows]).find(({ kind, subject }) => kind === 'registration' && subject === 'user-3');
  return (found?.contributions ?? []).map(({ words }) => words);
}
const moved = expect.arrayContaining([expect.stringMatching(/begun on another kind of system/)]);

test('a cookie of a browser on Windows does not sign in on a telephone', () => {
  expect(said(kit, { ...replay, OperatingSystem: 'Ios 18.3', Browser: 'Mobile Safari 18.3' })).toEqual(moved);
});

test.each([
  ['on the same kind of system', kit, { ...replay, OperatingSystem: 'Windows 11' }],
  ['in a session of its own', kit, { ...replay, OperatingSystem: 'Ios 18.3', SessionId: 'other' }],
  ['on a tablet that names itself a Mac', { ...kit, OperatingSystem: 'MacOs' }, { ...replay, OperatingSystem: 'iPadOS 18' }],
  ['of which the log knows no system', kit, { ...replay, OperatingSystem: '' }],
])('a second sign-in %s says nothing of the kind', (_, first, second) => {
  expect(said(first, second)).not.toEqual(moved);
});
