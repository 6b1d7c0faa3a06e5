import { entryText, type StringColumn } from '../../events/column-batch.ts';
import type { EventView } from '../stream/event-view.ts';

/** Names of the pages on which users change their methods. */
const SECURITY_INFO = /my ?sign-?ins|security info|access panel|my profile|my ?account/i;

export const isSecurityInfo = (app: string): boolean => SECURITY_INFO.test(app);

/** By entry of a batch's dictionary: 1 such a page, -1 another, 0 not looked at. A name is decoded once a batch, not once a sign-in. */
const known = new WeakMap<StringColumn, Int8Array>();

/** Whether a sign-in is one to the page on which methods are changed. */
export function visitsSecurityInfo(event: EventView): boolean {
  const column = event.batch?.strings.get('AppDisplayName');
  const entry = column?.indices[event.row] ?? -1;
  if (column === undefined || entry < 0) return false;
  let flags = known.get(column);
  if (flags === undefined) {
    flags = new Int8Array(column.size);
    known.set(column, flags);
  }
  if (flags[entry] === 0) flags[entry] = isSecurityInfo(entryText(column, entry)) ? 1 : -1;
  return flags[entry] === 1;
}
