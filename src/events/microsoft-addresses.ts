import ipaddr from 'ipaddr.js';
import { bareAddress } from './address.ts';

/** Addresses of Entra ID's own front ends: Microsoft's published service tag AzureActiveDirectory, IPv4 and IPv6, the large ranges. */
const RANGES = [
  '13.64.151.161/32',
  '20.20.32.0/19',
  '20.190.128.0/18',
  '20.231.128.0/19',
  '40.126.0.0/18',
  '2603:1006:2000::/48',
  '2603:1007:200::/48',
  '2603:1016:1400::/48',
  '2603:1017::/48',
  '2603:1026:3000::/48',
  '2603:1027:1::/48',
  '2603:1036:3000::/48',
  '2603:1037:1::/48',
  '2603:1046:2000::/48',
  '2603:1047:1::/48',
  '2603:1056:2000::/48',
  '2603:1057:2::/48',
].map((text) => ipaddr.parseCIDR(text));

/** Whether an address is the service's, and says nothing of a person. */
export function isMicrosoftAddress(text: string): boolean {
  const bare = bareAddress(text);
  if (!ipaddr.isValid(bare)) return false;
  const address = ipaddr.process(bare);
  return RANGES.some(([base, bits]) => base.kind() === address.kind() && address.match([base, bits] as [ipaddr.IPv4, number]));
}
