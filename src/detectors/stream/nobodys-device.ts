import type { RecordTable } from '../../state/record-table.ts';
import { deviceUsers } from './crowds.ts';
import type { EventView } from './event-view.ts';

/** Users known by a device from which on it is none; the bitmap of a crowd can tell some 260 from more. */
const MOST_USERS = 200;

/**
 * Takes from the event a DeviceId that is none: a counter's or a classroom's computer has tens of users, and a value by which hundreds are known was
 * written by an exporter or a filter in the place of every id. Taken for a device it would be everybody's own, the intruder's too, so it is taken for
 * absent. One look at a record that D1 asks for as well.
 */
export function dropNobodysDevice(crowds: RecordTable, view: EventView): void {
  if (view.device !== 0 && deviceUsers(crowds, view) >= MOST_USERS) view.dropDevice();
}
