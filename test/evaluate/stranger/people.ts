import type { Device } from './devices.ts';
import type { Line } from './networks.ts';
import type { Place } from './places.ts';

export type MethodName = 'app' | 'appCode' | 'sms' | 'call' | 'officePhone' | 'fido' | 'passkey' | 'hello' | 'email' | 'tap' | 'oath';

/** The two secrets that a registration leaves in the directory: whose phone it is. */
export interface Handset {
  readonly model: string;
  readonly phoneNumber: string;
  readonly deviceToken: string;
  readonly appId: string;
}

export interface Trip {
  readonly from: number;
  readonly until: number;
  readonly line: Line;
  readonly place: Place;
}

export interface Person {
  readonly id: string;
  readonly upn: string;
  readonly name: string;
  readonly department: string;
  readonly title: string;
  readonly roles: string[];
  readonly kind: 'member' | 'guest' | 'service' | 'breakGlass';
  /** Home tenant of a guest. */
  readonly homeTenant: string;
  readonly created: number;
  readonly place: Place;
  readonly zone: number;
  readonly office: Line;
  readonly home: Line;
  readonly mobile: Line;
  /** A gateway that carries the computer's traffic when it is not in the office. */
  readonly vpn: Line | undefined;
  /** A private relay or a bought VPN, in use on some days. */
  relay: Line | undefined;
  readonly pc: Device;
  phone: Device;
  readonly methods: Set<MethodName>;
  handset: Handset;
  readonly startHour: number;
  readonly hours: number;
  /** Days of the week at work, Sunday = 0. */
  readonly workdays: ReadonlySet<number>;
  readonly remoteShare: number;
  readonly phoneShare: number;
  /** Interactive sign-ins of a working day. */
  readonly perDay: number;
  readonly from: number;
  readonly until: number;
  readonly away: (readonly [number, number])[];
  readonly trips: Trip[];
  /** What will happen to this person, beside daily life. */
  readonly agenda: { readonly at: number; readonly act: () => void }[];
  /** The session of each device, renewed now and then. */
  readonly sessions: Map<Device, { id: string; until: number }>;
}

export const isAway = (person: Person, at: number): boolean =>
  at < person.from || at >= person.until || person.away.some(([from, until]) => at >= from && at < until);

export const tripAt = (person: Person, at: number): Trip | undefined => person.trips.find(({ from, until }) => at >= from && at < until);

/** The network a person is most likely on at a moment, outside the office. */
export const outside = (person: Person, at: number): Line => tripAt(person, at)?.line ?? person.home;
