import { msFromTicks } from '../core/ticks.ts';
import type { CheckpointStore } from '../state/checkpoint-store.ts';
import { readCheckpoint, readHead } from './checkpoint.ts';
import { timeText } from './time-text.ts';

/** How far a pipeline has come and what is on its way. */
export interface PipelineStatus {
  readonly name: string;
  /** Exclusive end of what was read, ISO 8601; null before the first run. */
  readonly watermark: string | null;
  /** Seconds between that and now. */
  readonly behindSeconds: number | null;
  readonly lastRunId: string | null;
  readonly lastWritten: string | null;
  /** Slices of rows that still wait to be uploaded. */
  readonly waitingSlices: number;
  /** Why the state cannot be used. */
  readonly unusable: string | null;
}

/** Reads a pipeline's state without its lock: a run may be changing it, so this is a look, not a promise. */
export async function pipelineStatus(name: string, store: CheckpointStore, nowMs: number): Promise<PipelineStatus> {
  let head = await readHead(store);
  let state = head === undefined ? undefined : await readCheckpoint(store, head, { withParts: false });
  // A run that has just committed takes the checkpoint away that its head named a moment ago.
  for (let again = 0; again < 3 && state !== undefined && 'unusable' in state; again++) {
    head = await readHead(store);
    state = head === undefined ? undefined : await readCheckpoint(store, head, { withParts: false });
  }
  const until = state !== undefined && 'checkpoint' in state ? state.checkpoint?.until : undefined;
  return {
    name,
    watermark: until === undefined ? null : timeText(until),
    behindSeconds: until === undefined ? null : Math.round((nowMs - msFromTicks(until)) / 1000),
    lastRunId: head?.runId ?? null,
    lastWritten: head?.writtenAt ?? null,
    waitingSlices: head === undefined || head.delivered ? 0 : (await store.list('outbox/')).length,
    unusable: state !== undefined && 'unusable' in state ? state.unusable : null,
  };
}
