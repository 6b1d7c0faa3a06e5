import type { Client } from './clients.ts';
import type { Writing } from './logbook.ts';

/** How the people of one tenant live, and how its logs are written. Shares are of people unless said otherwise. */
export interface Habits {
  readonly name: string;
  readonly domain: string;
  readonly users: number;
  readonly start: string;
  readonly opens: number;
  readonly countries: readonly (readonly [number, string])[];
  readonly offices: readonly (readonly [asn: number, country: string])[];
  readonly noOffice: number;
  /** Shares of a day: office, home, phone, elsewhere. */
  readonly wheres: readonly [number, number, number, number];
  readonly pace: number;
  readonly weekend: number;
  readonly departments: readonly string[];
  readonly guests: number;
  readonly guestCountries: readonly (readonly [number, string])[];
  readonly enrolled: number;
  readonly trust: Client['trust'];
  readonly noDeviceId: number;
  readonly phonesRegistered: number;
  /** People behind the company's egress service, its sites, and how often it comes out at another one. */
  readonly egressShare: number;
  readonly egresses: readonly (readonly [asn: number, country: string])[];
  readonly egressFlips: number;
  readonly consumerVpn: number;
  /** Trips a month. */
  readonly trips: number;
  readonly abroad: readonly (readonly [number, string])[];
  /** Computers that everybody uses. */
  readonly labs: number;
  /** Days between second factors on one's own device; most sign-ins rest on a claim in the token. */
  readonly factorDays: number;
  /** New people over the whole time, beside bursts. */
  readonly joiners: number;
  readonly campaigns: readonly ('enrolment-burst' | 'vpn-rollout' | 'egress-change' | 'new-phone-week' | 'conference' | 'passkey-drive')[];
  readonly writing: Writing;
}

const CONSULTANCY: Habits = {
  name: 'consultancy',
  domain: 'brightharbour.example',
  users: 700,
  start: '2026-03-02T00:00:00Z',
  opens: 8,
  countries: [
    [30, 'GB'],
    [25, 'DE'],
    [15, 'NL'],
    [10, 'US'],
    [10, 'ES'],
    [5, 'IN'],
    [5, 'AE'],
  ],
  offices: [
    [3209, 'DE'],
    [2856, 'GB'],
    [1136, 'NL'],
  ],
  noOffice: 0.45,
  wheres: [0.25, 0.35, 0.25, 0.15],
  pace: 8,
  weekend: 0.2,
  departments: ['Strategy', 'Technology', 'People', 'Finance', 'Partners'],
  guests: 0.12,
  guestCountries: [
    [30, 'GB'],
    [20, 'DE'],
    [20, 'US'],
    [10, 'FR'],
    [10, 'PL'],
    [10, 'SG'],
  ],
  enrolled: 0.98,
  trust: 'Azure AD joined',
  noDeviceId: 0.75,
  phonesRegistered: 0.2,
  egressShare: 0.22,
  egresses: [
    [62044, 'GB'],
    [62044, 'DE'],
    [62044, 'US'],
    [62044, 'SG'],
  ],
  egressFlips: 0.12,
  consumerVpn: 0.03,
  trips: 0.3,
  abroad: [
    [20, 'GB'],
    [15, 'DE'],
    [15, 'FR'],
    [10, 'ES'],
    [10, 'US'],
    [8, 'AE'],
    [8, 'SG'],
    [6, 'IN'],
    [4, 'TR'],
    [4, 'BR'],
  ],
  labs: 0,
  factorDays: 6,
  joiners: 0.015,
  campaigns: ['conference', 'passkey-drive'],
  writing: {
    tables: ['SigninLogs', 'AADNonInteractiveUserSignInLogs', 'AuditLogs'],
    dynamicAsText: false,
    asnAsNumber: false,
    emptyLocation: 0.01,
    noDetails: 0.1,
    serviceApi: 0.2,
    twin: 0.9,
    twinOnly: 0,
    methodKey: true,
    late: 0.01,
    twice: 0.003,
    riskHidden: true,
  },
};

