import { ExitCode, FactorwatchError } from '../core/errors.ts';
import type { CheckpointStore, StateLock } from '../state/checkpoint-store.ts';
import type { Ledger, LedgerEntry, Opinions, Revision } from './ledger.ts';
import { planBesideOthers, withoutFindings } from './other-writers.ts';
import type { Slice } from './outbox.ts';
import type { RunDeps } from './run-deps.ts';
import { openSession } from './session.ts';
import { notClosed } from './take-back.ts';

/** How long a backfill waits for a live run to end before it gives up (and goes on when it is called again). */
const LIVE_MS = 600_000;

export interface BesideLiveOptions {
  readonly deps: RunDeps;
  /** State of the live runs of the same pipeline. */
  readonly live: CheckpointStore;
  readonly nowMs: number;
  readonly slicesOf: (revisions: readonly Revision[]) => readonly Slice[];
}

/**
 * Writes findings of a backfill through the state of the live runs: their ledger says which revisions there are, whatever the service shows
 * already, and their outbox sends the rows. That state is locked for this one write, so that of two writers one counts on from the
 * other. Called again after a crash it finds what it had written in that ledger. Gives the backfill's own ledger after it.
 */
export async function writeBesideLive(
  own: Ledger,
  opinions: Opinions,
  { deps, live, nowMs, slicesOf }: BesideLiveOptions,
): Promise<{ readonly ledger: Ledger; readonly rejected: number }> {
  const { workspace, identity, clock, reject, signal, warn } = deps;
  const lock = await lockLive(live, deps);
  try {
    if (lock.takenOverFrom !== undefined) warn(`took over the lock of ${lock.takenOverFrom}, which is gone`);
    const session = await openSession({ store: live, workspace, runId: identity.runId, clock, reject, signal });
    for (const [uid, reason] of session.recovered?.takenBack ?? []) warn(notClosed(uid, reason));
    if (session.unusable !== undefined) {
      throw new FactorwatchError('state-unusable', `the state of the live runs in ${live.place} cannot be used (${session.unusable})`, {
        exitCode: ExitCode.noInput,
        hint: '`factorwatch run` builds it again; then call the backfill again, which goes on where it stopped.',
      });
    }
    const shared = session.ledger;
    const ofLive = new Set([...shared].flatMap(([uid, { by }]) => (by === undefined ? [uid] : [])));
    // A finding of theirs is theirs: what the backfill said of it before must not be taken back either.
    const known = new Map([...own].filter(([uid]) => !ofLive.has(uid)));
    for (const uid of namedIn(own, opinions)) {
      const entry = shared.get(uid);
      if (entry !== undefined && !ofLive.has(uid)) known.set(uid, { ...own.get(uid), ...written(entry) });
    }
    const plan = await planBesideOthers(known, withoutFindings(ofLive, opinions), { workspace, runKind: identity.runKind, nowMs, signal });
    const slices = slicesOf(plan.revisions);
    if (slices.length === 0) return { ledger: plan.ledger, rejected: session.recovered?.rejected ?? 0 };
    const ledger = new Map(shared);
    for (const { content, revision } of plan.revisions) {
      const { hash, endMs, verdict } = plan.ledger.get(content.EventUid)!;
      // Kept as long as what was found just now: by its events alone it would be forgotten at once.
      ledger.set(content.EventUid, { revision, hash, endMs: Math.max(endMs, clock()), by: 'Backfill', verdict });
    }
    const delivery = await session.note({ ledger, slices });
    return { ledger: plan.ledger, rejected: delivery.rejected + (session.recovered?.rejected ?? 0) };
  } finally {
    await lock.release();
  }
}

/** What another writer decides of an entry; when its events were is told by the content. */
function written({ revision, hash, verdict, endMs }: LedgerEntry): LedgerEntry {
  return { revision, hash, endMs, verdict };
}

function namedIn(own: Ledger, { committed, provisional, retracted }: Opinions): ReadonlySet<string> {
  return new Set([...own.keys(), ...committed.keys(), ...(provisional?.keys() ?? []), ...retracted]);
}

async function lockLive(live: CheckpointStore, { lockWaitMs, signal, warn }: RunDeps): Promise<StateLock> {
  try {
    return await live.lock({ waitMs: 0, signal, brief: true });
  } catch (error) {
    if (!(error instanceof FactorwatchError) || error.exitCode !== ExitCode.held) throw error;
    warn(`${error.message}; the backfill waits until it can write`);
    return live.lock({ waitMs: Math.max(lockWaitMs, LIVE_MS), signal, brief: true });
  }
}
