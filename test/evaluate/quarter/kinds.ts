import type { CityName } from './cities.ts';
import type { DeviceKind } from './devices.ts';
import type { MethodName } from './methods.ts';

export type WorkPlace = 'office' | 'home' | 'cowork' | 'off';
/** What stands between a computer and the internet besides the local network. */
export type Tunnel = 'none' | 'company' | 'sase' | 'vpn' | 'relay';

export interface Role {
  /** Per cent of the people. */
  readonly share: number;
  /** Local hour at which a usual day begins, its spread, and its length. */
  readonly begins: number;
  readonly spread: number;
  readonly hours: number;
  readonly places: Readonly<Record<WorkPlace, number>>;
  readonly weekend: number;
  /** Median of interactive sign-ins on a working day; refreshes are half as many again, a telephone's besides. */
  readonly signIns: number;
  readonly computers: Readonly<Partial<Record<DeviceKind, number>>>;
  readonly phone: number;
  readonly tunnels: Readonly<Partial<Record<Tunnel, number>>>;
  readonly methods: Readonly<Partial<Record<MethodName, number>>>;
  /** Trips begun for each week. */
  readonly trips: number;
  readonly helpDesk?: true;
  readonly guest?: true;
  readonly shared?: true;
}

export interface Site {
  readonly city: CityName;
  readonly share: number;
  readonly homes: readonly CityName[];
  /** Addresses that the office leaves by. */
  readonly exits: number;
  /** The site whose exit it uses, where it has none of its own. */
  readonly through?: CityName;
  /** Day on which the site's traffic moves to the tunnel of the company. */
  readonly cutover?: number;
}

export interface Kind {
  readonly users: readonly [number, number];
  readonly sites: readonly Site[];
  readonly abroad: readonly CityName[];
  readonly roles: Readonly<Record<string, Role>>;
  /** Exit nodes of the company's proxy, a session may change between them. */
  readonly nodes: readonly CityName[];
  /** Licence with risk columns and AADUserRiskEvents; without it they read `hidden`. */
  readonly risk: boolean;
  readonly services: number;
  /** Share of registrations that the directory alone logs (`Update user`, no security-info event). */
  readonly twinOnly: number;
  readonly domain: string;
}

const PEOPLE: Role = {
  share: 50,
  begins: 8.3,
  spread: 0.5,
  hours: 8.5,
  places: { office: 60, home: 33, cowork: 0, off: 7 },
  weekend: 0.03,
  signIns: 3,
  computers: { winManaged: 1 },
  phone: 0.7,
  tunnels: { none: 1 },
  methods: { app: 1 },
  trips: 0.02,
};

/** What a role has besides what most people have. */
const role = (...parts: readonly Partial<Role>[]): Role => Object.assign({}, PEOPLE, ...parts);

