import type { Kept, ObjectTable } from '../../state/object-table.ts';
import type { EventView } from './event-view.ts';

export type Home = Kept & { readonly tenant: string };

/** The tenant whose rows were seen first: the one that facts are about which name none. Memory: one id. */
export class HomeTenant {
  readonly #table: ObjectTable<Home>;

  constructor(table: ObjectTable<Home>) {
    this.#table = table;
  }

  /** Takes the event's tenant for it where none is known yet. */
  find(view: EventView): void {
    if (view.homeTenant !== '') return;
    const tenant = view.tenantId().toLowerCase();
    if (tenant === '') return;
    this.#table.edit('home', () => ({ touchedMs: view.timeMs, tenant }));
    view.homeTenant = tenant;
  }

  /** Tells the view what the state says; to be called when it was read or undone. */
  tell(view: EventView): void {
    view.homeTenant = this.#table.get('home')?.tenant ?? '';
  }
}
