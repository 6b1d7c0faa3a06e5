import { type City, COUNTRIES, citiesOf } from './geo.ts';
import { hashOf, type Rng } from './rng.ts';

/** What kind of access a network sells; decides how addresses move and how well it is located. */
export type NetworkKind = 'isp' | 'mobile' | 'business' | 'campus' | 'hosting' | 'vpn' | 'sase' | 'relay' | 'microsoft';

export interface Network {
  readonly index: number;
  readonly asn: number;
  readonly name: string;
  readonly kind: NetworkKind;
  /** Country it serves; '' = many. */
  readonly country: string;
}

/** Where a client is attached: address and what the log says about it. */
export interface Attachment {
  readonly network: Network;
  readonly ip: string;
  /** Undefined where Entra could not locate the address. */
  readonly place: City | undefined;
  /** Named location of the tenant, where the address is in one. */
  readonly named?: string | undefined;
}

/** Numbers and names are plausible; the addresses below are synthetic and belong to nobody here. */
const TABLE: readonly (readonly [NetworkKind, string, string])[] = [
  ['isp', 'US', '7922 Comcast,701 Verizon,20115 Charter,7018 AT&T'],
  ['mobile', 'US', '21928 T-Mobile US,6167 Verizon Wireless,20057 AT&T Mobility'],
  ['business', 'US', '3356 Lumen,174 Cogent'],
  ['campus', 'US', '11537 Internet2'],
  ['isp', 'GB', '2856 BT,5089 Virgin Media,5607 Sky UK,13285 TalkTalk'],
  ['mobile', 'GB', '12576 EE,25135 Vodafone UK,206067 Three UK'],
  ['business', 'GB', '5400 BT Business,8220 Colt'],
  ['campus', 'GB', '786 Jisc'],
  ['isp', 'DE', '3320 Deutsche Telekom,31334 Vodafone Kabel,8881 1&1 Versatel'],
  ['mobile', 'DE', '6805 Telefonica Germany,29562 Vodafone Mobil'],
  ['business', 'DE', '13237 euNetworks,5539 SpaceNet'],
  ['campus', 'DE', '680 DFN'],
  ['isp', 'FR', '3215 Orange,12322 Free,15557 SFR'],
  ['mobile', 'FR', '51207 Free Mobile,5410 Bouygues'],
  ['business', 'FR', '8218 Zayo France'],
  ['isp', 'NL', '1136 KPN,33915 VodafoneZiggo'],
  ['mobile', 'NL', '50266 Odido,31615 T-Mobile NL'],
  ['business', 'NL', '15435 Delta Fiber'],
  ['campus', 'NL', '1103 SURF'],
  ['isp', 'IE', '5466 eir,6830 Liberty Global'],
  ['mobile', 'IE', '15502 Vodafone Ireland,13280 Three Ireland'],
  ['business', 'IE', '2110 BT Ireland'],
  ['isp', 'ES', '3352 Telefonica de Espana,12479 Orange Espana'],
  ['mobile', 'ES', '12430 Vodafone Espana'],
  ['isp', 'IT', '3269 TIM,30722 Vodafone Italia'],
  ['mobile', 'IT', '24608 WindTre'],
  ['isp', 'PL', '5617 Orange Polska,12741 Netia'],
  ['mobile', 'PL', '8374 Polkomtel,12912 T-Mobile Polska'],
  ['business', 'PL', '20804 Exatel'],
  ['isp', 'SE', '3301 Telia,39651 Com Hem'],
  ['mobile', 'SE', '1257 Tele2'],
  ['isp', 'CA', '577 Bell,6327 Shaw,812 Rogers'],
  ['mobile', 'CA', '852 TELUS'],
  ['isp', 'BR', '28573 Claro,27699 Vivo'],
  ['mobile', 'BR', '26615 TIM Brasil'],
  ['isp', 'MX', '8151 Telmex'],
  ['mobile', 'MX', '28403 Telcel'],
  ['isp', 'IN', '55836 Jio,24560 Airtel,9829 BSNL'],
  ['mobile', 'IN', '45609 Airtel Mobility'],
  ['business', 'IN', '4755 Tata Communications'],
  ['isp', 'SG', '9506 Singtel'],
  ['mobile', 'SG', '45143 Singtel Mobile'],
  ['isp', 'JP', '4713 OCN,2516 KDDI'],
  ['mobile', 'JP', '9605 NTT Docomo'],
  ['isp', 'AU', '1221 Telstra,7545 TPG'],
  ['mobile', 'AU', '4804 Optus'],
  ['isp', 'AE', '5384 Etisalat,15802 du'],
  ['isp', 'ZA', '5713 Telkom SA'],
  ['mobile', 'ZA', '29975 Vodacom'],
  ['isp', 'NG', '37282 MainOne'],
  ['mobile', 'NG', '29465 MTN Nigeria'],
  ['isp', 'RO', '8708 RCS & RDS,9050 Telekom Romania'],
  ['mobile', 'RO', '8953 Orange Romania'],
  ['isp', 'TR', '9121 Turk Telekom,34984 Superonline'],
  ['isp', 'UA', '15895 Kyivstar'],
  ['isp', 'KR', '4766 KT'],
  ['isp', 'ID', '7713 Telkom Indonesia'],
  ['mobile', 'ID', '23693 Telkomsel'],
  ['isp', 'MV', '7642 Dhiraagu'],
  ['isp', 'TH', '7470 True'],
  ['isp', 'GR', '6799 OTE'],
  ['isp', 'PT', '3243 MEO,2860 NOS'],
  ['isp', 'CH', '3303 Swisscom'],
  ['isp', 'AT', '8447 A1'],
  ['isp', 'DK', '3292 TDC'],
  ['isp', 'NO', '2119 Telenor'],
  ['isp', 'BE', '5432 Proximus'],
  ['isp', 'CZ', '5610 O2 Czech'],
  ['isp', 'VN', '45899 VNPT'],
  ['isp', 'CN', '4134 Chinanet'],
  ['isp', 'RU', '12389 Rostelecom'],
  [
    'hosting',
    '',
    '16276 OVH,24940 Hetzner,14061 DigitalOcean,16509 Amazon,396982 Google Cloud,20473 Vultr,60781 Leaseweb,63949 Akamai Linode,8100 QuadraNet',
  ],
  ['vpn', '', '9009 M247,212238 Datacamp,62240 Clouvider,11878 tzulo,206092 SecFirewallAS,136787 PacketHub'],
  ['sase', '', '62044 Zscaler,55256 Netskope,13335 Cloudflare,54538 Palo Alto Networks'],
  ['relay', '', '36183 Akamai,54113 Fastly'],
  ['microsoft', '', '8075 Microsoft'],
];

