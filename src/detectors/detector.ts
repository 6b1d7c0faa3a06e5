import type { AuditFact } from '../events/audit/interpret.ts';
import type { EventClass } from '../events/event-record.ts';
import type { CountTable } from '../state/count-table.ts';
import type { Kept, ObjectTable } from '../state/object-table.ts';
import type { RecentTable } from '../state/recent-table.ts';
import type { RecordTable } from '../state/record-table.ts';
import type { TextTable } from '../state/text-table.ts';
import type { Contribution, EvidenceEvent, EvidenceGroup, Party } from './evidence.ts';
import type { EventView } from './stream/event-view.ts';
import type { Identity } from './stream/identities.ts';
import type { Nobodys } from './stream/nobodys.ts';
import type { Sessions } from './stream/sessions.ts';
import type { Person, RiskySession, StreamUnitKind, Unit } from './stream/unit.ts';

/** A number that an operator may set. */
export interface Parameter {
  readonly default: number;
  readonly doc: string;
}

/** What an analyst said of a unit. */
export interface UnitVerdict {
  readonly kind: string;
  readonly subject: string;
  readonly anchor: string;
  readonly verdict: 'malicious' | 'benign' | 'undetermined';
}

/** What a detector may use of the stream's state. Everything in it is undone after a provisional judgement and is part of the snapshot. */
export interface Host {
  readonly users: RecordTable;
  readonly sources: RecordTable;
  /** Users of address ranges, networks and devices, see stream/crowds.ts. */
  readonly crowds: RecordTable;
  /** Sessions and devices that are none. */
  readonly nobodys: Nobodys;
  /** What is kept of each user's sessions. */
  readonly sessions: Sessions;
  readonly people: ObjectTable<Person>;
  /** Records of `words` words by 64-bit key, under a name of the detector's own; the first three words are RecordTable's. */
  records(name: string, words: number, maxRecords: number): RecordTable;
  /** Counts of a tenant-wide fact, under a name of the detector's own. */
  counts(name: string, maxKeys: number): CountTable;
  /** Lists of recent distinct values, under a name of the detector's own. */
  recents(name: string, maxKeys: number, maxValues: number): RecentTable;
  /** Growing lists of texts, under a name of the detector's own. */
  texts(name: string, maxKeys: number, maxTexts: number): TextTable;
  /** Rare plain objects, under a name of the detector's own. */
  objects<T extends Kept>(name: string, maxEntries: number): ObjectTable<T>;
  /** What IdentityInfo knew of the user at hand when the event happened; undefined where the tenant has none, or not of this user. */
  identity(event: EventView): Identity | undefined;
  /** Hash of the user's department by it, 0 where it is not known. */
  departmentOf(event: EventView): number;
  /** The user at hand, where something is kept of them. */
  person(event: EventView): Readonly<Person> | undefined;
  /** A unit to write evidence to; it is judged when the event has been seen by all. */
  unit(kind: StreamUnitKind, tenantId: string, subject: string, anchor: string, event: EventView, users: readonly Party[]): Unit;
  /** What analysts said of units so far; not state. */
  readonly verdicts: readonly UnitVerdict[];
  /** Whether the operator vouches for a phone or device token that many users share. */
  isSharedTarget(target: string, timeMs: number): boolean;
  /** Whether the operator vouches for an account that acts on many users. */
  isServiceAccount(names: readonly string[], timeMs: number): boolean;
  /** Whether the operator named an account as one for emergencies, which nobody uses from day to day. */
  isBreakGlass(names: readonly string[], timeMs: number): boolean;
}

/** Where a detector's own words lie in the record of a user and of an address. */
export interface Place {
  readonly user: number;
  readonly source: number;
}

/** Reads what events of some classes will need, just before their turn, so that it is in the cache by then. */
export interface Warming {
  readonly classes: readonly EventClass[];
  /** For the events at `ats`: `count` offsets in `words`. The number means nothing. */
  read(words: Uint32Array, ats: Int32Array, count: number): number;
}

/**
 * A detector at work. All state lies in the host's stores; time comes with the event.
 * judge and explain read, learn writes; for one event all judge before any learns. They are called without a `this`.
 */
export interface Detector {
  /** Classes of sign-in events for which judge and explain, and for which learn is called. */
  readonly judges?: readonly EventClass[];
  readonly learns?: readonly EventClass[];
  /** Log-likelihood ratio of this event for its user, from the state before it; 0 = nothing to say. */
  judge?(event: EventView): number;
  /** The same in words, called directly after judge for events that are kept. */
  explain?(event: EventView): readonly Contribution[];
  learn?(event: EventView): void;
  /** What to read ahead, one table after the other, each for all events: only reads that follow each other closely wait for memory together. */
  readonly warms?: readonly Warming[];
  /** Any audit record, before units are made of it. */
  audit?(fact: AuditFact, event: EventView): void;
  /** A risk detection, before it is given to its user's registrations. The user's record is at hand only where the user registered before. */
  risk?(event: EventView): void;
  /** A registration was opened, or another record of it came: write `unit.evidence[id]`. */
  registration?(unit: Unit, fact: AuditFact, event: EventView): void;
  /**
   * Another event of the same user within a day of a registration, after it or, where its row came late, before it; `session` when it was kept
   * as risky. True when evidence was written.
   */
  later?(unit: Unit, event: EventView, session: RiskySession | undefined): boolean;
  /**
   * Another event of the same user within a week after a registration: evidence to be put in the place of what stands under the same key; undefined
   * where there is nothing new. Most of these events say nothing, so that the unit is only for reading.
   */
  afterwards?(unit: Readonly<Unit>, event: EventView): Readonly<Record<string, readonly Contribution[]>> | undefined;
}

interface SpecOf<P extends Readonly<Record<string, Parameter>>> {
  /** 'D6-registration-after-risk': the file's name, with a capital D. */
  readonly id: string;
  readonly title: string;
  readonly group: EvidenceGroup;
  readonly techniques: readonly string[];
  /** What would make its evidence benign, a whole sentence. */
  readonly benignIf: string;
  readonly parameters: P;
  /** Words of 32 bits that it keeps in each user's and each address's record. */
  readonly userWords: number;
  readonly sourceWords: number;
  create(host: Host, parameters: { readonly [K in keyof P]: number }, place: Place): Detector;
}
export type DetectorSpec = SpecOf<Readonly<Record<string, Parameter>>>;

/** Evidence of events gone by, with their rows. */
export function withRows(item: Contribution, rows: readonly EvidenceEvent[]): Contribution {
  return { ...item, eventIds: rows.map(({ id }) => id), rows };
}

/** One file in this folder defines one detector; the registry finds it there. */
export function defineDetector<const P extends Readonly<Record<string, Parameter>>>(spec: SpecOf<P>): DetectorSpec {
  return spec as unknown as DetectorSpec;
}

/** Shorthand for evidence of the event at hand. */
export function contribution(
  spec: { readonly id: string; readonly group: EvidenceGroup; readonly techniques: readonly string[] },
  llr: number,
  words: string,
  counts: Readonly<Record<string, number>>,
  events: readonly (EvidenceEvent | string)[],
): Contribution {
  const eventIds = events.map((event) => (typeof event === 'string' ? event : event.id));
  return { detector: spec.id, group: spec.group, llr, words, counts, eventIds, techniques: llr > 0 ? spec.techniques : [] };
}
