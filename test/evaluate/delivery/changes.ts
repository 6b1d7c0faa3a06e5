import type { Doing } from './acts.ts';
import type { Audit, Book, Changed } from './book.ts';
import { MINUTE } from './clock.ts';
import type { Method, Person } from './people.ts';

const SECOND = 1000;

const PREFIX: Readonly<Record<Audit['service'], string>> = {
  'Authentication Methods': 'IAMUX',
  'Core Directory': 'Directory',
  'Self-service Password Management': 'SSPR',
  'Device Registration Service': 'ADRS',
};

type Entry = Pick<Audit, 'at' | 'activity' | 'operation' | 'reason' | 'actor' | 'target' | 'ip'> & Partial<Audit>;

/** Writes one audit row; gives its Id. */
export function audit(book: Book, entry: Entry): string {
  const correlation = entry.correlation ?? book.ids.guid();
  const service = entry.service ?? 'Authentication Methods';
  const id = `${PREFIX[service]}_${correlation}_${book.ids.hex(5).toUpperCase()}_${book.ids.int(1_000_000, 9_999_999)}`;
  book.audits.push({ result: 'success', changed: [], ...entry, correlation, service, id });
  return id;
}

const TYPES: Readonly<Record<Method, number>> = {
  'Mobile Phone SMS': 7,
  'Authenticator App with Notification and Code': 2,
  'Software OATH token': 3,
  Fido: 10,
  Email: 9,
  'App Password': 12,
};

/** What the directory's twin of a registration says was changed. */
function twin(person: Person, method: Method, number: string): readonly Changed[] {
  const list = (methods: readonly Method[]) => JSON.stringify(methods.map((one, at) => ({ MethodType: TYPES[one], Default: at === 0 })));
  const details = (phone: string) =>
    JSON.stringify([{ PhoneNumber: phone, AlternativePhoneNumber: null, Email: null, VoiceOnlyPhoneNumber: null }]);
  const changed: Changed[] = [
    { displayName: 'StrongAuthenticationMethod', oldValue: list(person.methods), newValue: list([...person.methods, method]) },
  ];
  if (method === 'Mobile Phone SMS')
    changed.push({ displayName: 'StrongAuthenticationUserDetails', oldValue: details(person.phoneNumber), newValue: details(number) });
  return [
    ...changed,
    {
      displayName: 'Included Updated Properties',
      oldValue: null,
      newValue: JSON.stringify(changed.map(({ displayName }) => displayName).join(', ')),
    },
  ];
}

interface Registration extends Doing {
  readonly method: Method;
  readonly number?: string;
  readonly actor?: Person;
  /** Who registers for the first time also reads that all is registered now. */
  readonly first?: boolean;
  readonly started?: boolean;
}

/** Writes a method's registration: the row, its twin in the directory, and what may stand around them; gives the Ids. */
export function register(
  book: Book,
  { person, at, seat, method, number = person.phoneNumber, actor = person, first, started }: Registration,
): string[] {
  const by = actor === person ? 'User' : 'Admin';
  const correlation = book.ids.guid();
  const common = { actor, target: person, ip: seat.point.ip, correlation };
  if (started)
    audit(book, {
      ...common,
      at: at - 40 * SECOND,
      activity: 'User started security info registration',
      operation: 'Add',
      reason: `User started the registration for ${method}`,
    });
  const rows = [
    audit(book, {
      ...common,
      at,
      activity: `${by} registered security info`,
      operation: 'Add',
      reason: `${by} registered ${by === 'User' ? method : 'phone method for user'}`,
    }),
    audit(book, {
      ...common,
      at: at - book.ids.int(0, 900),
      activity: 'Update user',
      service: 'Core Directory',
      operation: 'Update',
      reason: '',
      changed: twin(person, method, number),
    }),
  ];
  if (first) {
    const activity = 'User registered all required security info';
    rows.push(audit(book, { ...common, at: at + 6 * SECOND, activity, operation: 'Add', reason: `${activity}.` }));
  }
  return rows;
}

export function removal(book: Book, { person, at, seat, method, actor = person }: Doing & { method: string; actor?: Person }): string {
  const by = actor === person ? 'User' : 'Admin';
  return audit(book, {
    at,
    activity: `${by} deleted security info`,
    operation: 'Delete',
    reason: `${by} deleted ${method}`,
    actor,
    target: person,
    ip: seat.point.ip,
  });
}

export function newDefault(book: Book, { person, at, seat, method }: Doing & { method: string }): string {
  const reason = `User changed the default security info for ${method}`;
  return audit(book, {
    at,
    activity: 'User changed default security info',
    operation: 'Update',
    reason,
    actor: person,
    target: person,
    ip: seat.point.ip,
  });
}

/** A person's own reset of a forgotten password; gives the time at which it was done. */
export function selfReset(book: Book, { person, at, seat }: Doing): number {
  const common = {
    service: 'Self-service Password Management',
    actor: person,
    target: person,
    ip: seat.point.ip,
    correlation: book.ids.guid(),
  } as const;
  audit(book, {
    ...common,
    at,
    activity: 'Self-service password reset flow activity progress',
    operation: 'Update',
    reason: 'User started the mobile SMS verification option',
  });
  const done = at + 2 * MINUTE;
  audit(book, { ...common, at: done, activity: 'Reset password (self-service)', operation: 'Update', reason: 'None' });
  return done;
}

export function adminReset(book: Book, { person, at, seat, actor }: Doing & { actor: Person }): void {
  const common = { at, actor, target: person, operation: 'Update', ip: seat.point.ip, correlation: book.ids.guid() } as const;
  audit(book, { ...common, activity: 'Reset password (by admin)', service: 'Self-service Password Management', reason: 'None' });
  audit(book, {
    ...common,
    activity: 'Update user',
    service: 'Core Directory',
    reason: '',
    changed: [{ displayName: 'StsRefreshTokensValidFrom', oldValue: null, newValue: JSON.stringify([new Date(at).toISOString()]) }],
  });
}

/** A temporary pass that the help desk gives; its row's Id. */
export function pass(book: Book, { person, at, seat, actor }: Doing & { actor: Person }): string {
  return audit(book, {
    at,
    activity: 'Admin registered security info',
    operation: 'Add',
    reason: 'Admin registered temporary access pass method for user',
    actor,
    target: person,
    ip: seat.point.ip,
  });
}

export function clearSessions(book: Book, { person, at, seat, actor }: Doing & { actor: Person }): void {
  audit(book, {
    at,
    activity: 'Update StsRefreshTokenValidFrom Timestamp',
    service: 'Core Directory',
    operation: 'Update',
    reason: '',
    actor,
    target: person,
    ip: seat.point.ip,
  });
}