export const KINDS = {
  ministry: {
    users: [900, 1100],
    sites: [
      { city: 'hague', share: 55, homes: ['hague', 'rotterdam', 'utrecht'], exits: 3 },
      { city: 'utrecht', share: 28, homes: ['utrecht', 'amsterdam'], exits: 3, through: 'hague' },
      { city: 'groningen', share: 17, homes: ['groningen'], exits: 3, through: 'hague' },
    ],
    abroad: ['brussels', 'paris', 'berlin', 'newyork'],
    nodes: ['hague'],
    risk: true,
    services: 12,
    twinOnly: 0,
    domain: 'ministry.contoso.test',
    roles: {
      clerk: role({ share: 58, tunnels: { company: 0.9, none: 0.1 }, methods: { smartcard: 55, app: 30, sms: 10, none: 5 }, spread: 0.25 }),
      adviser: role(
        { share: 16, hours: 10, tunnels: { company: 0.7, none: 0.3 }, methods: { smartcard: 30, app: 60, fido: 10 } },
        { trips: 0.08 },
      ),
      contractor: role(
        { share: 11, computers: { winOwn: 6, macOwn: 4 }, tunnels: { none: 7, vpn: 2, company: 1 } },
        { methods: { app: 7, oath: 2, sms: 1 } },
      ),
      helpDesk: role({ share: 2, signIns: 6, methods: { smartcard: 6, fido: 4 }, tunnels: { company: 1 }, helpDesk: true }),
      inspector: role({ share: 8, places: { office: 20, home: 20, cowork: 40, off: 20 }, methods: { app: 6, sms: 3, voice: 1 } }),
      seldom: role(
        { share: 5, places: { office: 6, home: 6, cowork: 0, off: 88 }, methods: { sms: 4, none: 5, app: 1 }, signIns: 1 },
        { phone: 0.2 },
      ),
    },
  },
  agency: {
    users: [800, 900],
    sites: [
      { city: 'london', share: 50, homes: ['london', 'brighton'], exits: 2 },
      { city: 'berlin', share: 28, homes: ['berlin'], exits: 1 },
      { city: 'manchester', share: 10, homes: ['manchester'], exits: 1 },
      { city: 'lisbon', share: 12, homes: ['lisbon'], exits: 1 },
    ],
    abroad: ['paris', 'amsterdam', 'newyork', 'barcelona', 'madrid', 'dublin', 'warsaw'],
    nodes: ['london'],
    risk: false,
    services: 6,
    twinOnly: 0.12,
    domain: 'agency.contoso.test',
    roles: {
      creative: role(
        { share: 36, begins: 9.8, spread: 1, computers: { macManaged: 8, macOwn: 2 }, phone: 0.95 },
        { tunnels: { none: 60, relay: 28, vpn: 12 }, methods: { app: 8, oath: 1, sms: 1 }, weekend: 0.2 },
      ),
      account: role(
        { share: 24, begins: 9, spread: 0.8, computers: { macManaged: 6, winManaged: 4 }, phone: 1 },
        { tunnels: { none: 80, relay: 12, vpn: 8 }, methods: { app: 9, sms: 1 }, trips: 0.55, weekend: 0.12 },
      ),
      freelancer: role(
        { share: 22, begins: 10, spread: 1.8, places: { office: 12, home: 38, cowork: 35, off: 15 } },
        { computers: { macOwn: 7, winOwn: 3 }, phone: 0.9, tunnels: { none: 50, vpn: 28, relay: 22 } },
        { methods: { app: 6, sms: 3, none: 1 }, trips: 0.1, weekend: 0.3 },
      ),
      backOffice: role({ share: 9, tunnels: { none: 1 }, methods: { app: 7, sms: 3 } }),
      helpDesk: role({ share: 1.2, signIns: 6, methods: { fido: 1 }, computers: { macManaged: 1 }, helpDesk: true }),
      client: role(
        { share: 8, places: { office: 0, home: 45, cowork: 5, off: 50 }, computers: { winOwn: 8, macOwn: 2 } },
        { methods: { app: 5, sms: 3, none: 2 }, signIns: 1, guest: true },
      ),
    },
  },
  manufacturer: {
    users: [950, 1150],
    sites: [
      { city: 'stuttgart', share: 44, homes: ['stuttgart', 'esslingen'], exits: 4 },
      { city: 'wroclaw', share: 22, homes: ['wroclaw'], exits: 2 },
      { city: 'greenville', share: 18, homes: ['greenville', 'atlanta'], exits: 2 },
      { city: 'brno', share: 16, homes: ['brno'], exits: 2, cutover: 17 },
    ],
    abroad: ['lyon', 'madrid', 'prague', 'manchester', 'bangalore', 'newyork'],
    nodes: ['frankfurt', 'paris', 'warsaw'],
    risk: true,
    services: 20,
    twinOnly: 0.03,
    domain: 'works.contoso.test',
    roles: {
      worker: role(
        { share: 34, begins: 6, spread: 0.2, hours: 8, places: { office: 55, home: 0, cowork: 0, off: 45 } },
        { computers: { kiosk: 1 }, signIns: 1, phone: 0.35, methods: { sms: 4, app: 3, none: 3 }, weekend: 0.15, shared: true },
      ),
      office: role({ share: 34, tunnels: { sase: 9, none: 1 }, methods: { hello: 4, app: 5, sms: 1 } }),
      engineer: role({ share: 13, tunnels: { sase: 8, none: 2 }, methods: { app: 8, fido: 1, sms: 1 }, trips: 0.4, phone: 1 }),
      hosted: role(
        { share: 11, computers: { hosted: 1 }, methods: { app: 8, sms: 2 } },
        { places: { office: 15, home: 78, cowork: 0, off: 7 } },
      ),
      helpDesk: role({ share: 1.5, signIns: 6, tunnels: { sase: 1 }, methods: { fido: 1 }, helpDesk: true }),
      seldom: role(
        { share: 6.5, places: { office: 4, home: 4, cowork: 0, off: 92 }, methods: { none: 6, sms: 4 }, signIns: 1 },
        { phone: 0.1 },
      ),
    },
  },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;
