import type { RunRow } from '../schema/factor-runs.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { newestRows } from './current-findings.ts';
import { type Ledger, type LedgerEntry, type Opinions, planRevisions, type Revision } from './ledger.ts';
import { ledgerOf } from './recover-ledger.ts';

export interface BesideOptions {
  readonly workspace: Workspace;
  readonly runKind: RunRow['RunKind'];
  readonly nowMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Plans revisions where somebody may have written the same findings without this ledger: a verdict given where there is no state, runs whose
 * state was lost. Before anything is written the workspace is asked for these findings; a revision that is newer than the ledger's is
 * another's, and counting goes on from it. A backfill knows less of the past than the live runs, so it leaves alone what they have written.
 */
export async function planBesideOthers(
  ledger: Ledger,
  opinions: Opinions,
  { workspace, runKind, nowMs, signal }: BesideOptions,
): Promise<{ readonly revisions: readonly Revision[]; readonly ledger: Ledger }> {
  const plan = planRevisions(ledger, opinions, nowMs);
  const uids = plan.revisions.map(({ content }) => content.EventUid);
  if (uids.length === 0) return plan;
  const there = await newestRows(workspace, signal, uids);
  const live = new Set(runKind === 'Backfill' ? there.filter((row) => row.RunKind === 'Live').map((row) => row.EventUid) : []);
  const newer = [...ledgerOf(there)].filter(([uid, { revision }]) => revision > (ledger.get(uid)?.revision ?? 0));
  if (live.size === 0 && newer.length === 0) return plan;
  const merged = new Map(ledger);
  for (const uid of live) merged.delete(uid);
  for (const [uid, { revision, hash, verdict, by }] of newer) {
    const known: LedgerEntry | undefined = ledger.get(uid);
    const endMs = known?.endMs ?? nowMs;
    merged.set(uid, { ...known, endMs, revision, hash, by, verdict: verdict ?? known?.verdict });
  }
  return planRevisions(merged, withoutFindings(live, opinions), nowMs);
}

/** What the engine says of all other findings. */
export function withoutFindings(uids: ReadonlySet<string>, { committed, retracted, provisional }: Opinions): Opinions {
  const left = <T>(map: ReadonlyMap<string, T>) => new Map([...map].filter(([uid]) => !uids.has(uid)));
  return {
    committed: left(committed),
    retracted: new Set([...retracted].filter((uid) => !uids.has(uid))),
    provisional: provisional === undefined ? undefined : left(provisional),
  };
}
