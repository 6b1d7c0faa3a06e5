import { DAY_MS } from '../../core/durations.ts';
import type { Kept, ObjectTable } from '../../state/object-table.ts';
import type { Party } from '../evidence.ts';
import type { EventView } from './event-view.ts';
import type { Stores } from './stores.ts';
import { FOLLOWED_MS, type StreamUnitKind, type Unit, unitKey } from './unit.ts';

/** How long a unit that nothing touches stays open, and a registration, counted from its last event; the day is for rows that come late. */
const FORGET_MS = 2 * DAY_MS;
const FORGET_REGISTRATION_MS = FOLLOWED_MS + DAY_MS;

function newUnit(kind: StreamUnitKind, tenantId: string, subject: string, anchor: string, timeMs: number, users: readonly Party[]): Unit {
  return {
    kind,
    tenantId,
    subject,
    anchor,
    openedMs: timeMs,
    touchedMs: timeMs,
    evidence: {},
    gaps: [],
    users,
    actor: undefined,
    events: [],
    startMs: timeMs,
    endMs: timeMs,
    originalId: '',
    source: { ip: '', country: '', city: '', asn: '', deviceId: '', sessionId: '', app: '' },
    methods: [],
    registration: undefined,
    risk: 0,
    reached: false,
    changed: false,
  };
}

/**
 * The units at hand. One that nothing touched for two days, or eight where it is a registration, is closed: it changes no more. A closed unit
 * that was reported is remembered, so that a row that comes days late does not report it once more with less evidence than it had.
 */
export class Units {
  readonly table: ObjectTable<Unit>;
  readonly #closed: ObjectTable<Kept>;
  readonly #touched = new Set<string>();

  constructor(stores: Stores) {
    this.table = stores.objects('units', 200_000);
    this.#closed = stores.objects('closed', 100_000);
  }

  isClosed(key: string): boolean {
    return this.#closed.get(key) !== undefined;
  }

  /** Whether a unit was closed all of whose events are older: one of this time is not a row of it that came late. */
  isClosedBefore(key: string, timeMs: number): boolean {
    return (this.#closed.get(key)?.touchedMs ?? Number.POSITIVE_INFINITY) < timeMs;
  }

  /** For reading; undefined where there is none or it is closed. */
  open(key: string): Readonly<Unit> | undefined {
    return this.isClosed(key) ? undefined : this.table.get(key);
  }

  /** A unit to write to, made when there was none, and judged after the event. What is written to a closed one is lost. */
  obtain(kind: StreamUnitKind, tenantId: string, subject: string, anchor: string, event: EventView, users: readonly Party[]): Unit {
    const key = unitKey(kind, tenantId, subject, anchor);
    if (this.isClosed(key)) return newUnit(kind, tenantId, subject, anchor, event.timeMs, users);
    this.#touched.add(key);
    return this.table.edit(key, () => newUnit(kind, tenantId, subject, anchor, event.timeMs, users));
  }

  touch(key: string): void {
    this.#touched.add(key);
  }

  /** Calls `judge` for each unit that was touched since the last time. */
  judgeTouched(judge: (unit: Unit) => void): void {
    if (this.#touched.size === 0) return;
    for (const key of this.#touched) {
      const unit = this.table.editExisting(key);
      if (unit !== undefined) judge(unit);
    }
    this.#touched.clear();
  }

  /**
   * Closes what is over, and gives the units that were closed now, by key. Whether one was taken already decides only how long it stays in memory,
   * never what it says.
   */
  closeBefore(orderMs: number): readonly Readonly<Unit>[] {
    const closed: [string, Readonly<Unit>][] = [];
    for (const key of this.table.keys()) {
      const unit = this.table.get(key)!;
      const { kind, touchedMs, reached, changed } = unit;
      if (touchedMs >= orderMs - (kind === 'registration' ? FORGET_REGISTRATION_MS : FORGET_MS)) continue;
      if (!this.isClosed(key)) {
        closed.push([key, unit]);
        if (reached) this.#closed.edit(key, () => ({ touchedMs }));
      }
      if (!reached || !changed) this.table.delete(key);
    }
    return closed.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, unit]) => unit);
  }
}
