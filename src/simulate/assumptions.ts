/** Kinds of tenant that can be simulated. */
export const TENANT_KINDS = ['office', 'university', 'shifts'] as const;
export type TenantKind = (typeof TENANT_KINDS)[number];

export type Weights<T extends string = string> = readonly (readonly [T, number])[];

/** Where the cities of a tenant's sites are drawn from; one set is drawn a seed. */
export type SiteSet = readonly string[];

/**
 * The population parameters of one kind of tenant. Everything here is an assumption: nobody publishes these figures.
 * Rates are per user unless they say otherwise; probabilities are 0-1.
 */
export interface Assumptions {
  readonly sites: readonly SiteSet[];
  /** Interactive sign-ins on a working day: median and sigma of a lognormal over users. */
  readonly interactivePerDay: { readonly median: number; readonly sigma: number };
  readonly nonInteractivePerDay: { readonly median: number; readonly sigma: number };
  /** Share of sessions by place. */
  readonly places: Weights<'work' | 'home' | 'mobile' | 'other'>;
  /** Probability of working on Monday ... Sunday. */
  readonly week: readonly number[];
  /** Local hours of work: median start and length. */
  readonly hours: { readonly start: number; readonly spread: number; readonly length: number };
  /** Rotating shifts (early, late, night) instead of a week. */
  readonly rotating: boolean;
  readonly managedLaptop: number;
  readonly corporateVpn: number;
  readonly personalVpn: number;
  readonly cloudDesktop: number;
  readonly privateRelay: number;
  readonly wrongPassword: number;
  /** MFA prompts per interactive sign-in, and their failures. */
  readonly mfaPrompt: number;
  readonly deniedPush: number;
  /** Users abroad at some time in 30 days. */
  readonly travel: number;
  readonly newDevicePerYear: number;
  readonly registrationsPerYear: number;
  readonly joinersPerMonth: number;
  /** Share of the population that begins within three days, where there is such a wave. */
  readonly waveShare: number;
  readonly leaversPerMonth: number;
  readonly dormant: number;
  readonly guests: number;
  readonly renamesPerYear: number;
  readonly admins: number;
  readonly helpDesk: number;
  readonly serviceAccounts: number;
  readonly methods: Weights<'app' | 'app-sms' | 'sms' | 'totp' | 'fido' | 'none'>;
  /** How registrations reach AuditLogs: both records, the Authentication Methods one alone, or the directory's twin alone. */
  readonly records: Weights<'both' | 'methods-only' | 'twin-only'>;
  /** What the risk columns hold. */
  readonly risk: Weights<'p2' | 'hidden' | 'none'>;
  readonly noLocation: number;
  readonly roles: Weights;
  readonly departments: readonly string[];
}

const EUROPE: readonly SiteSet[] = [
  ['London', 'Manchester', 'Dublin'],
  ['Frankfurt am Main', 'Munich', 'Warsaw'],
  ['Amsterdam', 'Paris', 'Madrid'],
];
const AMERICA: readonly SiteSet[] = [
  ['Chicago', 'Austin', 'Toronto'],
  ['New York City', 'Boston', 'London'],
  ['Seattle', 'Denver', 'Bengaluru'],
];

