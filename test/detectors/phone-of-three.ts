import { expect } from 'vitest';
import type { AuditRow, SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, elsewhere, registration, signIn } from '../support/events.ts';

export const START = '2026-03-02T08:00:00Z';
export const DAY = 24 * 60;
const NOON = 20 * DAY + 240;
export const later = (minutes: number) => at(START, NOON + minutes);
export const phone = (number: string) =>
  JSON.stringify([{ name: 'StrongAuthenticationUserDetails', oldValue: '[]', newValue: `[{"PhoneNumber":"${number}"}]` }]);

/** Three weeks of twelve people in the office, on laptops of their own; their number is a German one. */
export const office: readonly EventRow[] = Array.from({ length: 20 * 12 }, (_, i) =>
  signIn(`user-${i % 12}`, at(START, Math.floor(i / 12) * DAY + (i % 12) * 7), { SessionId: `week-${i % 12}` }),
);
/** The authenticator of user-3 is that of two others: the registration is always reported, so that weak evidence can be seen. */
export const SHARED = JSON.stringify([
  {
    name: 'StrongAuthenticationPhoneAppDetail',
    oldValue: '[]',
    newValue: JSON.stringify([{ DeviceName: 'Pixel 7', DeviceToken: 'apns2-5f1c9a3be0d24c7788aa' }]),
  },
]);
export const witness = [8, 9].map((u) => registration(`user-${u}`, at(START, DAY), { ModifiedProperties: SHARED }));
export const own = (minutes: number, over: Partial<AuditRow> = {}) =>
  registration('user-3', later(minutes), { ActorIp: '203.0.113.66', ModifiedProperties: SHARED, ...over });
export const stranger = (minutes: number, over: Partial<SignInRow> = {}) =>
  signIn('user-3', later(minutes), { ...elsewhere, SessionId: 'never-seen', ...over });
export const byAdmin = (minutes: number, over: Partial<AuditRow> = {}) =>
  own(minutes, {
    OperationName: 'Admin registered security info',
    ResultReason: 'Admin registered temporary access pass method for user',
    ActorUserId: 'user-5',
    ActorUpn: 'user-5@contoso.example',
    ActorIp: '198.51.100.10',
    ...over,
  });

export function judged(rows: readonly EventRow[], anchorOf?: AuditRow) {
  const anchor = anchorOf?.CorrelationId;
  return judgeAll([...office, ...witness, ...rows])
    .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
    .filter((found) => anchor === undefined || found.anchor === anchor);
}
export const evidence = (rows: readonly EventRow[], anchorOf?: AuditRow) =>
  judged(rows, anchorOf).flatMap(({ contributions }) => contributions);
export const words = (rows: readonly EventRow[], anchorOf?: AuditRow) => evidence(rows, anchorOf).map((item) => item.words);
export const containing = (pattern: RegExp) => expect.arrayContaining([expect.stringMatching(pattern)]);
