import type { Person } from './people.ts';
import { Random } from './random.ts';

export type TableName = 'SigninLogs' | 'AADNonInteractiveUserSignInLogs' | 'AuditLogs' | 'AADUserRiskEvents' | 'IdentityInfo';
export type Row = Record<string, unknown>;

/** What all rows of a tenant have in common, and how its log comes to the reader. */
export interface TenantTraits {
  readonly kind: string;
  readonly domain: string;
  readonly users: number;
  readonly days: number;
  readonly startMs: number;
  /** With Entra ID P2 risk is shown, without it the columns say "hidden". */
  readonly p2: boolean;
  readonly identityInfo: boolean;
  readonly withoutColumns: readonly string[];
  /** Share of rows without an autonomous system number. */
  readonly asnMissing: number;
  readonly ingestionTime: boolean;
  /** Share of interactive sign-ins for which Conditional Access wants a second factor. */
  readonly mfaShare: number;
  readonly holidays: readonly number[];
}

export interface Incident {
  readonly id: string;
  readonly scenario: string;
  readonly variant: string;
  readonly user_ids: readonly string[];
  readonly upns: readonly string[];
  readonly start: string;
  readonly end: string;
  readonly registration_time: string | null;
  readonly registration_event_ids: readonly string[];
  readonly must_detect: boolean;
  readonly min_severity: string;
}

export interface Decoy {
  readonly id: string;
  readonly kind: string;
  readonly user_ids: readonly string[];
  readonly upns: readonly string[];
  readonly start: string;
  readonly end: string;
  readonly registration_event_ids: readonly string[];
}

/** A tenant in the making: its people, its rows so far, its labels. */
export class World {
  readonly random: Random;
  readonly tenantId: string;
  readonly workspaceId: string;
  readonly rows: Record<TableName, Row[]> = {
    SigninLogs: [],
    AADNonInteractiveUserSignInLogs: [],
    AuditLogs: [],
    AADUserRiskEvents: [],
    IdentityInfo: [],
  };
  readonly people: Person[] = [];
  readonly incidents: Incident[] = [];
  readonly decoys: Decoy[] = [];
  readonly endMs: number;
  /** Those who already play a part in an attack or a decoy. */
  private serial = 100_000_000;
  private readonly cast = new Set<string>();

  readonly traits: TenantTraits;

  constructor(traits: TenantTraits, seed: number) {
    this.traits = traits;
    this.random = new Random(seed, traits.kind);
    this.tenantId = this.random.guid();
    this.workspaceId = this.random.guid();
    this.endMs = traits.startMs + traits.days * 86_400_000;
  }

  /** The running number at the end of an audit event's Id. */
  nextSerial(): number {
    this.serial += this.random.whole(1, 9);
    return this.serial;
  }

  emit(table: TableName, row: Row): void {
    this.rows[table].push(row);
  }

  /** Somebody who plays no other part yet and fits; undefined where nobody does. */
  castOne(random: Random, fits: (person: Person) => boolean = () => true): Person | undefined {
    const free = this.people.filter(
      (person) => person.kind === 'member' && person.roles.length === 0 && !this.cast.has(person.id) && fits(person),
    );
    const person = free.length === 0 ? undefined : random.pick(free);
    if (person !== undefined) this.cast.add(person.id);
    return person;
  }

  reserve(person: Person): void {
    this.cast.add(person.id);
  }

  isCast(person: Person): boolean {
    return this.cast.has(person.id);
  }
}
