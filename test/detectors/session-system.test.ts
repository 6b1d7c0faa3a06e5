import { describe, expect, test } from 'vitest';
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
const onPhone: Partial<SignInRow> = { ...kit, OperatingSystem: 'Ios 18.3', Browser: 'Mobile Safari 18.3' };
const moved = expect.arrayContaining([expect.stringMatching(/begun on another kind of system/)]);

test('a cookie of a browser on Windows does not sign in on a telephone', () => {
  expect(said(kit, { ...replay, OperatingSystem: 'Ios 18.3', Browser: 'Mobile Safari 18.3' })).toEqual(moved);
});

test('the mail of a telephone that is at work on the next one was moved there; a browser was not', () => {
  const next: Partial<SignInRow> = { ...replay, OperatingSystem: 'Android 15', Browser: 'Chrome Mobile 139.0' };
  const mail = { ...next, Browser: '', AppDisplayName: 'Outlook Mobile', IsInteractive: false };
  expect(said(onPhone, next)).toEqual(moved);
  expect(said(onPhone, mail)).not.toEqual(moved);
});

test('nor does that of a tablet with an id go on in a browser on Windows without one', () => {
  const tablet: Partial<SignInRow> = { DeviceId: 'tablet', OperatingSystem: 'Ios 17.7', Browser: 'Mobile Safari', SessionId: 'taken' };
  expect(said(tablet, { ...replay, OperatingSystem: 'Windows 11', Browser: 'Chrome' })).toEqual(moved);
  expect(said(tablet, { ...replay, ...tablet })).not.toEqual(moved);
});

test.each([
  ['in another browser of the computer', kit, { ...replay, OperatingSystem: 'Windows10', Browser: 'Firefox 140.0' }],
  ['on the same kind of system and in the same browser', kit, { ...replay, OperatingSystem: 'Windows 11', Browser: 'Edge 145.0.0' }],
  ['in a browser of a telephone under another name', onPhone, { ...replay, OperatingSystem: 'Ios 18.3', Browser: 'Chrome Mobile 144' }],
  ['in an app of the computer', kit, { ...replay, OperatingSystem: 'Windows10', Browser: 'Rich Client 4.0' }],
  ['in a session of its own', kit, { ...replay, OperatingSystem: 'Ios 18.3', SessionId: 'other' }],
  ['on a tablet that names itself a Mac', { ...kit, OperatingSystem: 'MacOs' }, { ...replay, OperatingSystem: 'iPadOS 18' }],
  ['of which the log knows no system', kit, { ...replay, OperatingSystem: '' }],
])('a second sign-in %s says nothing of the kind', (_, first, second) => {
  expect(said(first, second)).not.toEqual(moved);
});

describe('a program', () => {
  const program: Partial<SignInRow> = {
    ...bare,
    OperatingSystem: '',
    Browser: '',
    UserAgent: 'python-requests/2.32.3',
    IPAddress: '192.0.2.50',
  };
  /** Every other day for a fortnight from a range near by, and on the last day a method. */
  function visits(row: Partial<SignInRow>, usual: readonly EventRow[] = []) {
    const rows = Array.from({ length: 8 }, (_, i) => signIn('user-3', later(i * 2 * DAY), row));
    const last = registration('user-3', later(14 * DAY + 6), { ActorIp: row.IPAddress! });
    const found = judgeAll([...office, ...usual, ...rows, last]).find(
      ({ kind, subject }) => kind === 'registration' && subject === 'user-3',
    );
    return found?.contributions.filter(({ detector, llr }) => detector === 'D13-session' && llr > 0).map(({ words }) => words) ?? [];
  }
  test('that goes on with the session of a browser has taken its cookie, however long it comes from there', () => {
    expect(visits({ ...program, SessionId: 'browser-3' })).toEqual([expect.stringMatching(/begun in a browser goes on .* by a program/)]);
  });
  test('with a session of its own is told as well', () => {
    expect(visits({ ...program, SessionId: 'of-the-program' })).toEqual([expect.stringMatching(/Signed in by a program, not a browser/)]);
  });
  test('of somebody who has one at work says nothing', () => {
    const atWork = [signIn('user-3', later(-DAY), { ...bare, OperatingSystem: '', Browser: '', UserAgent: 'python-requests/2.32.3' })];
    expect(visits({ ...program, SessionId: 'of-the-program' }, atWork)).toEqual([]);
  });
  test("and the owner's own browser there is no program, and the place becomes theirs", () => {
    expect(visits({ ...bare, IPAddress: '192.0.2.50', SessionId: 'browser-3' })).toEqual([]);
  });
});
