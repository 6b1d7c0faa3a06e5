import type { RecordTable } from '../../state/record-table.ts';
import { neighbours } from '../stream/crowds.ts';
import type { EventView } from '../stream/event-view.ts';
import { residents, SHARED_ADDRESS } from './habits.ts';

/**
 * Whether many colleagues live at the address or in its range: an office, a carrier, a VPN, the organisation's desktops in a cloud. That somebody is
 * there tells little of who it is.
 */
export function isCrowded(crowds: RecordTable, event: EventView): boolean {
  return residents(event) >= SHARED_ADDRESS || neighbours(crowds, event) >= SHARED_ADDRESS;
}
