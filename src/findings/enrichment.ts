import { DAY_MS } from '../core/durations.ts';
import { methodWords } from '../events/audit/methods.ts';
import { operationMeaning } from '../events/audit/operations.ts';

/** What the workspace tells about the user and address of a finding, as far as it was known at the event. */
export interface Enrichment {
  readonly identity?: IdentityFacts | undefined;
  readonly methods?: MethodFacts | undefined;
  readonly address?: AddressFacts | undefined;
}

/** A snapshot row of IdentityInfo. Times are Unix milliseconds. */
export interface IdentityRow {
  readonly userId: string;
  readonly atMs: number;
  readonly ingestedMs: number;
  readonly userType: string;
  readonly department: string;
  readonly jobTitle: string;
  readonly manager: string;
  readonly createdMs: number | undefined;
  readonly roles: readonly string[];
  readonly enabled: boolean | undefined;
  readonly serviceAccount: boolean | undefined;
  readonly onPremises: boolean;
}

/** A change of a user's methods in AuditLogs. */
export interface MethodRow {
  readonly userId: string;
  readonly atMs: number;
  readonly ingestedMs: number;
  readonly operation: string;
  readonly reason: string;
  readonly id: string;
}

/** A sign-in from an address that a finding names. */
export interface AddressRow {
  readonly userId: string;
  readonly atMs: number;
  readonly ingestedMs: number;
  readonly ip: string;
  readonly success: boolean;
  readonly namedLocation: string;
  readonly deviceTrust: string;
}

export type IdentityFacts = Omit<IdentityRow, 'ingestedMs'>;

export interface MethodFacts {
  /** Methods that the logs show as registered, without those deleted since; what was registered before the logs begin is not in it. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly lastChangeBeforeMs: number | undefined;
  readonly sinceMs: number;
}

export interface AddressFacts {
  readonly firstSeenMs: number | undefined;
  readonly lastSeenMs: number | undefined;
  /** Successful sign-ins before the event. */
  readonly signIns: number;
  readonly namedLocations: readonly string[];
  readonly deviceTrust: readonly string[];
  readonly sinceMs: number;
}

/** What one finding asks for: rows of a user up to its end, that were ingested within the lateness bound. */
export interface Ask {
  readonly userId: string;
  readonly ip: string;
  readonly startMs: number;
  readonly endMs: number;
  /** When the methods were changed; that of the start where no change is meant. */
  readonly changeMs: number;
}

/** How far back the questions go, in days. */
export const LOOK_BACK_DAYS = { identity: 60, methods: 180, address: 30 } as const satisfies Record<keyof Enrichment, number>;

/**
 * Chooses the facts of one finding among the rows of many. A row counts only if it was there when the events were judged in
 * their order (ingested no later than the lateness bound): the facts are the same whenever the finding is written.
 */
export function chooseFacts(
  ask: Ask,
  rows: { readonly identity: readonly IdentityRow[]; readonly methods: readonly MethodRow[]; readonly address: readonly AddressRow[] },
  latenessMs: number,
): Enrichment {
  const known = (row: { readonly userId: string; readonly atMs: number; readonly ingestedMs: number }, days: number) =>
    row.userId === ask.userId &&
    row.atMs <= ask.endMs &&
    row.atMs >= ask.startMs - days * DAY_MS &&
    row.ingestedMs <= ask.endMs + latenessMs;
  const newest = rows.identity
    .filter((row) => known(row, LOOK_BACK_DAYS.identity))
    .reduce<IdentityRow | undefined>((best, row) => (best === undefined || isNewer(row, best) ? row : best), undefined);
  const changes = rows.methods
    .filter((row) => known(row, LOOK_BACK_DAYS.methods))
    .sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1));
  const signIns = rows.address.filter((row) => row.ip === ask.ip && row.atMs < ask.startMs && known(row, LOOK_BACK_DAYS.address));
  return {
    identity: newest === undefined ? undefined : withoutIngestion(newest),
    methods: changes.length === 0 ? undefined : methodFacts(changes, ask),
    address: ask.ip === '' ? undefined : addressFacts(signIns, ask),
  };
}

/** Two snapshots of one instant are told apart by their content, so that the choice does not depend on the order of rows. */
function isNewer(row: IdentityRow, best: IdentityRow): boolean {
  return row.atMs !== best.atMs ? row.atMs > best.atMs : JSON.stringify(row) > JSON.stringify(best);
}

function withoutIngestion({ ingestedMs: _, ...facts }: IdentityRow): IdentityFacts {
  return facts;
}

function methodFacts(changes: readonly MethodRow[], { startMs, changeMs }: Ask): MethodFacts {
  const earlier = changes.filter((row) => row.atMs < changeMs);
  return {
    before: inventory(earlier),
    after: inventory(changes),
    lastChangeBeforeMs: earlier.at(-1)?.atMs,
    sinceMs: startMs - LOOK_BACK_DAYS.methods * DAY_MS,
  };
}

/** Methods by what was registered less what was deleted; a change of the default names a method that is there. */
function inventory(changes: readonly MethodRow[]): string[] {
  const methods = new Map<string, string>();
  for (const { reason, operation } of changes) {
    const { happening, method } = operationMeaning(operation);
    const name = method ?? methodWords(reason);
    if (name === '') continue;
    if (happening === 'deleted') methods.delete(name.toLowerCase());
    else methods.set(name.toLowerCase(), name);
  }
  return [...methods.values()].sort();
}

function addressFacts(rows: readonly AddressRow[], { startMs }: Ask): AddressFacts {
  const good = rows.filter((row) => row.success);
  const times = good.map((row) => row.atMs).sort((a, b) => a - b);
  const distinct = (values: readonly string[]) => [...new Set(values.filter((value) => value !== ''))].sort();
  return {
    firstSeenMs: times[0],
    lastSeenMs: times.at(-1),
    signIns: good.length,
    namedLocations: distinct(good.map((row) => row.namedLocation)),
    deviceTrust: distinct(good.map((row) => row.deviceTrust)),
    sinceMs: startMs - LOOK_BACK_DAYS.address * DAY_MS,
  };
}
