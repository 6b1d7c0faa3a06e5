import { at, type EventRow, elsewhere, registration, signIn } from '../support/events.ts';

const START = '2026-03-02T08:00:00Z';
const DAY = 24 * 60;

const WORKING_DAYS = 16;
export const ATTACK_DAY = at(START, WORKING_DAYS * DAY);
const attack = (minutes: number) => ATTACK_DAY + BigInt(Math.round(minutes * 60)) * 10_000_000n;

function benign(): EventRow[] {
  const rows: EventRow[] = [];
  for (let day = 0; day < WORKING_DAYS; day++) {
    for (let u = 0; u < 24; u++) rows.push(signIn(`user-${u}`, at(START, day * DAY + (u % 7) * 13)));
  }
  return rows;
}

const phone = (number: string) =>
  JSON.stringify([
    { name: 'StrongAuthenticationUserDetails', oldValue: '[]', newValue: JSON.stringify([{ PhoneNumber: number, Email: null }]) },
  ]);

/** Takeover with twin records, MFA fatigue, a spray with one success, one phone on four users, a report by the user, a new phone. */
function attacks(): EventRow[] {
  const takeover = registration('user-3', attack(9), { ActorIp: '203.0.113.66' });
  const twin = registration('user-3', attack(8.9), {
    CorrelationId: takeover.CorrelationId,
    OperationName: 'Update user',
    LoggedByService: 'Core Directory',
    ResultReason: '',
    ActorIp: '',
    OperationType: 'ServiceApi',
    ModifiedProperties: JSON.stringify([
      { name: 'StrongAuthenticationMethod', oldValue: '[{"MethodType":6}]', newValue: '[{"MethodType":6},{"MethodType":7}]' },
    ]),
  });
  const prompts = Array.from({ length: 7 }, (_, i) =>
    signIn('user-5', attack(20 + i), { ...elsewhere, ResultType: '500121', ResultDetail: 'MFA denied; user declined the authentication' }),
  );
  const spray = Array.from({ length: 20 }, (_, u) =>
    signIn(`user-${u}`, attack(40 + u), { ...elsewhere, IPAddress: '203.0.113.99', ResultType: '50126' }),
  );
  const shared = [6, 7, 8, 9].map((u) =>
    registration(`user-${u}`, attack(90 + u), {
      ModifiedProperties: phone('+49 170 5550199'),
      ResultReason: 'User registered Mobile Phone SMS',
    }),
  );
  return [
    signIn('user-3', attack(2), elsewhere),
    twin,
    takeover,
    signIn('user-3', attack(25), elsewhere),
    ...prompts,
    signIn('user-5', attack(28), elsewhere),
    registration('user-5', attack(33), { ActorIp: '203.0.113.66' }),
    ...spray,
    signIn('user-11', attack(66), { ...elsewhere, IPAddress: '203.0.113.99' }),
    ...shared,
    registration('user-12', attack(120), { OperationName: 'Suspicious activity reported', ResultReason: '' }),
    registration('user-13', attack(130)),
  ];
}

/** A small tenant's fortnight with every attack that has a detector, in event order, ingested as it happened. */
export const scenario: readonly EventRow[] = [...benign(), ...attacks()];
