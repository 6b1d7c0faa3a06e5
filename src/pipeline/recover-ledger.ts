import type { UnitKey } from '../findings/event-uid.ts';
import { contentHash, fieldsOf } from '../findings/finding-row.ts';
import { severityDecidedOn, VERDICTS, type VerdictName, type VerdictOverlay } from '../findings/verdict.ts';
import type { FindingRow } from '../schema/factor-findings.ts';
import type { LedgerEntry } from './ledger.ts';

/**
 * The ledger as far as the workspace tells it, for a pipeline whose state was lost: revisions go on counting, verdicts hold,
 * and a finding that says the same is not written again.
 */
export function ledgerOf(rows: readonly FindingRow[]): ReadonlyMap<string, LedgerEntry> {
  return new Map(
    rows.map((row) => {
      const { TimeGenerated: _, FindingRevision, RunId: __, ...content } = row;
      const entry: LedgerEntry = {
        revision: FindingRevision ?? 1,
        hash: contentHash(content),
        endMs: Date.parse(row.EventEndTime ?? ''),
        by: row.RunKind === 'Backfill' ? 'Backfill' : undefined,
        verdict: verdictOf(row),
      };
      return [row.EventUid, entry];
    }),
  );
}

function verdictOf(row: FindingRow): LedgerEntry['verdict'] {
  const name = (Object.keys(VERDICTS) as VerdictName[]).find((key) => VERDICTS[key].words === row.AlertVerdict);
  const given = fieldsOf(row)['Verdict'] as { By?: unknown; At?: unknown; Comment?: unknown } | undefined;
  const unit = unitOf(row);
  if (name === undefined || given === undefined || unit === undefined) return undefined;
  const overlay: VerdictOverlay = {
    verdict: name,
    by: String(given.By ?? ''),
    at: String(given.At ?? ''),
    comment: String(given.Comment ?? ''),
    severity: severityDecidedOn(row),
  };
  return { ...overlay, unit };
}

/** What a row is about. */
export function unitOf(row: FindingRow): UnitKey | undefined {
  const unit = fieldsOf(row)['Unit'] as { Kind?: unknown; Subject?: unknown; Anchor?: unknown } | undefined;
  if (typeof unit?.Kind !== 'string' || typeof unit.Subject !== 'string' || typeof unit.Anchor !== 'string') return undefined;
  return { tenantId: row.UserScopeId, kind: unit.Kind as UnitKey['kind'], subject: unit.Subject, anchor: unit.Anchor };
}
