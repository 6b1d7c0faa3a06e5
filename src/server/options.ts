import type { Workspace } from '../workspace/workspace.ts';
import type { ServerClock } from './clock.ts';
import type { FakeArm } from './fakes/arm.ts';
import type { FaultPlan } from './faults.ts';
import type { Journal } from './journal.ts';
import type { Relay } from './relay.ts';

/** What the server allows; the defaults are the service's own numbers (Azure Monitor service limits). */
export interface ServerLimits {
  /** Rows of one answer; more are cut and the answer is marked partial. */
  readonly rows: number;
  /** Bytes of one answer before compression. */
  readonly bytes: number;
  /** Time a query may take where `Prefer: wait` does not say otherwise. */
  readonly waitMs: number;
  readonly maxWaitMs: number;
  /** Queries that run at once. */
  readonly concurrent: number;
  /** Queries that wait for a place, and how long each may. */
  readonly queue: number;
  readonly queueMs: number;
  /** Queries in a window of time; undefined = not limited. */
  readonly rate: { readonly count: number; readonly windowMs: number } | undefined;
  readonly queryBodyBytes: number;
  readonly batchItems: number;
  /** Of one ingestion call, compressed and uncompressed both. */
  readonly ingestBytes: number;
  /** Of one field; longer ones are cut. */
  readonly fieldBytes: number;
  /** An answer that its client does not read for so long is given up. */
  readonly stallMs: number;
}

export const DEFAULT_LIMITS: ServerLimits = {
  rows: 500_000,
  bytes: 104_857_600,
  waitMs: 180_000,
  maxWaitMs: 600_000,
  concurrent: 5,
  queue: 200,
  queueMs: 180_000,
  rate: undefined,
  queryBodyBytes: 2_097_152,
  batchItems: 100,
  ingestBytes: 1_048_576,
  fieldBytes: 65_536,
  stallMs: 120_000,
};

export const EMPTY_DCR_ID = 'dcr-00000000000000000000000000000000';

export interface AppOptions {
  readonly workspace: Workspace;
  /** Ids the workspace answers to, besides the all-zero GUID. */
  readonly workspaceIds?: readonly string[];
  /** Ids of data collection rules it answers to, besides the all-zero one. */
  readonly dcrIds?: readonly string[];
  /** The one bearer token that is let in; any that is not empty where it is absent. */
  readonly token?: string | undefined;
  /** Whether a token that says for which API it was made is refused by the others. */
  readonly checkAudience?: boolean | undefined;
  readonly clock?: ServerClock;
  readonly limits?: Partial<ServerLimits>;
  /** Faults to make on purpose; for tests. */
  readonly faults?: FaultPlan | undefined;
  readonly journal?: Journal | undefined;
  /** Stands in for the management API, at /subscriptions; for tests. */
  readonly arm?: FakeArm | undefined;
  /** Runs a command of another process of the same user on this data directory. */
  readonly relay?: Relay | undefined;
  /** Told of defects: errors that are nobody's request. */
  readonly onDefect?: (error: unknown) => void;
}
