import type { RecordBatch } from 'apache-arrow';
import type { EgressTest } from '../../events/address-hashes.ts';
import { type AuditFact, auditFact } from '../../events/audit/interpret.ts';
import { columnBatch } from '../../events/column-batch.ts';
import type { EventKind } from '../../events/contracts.ts';
import { EventClass, Flag, Word } from '../../events/event-record.ts';
import { combine } from '../../events/hash.ts';
import { PendingEvents, type Visit, type Warm } from '../../events/pending.ts';
import type { Kept, ObjectTable } from '../../state/object-table.ts';
import type { RecordTable } from '../../state/record-table.ts';
import { openState, sealState } from '../../state/state-file.ts';
import type { DetectorSpec, Host, UnitVerdict } from '../detector.ts';
import type { Contribution, SourceTable } from '../evidence.ts';
import { type DetectorChoice, Dispatch } from './dispatch.ts';
import { EventView } from './event-view.ts';
import { type Layout, layoutOf, SourceWord, UserFlag, UserWord } from './layout.ts';
import { foldRecord, isClosingRecord, opensUnit } from './opening.ts';
import { Stores } from './stores.ts';
import {
  addChange,
  addEvent,
  addSession,
  addUnit,
  DAY_MS,
  dayText,
  HOUR_MS,
  type Person,
  type RiskySession,
  type Unit,
  unitKey,
} from './unit.ts';
import { Units } from './units.ts';

const STATE_VERSION = 3;
/** Risk in nats from which a sign-in is kept for a day, and from which the user's day is judged by itself. */
const KEEP_RISK = 2;
const DAY_RISK = 6;
/** The end of a wizard joins the registration before it within this time. */
const WIZARD_MS = 15 * 60_000;
const FORGET_PERSON_MS = 30 * DAY_MS;

export interface StreamOptions extends DetectorChoice {
  readonly latenessMs: number;
  readonly maxUsers: number;
  readonly maxSources: number;
  readonly egress: EgressTest;
  readonly isSharedTarget: (target: string, timeMs: number) => boolean;
  readonly isServiceAccount: (names: readonly string[], timeMs: number) => boolean;
  readonly verdicts?: readonly UnitVerdict[] | undefined;
  /** Called for each unit whose evidence changed, at the event that changed it, in event order. May write the unit's scoring fields. */
  readonly judge: (unit: Unit) => void;
  /** Called once an hour of the stream's time with the units that change no more, by key. */
  readonly closed: (units: readonly Readonly<Unit>[], orderMs: number) => void;
}

/** Runs events through the detectors in their total order, and keeps all state. */
export class Stream {
  readonly layout: Layout;
  readonly pending: PendingEvents<SourceTable>;
  readonly #units: Units;
  readonly users: RecordTable;
  readonly sources: RecordTable;
  readonly #people: ObjectTable<Person>;
  /** Under which key a user who registered is kept, by object id (else UPN): risk detections do not say which tenant is theirs. */
  readonly #registrants: ObjectTable<Kept & { readonly lo: number; readonly hi: number }>;
  readonly #clock: ObjectTable<{ touchedMs: number }>;
  readonly #stores = new Stores();
  readonly #options: StreamOptions;
  readonly #dispatch: Dispatch;
  readonly #view = new EventView();
  #hour = Number.NEGATIVE_INFINITY;
  /** Of the last set of changes that was written. */
  #changeBytes = 0;

  constructor(specs: readonly DetectorSpec[], options: StreamOptions) {
    this.#options = options;
    this.layout = layoutOf(specs);
    this.pending = new PendingEvents({ latenessMs: options.latenessMs, retentionMs: 4 * options.latenessMs, egress: options.egress });
    this.users = this.#stores.records('users', this.layout.userWords, options.maxUsers);
    this.sources = this.#stores.records('sources', this.layout.sourceWords, options.maxSources);
    this.#units = new Units(this.#stores);
    this.#people = this.#stores.objects('people', 500_000);
    this.#registrants = this.#stores.objects('registrants', 100_000);
    this.#clock = this.#stores.objects('clock', 1);
    this.#dispatch = new Dispatch(specs, this.#host(), this.layout, options);
  }

