import { hashText } from '../../events/hash.ts';
import { isInMicrosoftCloud } from '../../events/microsoft-cloud.ts';
import type { RecordTable } from '../../state/record-table.ts';
import type { AttackSource } from '../evidence.ts';
import { usersOfNetwork } from '../stream/crowds.ts';
import type { EventView } from '../stream/event-view.ts';

const MICROSOFT = '8075';
const microsoft = hashText(MICROSOFT)[0] | 0;
/** Colleagues who are known there, from which on an organisation has its desktops there. */
const COLLEAGUES = 3;

/** The network of an event; Microsoft's by the address where the log names none; 0 where nobody knows. */
export function networkOf(event: EventView): number {
  if (event.asn !== 0 || event.prefix === 0) return event.asn;
  return isInMicrosoftCloud(event.fact?.ip ?? event.text('IPAddress')) ? microsoft : 0;
}

const areThere = (crowds: RecordTable, event: EventView) => usersOfNetwork(crowds, microsoft, event) >= COLLEAGUES;

/**
 * Whether the event came by Microsoft's cloud and the tenant's people are at home there: their hosted desktops (Windows 365, Azure Virtual Desktop) and
 * their Global Secure Access leave by whatever address of a region is free. Its network is new to who has just been given one, and somebody is at
 * it while their own computer is at home. Where no colleagues are there it is a rented server like any other: phishing proxies run on Azure, too.
 */
export function isInDesktopCloud(crowds: RecordTable, event: EventView): boolean {
  return networkOf(event) === microsoft && areThere(crowds, event);
}

/** The same of where a registration of the event's user came from. */
export function cameByDesktopCloud(crowds: RecordTable, { asn, ip }: Pick<AttackSource, 'asn' | 'ip'>, event: EventView): boolean {
  return (asn === '' ? isInMicrosoftCloud(ip) : asn === MICROSOFT) && areThere(crowds, event);
}
