import { CITIES, type City, type Network } from './places.ts';
import { ROADS, type Road } from './roads.ts';

/** What is peculiar to a company, and by which road its logs come. */
export interface Tenant {
  /** First midnight, UTC. */
  readonly start: string;
  readonly people: number;
  readonly guests: number;
  readonly domain: string;
  /** The domain that a third of the people get in mid-span. */
  readonly renamedTo?: string;
  readonly cities: readonly { readonly share: number; readonly city: City; readonly site?: Network; readonly siteLines?: number }[];
  readonly trips: readonly City[];
  /** Weekdays off, Sunday 0, as each person draws them. */
  readonly off: readonly { readonly share: number; readonly days: readonly number[] }[];
  /** First hours of the day by which shifts begin. */
  readonly shifts: readonly { readonly share: number; readonly from: number; readonly hours: number }[];
  /** Days of the span on which hardly anybody works. */
  readonly holidays: readonly number[];
  /** Share of work days spent at the site. */
  readonly onSite: number;
  readonly managed: number;
  readonly leaseDays: number;
  readonly companyVpn?: { readonly network: Network; readonly city: City; readonly share: number };
  readonly second: 'prompt' | 'text' | 'mixed';
  readonly risk: boolean;
  readonly directory: boolean;
  readonly road: Road;
}

const { sydney, byron, goldCoast, cairns, adelaide, hyderabad, chennai, mumbai, newYork, atlanta, chicago, austin, denver, phoenix } =
  CITIES;
const { portland, toronto, guadalajara, london, singapore, dubai, tokyo } = CITIES;

export const DAYS = 35;

export const TENANTS = {
  /** Hotels by the sea: weekends are work, shared computers at the desks, clocks change for some of the houses alone. */
  resort: {
    start: '2026-09-21T00:00:00Z',
    people: 1000,
    guests: 15,
    domain: 'stay.contoso.test',
    cities: [
      { share: 30, city: sydney, site: { asn: 38195, v4: '203.57' }, siteLines: 2 },
      { share: 12, city: byron, site: { asn: 7545, v4: '59.167' }, siteLines: 1 },
      { share: 28, city: goldCoast, site: { asn: 1221, v4: '144.139' }, siteLines: 1 },
      { share: 20, city: cairns, site: { asn: 4764, v4: '103.4' }, siteLines: 1 },
      { share: 10, city: adelaide, site: { asn: 7545, v4: '150.101' }, siteLines: 1 },
    ],
    trips: [sydney, cairns, adelaide, singapore, tokyo],
    off: [
      { share: 30, days: [1, 2] },
      { share: 25, days: [2, 3] },
      { share: 15, days: [3, 4] },
      { share: 15, days: [1, 4] },
      { share: 15, days: [0, 6] },
    ],
    shifts: [
      { share: 40, from: 6.5, hours: 8 },
      { share: 35, from: 9, hours: 8 },
      { share: 20, from: 14.5, hours: 8 },
      { share: 5, from: 22, hours: 7.5 },
    ],
    holidays: [],
    onSite: 0.85,
    managed: 0.35,
    leaseDays: 12,
    second: 'mixed',
    risk: false,
    directory: false,
    road: ROADS.stream,
  },
  /** Eight hundred people behind one address; at home only for the mail on the phone. */
  backoffice: {
    start: '2026-10-19T00:00:00Z',
    people: 800,
    guests: 40,
    domain: 'contoso.test',
    cities: [{ share: 1, city: hyderabad, site: { asn: 4755, v4: '121.242' }, siteLines: 1 }],
    trips: [chennai, mumbai, london, dubai],
    off: [
      { share: 80, days: [0, 6] },
      { share: 20, days: [5, 6] },
    ],
    shifts: [
      { share: 55, from: 9.5, hours: 9 },
      { share: 25, from: 13.5, hours: 9 },
      { share: 20, from: 18.5, hours: 9 },
    ],
    holidays: [20, 21],
    onSite: 0.97,
    managed: 0.85,
    leaseDays: 3,
    second: 'text',
    risk: false,
    directory: true,
    road: ROADS.portal,
  },
  /** No office at all: homes, cafes and carriers of three countries; the company has just changed its name. */
  scattered: {
    start: '2026-10-12T00:00:00Z',
    people: 900,
    guests: 30,
    domain: 'contoso.test',
    renamedTo: 'new.contoso.test',
    cities: [
      { share: 14, city: newYork },
      { share: 14, city: atlanta },
      { share: 14, city: chicago },
      { share: 14, city: austin },
      { share: 12, city: denver },
      { share: 8, city: phoenix },
      { share: 10, city: portland },
      { share: 8, city: toronto },
      { share: 6, city: guadalajara },
    ],
    trips: [newYork, austin, denver, toronto, guadalajara, london],
    off: [
      { share: 94, days: [0, 6] },
      { share: 6, days: [5, 6] },
    ],
    shifts: [
      { share: 25, from: 7.5, hours: 8.5 },
      { share: 60, from: 9, hours: 8.5 },
      { share: 15, from: 11, hours: 9 },
    ],
    holidays: [],
    onSite: 0,
    managed: 0.7,
    leaseDays: 25,
    companyVpn: { network: { asn: 13335, v4: '104.28' }, city: chicago, share: 0.2 },
    second: 'prompt',
    risk: true,
    directory: true,
    road: ROADS.workspace,
  },
} as const satisfies Record<string, Tenant>;

export type TenantName = keyof typeof TENANTS;
