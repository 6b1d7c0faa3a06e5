import type { System } from './devices.ts';
import type { CityName } from './places.ts';

/** How people of one job live. Shares are of 1, rates are for a working day, hours are local. */
export interface Role {
  readonly name: string;
  readonly share: number;
  readonly cities: readonly (readonly [CityName, number])[];
  readonly computer: 'managed' | 'own' | 'shared' | 'none';
  readonly systems: readonly (readonly [System, number])[];
  readonly browsers: number;
  /** Who has a phone with the company's apps. */
  readonly phone: number;
  /** Working days of five that are spent at the office. */
  readonly officeDays: number;
  readonly start: number;
  readonly hours: number;
  readonly shift: 'day' | 'rota' | 'any';
  /** Share of the working days on which anything is signed in to. */
  readonly active: number;
  readonly rate: number;
  readonly phoneRate: number;
  /** Journeys in five weeks, and how often they lead abroad. */
  readonly trips: number;
  readonly abroad: number;
  readonly vpn: number;
  readonly guest?: boolean;
  /** At home they work on a university's network, and come for some weeks. */
  readonly visits?: boolean;
}

export interface Kind {
  /** A Monday. */
  readonly start: string;
  readonly summer: boolean;
  readonly users: number;
  readonly days: number;
  readonly offices: readonly CityName[];
  readonly holidays: readonly number[];
  readonly roles: readonly Role[];
  readonly ownApp: { readonly name: string; readonly id: string };
  /** After how many hours a browser must sign in again, and prove a second factor again. */
  readonly sessionHours: number;
  readonly mfaHours: number;
  /** Who has a second factor on the first day. */
  readonly enrolled: number;
  /** Whether Identity Protection says what it thinks; else the columns hold `hidden`. */
  readonly risk: boolean;
  readonly identityInfo: boolean;
  /** Whether the directory writes a twin of a registration, and which. */
  readonly twin: 'Update user' | 'same' | 'none';
  /** Who starts or leaves in the five weeks. */
  readonly turnover: number;
  readonly companyVpn: number;
  readonly errors: number;
}

const OFFICE = {
  computer: 'managed',
  systems: [['windows', 1]],
  browsers: 2,
  phone: 0.8,
  start: 8.5,
  hours: 8,
  shift: 'day',
  active: 0.97,
} as const;
const FIELD = {
  computer: 'none',
  systems: [['android', 1]],
  browsers: 1,
  phone: 1,
  officeDays: 0,
  trips: 0,
  abroad: 0,
  vpn: 0.02,
} as const;
const LAB = { computer: 'own', browsers: 3, phone: 0.7, start: 9.5, hours: 8, shift: 'any', active: 0.85 } as const;

const ABROAD: readonly (readonly [CityName, number])[] = [
  ['Boston', 3],
  ['Berlin', 3],
  ['Paris', 3],
  ['Tokyo', 2],
  ['Sao Paulo', 2],
  ['Bengaluru', 3],
  ['Istanbul', 2],
  ['Toronto', 2],
  ['Milano', 2],
  ['Singapore', 1],
];

const INSURER: Kind = {
  start: '2026-02-02T00:00:00Z',
  summer: false,
  users: 950,
  days: 35,
  offices: ['Leeds', 'Bristol', 'Glasgow', 'Dublin'],
  holidays: [],
  ownApp: { name: 'Contoso Claims', id: '7d1a3c5e-0b4f-4c7e-9a51-3f20c8d6e901' },
  sessionHours: 168,
  mfaHours: 336,
  enrolled: 0.97,
  risk: true,
  identityInfo: true,
  twin: 'Update user',
  turnover: 0.04,
  companyVpn: 0.55,
  errors: 0.06,
  // biome-ignore format: a role a line
  roles: [
    { name: 'Claims', share: 34, cities: [['Leeds', 5], ['Bradford', 2], ['Bristol', 3]], officeDays: 2.5, rate: 2.2, phoneRate: 2, trips: 0.05, abroad: 0.2, vpn: 0.04, ...OFFICE },
    { name: 'Underwriting', share: 20, cities: [['Leeds', 4], ['Bristol', 3], ['London', 2]], officeDays: 2, rate: 2.5, phoneRate: 3, trips: 0.35, abroad: 0.4, vpn: 0.05, ...OFFICE },
    { name: 'Sales', share: 12, cities: [['Manchester', 3], ['Glasgow', 3], ['Bristol', 2]], officeDays: 1.5, rate: 2, phoneRate: 5, trips: 1.2, abroad: 0.15, vpn: 0.06, ...OFFICE },
    { name: 'IT', share: 8, cities: [['Leeds', 4], ['Manchester', 1]], officeDays: 2, rate: 4, phoneRate: 4, trips: 0.1, abroad: 0.3, vpn: 0.2, ...OFFICE, browsers: 3 },
    { name: 'Subsidiary', share: 14, cities: [['Dublin', 5]], officeDays: 3, rate: 2, phoneRate: 2, trips: 0.2, abroad: 0.7, vpn: 0.05, ...OFFICE, computer: 'own', browsers: 1 },
    { name: 'Broker', share: 12, cities: [['London', 3], ['Manchester', 2], ['Dublin', 1], ['Amsterdam', 1]], officeDays: 0, rate: 1.2, phoneRate: 0, trips: 0.2, abroad: 0.3, vpn: 0.06, guest: true, ...OFFICE, computer: 'own', browsers: 1, phone: 0, active: 0.3 },
  ],
};

