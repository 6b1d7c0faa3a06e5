import type { RecordBatch } from 'apache-arrow';
import type { EventKind, EventTable } from '../detectors/evidence.ts';
import type { BudgetStats } from './budget.ts';
import type { Judgement, UnitKind } from './judgement.ts';

/** One entry of an allow-list: holds for events before `untilMs` (Unix milliseconds), for ever when absent. */
export interface AllowEntry {
  readonly value: string;
  readonly untilMs?: number | undefined;
}

/** What the operator vouches for. */
export interface AllowList {
  /** Addresses and CIDR ranges of shared egress: never network evidence, never a source of their own. */
  readonly egress?: readonly AllowEntry[] | undefined;
  /** Names of named locations, treated as egress. */
  readonly namedLocations?: readonly AllowEntry[] | undefined;
  /** Object ids or UPNs whose units are not reported. */
  readonly users?: readonly AllowEntry[] | undefined;
  /** Object ids, UPNs or app ids that act on many users by trade (provisioning, help desk tools). */
  readonly serviceAccounts?: readonly AllowEntry[] | undefined;
  /** Phone numbers or device tokens that many users may share (a ward's desk phone). */
  readonly phoneTargets?: readonly AllowEntry[] | undefined;
  /** Object ids or UPNs of emergency accounts. Nothing is vouched for here: each of their registrations is at least Medium, whatever other lists say. */
  readonly breakGlass?: readonly AllowEntry[] | undefined;
}

/** What an analyst said of a unit. */
export interface Verdict {
  readonly kind: UnitKind;
  readonly subject: string;
  readonly anchor: string;
  readonly verdict: 'malicious' | 'benign' | 'undetermined';
}

/** How an engine is set up. Nothing here is state: a snapshot may be restored with other options. */
export interface EngineOptions {
  /** How long after its event time a row may be ingested and still be judged in its place. Default 15 min. */
  readonly latenessMs?: number | undefined;
  /** Detector ids to run; default all. */
  readonly detectors?: readonly string[] | undefined;
  /** Parameters that differ from a detector's defaults: detector id -> name -> value. */
  readonly parameters?: Readonly<Record<string, Readonly<Record<string, number>>>> | undefined;
  readonly allow?: AllowList | undefined;
  readonly verdicts?: readonly Verdict[] | undefined;
  /** Findings of registrations, and of days of users, that an analyst reads a day; default one for every 20,000 users, at least one. */
  readonly findingsPerDay?: number | undefined;
  /** Users and sources (addresses; as many ranges, networks and devices again) kept at most; idle ones go first. Default 5,000,000 and 1,000,000. */
  readonly maxUsers?: number | undefined;
  readonly maxSources?: number | undefined;
}

/** What became of one batch. */
export interface AddOutcome {
  readonly rows: number;
  /** Rows with the Id and content of a row that was given before (within the retention of Ids). */
  readonly duplicates: number;
  /** Rows whose place in the order was already committed. */
  readonly late: number;
}

/** Totals since the engine was created or restored, and sizes now. */
export interface EngineStats {
  readonly rows: number;
  readonly duplicates: number;
  readonly late: number;
  readonly judged: number;
  readonly pending: number;
  readonly users: number;
  /** Memory of the users' records and their index. */
  readonly userBytes: number;
  readonly sources: number;
  readonly openUnits: number;
  readonly watermarkMs: number;
  /** The alert budget: units scored so far, and the threshold (log odds) that about as many exceed a day as an analyst reads. */
  readonly budget: BudgetStats;
}

/** What the rows that were added can and cannot say; see src/detectors/stream/coverage.ts. */
export interface Coverage {
  readonly signIns: number;
  readonly audits: number;
  readonly tenantless: number;
  readonly tenants: readonly string[];
  /** Rows without an Id, or with a mask in its place. */
  readonly nameless: number;
  readonly firstSignInMs: number;
  readonly unknown: Readonly<Record<string, number>>;
  /** Users who changed their methods: how many, how many of them never signed in, and how many changed them before the first sign-in. */
  readonly users: number;
  readonly unseen: number;
  readonly early: number;
  /** Tenants whose DeviceIds were taken for absent, since they are made up from something else than the device. */
  readonly madeUpDevices: number;
}

/**
 * Streaming detection. Rows go in, in any order and any cut; judgements come out, a function of the rows alone.
 *
 * A row with event time t and ingestion time i has its place in the order at e = t, but not before i - lateness nor after i.
 * When every row ingested before U has been added, the caller may advance to U - lateness: nothing before that can come any more.
 * A row that comes all the same is late: it is judged at the next advance.
 *
 * One run: add()... advance(until - lateness), takeJudgements(), provisional(), snapshot() or delta().
 * A judgement may be taken again unchanged (provisional, then committed): compare before writing a revision.
 */
export interface DetectionEngine {
  add(table: EventTable, kind: EventKind, batch: RecordBatch): AddOutcome;
  /** Judges every event before `watermarkMs` (exclusive). Going back is allowed and judges late rows only. */
  advance(watermarkMs: number): void;
  /** Units whose reported judgement changed since they were last taken: a score of 30 was reached once. In no promised order. */
  takeJudgements(): readonly Judgement[];
  /** As takeJudgements would say if the pending events were complete. The state stays as it is. */
  provisional(): readonly Judgement[];
  /**
   * Everything, pending events included; sealed (state/seal.ts), as delta() is: who keeps it compares the seal and reckons no checksum of its own. `memory`
   * is used where it is large enough: that of the last snapshot or delta, which was saved, so that none is left to be collected and none is new, which
   * the system would have to find a page at a time.
   */
  snapshot(memory?: ArrayBufferLike): Uint8Array;
  /** What changed since the last snapshot() or delta(); restore takes the snapshot and every delta after it, in order. */
  delta(memory?: ArrayBufferLike): Uint8Array;
  readonly stats: EngineStats;
  coverage(): Coverage;
}
