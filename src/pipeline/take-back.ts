import { FACTOR_FINDINGS } from '../schema/factor-findings.ts';
import type { CheckpointStore } from '../state/checkpoint-store.ts';
import type { Ledger, LedgerEntry } from './ledger.ts';
import type { RejectedRow } from './outbox.ts';

export const REFUSED = 'refused-';

/** What the user is told of a verdict that was taken back. */
export function notClosed(uid: string, reason: string): string {
  return `finding ${uid.slice(0, 8)} is not closed: the workspace refused its row (${reason})`;
}

export interface TakeBack {
  /** Keeps refused rows as the caller does, and remembers those of findings that can be taken back. */
  readonly reject: (rows: readonly RejectedRow[]) => Promise<void>;
  /** Why, by EventUid; what a killed process had remembered too. */
  readonly refused: () => Promise<ReadonlyMap<string, string>>;
  readonly restored: (ledger: Ledger, refused: ReadonlyMap<string, string>) => Ledger;
  /** To be called once a state without them holds. */
  readonly forget: () => Promise<void>;
}

/**
 * A verdict that the workspace refuses for ever must not count. What was refused is written down before its slice is acknowledged:
 * a process that is killed right after would never hear of it again.
 */
export function takeBack(
  store: CheckpointStore,
  sequence: number,
  undo: ReadonlyMap<string, LedgerEntry | undefined> = new Map(),
  reject: (rows: readonly RejectedRow[]) => Promise<void>,
): TakeBack {
  const name = `${REFUSED}${String(sequence).padStart(9, '0')}.json`;
  const read = async (): Promise<ReadonlyMap<string, string>> => {
    const bytes = undo.size === 0 ? undefined : await store.read(name);
    const known = bytes === undefined ? [] : (JSON.parse(new TextDecoder().decode(bytes)) as [string, string][]);
    return new Map(known.filter(([uid]) => undo.has(uid)));
  };
  return {
    reject: async (rows) => {
      await reject(rows);
      const named = rows.flatMap(({ stream, row, reason }) => {
        const uid = (row as { readonly EventUid?: unknown } | undefined)?.EventUid;
        return stream === FACTOR_FINDINGS.stream && typeof uid === 'string' && undo.has(uid) ? [[uid, reason] as const] : [];
      });
      if (named.length > 0) await store.write(name, new TextEncoder().encode(JSON.stringify([...(await read()), ...named])));
    },
    refused: read,
    restored: (ledger, refused) => {
      const restored = new Map(ledger);
      for (const uid of refused.keys()) {
        const before = undo.get(uid);
        if (before === undefined) restored.delete(uid);
        else restored.set(uid, before);
      }
      return restored;
    },
    forget: async () => {
      if (undo.size > 0) await store.remove(name);
    },
  };
}
