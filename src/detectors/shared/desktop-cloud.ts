import { hashText } from '../../events/hash.ts';
import { isInMicrosoftCloud } from '../../events/microsoft-cloud.ts';
import type { AttackSource } from '../evidence.ts';
import type { EventView } from '../stream/event-view.ts';

const MICROSOFT = '8075';
const microsoft = hashText(MICROSOFT)[0] | 0;

/**
 * Whether the event came by Microsoft's cloud: an organisation that signs in to Entra ID has its hosted desktops (Windows 365, Azure Virtual Desktop)
 * and its Global Secure Access there, and they leave by whatever address of a region is free. Its network is new to who has just been given
 * one, and somebody is at it while their own computer is at home. Whoever rents a server for a takeover rents it elsewhere, as a rule: in
 * Microsoft's own network it is Microsoft who is told. By the network, where the log has none by the address.
 */
export function isInDesktopCloud(event: EventView): boolean {
  if (event.asn !== 0) return event.asn === microsoft;
  return event.prefix !== 0 && isInMicrosoftCloud(event.fact?.ip ?? event.text('IPAddress'));
}

/** The same of where a registration came from. */
export function cameByDesktopCloud({ asn, ip }: Pick<AttackSource, 'asn' | 'ip'>): boolean {
  return asn === '' ? isInMicrosoftCloud(ip) : asn === MICROSOFT;
}
