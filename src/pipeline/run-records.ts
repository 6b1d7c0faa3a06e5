import { hostname } from 'node:os';
import type { UserPart } from '../findings/user-parts.ts';
import type { RunRow } from '../schema/factor-runs.ts';

/** What every row of one run has in common. */
export interface RunIdentity {
  readonly runId: string;
  readonly runKind: 'Live' | 'Backfill';
  readonly triggerType: 'Manual' | 'Schedule';
  readonly productVersion: string;
  readonly configHash: string;
}

type Told = Partial<RunRow> & Pick<RunRow, 'OperationName' | 'ResourceName' | 'ResourceKind' | 'Status'>;

/** A row of FactorRuns_CL: what is told, and null or '' for the rest. */
export function runRow(identity: RunIdentity, atMs: number, told: Told): RunRow {
  return {
    TimeGenerated: new Date(atMs).toISOString(),
    Reason: '',
    Description: '',
    RunId: identity.runId,
    RunKind: identity.runKind,
    TriggerType: identity.triggerType,
    Attempt: 1,
    Shard: 0,
    ShardCount: 1,
    WindowStart: null,
    WindowEnd: null,
    WatermarkBefore: null,
    WatermarkAfter: null,
    IngestionLagP95Sec: null,
    RowsRead: null,
    RowsLate: null,
    RowsDuplicate: null,
    FindingsCreated: null,
    FindingsUpdated: null,
    FindingsSuppressed: null,
    RowsSent: null,
    BytesSent: null,
    SendRetries: null,
    QueryCount: null,
    QueryDurationMs: null,
    PartialResult: null,
    DurationMs: null,
    PeakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
    HostText: hostname(),
    ProductVersion: identity.productVersion,
    ConfigHash: identity.configHash,
    ExtendedProperties: null,
    ActorText: '',
    TargetText: '',
    ...told,
  };
}

export const FINDING_USERS = 'Finding users';

/** The row that holds users of a finding that did not fit into its own. Its name is one of a kind, so that a repeated upload is recognised. */
export function userPartRow(identity: RunIdentity, atMs: number, part: UserPart): RunRow {
  return runRow(identity, atMs, {
    OperationName: FINDING_USERS,
    ResourceName: `${part.EventUid}.${part.FindingRevision}.${part.Part}`,
    ResourceKind: 'Finding',
    Status: 'Informational',
    Description: `${part.Users.length} more users of a finding: part ${part.Part} of ${part.Parts}.`,
    ExtendedProperties: { ...part, Users: [...part.Users] },
  });
}
