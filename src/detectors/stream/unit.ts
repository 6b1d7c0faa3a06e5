import { WEEK_MS } from '../../core/durations.ts';
import { type AuditWriter, TWIN_MS } from '../../events/audit/interpret.ts';
import type { MethodKind } from '../../events/audit/methods.ts';
import type { Happening } from '../../events/audit/operations.ts';
import type { Kept } from '../../state/object-table.ts';
import type { AttackSource, Contribution, EvidenceEvent, Party } from '../evidence.ts';

/** What the stream judges. The other kinds of findings do not come from events. */
export type StreamUnitKind = 'registration' | 'user-day' | 'source';

/** Something to judge, with the evidence so far. Plain data, bounded lists. */
export interface Unit extends Kept {
  readonly kind: StreamUnitKind;
  readonly tenantId: string;
  readonly subject: string;
  readonly anchor: string;
  /** Event time of what opened it. */
  readonly openedMs: number;
  /** Evidence by the detector that wrote it, or `detector:what` for what stands beside it; writing again replaces. */
  evidence: Record<string, readonly Contribution[]>;
  gaps: readonly string[];
  users: readonly Party[];
  actor: Party | undefined;
  events: readonly EvidenceEvent[];
  startMs: number;
  endMs: number;
  originalId: string;
  source: AttackSource;
  methods: readonly string[];
  /** Registrations only. */
  registration: RegistrationFacts | undefined;
  /** Risk of the sign-in that speaks for a user-day. */
  risk: number;
  /** Scoring's own: whether a score of 30 was reached, and whether the judgement changed since it was taken. */
  reached: boolean;
  changed: boolean;
  /** Registrations only, and scoring's own: whether it is counted as rated High; absent before it was first judged. */
  isHigh?: boolean;
}

export interface RegistrationFacts {
  readonly happening: Happening;
  readonly methodKind: MethodKind;
  readonly strength: number;
  readonly byOther: boolean;
  /** Address of the user who acted; '' where it is a service's or another person's. */
  readonly ip: string;
  readonly ipLo: number;
  readonly ipHi: number;
  readonly prefix: number;
  readonly targets: readonly string[];
  /** How telling the record is that the facts above are from: 0 the directory's twin, 1 a last step, 2 the change itself. */
  readonly rank: number;
  /** Whose records are folded in: each writes one of a change. */
  readonly writers: readonly AuditWriter[];
  /** A person is named as who acted. */
  readonly hasActor: boolean;
}

/** A sign-in that looked wrong, kept a week to be joined with what follows. */
export interface RiskySession {
  readonly timeMs: number;
  readonly fold: number;
  readonly risk: number;
  readonly evidence: readonly Contribution[];
  readonly event: EvidenceEvent;
  readonly correlationId: string;
  readonly sessionId: string;
  readonly ipLo: number;
  readonly ipHi: number;
  readonly prefix: number;
  readonly asn: number;
  /** By a telephone. */
  readonly mobile: boolean;
}

/** A change of methods that a user went through. */
export interface MethodChange {
  readonly timeMs: number;
  readonly happening: Happening;
  readonly methodKind: MethodKind;
  readonly method: string;
  readonly unit: string;
  /** Written by the directory about a change that a service has a record of. */
  readonly isTwin: boolean;
}

/** What is kept of a user who is risky or changes methods: about 3 to 5 % of them. */
export interface Person extends Kept {
  sessions: readonly RiskySession[];
  /** Keys of registrations that are still open to later evidence. */
  units: readonly string[];
  changes: readonly MethodChange[];
}

const MAX_EVENTS = 50;
const MAX_USERS = 5000;
/** How long a registration is followed: who uses the method, and what others do about it. */
export const FOLLOWED_MS = WEEK_MS;
const MAX_SESSIONS = 4;
const MAX_UNITS = 16;
const MAX_CHANGES = 16;

export function unitKey(kind: StreamUnitKind, tenantId: string, subject: string, anchor: string): string {
  return [kind, tenantId, subject, anchor].join('\n');
}

export function keyOfUnit({ kind, tenantId, subject, anchor }: Readonly<Unit>): string {
  return unitKey(kind, tenantId, subject, anchor);
}

export function dayText(timeMs: number): string {
  return new Date(Math.min(Math.max(timeMs, 0), 8.64e15)).toISOString().slice(0, 10);
}

/** Adds an event to those that the unit rests on; the same record is listed once. Records without Ids are told apart by their time. */
export function addEvent(unit: Unit, event: EvidenceEvent): void {
  if (unit.events.some(({ id, table, timeMs }) => id === event.id && table === event.table && timeMs === event.timeMs)) return;
  if (unit.events.length < MAX_EVENTS) {
    unit.events = [...unit.events, event].sort((a, b) => a.timeMs - b.timeMs || (a.id < b.id ? -1 : 1));
  }
  unit.startMs = Math.min(unit.startMs, event.timeMs);
  unit.endMs = Math.max(unit.endMs, event.timeMs);
  unit.touchedMs = Math.max(unit.touchedMs, event.timeMs);
}

export function addUser(unit: Unit, user: Party): void {
  if (unit.users.length >= MAX_USERS || unit.users.some(({ userId, upn }) => userId === user.userId && upn === user.upn)) return;
  unit.users = [...unit.users, user];
}

/** So many are compared with all that are there, which is quicker than to make a set of those. */
const FEW = 4;

/** Adds many, in time that grows with their number and not with its square: a spray has thousands. */
export function addUsers(unit: Unit, users: readonly Party[]): void {
  if (users.length <= FEW) {
    for (const user of users) addUser(unit, user);
    return;
  }
  const keyOf = ({ userId, upn }: Party) => `${userId}\n${upn}`;
  const known = new Set(unit.users.map(keyOf));
  const fresh = users.filter((user) => {
    const key = keyOf(user);
    return !known.has(key) && known.add(key) !== undefined;
  });
  if (fresh.length > 0) unit.users = [...unit.users, ...fresh].slice(0, MAX_USERS);
}

/** Keeps the riskiest sessions of the last week; rows of one sign-in count once. */
export function addSession(person: Person, session: RiskySession): void {
  const others = person.sessions.filter(({ timeMs, fold }) => fold !== session.fold && Math.abs(session.timeMs - timeMs) <= WEEK_MS);
  const twin = person.sessions.find(({ fold }) => fold === session.fold);
  const kept = twin !== undefined && twin.risk > session.risk ? twin : session;
  person.sessions = [...others, kept].sort((a, b) => b.risk - a.risk || b.timeMs - a.timeMs).slice(0, MAX_SESSIONS);
}

export function addUnit(person: Person, key: string): void {
  if (!person.units.includes(key)) person.units = [...person.units, key].slice(-MAX_UNITS);
}

export function addChange(person: Person, change: MethodChange): void {
  const isTwin = (other: MethodChange) =>
    other.isTwin !== change.isTwin && other.happening === change.happening && Math.abs(other.timeMs - change.timeMs) <= TWIN_MS;
  if (person.changes.some(isTwin)) return;
  person.changes = [...person.changes, change].slice(-MAX_CHANGES);
}
