import type { RecordBatch } from 'apache-arrow';
import { DAY_MS, DAY_SECONDS, HOUR_MS } from '../../core/durations.ts';
import type { EgressTest } from '../../events/address-hashes.ts';
import { auditFact } from '../../events/audit/interpret.ts';
import { columnBatch } from '../../events/column-batch.ts';
import type { EventKind } from '../../events/contracts.ts';
import { EventClass, Flag, Word } from '../../events/event-record.ts';
import { PendingEvents, type Visit, type Warm } from '../../events/pending.ts';
import type { Kept, ObjectTable } from '../../state/object-table.ts';
import type { RecordTable } from '../../state/record-table.ts';
import { openState, sealState } from '../../state/state-file.ts';
import type { DetectorSpec, Host, UnitVerdict } from '../detector.ts';
import type { EventTable } from '../evidence.ts';
import { Accounts, type Alias, NAME_WORDS } from './accounts.ts';
import { Coverage, type Covered } from './coverage.ts';
import { CROWD_WORDS } from './crowds.ts';
import { DeviceSystems } from './device-systems.ts';
import { type DetectorChoice, Dispatch } from './dispatch.ts';
import { EventView } from './event-view.ts';
import { HomeTenant } from './home-tenant.ts';
import { IDENTITY_WORDS, Identities } from './identities.ts';
import { type Layout, layoutOf, SourceWord, UserFlag, UserWord } from './layout.ts';
import { MOST_NOBODYS, NOBODY_WORDS, Nobodys } from './nobodys.ts';
import { dropNobodysDevice } from './nobodys-device.ts';
import { People } from './people.ts';
import { Registrations } from './registrations.ts';
import { isRepeatedRow } from './repeated-row.ts';
import { KEEP_RISK, keepRisky } from './risky.ts';
import { MOST_SESSIONS, SESSION_WORDS, Sessions } from './sessions.ts';
import { MOST_SHARED, SHARED_WORDS, SharedSessions } from './shared-sessions.ts';
import { SoleRecords } from './sole-records.ts';
import { Stores } from './stores.ts';
import type { RiskySession, Unit } from './unit.ts';
import { Units } from './units.ts';
import { warmRecords } from './warm.ts';

const STATE_VERSION = 35;
/** Changes that a row of sign-ins leaves: 228 to 266 were measured. */
const ROW_BYTES = 240;

export interface StreamOptions extends DetectorChoice {
  readonly latenessMs: number;
  readonly maxUsers: number;
  readonly maxSources: number;
  readonly egress: EgressTest;
  readonly isSharedTarget: (target: string, timeMs: number) => boolean;
  readonly isServiceAccount: (names: readonly string[], timeMs: number) => boolean;
  readonly isBreakGlass: (names: readonly string[], timeMs: number) => boolean;
  readonly verdicts?: readonly UnitVerdict[] | undefined;
  /** Called for each unit whose evidence changed, at the event that changed it, in event order. May write the unit's scoring fields. */
  readonly judge: (unit: Unit) => void;
  /** Called once an hour of the stream's time with the units that change no more, by key. */
  readonly closed: (units: readonly Readonly<Unit>[], orderMs: number) => void;
}

/** Runs events through the detectors in their total order, and keeps all state. */
export class Stream {
  readonly layout: Layout;
  readonly pending: PendingEvents<EventTable>;
  readonly #units: Units;
  readonly users: RecordTable;
  readonly sources: RecordTable;
  readonly crowds: RecordTable;
  readonly #people: People;
  readonly #registrations: Registrations;
  readonly #sole: SoleRecords;
  readonly #identities: Identities;
  readonly #accounts: Accounts;
  readonly #coverage: Coverage;
  readonly #nobodys: Nobodys;
  readonly #sessions: Sessions;
  readonly #sharedSessions: SharedSessions;
  readonly #home: HomeTenant;
  readonly #clock: ObjectTable<{ touchedMs: number }>;
  readonly #stores = new Stores();
  readonly #devices = new DeviceSystems(this.#stores);
  readonly #options: StreamOptions;
  readonly #dispatch: Dispatch;
  readonly #view = new EventView();
  #hour = Number.NEGATIVE_INFINITY;
  /** That were added since the state was saved. */
  #freshRows = 0;

