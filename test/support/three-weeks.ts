import { judgeAll } from './engine.ts';
import { at, type EventRow, elsewhere, registration, signIn } from './events.ts';

export const START = '2026-03-02T08:00:00Z';
export const DAY = 24 * 60;
const NOON = 20 * DAY + 240;
export const later = (minutes: number) => at(START, NOON + minutes);
export const PHONE = JSON.stringify([
  { name: 'StrongAuthenticationUserDetails', oldValue: '[]', newValue: '[{"PhoneNumber":"+49 170 5550188"}]' },
]);

/** Three weeks of twelve people, and a takeover of user-3 that has always something to report: the phone of two others. */
export function weeks(change: (row: EventRow) => EventRow = (row) => row): readonly EventRow[] {
  const office = Array.from({ length: 20 * 12 }, (_, i) =>
    signIn(`user-${i % 12}`, at(START, Math.floor(i / 12) * DAY + (i % 12) * 7), { SessionId: `week-${i % 12}`, Id: `in-${i}` }),
  );
  const witness = [8, 9].map((u) => registration(`user-${u}`, at(START, DAY), { ModifiedProperties: PHONE, Id: `w-${u}` }));
  const attack = [
    signIn('user-3', later(-5), { ...elsewhere, SessionId: 'never-seen', Id: 'attack' }),
    registration('user-3', later(0), { ActorIp: '203.0.113.66', ModifiedProperties: PHONE, Id: 'own', CorrelationId: 'own' }),
  ];
  return [...office, ...witness, ...attack].map(change);
}
export const taken = (rows: readonly EventRow[]) => judgeAll(rows).find(({ anchor }) => anchor === 'own');
export const said = (rows: readonly EventRow[]) => taken(rows)?.contributions.map(({ detector, llr, words }) => [detector, llr, words]);