  get units(): ObjectTable<Unit> {
    return this.#units.table;
  }

  /** Objects of the caller's own, saved, restored and undone with the rest. */
  objects<T extends Kept>(name: string, maxEntries: number): ObjectTable<T> {
    return this.#stores.objects(name, maxEntries);
  }

  #host(): Host {
    return {
      users: this.users,
      sources: this.sources,
      people: this.#people,
      counts: (name, maxKeys) => this.#stores.counts(name, maxKeys),
      objects: (name, maxEntries) => this.#stores.objects(name, maxEntries),
      person: (event) => this.#people.getPair(event.userLo, event.userHi),
      unit: (kind, tenantId, subject, anchor, event, users) => this.#units.obtain(kind, tenantId, subject, anchor, event, users),
      verdicts: this.#options.verdicts ?? [],
      isSharedTarget: this.#options.isSharedTarget,
      isServiceAccount: this.#options.isServiceAccount,
    };
  }

  add(table: SourceTable, kind: EventKind, batch: RecordBatch): { rows: number; duplicates: number; late: number } {
    return this.pending.add(table, columnBatch(kind, batch));
  }

  advance(watermarkMs: number): void {
    this.pending.take(watermarkMs, this.#step, this.#warm);
  }

  /** Judges every pending event, calls `whileThere`, and undoes it all. */
  tryPending(whileThere: () => void): void {
    const hour = this.#hour;
    this.#stores.begin();
    try {
      this.pending.peek(this.#step);
      whileThere();
    } finally {
      this.#stores.rollback();
      this.#hour = hour;
    }
  }

  #warmed = 0;
  readonly #warm: Warm = (words, at) => {
    this.#warmed ^=
      this.users.warm(words[at + Word.userLo]! | 0, words[at + Word.userHi]! | 0) ^
      this.sources.warm(words[at + Word.ipLo]! | 0, words[at + Word.ipHi]! | 0) ^
      this.#dispatch.warm(words, at);
  };

  readonly #step: Visit<SourceTable> = (words, doubles, at, { table, columns }) => {
    const view = this.#view;
    view.load(words, doubles, at, table, columns);
    if (view.orderMs >= this.#hour + HOUR_MS) this.#tick(view.orderMs);
    if (view.eventClass === EventClass.risk) this.#findRegistrant(view);
    this.#place(view);
    let session: RiskySession | undefined;
    let own: string | undefined;
    if (view.eventClass === EventClass.audit) {
      const fact = auditFact(columns, view.row);
      this.#dispatch.audit(fact, view);
      if (opensUnit(fact)) own = this.#register(fact, view);
      else if (fact.succeeded && fact.happening === 'deleted') this.#noteChange(fact, view, '');
    } else if (view.userAt >= 0 && !this.#isRepeated(view)) {
      session = this.#signIn(view);
    }
    if (view.userAt >= 0 && (view.user[view.userAt + UserWord.flags]! & UserFlag.registered) !== 0) this.#later(view, session, own);
    this.#units.judgeTouched(this.#options.judge);
  };

  /** Once an hour of stream time, never of wall time or of calls: forgets what is over. */
  #tick(orderMs: number): void {
    const hour = Math.floor(orderMs / HOUR_MS) * HOUR_MS;
    const newDay = Math.floor(hour / DAY_MS) !== Math.floor(this.#hour / DAY_MS);
    this.#hour = hour;
    this.#clock.edit('hour', () => ({ touchedMs: 0 })).touchedMs = hour;
    const closed = this.#units.closeBefore(orderMs);
    if (closed.length > 0) this.#options.closed(closed, orderMs);
    if (!newDay) return;
    for (const key of [...this.#people.keys()]) {
      if (this.#people.get(key)!.touchedMs < orderMs - FORGET_PERSON_MS) this.#people.delete(key);
    }
  }

  /** AADUserRiskEvents has the workspace where other tables have the tenant; the registration that it may belong to knows the user's key. */
  #findRegistrant(view: EventView): void {
    if (view.text('TenantId') !== '') return;
    const known = this.#registrants.get(view.text('UserId') || view.text('UserPrincipalName').toLowerCase());
    if (known === undefined) return;
    view.userLo = known.lo;
    view.userHi = known.hi;
  }

  /** Finds or makes the records of the user and the address, and notes that they are in use. */
  #place(view: EventView): void {
    view.userAt = -1;
    view.sourceAt = -1;
    if (view.userLo !== 0) {
      const record = this.users.obtain(view.userLo, view.userHi);
      this.users.touch(record);
      view.user = this.users.segment(record);
      view.userAt = this.users.offset(record);
    }
    if (view.ipLo !== 0) {
      const record = this.sources.obtain(view.ipLo, view.ipHi);
      this.sources.touch(record);
      view.source = this.sources.segment(record);
      view.sourceAt = this.sources.offset(record);
      const { source, sourceAt } = view;
      source[sourceAt + SourceWord.lastSeconds] = Math.max(source[sourceAt + SourceWord.lastSeconds]!, view.seconds);
      if (view.asn !== 0) source[sourceAt + SourceWord.asn] = view.asn;
      if (view.country !== 0) source[sourceAt + SourceWord.country] = view.country;
    }
  }

  /** Whether another row of the same sign-in said the same already. */
  #isRepeated(view: EventView): boolean {
    const failure = view.eventClass === EventClass.passwordFailure || view.eventClass === EventClass.promptRefused;
    const fold = combine(failure ? view.idLo : view.foldLo, view.eventClass + 1) | 0;
    const at = view.userAt + UserWord.lastFold;
    if ((view.user[at]! | 0) === fold) return true;
    view.user[at] = fold;
    return false;
  }

  #signIn(view: EventView): RiskySession | undefined {
    const risk = this.#dispatch.judge(view);
    const session = risk >= KEEP_RISK ? this.#keep(view, risk) : undefined;
    this.#dispatch.learn(view);
    this.#learnUser(view);
    return session;
  }

  #learnUser(view: EventView): void {
    const { user, userAt } = view;
    // Failures and interrupts are somebody at the door: the account was not in use.
    if (view.eventClass !== EventClass.signIn && view.eventClass !== EventClass.backgroundSignIn) return;
    user[userAt + UserWord.lastSeconds] = Math.max(user[userAt + UserWord.lastSeconds]!, view.seconds);
    if (view.eventClass !== EventClass.signIn) return;
    const first = user[userAt + UserWord.firstSeconds]!;
    if (first === 0 || view.seconds < first) user[userAt + UserWord.firstSeconds] = view.seconds;
    user[userAt + UserWord.signIns]!++;
    user[userAt + UserWord.lastIp] = view.ipLo;
    const flags = user[userAt + UserWord.flags]! & ~UserFlag.managed;
    user[userAt + UserWord.flags] = view.has(Flag.managedDevice) ? flags | UserFlag.managed : flags;
  }

  #keep(view: EventView, risk: number): RiskySession {
    const session: RiskySession = {
      timeMs: view.timeMs,
      fold: view.foldLo,
      risk,
      evidence: this.#dispatch.explain(view),
      event: view.evidence(),
      correlationId: view.text('CorrelationId'),
      sessionId: view.text('SessionId'),
      ipLo: view.ipLo,
      ipHi: view.ipHi,
      prefix: view.prefix,
      asn: view.asn,
    };
    addSession(this.#editPerson(view), session);
    if (risk >= DAY_RISK) this.#judgeDay(view, session);
    return session;
  }

  /** A user's day speaks through its riskiest sign-in. */
  #judgeDay(view: EventView, session: RiskySession): void {
    const party = view.party();
    const subject = party.userId || party.upn.toLowerCase();
    if (subject === '') return;
    const unit = this.#units.obtain('user-day', view.text('TenantId'), subject, dayText(view.timeMs), view, [party]);
    addEvent(unit, session.event);
    if (session.risk <= unit.risk) return;
    unit.risk = session.risk;
    const byDetector = new Map<string, Contribution[]>();
    for (const item of session.evidence) byDetector.set(item.detector, [...(byDetector.get(item.detector) ?? []), item]);
    unit.evidence = Object.fromEntries(byDetector);
    const { ip, country, city, asn, deviceId, app } = session.event;
    unit.source = { ip, country, city, asn, deviceId, app, sessionId: session.sessionId };
  }

  #editPerson(view: EventView): Person {
    const person = this.#people.editPair(view.userLo, view.userHi, () => ({ touchedMs: 0, sessions: [], units: [], changes: [] }));
    if (person.units.length > 0) view.user[view.userAt + UserWord.flags] = view.user[view.userAt + UserWord.flags]! | UserFlag.registered;
    person.touchedMs = Math.max(person.touchedMs, view.timeMs);
    return person;
  }

  #noteChange(fact: AuditFact, view: EventView, unit: string): void {
    if (view.userAt < 0) return;
    const { happening, methodKind, method } = fact;
    addChange(this.#editPerson(view), { timeMs: view.timeMs, happening, methodKind, method, unit });
  }

  #register(fact: AuditFact, view: EventView): string | undefined {
    if (view.userAt < 0) return undefined;
    const subject = fact.userId || fact.upn.toLowerCase();
    const person = this.#people.getPair(view.userLo, view.userHi);
    const key = unitKey('registration', fact.tenantId, subject, fact.correlationId || fact.id);
    if (this.#units.isClosed(key)) return key;
    const before = isClosingRecord(fact) && this.units.get(key) === undefined ? this.#openBefore(person, view.timeMs) : undefined;
    const users = [{ userId: fact.userId, upn: fact.upn }];
    const unit =
      (before === undefined ? undefined : this.units.editExisting(before)) ??
      this.#units.obtain('registration', fact.tenantId, subject, fact.correlationId || fact.id, view, users);
    this.#units.touch(before ?? key);
    const isNew = unit.registration === undefined;
    foldRecord(unit, fact, view);
    addUnit(this.#editPerson(view), before ?? key);
    this.#registrants.edit(subject, () => ({ touchedMs: view.timeMs, lo: view.userLo, hi: view.userHi })).touchedMs = view.timeMs;
    view.user[view.userAt + UserWord.flags] = view.user[view.userAt + UserWord.flags]! | UserFlag.registered;
    if (isNew) this.#noteChange(fact, view, key);
    this.#dispatch.registration(unit, fact, view);
    return before ?? key;
  }

  #openBefore(person: Readonly<Person> | undefined, timeMs: number): string | undefined {
    return person?.units.findLast((key) => {
      const unit = this.#units.open(key);
      return unit !== undefined && Math.abs(timeMs - unit.touchedMs) <= WIZARD_MS;
    });
  }

  /**
   * Gives the event to the user's registrations within 24 hours of it, but not to the one whose record it is. An event may come up after a
   * registration and be older: its row came late.
   */
  #later(view: EventView, session: RiskySession | undefined, own: string | undefined): void {
    const person = this.#people.getPair(view.userLo, view.userHi);
    for (const key of person?.units ?? []) {
      const open = this.#units.open(key);
      if (open === undefined || key === own || Math.abs(view.timeMs - open.openedMs) > DAY_MS) continue;
      const unit = this.units.editExisting(key)!;
      if (this.#dispatch.later(unit, view, session)) this.#units.touch(key);
    }
  }

  /** The whole state, or what changed since the last call, sealed; `note` is the caller's own. */
  save(part: 'whole' | 'changes', note: string): Uint8Array {
    // As much as last time, or as all records; half as much again.
    const capacity = 65_536 + 1.5 * (part === 'whole' ? this.users.bytes + this.sources.bytes : this.#changeBytes);
    const bytes = sealState({ version: STATE_VERSION, layout: this.layout.text, part }, Math.floor(capacity), (writer) => {
      this.#stores.write(writer, part);
      this.pending.write(writer, { onlyFresh: part === 'changes' });
      writer.text(note);
    });
    if (part === 'changes') this.#changeBytes = bytes.length;
    return bytes;
  }

  /** Lays a saved state over this one and returns its note. FactorwatchError state-version, state-damaged. */
  load(bytes: Uint8Array, part: 'whole' | 'changes'): string {
    const reader = openState(bytes, { version: STATE_VERSION, layout: this.layout.text, part });
    this.#stores.read(reader);
    this.pending.read(reader);
    this.#hour = this.#clock.get('hour')?.touchedMs ?? Number.NEGATIVE_INFINITY;
    return reader.text();
  }
}