  constructor(specs: readonly DetectorSpec[], options: StreamOptions) {
    this.#options = options;
    this.layout = layoutOf(specs);
    this.pending = new PendingEvents({ latenessMs: options.latenessMs, retentionMs: 4 * options.latenessMs, egress: options.egress });
    this.users = this.#stores.records('users', this.layout.userWords, options.maxUsers);
    this.sources = this.#stores.records('sources', this.layout.sourceWords, options.maxSources);
    this.crowds = this.#stores.records('crowds', CROWD_WORDS, options.maxSources);
    this.#units = new Units(this.#stores);
    this.#people = new People(this.#stores);
    this.#identities = new Identities(this.#stores.records('identities', IDENTITY_WORDS, options.maxUsers));
    this.#sole = new SoleRecords(this.#stores.objects('sole-records', 1000));
    this.#accounts = new Accounts(
      this.#stores.objects<Alias>('accounts', 100_000),
      this.users,
      this.#stores.records('names', NAME_WORDS, options.maxUsers),
    );
    this.#coverage = new Coverage(this.#stores.objects<Covered>('coverage', 1));
    this.#sessions = new Sessions(this.#stores.records('sessions', SESSION_WORDS, MOST_SESSIONS));
    this.#nobodys = new Nobodys(this.#stores.records('nobodys', NOBODY_WORDS, MOST_NOBODYS));
    const usersOfSessions = this.#stores.records('shared-sessions', SHARED_WORDS, MOST_SHARED);
    this.#sharedSessions = new SharedSessions(usersOfSessions, this.#sessions, this.#nobodys);
    this.#home = new HomeTenant(this.#stores.objects('home-tenant', 1));
    this.#clock = this.#stores.objects('clock', 1);
    this.#dispatch = new Dispatch(specs, this.#host(), this.layout, options);
    this.#registrations = new Registrations(this.#stores, this.#units, this.#people, this.#dispatch);
  }

  get units(): ObjectTable<Unit> {
    return this.#units.table;
  }

  /** What the logs can and cannot say; goes over all users who changed their methods. */
  covered() {
    const { touchedMs: _, ...rows } = this.#coverage.now;
    return { ...rows, ...this.#registrations.joined(this.users, rows.firstSignInMs), madeUpDevices: this.#devices.madeUp() };
  }

  /** Objects of the caller's own, saved, restored and undone with the rest. */
  objects<T extends Kept>(name: string, maxEntries: number): ObjectTable<T> {
    return this.#stores.objects(name, maxEntries);
  }

  #host(): Host {
    return {
      users: this.users,
      sources: this.sources,
      crowds: this.crowds,
      nobodys: this.#nobodys,
      sessions: this.#sessions,
      records: (name, words, maxRecords) => this.#stores.records(name, words, maxRecords),
      people: this.#people.table,
      counts: (name, maxKeys) => this.#stores.counts(name, maxKeys),
      recents: (name, maxKeys, maxValues) => this.#stores.recents(name, maxKeys, maxValues),
      texts: (name, maxKeys, maxTexts) => this.#stores.texts(name, maxKeys, maxTexts),
      objects: (name, maxEntries) => this.#stores.objects(name, maxEntries),
      identity: (event) => this.#identities.get(event),
      departmentOf: (event) => this.#identities.departmentOf(event),
      person: (event) => this.#people.get(event),
      unit: (kind, tenantId, subject, anchor, event, users) => this.#units.obtain(kind, tenantId, subject, anchor, event, users),
      verdicts: this.#options.verdicts ?? [],
      isSharedTarget: this.#options.isSharedTarget,
      isServiceAccount: this.#options.isServiceAccount,
      isBreakGlass: this.#options.isBreakGlass,
    };
  }

  add(table: EventTable, kind: EventKind, batch: RecordBatch): { rows: number; duplicates: number; late: number } {
    this.#freshRows += batch.numRows;
    const columns = columnBatch(kind, batch);
    this.#coverage.note(columns);
    return this.pending.add(table, columns);
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
      this.#home.tell(this.#view);
    }
  }

  #warmed = 0;
  readonly #warm: Warm = (words, ats, count) => {
    this.#warmed ^=
      warmRecords(this.users, words, ats, count, Word.userLo) ^
      warmRecords(this.sources, words, ats, count, Word.ipLo) ^
      this.#sessions.warm(words, ats, count) ^
      this.#dispatch.warm(words, ats, count);
  };

  readonly #step: Visit<EventTable> = (words, doubles, at, { table, columns }) => {
    const view = this.#view;
    view.load(words, doubles, at, table, columns);
    if (view.orderMs >= this.#hour + HOUR_MS) this.#tick(view.orderMs);
    this.#home.find(view);
    if (view.eventClass === EventClass.identity) {
      // No event of the user's, who may never come: no record is made.
      this.#identities.note(view);
      return;
    }
    if (view.eventClass === EventClass.audit) this.#accounts.resolveAudit(view);
    else {
      this.#accounts.resolve(view);
      dropNobodysDevice(this.#nobodys, this.#devices, view);
      this.#sessions.find(view);
      this.#sharedSessions.resolve(view);
    }
    if (view.eventClass === EventClass.risk) this.#registrations.findRegistrant(view);
    this.#place(view);
    let session: RiskySession | undefined;
    let own: string | undefined;
    if (view.eventClass === EventClass.audit) {
      view.fact = this.#sole.read(auditFact(columns, view.row), view.timeMs);
      if (view.fact.isGuest) view.flags |= Flag.guest;
      own = this.#registrations.audit(view.fact, view);
    } else if (view.eventClass === EventClass.risk) {
      this.#dispatch.risk(view);
    } else if (view.userAt >= 0 && !isRepeatedRow(view)) {
      session = this.#signIn(view);
    }
    const flags = view.userAt < 0 ? 0 : view.user[view.userAt + UserWord.flags]!;
    if ((flags & UserFlag.registered) !== 0) this.#registrations.later(view, session, own);
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
    if (newDay) this.#people.forgetBefore(orderMs);
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

  #signIn(view: EventView): RiskySession | undefined {
    const risk = this.#dispatch.judge(view);
    const session = risk >= KEEP_RISK ? keepRisky(view, risk, this.#dispatch, this.#people, this.#units) : undefined;
    this.#dispatch.learn(view);
    this.#learnUser(view);
    return session;
  }

  #learnUser(view: EventView): void {
    const { user, userAt } = view;
    // Who has to enrol first is stopped after the password, and registers before the account was ever in use.
    if (view.eventClass === EventClass.interrupt && view.has(Flag.firstFactor) && user[userAt + UserWord.lastSeconds] === 0)
      this.#accounts.noteName(view);
    // Failures and interrupts are somebody at the door: the account was not in use.
    if (view.eventClass !== EventClass.signIn && view.eventClass !== EventClass.backgroundSignIn) return;
    const last = user[userAt + UserWord.lastSeconds]!;
    if (Math.floor(view.seconds / DAY_SECONDS) > Math.floor(last / DAY_SECONDS)) this.#accounts.noteName(view);
    user[userAt + UserWord.lastSeconds] = Math.max(last, view.seconds);
    if (view.eventClass !== EventClass.signIn) return;
    const first = user[userAt + UserWord.firstSeconds]!;
    if (first === 0 || view.seconds < first) user[userAt + UserWord.firstSeconds] = view.seconds;
    user[userAt + UserWord.signIns]!++;
    const flags = user[userAt + UserWord.flags]! & ~UserFlag.managed;
    user[userAt + UserWord.flags] = view.has(Flag.managedDevice) ? flags | UserFlag.managed : flags;
  }

  /** The whole state, or what changed since the last call, sealed; `note` is the caller's own. In `memory` where that is large enough. */
  save(part: 'whole' | 'changes', note: string, memory?: ArrayBufferLike): Uint8Array {
    // Half as much again as is expected. What turns out not to be needed costs address space, but V8 counts it, and collects garbage where it is much.
    const expected = part === 'changes' ? ROW_BYTES * this.#freshRows : this.#stores.recordBytes;
    this.#freshRows = 0;
    const room = { capacity: Math.floor(65_536 + 1.5 * expected), memory };
    return sealState({ version: STATE_VERSION, layout: this.layout.text, part }, room, (writer) => {
      this.#stores.write(writer, part);
      this.pending.write(writer, { onlyFresh: part === 'changes' });
      writer.text(note);
    });
  }

  /** Lays a saved state over this one and returns its note. FactorwatchError state-version, state-damaged. */
  load(bytes: Uint8Array, part: 'whole' | 'changes'): string {
    const reader = openState(bytes, { version: STATE_VERSION, layout: this.layout.text, part });
    this.#stores.read(reader);
    this.pending.read(reader);
    this.#home.tell(this.#view);
    this.#hour = this.#clock.get('hour')?.touchedMs ?? Number.NEGATIVE_INFINITY;
    return reader.text();
  }
}