const LOGISTICS: Kind = {
  start: '2026-05-11T00:00:00Z',
  summer: true,
  users: 1150,
  days: 35,
  offices: ['Duisburg', 'Leipzig', 'Poznan', 'Ostrava'],
  holidays: [3, 14, 24],
  ownApp: { name: 'Contoso Dispatch', id: '2f8b6a90-7c1d-4e35-8d0b-91a4c3e7f502' },
  sessionHours: 720,
  mfaHours: 720,
  enrolled: 0.84,
  risk: false,
  identityInfo: false,
  twin: 'same',
  turnover: 0.14,
  companyVpn: 0.1,
  errors: 0.12,
  // biome-ignore format: a role a line
  roles: [
    { name: 'Driver', share: 45, cities: [['Duisburg', 4], ['Leipzig', 3], ['Poznan', 4], ['Ostrava', 2]], start: 5.5, hours: 9, shift: 'rota', active: 0.6, rate: 0, phoneRate: 2.5, ...FIELD },
    { name: 'Warehouse', share: 28, cities: [['Duisburg', 4], ['Leipzig', 3], ['Poznan', 3]], start: 6, hours: 8, shift: 'rota', active: 0.5, rate: 1.4, phoneRate: 1, ...FIELD, computer: 'shared', systems: [['windows', 1]], phone: 0.8, officeDays: 5 },
    { name: 'Dispatcher', share: 9, cities: [['Duisburg', 4], ['Poznan', 3], ['Ostrava', 2]], ...OFFICE, officeDays: 4.5, start: 6, shift: 'rota', rate: 3, phoneRate: 3, trips: 0.05, abroad: 0.3, vpn: 0.03 },
    { name: 'Office', share: 10, cities: [['Duisburg', 3], ['Dortmund', 2], ['Poznan', 2]], officeDays: 3, rate: 2.4, phoneRate: 3, trips: 0.3, abroad: 0.5, vpn: 0.05, ...OFFICE },
    { name: 'Subcontractor', share: 8, cities: [['Warszawa', 2], ['Bucuresti', 2], ['Rotterdam', 2], ['Ostrava', 2]], start: 7, hours: 10, shift: 'any', active: 0.25, rate: 0.6, phoneRate: 1, ...FIELD, computer: 'own', systems: [['windows', 2], ['android', 3]], guest: true },
  ],
};

const RESEARCH: Kind = {
  start: '2026-09-07T00:00:00Z',
  summer: true,
  users: 850,
  days: 35,
  offices: ['Uppsala', 'Stockholm'],
  holidays: [],
  ownApp: { name: 'Contoso Compute', id: '5b0e9d14-6f2a-4b83-a7c6-0d8e1f3b7a03' },
  sessionHours: 336,
  mfaHours: 720,
  enrolled: 0.9,
  risk: false,
  identityInfo: true,
  twin: 'none',
  turnover: 0.08,
  companyVpn: 0.12,
  errors: 0.08,
  // biome-ignore format: a role a line
  roles: [
    { name: 'Scientist', share: 36, cities: [['Uppsala', 6], ['Stockholm', 2]], systems: [['linux', 4], ['mac', 5], ['windows', 2]], officeDays: 3.5, rate: 2.2, phoneRate: 2, trips: 0.8, abroad: 0.85, vpn: 0.15, ...LAB },
    { name: 'Doctoral', share: 26, cities: [['Uppsala', 1]], systems: [['linux', 4], ['mac', 4], ['windows', 3]], officeDays: 4, rate: 2.5, phoneRate: 2.5, trips: 0.4, abroad: 0.8, vpn: 0.18, ...LAB },
    { name: 'Visitor', visits: true, share: 22, cities: ABROAD, systems: [['mac', 5], ['linux', 3], ['windows', 3]], officeDays: 3, rate: 1.1, phoneRate: 0.8, trips: 0.9, abroad: 0.9, vpn: 0.15, ...LAB, active: 0.35 },
    { name: 'Administration', share: 12, cities: [['Uppsala', 1]], officeDays: 3.5, rate: 2.5, phoneRate: 2, trips: 0.1, abroad: 0.5, vpn: 0.04, ...OFFICE },
    { name: 'Reviewer', share: 4, cities: ABROAD, systems: [['mac', 1], ['windows', 1]], officeDays: 0, rate: 0.8, phoneRate: 0, trips: 0.3, abroad: 0.9, vpn: 0.1, guest: true, ...LAB, phone: 0, active: 0.2 },
  ],
};

export const KINDS = { insurer: INSURER, logistics: LOGISTICS, research: RESEARCH } as const satisfies Readonly<Record<string, Kind>>;
export type KindName = keyof typeof KINDS;