export const ASSUMPTIONS: Readonly<Record<TenantKind, Assumptions>> = {
  office: {
    sites: [...EUROPE, ...AMERICA],
    interactivePerDay: { median: 4.5, sigma: 0.5 },
    nonInteractivePerDay: { median: 4.2, sigma: 0.5 },
    places: [
      ['work', 0.47],
      ['home', 0.32],
      ['mobile', 0.18],
      ['other', 0.03],
    ],
    week: [0.93, 0.94, 0.94, 0.93, 0.9, 0.1, 0.1],
    hours: { start: 8.5, spread: 0.9, length: 9 },
    rotating: false,
    managedLaptop: 0.9,
    corporateVpn: 0.14,
    personalVpn: 0.03,
    cloudDesktop: 0.015,
    privateRelay: 0.02,
    wrongPassword: 0.05,
    mfaPrompt: 0.14,
    deniedPush: 0.004,
    travel: 0.04,
    newDevicePerYear: 1.1,
    registrationsPerYear: 1.6,
    joinersPerMonth: 0.012,
    waveShare: 0.02,
    leaversPerMonth: 0.008,
    dormant: 0.03,
    guests: 0.06,
    renamesPerYear: 0.015,
    admins: 0.01,
    helpDesk: 0.006,
    serviceAccounts: 0.008,
    methods: [
      ['app', 0.5],
      ['app-sms', 0.24],
      ['sms', 0.08],
      ['totp', 0.04],
      ['fido', 0.09],
      ['none', 0.05],
    ],
    records: [
      ['both', 0.86],
      ['methods-only', 0.12],
      ['twin-only', 0.02],
    ],
    risk: [
      ['p2', 0.7],
      ['none', 0.3],
    ],
    noLocation: 0.012,
    roles: [
      ['Consultant', 4],
      ['Analyst', 4],
      ['Manager', 2],
      ['Director', 0.5],
      ['Developer', 3],
      ['Accountant', 1.5],
    ],
    departments: ['Finance', 'Sales', 'Engineering', 'Legal', 'Operations', 'Marketing', 'Human Resources', 'IT'],
  },
  university: {
    sites: [
      ['Leeds', 'London'],
      ['Rotterdam', 'Amsterdam'],
      ['Hamburg', 'Berlin'],
      ['Boston', 'New York City'],
    ],
    interactivePerDay: { median: 4, sigma: 0.7 },
    nonInteractivePerDay: { median: 3.2, sigma: 0.6 },
    places: [
      ['work', 0.36],
      ['home', 0.33],
      ['mobile', 0.24],
      ['other', 0.07],
    ],
    week: [0.78, 0.8, 0.8, 0.78, 0.7, 0.42, 0.45],
    hours: { start: 9.5, spread: 2, length: 12 },
    rotating: false,
    managedLaptop: 0.16,
    corporateVpn: 0.1,
    personalVpn: 0.08,
    cloudDesktop: 0.02,
    privateRelay: 0.05,
    wrongPassword: 0.08,
    mfaPrompt: 0.22,
    deniedPush: 0.005,
    travel: 0.06,
    newDevicePerYear: 1.5,
    registrationsPerYear: 2.2,
    joinersPerMonth: 0.05,
    waveShare: 0.07,
    leaversPerMonth: 0.01,
    dormant: 0.06,
    guests: 0.03,
    renamesPerYear: 0.02,
    admins: 0.006,
    helpDesk: 0.004,
    serviceAccounts: 0.005,
    methods: [
      ['app', 0.42],
      ['app-sms', 0.18],
      ['sms', 0.22],
      ['totp', 0.07],
      ['fido', 0.02],
      ['none', 0.09],
    ],
    records: [
      ['both', 0.72],
      ['methods-only', 0.16],
      ['twin-only', 0.12],
    ],
    risk: [
      ['hidden', 0.7],
      ['none', 0.3],
    ],
    noLocation: 0.02,
    roles: [
      ['Student', 14],
      ['Postgraduate', 3],
      ['Lecturer', 1.5],
      ['Professor', 0.5],
      ['Administrator', 1],
    ],
    departments: ['Physics', 'Medicine', 'History', 'Computer Science', 'Law', 'Business School', 'Registry', 'Library'],
  },
  shifts: {
    sites: [
      ['Manchester', 'Leeds', 'Edinburgh'],
      ['Chicago', 'Denver', 'Las Vegas'],
      ['Munich', 'Berlin', 'Vienna'],
    ],
    interactivePerDay: { median: 3, sigma: 0.5 },
    nonInteractivePerDay: { median: 2.8, sigma: 0.6 },
    places: [
      ['work', 0.55],
      ['home', 0.17],
      ['mobile', 0.26],
      ['other', 0.02],
    ],
    week: [0.72, 0.72, 0.72, 0.72, 0.72, 0.66, 0.62],
    hours: { start: 6, spread: 0.4, length: 8.3 },
    rotating: true,
    managedLaptop: 0.34,
    corporateVpn: 0.05,
    personalVpn: 0.05,
    cloudDesktop: 0.012,
    privateRelay: 0.04,
    wrongPassword: 0.075,
    mfaPrompt: 0.18,
    deniedPush: 0.005,
    travel: 0.02,
    newDevicePerYear: 1.1,
    registrationsPerYear: 1.8,
    joinersPerMonth: 0.03,
    waveShare: 0.03,
    leaversPerMonth: 0.025,
    dormant: 0.05,
    guests: 0.01,
    renamesPerYear: 0.015,
    admins: 0.006,
    helpDesk: 0.005,
    serviceAccounts: 0.005,
    methods: [
      ['app', 0.36],
      ['app-sms', 0.14],
      ['sms', 0.34],
      ['totp', 0.02],
      ['fido', 0.03],
      ['none', 0.11],
    ],
    records: [
      ['both', 0.62],
      ['methods-only', 0.1],
      ['twin-only', 0.28],
    ],
    risk: [
      ['p2', 0.4],
      ['none', 0.3],
      ['hidden', 0.3],
    ],
    noLocation: 0.015,
    roles: [
      ['Nurse', 6],
      ['Technician', 4],
      ['Warehouse Associate', 6],
      ['Shift Lead', 1.5],
      ['Planner', 1],
    ],
    departments: ['Ward A', 'Ward B', 'Logistics', 'Maintenance', 'Dispatch', 'Planning', 'IT'],
  },
};

/** How rows reach the workspace, per table: median minutes and sigma of a lognormal, and what goes wrong. */
export const DELIVERY = {
  medianMinutes: { SigninLogs: 3, AADNonInteractiveUserSignInLogs: 5, AuditLogs: 2.2, AADUserRiskEvents: 8, IdentityInfo: 20 },
  sigma: 0.55,
  late: 0.01,
  lateMedianHours: 2.2,
  duplicate: 0.003,
} as const;
