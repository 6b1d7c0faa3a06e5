import type { Assumptions, TenantKind } from './assumptions.ts';
import type { BrowserFamily, OsFamily } from './clients.ts';
import type { City } from './geo.ts';
import type { Method } from './methods.ts';
import type { Network } from './networks.ts';

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;

export interface SimulateOptions {
  readonly users: number;
  readonly days: number;
  readonly seed: number;
  readonly tenant: TenantKind;
  /** First day, `2026-09-01` unless given: the same options give the same bytes. */
  readonly start?: string | undefined;
}

export interface Device {
  readonly id: string;
  readonly name: string;
  readonly kind: 'laptop' | 'phone' | 'kiosk' | 'server';
  readonly os: OsFamily;
  readonly browser: BrowserFamily;
  readonly trust: '' | 'Azure AD joined' | 'Hybrid Azure AD joined' | 'Azure AD registered';
  readonly managed: boolean;
  /** Days after a browser release at which this device has it. */
  readonly lag: number;
  /** First day of use, and the first day it is used no more. */
  readonly from: number;
  until: number;
}

export interface Trip {
  readonly from: number;
  readonly until: number;
  readonly city: City;
  /** The hotel's or venue's line; people on the same conference share it. */
  readonly line: number;
}

export type Role = 'person' | 'guest' | 'dormant' | 'service' | 'break-glass';

export interface User {
  readonly index: number;
  readonly id: string;
  upn: string;
  displayName: string;
  readonly given: string;
  readonly family: string;
  readonly role: Role;
  readonly title: string;
  readonly department: string;
  readonly directoryRoles: readonly string[];
  readonly manager: string;
  readonly home: City;
  readonly site: number;
  /** Day the account was made (negative: before the simulation), first and last day of use. */
  readonly createdDay: number;
  readonly joinDay: number;
  leaveDay: number;
  readonly interactivePerDay: number;
  readonly nonInteractivePerDay: number;
  readonly startHour: number;
  readonly workHours: number;
  readonly phase: number;
  readonly homeNetwork: Network;
  homeLine: number;
  readonly homeSix: boolean;
  readonly mobileNetwork: Network;
  readonly phoneCountry: string;
  readonly corporateVpn: boolean;
  /** A network the user goes out through by habit. */
  readonly personal: { readonly network: Network; readonly cities: readonly City[]; readonly share: number } | undefined;
  readonly devices: Device[];
  readonly methods: Method[];
  defaultMethod: string;
  readonly trips: Trip[];
  /** The same person's first account, where this is a second one. */
  readonly twinOf?: User;
  /** Days off, as [from, until). */
  readonly away: (readonly [number, number])[];
}

export interface Site {
  readonly city: City;
  network: Network;
  /** First number of its egress addresses. */
  line: number;
  readonly egresses: number;
}

/** Everything drawn once a tenant. */
export interface Tenant {
  readonly kind: TenantKind;
  readonly id: string;
  readonly workspace: string;
  readonly domain: string;
  readonly seed: number;
  readonly start: number;
  readonly days: number;
  readonly assumptions: Assumptions;
  readonly sites: readonly Site[];
  readonly gateway: { readonly network: Network; readonly cities: readonly City[]; readonly line: number };
  /** A day on which many begin, and what share of the population. */
  readonly wave: { readonly day: number; readonly share: number } | undefined;
  /** From this day on the users of `rollout` go out through `gateway`. */
  rollout:
    | { readonly day: number; readonly users: ReadonlySet<number>; readonly network: Network; readonly cities: readonly City[] }
    | undefined;
  readonly risk: 'p2' | 'hidden' | 'none';
  readonly policies: readonly { readonly id: string; readonly name: string }[];
  readonly services: Readonly<Record<'mfa' | 'registration' | 'sspr' | 'sync' | 'device', string>>;
}
