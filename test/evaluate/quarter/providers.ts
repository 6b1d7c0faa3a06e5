/** How a network gives out addresses, and whether somebody who uses it must be near where it says. */
export type NetworkKind = 'home' | 'mobile' | 'business' | 'venue' | 'hosting' | 'vpn' | 'relay' | 'sase' | 'cloud';

export interface Provider {
  readonly asn: number;
  readonly kind: NetworkKind;
  /** ISO country of its customers; '' where its exits are everywhere. */
  readonly country: string;
  /** Share of connections over IPv6. */
  readonly v6: number;
  /** Days that a customer keeps an address; 0 where every connection gets another. */
  readonly lease: number;
}

/** Kinds whose users are bodily near: what an address there says of a person is true but for the geolocation's error. */
export const BODILY: ReadonlySet<NetworkKind> = new Set(['home', 'mobile', 'business', 'venue']);

/** How often a sign-in from a network that is new for the account is called risky; the usual places never are. An assumption. */
export const RISKY: Readonly<Partial<Record<NetworkKind, number>>> = {
  hosting: 0.35,
  vpn: 0.15,
  venue: 0.04,
  home: 0.03,
  mobile: 0.02,
  relay: 0.02,
};

const row = (asn: number, kind: NetworkKind, country: string, v6: number, lease: number): Provider => ({ asn, kind, country, v6, lease });

/** Autonomous systems as public registries name them; shares of IPv6 and leases are assumptions of the usual size. */
const PROVIDERS: readonly Provider[] = [
  row(1136, 'home', 'NL', 0.35, 60),
  row(33915, 'home', 'NL', 0.5, 40),
  row(50266, 'mobile', 'NL', 0.3, 0),
  row(1103, 'business', 'NL', 0, 365),
  row(15435, 'venue', 'NL', 0, 0),
  row(2856, 'home', 'GB', 0.4, 20),
  row(5607, 'home', 'GB', 0.6, 30),
  row(5089, 'home', 'GB', 0, 60),
  row(12576, 'mobile', 'GB', 0.6, 0),
  row(206067, 'mobile', 'GB', 0, 0),
  row(8468, 'business', 'GB', 0.2, 365),
  row(42689, 'venue', 'GB', 0, 0),
  row(3320, 'home', 'DE', 0.6, 1),
  row(3209, 'home', 'DE', 0.5, 12),
  row(8881, 'home', 'DE', 0.4, 1),
  row(6805, 'mobile', 'DE', 0.4, 0),
  row(680, 'business', 'DE', 0, 365),
  row(5430, 'venue', 'DE', 0, 0),
  row(3215, 'home', 'FR', 0.6, 7),
  row(12322, 'home', 'FR', 0.7, 365),
  row(15557, 'mobile', 'FR', 0.4, 0),
  row(16347, 'business', 'FR', 0.1, 365),
  row(12670, 'venue', 'FR', 0, 0),
  row(3243, 'home', 'PT', 0.3, 10),
  row(12353, 'mobile', 'PT', 0.3, 0),
  row(2860, 'business', 'PT', 0, 365),
  row(15525, 'venue', 'PT', 0, 0),
  row(3352, 'home', 'ES', 0, 8),
  row(12479, 'home', 'ES', 0.1, 12),
  row(12430, 'mobile', 'ES', 0, 0),
  row(12715, 'business', 'ES', 0, 365),
  row(13287, 'venue', 'ES', 0, 0),
  row(5617, 'home', 'PL', 0.1, 1),
  row(21021, 'home', 'PL', 0, 30),
  row(39603, 'mobile', 'PL', 0.3, 0),
  row(8938, 'business', 'PL', 0, 365),
  row(12741, 'venue', 'PL', 0, 0),
  row(5610, 'home', 'CZ', 0.3, 15),
  row(16019, 'mobile', 'CZ', 0.2, 0),
  row(2852, 'business', 'CZ', 0, 365),
  row(29134, 'venue', 'CZ', 0, 0),
  row(7922, 'home', 'US', 0.7, 60),
  row(20115, 'home', 'US', 0.5, 60),
  row(21928, 'mobile', 'US', 0.9, 0),
  row(22394, 'mobile', 'US', 0.7, 0),
  row(701, 'business', 'US', 0, 365),
  row(26481, 'venue', 'US', 0, 0),
  row(6830, 'home', 'IE', 0.2, 30),
  row(13280, 'mobile', 'IE', 0.2, 0),
  row(1213, 'business', 'IE', 0, 365),
  row(25441, 'venue', 'IE', 0, 0),
  row(5432, 'home', 'BE', 0.5, 5),
  row(47377, 'mobile', 'BE', 0.4, 0),
  row(2611, 'business', 'BE', 0, 365),
  row(9208, 'venue', 'BE', 0, 0),
  row(9829, 'home', 'IN', 0.4, 3),
  row(55836, 'mobile', 'IN', 0.9, 0),
  row(45820, 'business', 'IN', 0, 365),
  row(17762, 'venue', 'IN', 0, 0),
  row(29465, 'mobile', 'NG', 0.1, 0),
  row(37282, 'home', 'NG', 0, 5),
  row(16276, 'hosting', '', 0.05, 30),
  row(14061, 'hosting', '', 0.05, 30),
  row(20473, 'hosting', '', 0.05, 30),
  row(51167, 'hosting', '', 0, 30),
  row(210644, 'hosting', '', 0, 30),
  row(9009, 'vpn', '', 0, 0),
  row(212238, 'vpn', '', 0, 0),
  row(39351, 'vpn', '', 0.1, 0),
  row(36183, 'relay', '', 0.6, 0),
  row(13335, 'relay', '', 0.5, 0),
  row(62044, 'sase', '', 0, 0),
  row(8075, 'cloud', '', 0, 365),
];

const byAsn = new Map(PROVIDERS.map((provider) => [provider.asn, provider]));

export function providerOf(asn: number): Provider {
  const found = byAsn.get(asn);
  if (found === undefined) throw new Error(`no provider has AS${asn}`);
  return found;
}

/** Those of one kind that serve a country; the worldwide ones where none is of it. */
export function providersIn(country: string, kind: NetworkKind): readonly Provider[] {
  const own = PROVIDERS.filter((provider) => provider.kind === kind && provider.country === country);
  return own.length > 0 ? own : PROVIDERS.filter((provider) => provider.kind === kind && provider.country === '');
}
