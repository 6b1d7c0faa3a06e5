import type { Point } from './addresses.ts';
import type { Client } from './clients.ts';
import { type Dice, diceOf } from './dice.ts';
import type { Person } from './people.ts';
import type { City } from './places.ts';

/** What was proven: nothing, a password, both factors, or what an earlier session says; or a second factor that failed, and why. */
export type Proof = 'none' | 'password' | 'both' | 'claim' | 'key' | 'declined' | 'unanswered';

/** From where something is done; `body` is where its doer stands, known for the people of a tenant alone. */
export interface Seat {
  readonly point: Point;
  readonly client: Client;
  readonly session: string;
  readonly body?: City;
}

export interface SignIn {
  readonly at: number;
  readonly id: string;
  readonly correlation: string;
  readonly original: string;
  readonly person: Person;
  readonly seat: Seat;
  readonly app: AppName;
  readonly code: number;
  readonly proof: Proof;
  readonly method: string;
  readonly interactive: boolean;
  readonly risk: 'none' | 'low' | 'medium' | 'high';
}

/** A property of a user that an audit row says was changed; values are JSON. */
export interface Changed {
  readonly displayName: string;
  readonly oldValue: string | null;
  readonly newValue: string | null;
}

export interface Audit {
  readonly at: number;
  readonly id: string;
  readonly correlation: string;
  readonly activity: string;
  readonly service: 'Authentication Methods' | 'Core Directory' | 'Self-service Password Management' | 'Device Registration Service';
  readonly operation: 'Add' | 'Update' | 'Delete' | 'Register' | 'ServiceApi';
  readonly result: 'success' | 'failure';
  readonly reason: string;
  /** undefined: an app of the service. */
  readonly actor: Person | undefined;
  readonly target: Person;
  readonly ip: string;
  readonly changed: readonly Changed[];
}

export const APPS = {
  'Office 365 Exchange Online': '00000002-0000-0ff1-ce00-000000000000',
  OfficeHome: '4765445b-32c6-49b0-83e6-1d93765276ca',
  'Microsoft Teams': '1fec8e78-bce4-4aaf-ab1b-5451cc387264',
  'Office 365 SharePoint Online': '00000003-0000-0ff1-ce00-000000000000',
  'Outlook Mobile': '27922004-5251-4030-b22d-91ecd9a37ea4',
  'Microsoft Authentication Broker': '29d9ed98-a469-4536-ade2-f981bc1d605e',
  'My Signins': '19db86c3-b2b9-44cc-b339-36da233a3be2',
  'Azure Portal': 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c',
  'Azure Virtual Desktop Client': 'a85cf173-4192-42f8-81fa-777a763e6e2c',
} as const;
export type AppName = keyof typeof APPS;

export interface Incident {
  readonly id: string;
  readonly scenario: string;
  readonly variant: string;
  readonly people: readonly Person[];
  readonly start: number;
  readonly end: number;
  readonly registered: number | undefined;
  readonly rows: readonly string[];
}

export interface Decoy {
  readonly kind: string;
  readonly people: readonly Person[];
  readonly start: number;
  readonly end: number;
  readonly rows: readonly string[];
}

/** All that happened, in the order in which it was made up. */
export interface Book {
  readonly signIns: SignIn[];
  readonly audits: Audit[];
  readonly incidents: Incident[];
  readonly decoys: Decoy[];
  readonly ids: Dice;
}

export const emptyBook = (seed: string): Book => ({ signIns: [], audits: [], incidents: [], decoys: [], ids: diceOf(`${seed}/ids`) });
