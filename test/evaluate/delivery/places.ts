import { ZONES, type Zone } from './clock.ts';

/** Where a body or an address is; latitude and longitude in degrees. */
export interface City {
  readonly name: string;
  readonly state: string;
  readonly country: string;
  readonly at: readonly [number, number];
  readonly zone: Zone;
}

const city = (name: string, state: string, country: string, at: readonly [number, number], zone: Zone): City => ({
  name,
  state,
  country,
  at,
  zone,
});

export const CITIES = {
  sydney: city('Sydney', 'New South Wales', 'AU', [-33.87, 151.21], ZONES.sydney),
  byron: city('Byron Bay', 'New South Wales', 'AU', [-28.64, 153.61], ZONES.sydney),
  goldCoast: city('Gold Coast', 'Queensland', 'AU', [-28.02, 153.4], ZONES.brisbane),
  cairns: city('Cairns', 'Queensland', 'AU', [-16.92, 145.77], ZONES.brisbane),
  adelaide: city('Adelaide', 'South Australia', 'AU', [-34.93, 138.6], ZONES.adelaide),
  hyderabad: city('Hyderabad', 'Telangana', 'IN', [17.39, 78.49], ZONES.kolkata),
  chennai: city('Chennai', 'Tamil Nadu', 'IN', [13.08, 80.27], ZONES.kolkata),
  mumbai: city('Mumbai', 'Maharashtra', 'IN', [19.08, 72.88], ZONES.kolkata),
  newYork: city('New York', 'New York', 'US', [40.71, -74.01], ZONES.newYork),
  atlanta: city('Atlanta', 'Georgia', 'US', [33.75, -84.39], ZONES.newYork),
  chicago: city('Chicago', 'Illinois', 'US', [41.88, -87.63], ZONES.chicago),
  austin: city('Austin', 'Texas', 'US', [30.27, -97.74], ZONES.chicago),
  denver: city('Denver', 'Colorado', 'US', [39.74, -104.99], ZONES.denver),
  phoenix: city('Phoenix', 'Arizona', 'US', [33.45, -112.07], ZONES.phoenix),
  portland: city('Portland', 'Oregon', 'US', [45.52, -122.68], ZONES.losAngeles),
  toronto: city('Toronto', 'Ontario', 'CA', [43.65, -79.38], ZONES.newYork),
  guadalajara: city('Guadalajara', 'Jalisco', 'MX', [20.67, -103.35], ZONES.mexico),
  london: city('London', 'England', 'GB', [51.51, -0.13], ZONES.london),
  singapore: city('Singapore', 'Singapore', 'SG', [1.35, 103.82], ZONES.singapore),
  dubai: city('Dubai', 'Dubai', 'AE', [25.2, 55.27], ZONES.dubai),
  tokyo: city('Tokyo', 'Tokyo', 'JP', [35.68, 139.69], ZONES.tokyo),
  amsterdam: city('Amsterdam', 'North Holland', 'NL', [52.37, 4.9], ZONES.london),
  lagos: city('Lagos', 'Lagos', 'NG', [6.52, 3.38], ZONES.london),
} as const;

/** Kilometres along the great circle. */
export function distance(a: City, b: City): number {
  const rad = Math.PI / 180;
  const [[lat1, lon1], [lat2, lon2]] = [a.at, b.at];
  const h =
    Math.sin(((lat2 - lat1) * rad) / 2) ** 2 + Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(((lon2 - lon1) * rad) / 2) ** 2;
  return 12_742 * Math.asin(Math.sqrt(h));
}

/** Who lends addresses: two bytes of IPv4, and the prefix of IPv6 where it is spoken. */
export interface Network {
  readonly asn: number;
  readonly v4: string;
  readonly v6?: string;
  /** Where its addresses are said to be, where that is not where they are used. */
  readonly gateways?: readonly City[];
}

interface Country {
  readonly isps: readonly Network[];
  readonly carriers: readonly Network[];
}

const { sydney, cairns, hyderabad, chennai, mumbai, newYork, chicago, phoenix, toronto, guadalajara, london, singapore, amsterdam, lagos } =
  CITIES;

export const COUNTRIES: Readonly<Record<string, Country>> = {
  AU: {
    isps: [
      { asn: 1221, v4: '58.162', v6: '2001:8003' },
      { asn: 7545, v4: '60.241' },
      { asn: 4764, v4: '14.201', v6: '2403:5801' },
    ],
    carriers: [
      { asn: 1221, v4: '1.145', gateways: [sydney] },
      { asn: 4804, v4: '49.181', v6: '2405:6e00', gateways: [sydney, cairns] },
    ],
  },
  IN: {
    isps: [
      { asn: 24309, v4: '183.82', v6: '2406:b400' },
      { asn: 18209, v4: '49.205' },
      { asn: 9829, v4: '117.207' },
    ],
    carriers: [
      { asn: 55836, v4: '157.48', v6: '2409:40f0', gateways: [hyderabad, chennai, mumbai] },
      { asn: 45609, v4: '106.208', v6: '2401:4900', gateways: [hyderabad, chennai] },
    ],
  },
  US: {
    isps: [
      { asn: 7922, v4: '73.151', v6: '2601:646' },
      { asn: 7018, v4: '99.88', v6: '2600:1700' },
      { asn: 20115, v4: '71.80', v6: '2600:6c50' },
      { asn: 701, v4: '98.113' },
    ],
    carriers: [
      { asn: 21928, v4: '172.56', v6: '2607:fb90', gateways: [newYork, chicago, phoenix] },
      { asn: 20057, v4: '107.77', v6: '2600:387', gateways: [chicago, phoenix] },
    ],
  },
  CA: { isps: [{ asn: 577, v4: '70.51' }], carriers: [{ asn: 812, v4: '72.137', v6: '2605:8d80', gateways: [toronto] }] },
  MX: { isps: [{ asn: 8151, v4: '187.190' }], carriers: [{ asn: 28403, v4: '189.203', gateways: [guadalajara] }] },
};

/** For who is abroad, and for attackers from anywhere. */
export const ABROAD: Network = { asn: 5089, v4: '86.21' };
export const HOSTING: readonly { readonly network: Network; readonly city: City }[] = [
  { network: { asn: 14061, v4: '164.92' }, city: amsterdam },
  { network: { asn: 9009, v4: '146.70' }, city: london },
  { network: { asn: 20473, v4: '45.77' }, city: singapore },
  { network: { asn: 36352, v4: '198.46' }, city: newYork },
  { network: { asn: 29465, v4: '105.112' }, city: lagos },
];
export const CONSUMER_VPN: readonly { readonly network: Network; readonly city: City }[] = [
  { network: { asn: 212238, v4: '156.146' }, city: amsterdam },
  { network: { asn: 212238, v4: '138.199' }, city: singapore },
];
export const PRIVATE_RELAY: Network = { asn: 36183, v4: '172.225', v6: '2a02:26f7' };
export const HOSTED_DESKTOPS: Network = { asn: 8075, v4: '20.53' };
/** From where the service writes audit rows in a person's name. */
export const SERVICE: Network = { asn: 8075, v4: '20.190' };
