import { DAY_MS } from '../../core/durations.ts';
import { type AuditFact, isTwin } from '../../events/audit/interpret.ts';
import { plainEntries } from '../../state/entries-codec.ts';
import type { ObjectTable } from '../../state/object-table.ts';
import type { EventView } from './event-view.ts';
import { UserFlag, UserWord } from './layout.ts';
import { personCodec } from './person-codec.ts';
import type { Stores } from './stores.ts';
import { addChange, type Person } from './unit.ts';

const FORGET_MS = 30 * DAY_MS;

/** Users who are risky or change their methods. */
export class People {
  readonly table: ObjectTable<Person>;

  constructor(stores: Stores) {
    this.table = stores.objects('people', 500_000, plainEntries(personCodec));
  }

  get(view: EventView): Readonly<Person> | undefined {
    return this.table.getPair(view.userLo, view.userHi);
  }

  edit(view: EventView): Person {
    const person = this.table.editPair(view.userLo, view.userHi, () => ({ touchedMs: 0, sessions: [], units: [], changes: [] }));
    if (person.units.length > 0) view.user[view.userAt + UserWord.flags] = view.user[view.userAt + UserWord.flags]! | UserFlag.registered;
    person.touchedMs = Math.max(person.touchedMs, view.timeMs);
    return person;
  }

  noteChange(fact: AuditFact, view: EventView, unit: string): void {
    if (view.userAt < 0) return;
    const { happening, methodKind, method } = fact;
    addChange(this.edit(view), { timeMs: view.timeMs, happening, methodKind, method, unit, isTwin: isTwin(fact) });
  }

  forgetBefore(orderMs: number): void {
    for (const key of [...this.table.keys()]) if (this.table.get(key)!.touchedMs < orderMs - FORGET_MS) this.table.delete(key);
  }
}
