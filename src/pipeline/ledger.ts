import type { UnitKey } from '../findings/event-uid.ts';
import { contentHash, type FindingContent, withdrawn } from '../findings/finding-row.ts';
import { type VerdictOverlay, withVerdict } from '../findings/verdict.ts';

/** What was written last of one finding. */
export interface LedgerEntry {
  readonly revision: number;
  /** Of the content written last, the verdict included. */
  readonly hash: string;
  /** EventEndTime, Unix milliseconds (of a backfill's finding in the live ledger: when it was written, if that is later): entries long past are dropped. */
  readonly endMs: number;
  /** A backfill wrote it last; absent = a live run did. */
  readonly by?: 'Backfill' | undefined;
  /** The content that rests on complete events; kept while a provisional one may lie over it. Absent = there is none. */
  readonly committed?: FindingContent | undefined;
  /** What was written rests on events that may not be complete yet; its content without the verdict. */
  readonly provisional?: FindingContent | undefined;
  readonly verdict?: (VerdictOverlay & { readonly unit: UnitKey }) | undefined;
  /** Judged anew after the state was lost: what is said of it before all has been read was written already, and is kept in `committed` where it differs. */
  readonly rebuilt?: true | undefined;
}

/** By EventUid. One that was made is never changed: who wants it otherwise makes another. */
export type Ledger = ReadonlyMap<string, LedgerEntry>;

/** The ledger of a run that reads everything once more. */
export function rebuilt(ledger: Ledger): Ledger {
  return new Map([...ledger].map(([uid, entry]) => [uid, { ...entry, rebuilt: true }]));
}

/** What the engine says now. */
export interface Opinions {
  /** Units whose events are complete, in no order. */
  readonly committed: ReadonlyMap<string, FindingContent>;
  /** Units that were reported only provisionally and are nothing now. */
  readonly retracted: ReadonlySet<string>;
  /** Units as they would be if no event were missing; undefined where that was not asked (between two fetches). */
  readonly provisional: ReadonlyMap<string, FindingContent> | undefined;
}

export interface Revision {
  readonly content: FindingContent;
  readonly revision: number;
}

/** Content is kept so long after its last event for a provisional opinion that is taken back. */
const KEEP_CONTENT_MS = 7 * 86_400_000;
const KEEP_ENTRY_MS = 400 * 86_400_000;

/**
 * Compares what the engine says with what was written, and gives the rows to write, by EventUid, and the ledger after them: the same
 * one where nothing of it changed. A function of its arguments: repeated after a crash it gives the same revisions.
 */
export function planRevisions(
  ledger: Ledger,
  opinions: Opinions,
  nowMs: number,
): { readonly revisions: readonly Revision[]; readonly ledger: Ledger } {
  const { committed, provisional, retracted } = opinions;
  /** Undefined: forgotten. */
  const changes = new Map<string, LedgerEntry | undefined>();
  const touched = new Set([...committed.keys(), ...(provisional?.keys() ?? []), ...retracted]);
  if (provisional !== undefined) {
    for (const [uid, entry] of ledger) {
      if (entry.provisional !== undefined || (entry.rebuilt && entry.committed !== undefined)) touched.add(uid);
    }
  }
  const revisions: Revision[] = [];
  for (const uid of [...touched].sort()) {
    const entry = ledger.get(uid);
    const complete = retracted.has(uid) ? undefined : (committed.get(uid) ?? entry?.committed);
    if (entry?.rebuilt && provisional === undefined) {
      changes.set(uid, aged({ ...entry, committed: complete }, nowMs));
      continue;
    }
    const early = provisional?.get(uid);
    const wanted = early ?? complete ?? takenBack(entry);
    if (wanted === undefined) continue;
    const content = withVerdict(wanted, entry?.verdict);
    const hash = contentHash(content);
    const isNew = hash !== entry?.hash;
    const revision = (entry?.revision ?? 0) + (isNew ? 1 : 0);
    if (isNew) revisions.push({ content, revision });
    const endMs = Date.parse(content.EventEndTime ?? '');
    changes.set(uid, {
      revision,
      hash,
      endMs,
      committed: endMs >= nowMs - KEEP_CONTENT_MS ? complete : undefined,
      provisional: early,
      verdict: entry?.verdict,
    });
  }
  for (const [uid, entry] of ledger) {
    if (changes.has(uid)) continue;
    const isKept = entry.endMs >= nowMs - KEEP_ENTRY_MS;
    const kept = isKept ? aged(entry, nowMs) : undefined;
    const isRead = kept?.rebuilt && provisional !== undefined;
    if (isRead || kept !== entry) changes.set(uid, isRead ? { ...kept, rebuilt: undefined } : kept);
  }
  return { revisions, ledger: changes.size === 0 ? ledger : changed(ledger, changes) };
}

/** Without the content of events that are long past. */
function aged(entry: LedgerEntry, nowMs: number): LedgerEntry {
  const isOld = entry.endMs < nowMs - KEEP_CONTENT_MS && !(entry.rebuilt && differs(entry));
  return entry.committed !== undefined && isOld ? { ...entry, committed: undefined } : entry;
}

function changed(ledger: Ledger, changes: ReadonlyMap<string, LedgerEntry | undefined>): Ledger {
  const next = new Map(ledger);
  for (const [uid, entry] of changes) {
    if (entry === undefined) next.delete(uid);
    else next.set(uid, entry);
  }
  return next;
}

/** Whether what is known by complete events is not what was written. */
function differs({ committed, verdict, hash }: LedgerEntry): boolean {
  return committed !== undefined && contentHash(withVerdict(committed, verdict)) !== hash;
}

/** A unit that was written provisionally and is spoken of no more. */
function takenBack(entry: LedgerEntry | undefined): FindingContent | undefined {
  return entry?.provisional === undefined ? undefined : withdrawn(entry.provisional);
}
