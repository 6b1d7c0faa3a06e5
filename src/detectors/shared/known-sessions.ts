import { combine } from '../../events/hash.ts';
import type { CountTable } from '../../state/count-table.ts';
import type { Host } from '../detector.ts';
import type { EventView } from '../stream/event-view.ts';

const tables = new WeakMap<Host, CountTable>();

/** Sign-ins of each session (the browser's cookie) at its user's usual places, by the keys below; D13 counts them. */
export function knownSessions(host: Host): CountTable {
  let table = tables.get(host);
  if (table === undefined) {
    table = host.counts('D13.sessions', 2_000_000);
    tables.set(host, table);
  }
  return table;
}

/** A session on a device with an id, and one without, are noted apart; the latter by its address range too. */
export const boundKey = (event: EventView) => combine(event.session, event.userHi);
export const bareKey = (event: EventView) => combine(event.session, event.userLo);
export const rangeKey = (event: EventView) => combine(bareKey(event), event.prefix);
