import { createHash } from 'node:crypto';
import { ExitCode, FactorwatchError } from '../core/errors.ts';
import { contentHash, type FindingContent } from '../findings/finding-row.ts';
import type { Severity } from '../findings/severity.ts';
import { VERDICTS, type VerdictName, withoutVerdict, withVerdict } from '../findings/verdict.ts';
import { FACTOR_FINDINGS, type FindingRow } from '../schema/factor-findings.ts';
import { FACTOR_RUNS, type RunRow } from '../schema/factor-runs.ts';
import type { CheckpointStore } from '../state/checkpoint-store.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { findingSlices } from './finding-slices.ts';
import type { LedgerEntry } from './ledger.ts';
import { type RejectedRow, sliceRows } from './outbox.ts';
import { unitOf } from './recover-ledger.ts';
import { type RunIdentity, runRow } from './run-records.ts';
import { openSession } from './session.ts';
import { notClosed } from './take-back.ts';

/** What an analyst decided about a finding. */
export interface Decision {
  readonly verdict: VerdictName;
  readonly by: string;
  readonly comment: string;
}

export interface CloseDeps {
  readonly workspace: Workspace;
  /** States of the pipelines that may have written it. */
  readonly stores: readonly CheckpointStore[];
  readonly identity: RunIdentity;
  readonly clock: () => number;
  readonly reject: (rows: readonly RejectedRow[]) => Promise<void>;
  readonly lockWaitMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly warn: (text: string) => void;
}

/**
 * Closes a finding: a new revision and a row of FactorRuns_CL, by the same outbox as a run's. Gives the row as written; where the workspace refuses
 * it for ever, the finding stays as it was and an error says so.
 */
export async function closeFinding(row: FindingRow, decision: Decision, deps: CloseDeps): Promise<FindingRow> {
  const { workspace, stores, identity, clock, reject, lockWaitMs, signal } = deps;
  const slicesOf = ({ row, record }: { readonly row: FindingRow; readonly record: RunRow }) => [
    ...findingSlices([row], identity, clock()),
    ...sliceRows(FACTOR_RUNS.stream, [record]),
  ];
  for (const store of stores) {
    const lock = await store.lock({ waitMs: lockWaitMs, signal, brief: true });
    try {
      const session = await openSession({ store, workspace, runId: identity.runId, clock, reject, signal });
      const entry = session.ledger.get(row.EventUid);
      if (entry === undefined) continue;
      const closed = decide(row, entry, { ...decision, leftOut: 0 }, deps);
      const ledger = new Map([...session.ledger, [row.EventUid, closed.entry]]);
      const { takenBack } = await session.note({ ledger, slices: slicesOf(closed), undo: new Map([[row.EventUid, entry]]) });
      const reason = takenBack.get(row.EventUid);
      if (reason === undefined) return closed.row;
      await session.note({ ledger: session.ledger, slices: sliceRows(FACTOR_RUNS.stream, [failed(closed.record, reason)]) });
      throw refused(row, reason);
    } finally {
      await lock.release();
    }
  }
  // No state knows it (it was lost, or the finding was imported): a state that is built again takes the verdict from the row.
  if (workspace.kind === 'azure') {
    deps.warn(
      `no state here knows the finding ${row.EventUid.slice(0, 8)}: of two verdicts given without one before the service shows the first, one holds and the other stays in the table below it`,
    );
  }
  const leftOut = workspace.kind === 'azure' ? apart(identity.runId) : 0;
  const closed = decide(row, undefined, { ...decision, leftOut }, deps);
  for (const { stream, text } of slicesOf(closed)) {
    const rows = JSON.parse(text) as Readonly<Record<string, unknown>>[];
    const { rejected } = await workspace.ingest(stream, rows, signal);
    if (rejected.length === 0) continue;
    await reject(rejected.map(({ row: number, reason }) => ({ stream, row: rows[number], reason })));
    // The finding goes first: the record of a verdict that was not taken is never sent.
    if (stream === FACTOR_FINDINGS.stream) throw refused(row, rejected[0]!.reason);
  }
  return closed.row;
}

const REVISIONS_APART = 1000;

/**
 * Two machines without a state give their verdicts the next revision after the one that the service shows, minutes late. Were it the same for both,
 * which of them holds would differ from one query to the next; so each leaves some revisions out, by its own run.
 */
function apart(runId: string): number {
  return createHash('sha256').update(runId).digest().readUInt32BE(0) % REVISIONS_APART;
}

/** The record of a verdict stands beside one that says it was not taken. */
function failed(record: RunRow, reason: string): RunRow {
  return { ...record, Status: 'Failure', Description: `The workspace refused the closed finding: ${reason}`.slice(0, 4000) };
}

function refused({ EventUid }: FindingRow, reason: string): FactorwatchError {
  return new FactorwatchError('close-refused', notClosed(EventUid, reason), {
    exitCode: ExitCode.partly,
    hint: 'The row is kept in rejected/. `factorwatch doctor` compares the tables and streams with what is written; then close it again.',
  });
}

function decide(
  row: FindingRow,
  entry: LedgerEntry | undefined,
  { verdict, by, comment, leftOut }: Decision & { readonly leftOut: number },
  { identity, clock }: CloseDeps,
) {
  const nowMs = clock();
  const at = new Date(nowMs).toISOString();
  const { TimeGenerated: _, FindingRevision: __, RunId: ___, ...written } = row;
  // The service may be slow to show the newest row: what the state keeps is newer.
  const content: FindingContent = withoutVerdict(entry?.provisional ?? entry?.committed ?? written);
  const overlay = { verdict, by, at, comment, severity: content.EventSeverity as Severity };
  const closed = withVerdict(content, overlay);
  const revision = Math.max(entry?.revision ?? 0, row.FindingRevision ?? 0) + 1 + leftOut;
  const unit = unitOf(row) ?? { tenantId: row.UserScopeId, kind: 'registration', subject: '', anchor: '' };
  const next: LedgerEntry = {
    endMs: Date.parse(row.EventEndTime ?? ''),
    ...entry,
    revision,
    hash: contentHash(closed),
    verdict: { ...overlay, unit },
  };
  const newRow: FindingRow = { TimeGenerated: at, ...closed, FindingRevision: revision, RunId: identity.runId };
  const record: RunRow = runRow(identity, nowMs, {
    OperationName: 'Verdict',
    ResourceName: row.EventUid,
    ResourceKind: 'Finding',
    Status: 'Informational',
    Reason: VERDICTS[verdict].words,
    Description: comment,
    ActorText: by,
    TargetText: row.Username,
    ExtendedProperties: { FindingRevision: revision, EventSeverity: closed.EventSeverity, ThreatRiskLevel: closed.ThreatRiskLevel },
  });
  return { entry: next, row: newRow, record };
}
