import { hashText } from '../../events/hash.ts';
import type { EventView } from '../stream/event-view.ts';

const hashOf = (asn: number) => hashText(String(asn))[0] | 0;

/** Networks (ASN) by which Safari leaves Apple's private relay, in its user's country and about their town: of Akamai, Cloudflare and Fastly. */
const AKAMAI = hashOf(36183);
const RELAYS: ReadonlySet<number> = new Set([AKAMAI, hashOf(13335), hashOf(54113)]);
const APPLE = /ios|iphone|ipad|mac ?os/i;

/**
 * Whether an event came by Apple's private relay: Safari on an Apple device in a network of it. An audit record has no browser; the network that
 * Akamai keeps for the relay alone is enough there, Cloudflare's and Fastly's have other customers.
 */
export function isPrivateRelay(event: EventView): boolean {
  const asn = event.asn | 0;
  if (!RELAYS.has(asn)) return false;
  const client = event.clientText();
  return client === '' ? asn === AKAMAI : APPLE.test(client) && /safari/i.test(client);
}
