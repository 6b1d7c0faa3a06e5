import { DAY_MS } from '../../core/durations.ts';
import { parsedStrings } from '../../core/json-strings.ts';
import { hashText } from '../../events/hash.ts';
import { LAST_SECONDS, RECORD_HEAD, type RecordTable } from '../../state/record-table.ts';
import type { EventView } from './event-view.ts';

/** What IdentityInfo knew of an account, and since when. */
export interface Identity {
  readonly atMs: number;
  /** Unix ms of the day on which the account was made; undefined where the table does not say. */
  readonly createdMs: number | undefined;
  /** Its directory roles that can change other accounts or the tenant. */
  readonly privileged: readonly string[];
  readonly isServiceAccount: boolean;
  /** Hash of the department, 0 where there is none. */
  readonly department: number;
}

const CREATED_DAY = RECORD_HEAD;
const DEPARTMENT = RECORD_HEAD + 1;
const FLAGS = RECORD_HEAD + 2;
export const IDENTITY_WORDS = RECORD_HEAD + 3;
const SERVICE = 1;
/** Roles begin at this bit: at most 28. */
const ROLE_SHIFT = 4;

/** Roles that Microsoft calls privileged, and those that may change other accounts' methods or passwords; entra-docs permissions-reference. */
const PRIVILEGED = [
  'Global Administrator',
  'Privileged Role Administrator',
  'Privileged Authentication Administrator',
  'Authentication Administrator',
  'Authentication Policy Administrator',
  'Conditional Access Administrator',
  'Security Administrator',
  'Security Operator',
  'User Administrator',
  'Helpdesk Administrator',
  'Password Administrator',
  'Application Administrator',
  'Cloud Application Administrator',
  'Hybrid Identity Administrator',
  'Identity Governance Administrator',
  'Directory Synchronization Accounts',
  'Domain Name Administrator',
  'Intune Administrator',
  'Exchange Administrator',
  'SharePoint Administrator',
  'Directory Writers',
  'Partner Tier2 Support',
  // As the log of older tenants calls the first one.
  'Company Administrator',
];
const bitOfRole = new Map(PRIVILEGED.map((role, bit) => [role.toLowerCase(), bit]));

/** The newest snapshot of each account. Memory: 24 bytes an account and its index; nothing where there is no IdentityInfo. */
export class Identities {
  readonly #table: RecordTable;

  constructor(table: RecordTable) {
    this.#table = table;
  }

  /** Takes a row of IdentityInfo; an older one than what is known changes nothing. */
  note(view: EventView): void {
    if (view.userLo === 0) return;
    const record = this.#table.obtain(view.userLo, view.userHi);
    const words = this.#table.segment(record);
    const at = this.#table.offset(record);
    if (view.seconds < words[at + LAST_SECONDS]!) return;
    this.#table.touch(record);
    words[at + LAST_SECONDS] = view.seconds;
    const createdMs = view.number('CreatedAt');
    words[at + CREATED_DAY] = createdMs === undefined ? 0 : Math.max(1, Math.floor(createdMs / DAY_MS) + 1);
    const department = view.text('Department').trim().toLowerCase();
    words[at + DEPARTMENT] = department === '' ? 0 : hashText(department)[0];
    let flags = view.bool('IsServiceAccount') === true ? SERVICE : 0;
    for (const role of parsedStrings(view.text('Roles'))) {
      const bit = bitOfRole.get(role.trim().toLowerCase());
      if (bit !== undefined) flags |= 1 << (ROLE_SHIFT + bit);
    }
    words[at + FLAGS] = flags;
  }

  get(view: EventView): Identity | undefined {
    const record = this.#table.size === 0 || view.userLo === 0 ? -1 : this.#table.find(view.userLo, view.userHi);
    if (record < 0) return undefined;
    const words = this.#table.segment(record);
    const at = this.#table.offset(record);
    const [day, flags] = [words[at + CREATED_DAY]!, words[at + FLAGS]!];
    return {
      atMs: words[at + LAST_SECONDS]! * 1000,
      createdMs: day === 0 ? undefined : (day - 1) * DAY_MS,
      privileged: PRIVILEGED.filter((_, bit) => ((flags >>> (ROLE_SHIFT + bit)) & 1) === 1),
      isServiceAccount: (flags & SERVICE) !== 0,
      department: words[at + DEPARTMENT]! | 0,
    };
  }

  /** Hash of the user's department, 0 where it is not known. */
  departmentOf(view: EventView): number {
    const record = this.#table.size === 0 || view.userLo === 0 ? -1 : this.#table.find(view.userLo, view.userHi);
    return record < 0 ? 0 : this.#table.segment(record)[this.#table.offset(record) + DEPARTMENT]! | 0;
  }
}

/** The day of a snapshot, for words. */
export function snapshotText({ atMs }: Identity): string {
  return `IdentityInfo of ${new Date(Math.min(Math.max(atMs, 0), 8.64e15)).toISOString().slice(0, 10)}`;
}