export const NETWORKS: readonly Network[] = TABLE.flatMap(([kind, country, list]) =>
  list.split(',').map((entry) => {
    const space = entry.indexOf(' ');
    return { kind, country, asn: Number(entry.slice(0, space)), name: entry.slice(space + 1) };
  }),
).map((network, index) => ({ index, ...network }));

const lookup = new Map<string, readonly Network[]>();

/** Networks of a kind that serve a country ('' for those that serve many). A country without a mobile network of its own shares its ISPs. */
export function networksOf(kind: NetworkKind, country: string): readonly Network[] {
  const key = `${kind}|${country}`;
  let found = lookup.get(key);
  if (!found) {
    found = NETWORKS.filter((network) => network.kind === kind && network.country === country);
    if (found.length === 0 && kind !== 'isp') found = networksOf('isp', country);
    lookup.set(key, found);
  }
  return found;
}

/** First octets without private, shared, loopback, documentation or multicast space. */
const FIRST = Array.from({ length: 221 }, (_, i) => i + 2).filter((octet) => ![10, 100, 127, 169, 172, 192, 198, 203].includes(octet));
/** A prime below FIRST.length * 256: multiplication by 40503 permutes the /16 blocks, so no two networks share one. */
const BLOCKS = 54521;

function block(network: Network, country: string, nth: number): string {
  const serial = (network.index * 64 + Math.max(0, COUNTRIES.indexOf(country))) * 4 + (nth & 3) + 1;
  const at = (serial * 40503) % BLOCKS;
  return `${FIRST[at >>> 8]}.${at & 255}`;
}

/** The address that belongs to a number in a network's space of a country: the same number gives the same address. */
export function addressOf(network: Network, country: string, number: number): string {
  const h = hashOf(network.asn, country, number);
  return `${block(network, country, h >>> 30)}.${(h >>> 8) & 255}.${1 + ((h & 255) % 254)}`;
}

/** An IPv6 address: /32 of the network, /64 of `line`, interface of `suffix`. */
export function address6Of(network: Network, country: string, line: number, suffix: number): string {
  const prefix = hashOf(network.asn, country, line);
  const tail = hashOf(line, suffix);
  const h = (n: number) => (n & 0xffff).toString(16);
  const top = 0x2a00 + (network.index % 16);
  return `${h(top)}:${h(0x100 + network.index * 61)}:${h(prefix >>> 16)}:${h(prefix)}:${h(tail >>> 16)}:${h(tail)}:${h(tail * 7 + 13)}:${h(prefix ^ tail)}`;
}

/** A home line: one address (or /64) that stays for weeks. */
export function homeLine(network: Network, city: City, line: number, six: boolean, suffix: number): Attachment {
  const ip = six ? address6Of(network, city.country, line, suffix) : addressOf(network, city.country, line);
  return { network, ip, place: city };
}

/** A carrier's shared address: another one each session, located at whichever gateway of the carrier. */
export function carrierAddress(network: Network, city: City, rng: Rng): Attachment {
  const gateway = rng.chance(0.35) ? rng.pick(citiesOf(city.country)) : city;
  const six = rng.chance(0.3);
  const ip = six ? address6Of(network, city.country, rng.word(), rng.word()) : addressOf(network, city.country, rng.int(0, 4000));
  return { network, ip, place: rng.chance(0.02) ? undefined : gateway };
}

/** One of the few exits that a hosting, VPN, SASE or relay network has in a country; everybody who goes out there shares them. */
export function exitAddress(network: Network, city: City, rng: Rng, exits = 24): Attachment {
  return { network, ip: addressOf(network, city.country, rng.int(0, exits - 1)), place: city };
}

/** An address of Microsoft's own sign-in services: what a record shows that a service wrote for somebody. */
export function microsoftAddress(rng: Rng): string {
  return rng.chance(0.5) ? `20.190.${rng.int(128, 191)}.${rng.int(1, 254)}` : `40.126.${rng.int(0, 63)}.${rng.int(1, 254)}`;
}