const SCHOOL: Habits = {
  name: 'school',
  domain: 'lindenhof-college.example',
  users: 1200,
  start: '2026-08-31T00:00:00Z',
  opens: 8,
  countries: [[100, 'US']],
  offices: [
    [7018, 'US'],
    [7018, 'US'],
  ],
  noOffice: 0.03,
  wheres: [0.55, 0.3, 0.13, 0.02],
  pace: 2.5,
  weekend: 0.35,
  departments: ['Pupils', 'Pupils', 'Pupils', 'Pupils', 'Pupils', 'Pupils', 'Teachers', 'Office'],
  guests: 0.02,
  guestCountries: [[100, 'US']],
  enrolled: 0.55,
  trust: 'Azure AD registered',
  noDeviceId: 0.85,
  phonesRegistered: 0.02,
  egressShare: 0,
  egresses: [],
  egressFlips: 0,
  consumerVpn: 0.05,
  trips: 0.01,
  abroad: [
    [40, 'GB'],
    [30, 'FR'],
    [30, 'ES'],
  ],
  labs: 60,
  factorDays: 25,
  joiners: 0.02,
  campaigns: ['enrolment-burst', 'enrolment-burst', 'enrolment-burst'],
  writing: {
    tables: ['SigninLogs', 'AuditLogs'],
    dynamicAsText: true,
    asnAsNumber: true,
    emptyLocation: 0.03,
    noDetails: 0.02,
    serviceApi: 0.05,
    twin: 0.6,
    twinOnly: 0,
    methodKey: false,
    late: 0.02,
    twice: 0.01,
    riskHidden: true,
  },
};

const HYBRID: Habits = {
  name: 'hybrid',
  domain: 'nordwerk.example',
  users: 1500,
  start: '2026-05-04T00:00:00Z',
  opens: 7,
  countries: [
    [70, 'DE'],
    [20, 'PL'],
    [10, 'FR'],
  ],
  offices: [
    [3320, 'DE'],
    [3209, 'DE'],
    [5617, 'PL'],
    [3215, 'FR'],
  ],
  noOffice: 0.12,
  wheres: [0.5, 0.22, 0.24, 0.04],
  pace: 5,
  weekend: 0.08,
  departments: ['Plant', 'Plant', 'Logistics', 'Sales', 'Engineering', 'IT', 'Finance'],
  guests: 0.04,
  guestCountries: [
    [60, 'DE'],
    [20, 'PL'],
    [20, 'RO'],
  ],
  enrolled: 0.93,
  trust: 'Hybrid Azure AD joined',
  noDeviceId: 0.3,
  phonesRegistered: 0.35,
  egressShare: 0.15,
  egresses: [
    [22616, 'DE'],
    [22616, 'FR'],
  ],
  egressFlips: 0.05,
  consumerVpn: 0.01,
  trips: 0.03,
  abroad: [
    [20, 'FR'],
    [20, 'PL'],
    [20, 'ES'],
    [15, 'RO'],
    [10, 'TR'],
    [10, 'US'],
    [5, 'VN'],
  ],
  labs: 12,
  factorDays: 12,
  joiners: 0.01,
  campaigns: ['egress-change', 'vpn-rollout', 'new-phone-week', 'new-phone-week'],
  writing: {
    tables: ['SigninLogs', 'AADNonInteractiveUserSignInLogs', 'AuditLogs', 'AADUserRiskEvents', 'IdentityInfo'],
    dynamicAsText: false,
    asnAsNumber: false,
    emptyLocation: 0.05,
    noDetails: 0.05,
    serviceApi: 0.1,
    twin: 1,
    twinOnly: 0.12,
    methodKey: true,
    late: 0.01,
    twice: 0.002,
    riskHidden: false,
  },
};

export const TENANTS = { consultancy: CONSULTANCY, school: SCHOOL, hybrid: HYBRID } as const;
export type TenantName = keyof typeof TENANTS;
