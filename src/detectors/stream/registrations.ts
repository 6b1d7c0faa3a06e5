import { DAY_MS } from '../../core/durations.ts';
import { type AuditFact, subjectOf } from '../../events/audit/interpret.ts';
import type { Kept, ObjectTable } from '../../state/object-table.ts';
import type { RecordTable } from '../../state/record-table.ts';
import type { Contribution } from '../evidence.ts';
import type { Dispatch } from './dispatch.ts';
import type { EventView } from './event-view.ts';
import { UserFlag, UserWord } from './layout.ts';
import { foldRecord, opensUnit } from './opening.ts';
import type { People } from './people.ts';
import { isSameAct } from './same-act.ts';
import type { Stores } from './stores.ts';
import { addEvent, addUnit, FOLLOWED_MS, type Person, type RiskySession, type Unit, unitKey } from './unit.ts';
import type { Units } from './units.ts';

/** Opens registrations, and brings them what happens around them. */
export class Registrations {
  readonly #units: Units;
  readonly #people: People;
  readonly #dispatch: Dispatch;
  /** Under which key a user who registered is kept, by object id (else UPN): risk detections do not say which tenant is theirs. */
  readonly #registrants: ObjectTable<Kept & { readonly lo: number; readonly hi: number }>;

  constructor(stores: Stores, units: Units, people: People, dispatch: Dispatch) {
    this.#units = units;
    this.#people = people;
    this.#dispatch = dispatch;
    this.#registrants = stores.objects('registrants', 100_000);
  }

  /**
   * AADUserRiskEvents has the workspace where other tables have the tenant; the registration that it may belong to knows the user's key. Who never
   * registered has no key yet: a record under a wrong one would only take up room.
   */
  findRegistrant(view: EventView): void {
    if (view.text('TenantId') !== '') return;
    const known = this.#registrants.get(view.text('UserId')) ?? this.#registrants.get(view.text('UserPrincipalName').toLowerCase());
    view.userLo = known?.lo ?? 0;
    view.userHi = known?.hi ?? 0;
  }

  /** Takes an audit record; gives the key of the registration that it is a record of. */
  audit(fact: AuditFact, view: EventView): string | undefined {
    this.#dispatch.audit(fact, view);
    if (opensUnit(fact)) return this.#register(fact, view);
    if (fact.succeeded && fact.happening === 'deleted') this.#people.noteChange(fact, view, '');
    return undefined;
  }

  #register(fact: AuditFact, view: EventView): string | undefined {
    if (view.userAt < 0) return undefined;
    const subject = subjectOf(fact);
    const person = this.#people.get(view);
    const anchor = this.#anchorOf(fact, subject, view.timeMs);
    const key = unitKey('registration', fact.tenantId, subject, anchor);
    if (this.#units.isClosed(key)) return key;
    const before = this.#units.table.get(key) === undefined ? this.#sameAct(person, fact, view.timeMs) : undefined;
    const users = [{ userId: fact.userId, upn: fact.upn }];
    const unit =
      (before === undefined ? undefined : this.#units.table.editExisting(before)) ??
      this.#units.obtain('registration', fact.tenantId, subject, anchor, view, users);
    this.#units.touch(before ?? key);
    const isNew = unit.registration === undefined;
    foldRecord(unit, fact, view);
    addUnit(this.#people.edit(view), before ?? key);
    this.#registrants.edit(subject, () => ({ touchedMs: view.timeMs, lo: view.userLo, hi: view.userHi })).touchedMs = view.timeMs;
    view.user[view.userAt + UserWord.flags] = view.user[view.userAt + UserWord.flags]! | UserFlag.registered;
    if (isNew) this.#people.noteChange(fact, view, key);
    this.#dispatch.registration(unit, fact, view);
    unit.evidence = withoutRows(unit, unit.evidence);
    return before ?? key;
  }

  /**
   * What tells an act of a user's from others: its CorrelationId, else its Id, else its time. Under one CorrelationId a visit to a page is over within
   * the day: one that comes again later was written by an exporter, into every row, and the first act would be the user's last.
   */
  #anchorOf({ correlationId, id, tenantId }: AuditFact, subject: string, timeMs: number): string {
    const own = id || new Date(timeMs).toISOString();
    if (correlationId === '') return own;
    const key = unitKey('registration', tenantId, subject, correlationId);
    const since = this.#units.open(key)?.openedMs;
    const isOver = since === undefined ? this.#units.isClosedBefore(key, timeMs) : timeMs - since > DAY_MS;
    return isOver ? own : correlationId;
  }

  /** Users who changed their methods: how many there were, who of them never signed in, and whose last change came before `firstMs`. */
  joined(users: RecordTable, firstMs: number): { readonly users: number; readonly unseen: number; readonly early: number } {
    let [all, unseen, early] = [0, 0, 0];
    for (const subject of this.#registrants.keys()) {
      const { lo, hi, touchedMs } = this.#registrants.get(subject)!;
      const record = users.find(lo, hi);
      all++;
      if (record < 0 || users.segment(record)[users.offset(record) + UserWord.lastSeconds] === 0) unseen++;
      if (touchedMs < firstMs) early++;
    }
    return { users: all, unseen, early };
  }

  #sameAct(person: Readonly<Person> | undefined, fact: AuditFact, timeMs: number): string | undefined {
    return person?.units.findLast((key) => {
      const unit = this.#units.open(key);
      return unit !== undefined && isSameAct(fact, timeMs, unit);
    });
  }

  /**
   * Gives the event to the user's registrations within 24 hours of it and in the week before it, but not to the one whose record it is. An event may
   * come up after a registration and be older: its row came late.
   */
  later(view: EventView, session: RiskySession | undefined, own: string | undefined): void {
    for (const key of this.#people.get(view)?.units ?? []) {
      const open = key === own ? undefined : this.#units.open(key);
      if (open === undefined) continue;
      const since = view.timeMs - open.openedMs;
      if (Math.abs(since) <= DAY_MS) {
        const unit = this.#units.table.editExisting(key)!;
        if (this.#dispatch.later(unit, view, session)) {
          addTelling(unit, Object.values(unit.evidence).flat(), view);
          this.#units.touch(key);
        }
      }
      if (since < 0 || since > FOLLOWED_MS) continue;
      const said = this.#dispatch.afterwards(open, view);
      if (said !== undefined) this.#write(key, said, view);
    }
  }

  #write(key: string, said: Readonly<Record<string, readonly Contribution[]>>, view: EventView): void {
    const unit = this.#units.table.editExisting(key)!;
    addTelling(unit, Object.values(said).flat(), view);
    unit.evidence = { ...unit.evidence, ...withoutRows(unit, said) };
    this.#units.touch(key);
  }
}

/** The evidence as it is kept; the rows that it brings, where it speaks for an attack, are added to those that the unit rests on. */
function withoutRows(unit: Unit, evidence: Readonly<Record<string, readonly Contribution[]>>): Record<string, readonly Contribution[]> {
  const kept = ({ rows, ...item }: Contribution): Contribution => {
    if (item.llr > 0) for (const row of rows ?? []) addEvent(unit, row);
    return item;
  };
  return Object.fromEntries(
    Object.entries(evidence).map(([part, items]) => [part, items.some(({ rows }) => rows !== undefined) ? items.map(kept) : items]),
  );
}

/** Adds the event at hand to those that the unit rests on, where evidence for an attack names it. */
function addTelling(unit: Unit, items: readonly Contribution[], view: EventView): void {
  const event = view.evidence();
  if (items.some(({ llr, eventIds }) => llr > 0 && eventIds.includes(event.id))) addEvent(unit, event);
}
