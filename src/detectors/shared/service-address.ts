import { isMicrosoftAddress } from '../../events/microsoft-addresses.ts';
import type { EventView } from '../stream/event-view.ts';
import { isHosting } from './hosting.ts';

/** Whether a sign-in was made by a service on the user's behalf, from an address of Entra ID's own front ends: nobody is there. */
export function isOfService(event: EventView): boolean {
  return (event.asn === 0 || isHosting(event.asn)) && isMicrosoftAddress(event.text('IPAddress'));
}
