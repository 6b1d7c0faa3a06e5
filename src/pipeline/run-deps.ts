import type { AllowList, DetectionEngine, EngineOptions } from '../scoring/engine-api.ts';
import type { CheckpointStore } from '../state/checkpoint-store.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { RejectedRow } from './outbox.ts';
import type { OnProgress } from './progress.ts';
import type { RunIdentity } from './run-records.ts';

/** Makes the engine, from the parts that its last snapshots left; throws when it cannot read them. */
export type EngineFactory = (options: EngineOptions, parts: readonly Uint8Array[]) => DetectionEngine;

/** What a run works with. The clock tells Unix milliseconds. */
export interface RunDeps {
  readonly workspace: Workspace;
  readonly store: CheckpointStore;
  /** State of the live runs, through which a backfill writes its findings; absent in a live run, and where there can be none. */
  readonly live?: CheckpointStore | undefined;
  readonly engine: EngineFactory;
  /** Titles of all detectors that there are, by id. */
  readonly detectors: ReadonlyMap<string, string>;
  readonly allow?: AllowList | undefined;
  /** Folder of the extraction queries. */
  readonly queries: string;
  readonly identity: RunIdentity;
  readonly clock: () => number;
  readonly lockWaitMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly warn: (text: string) => void;
  readonly reject: (rows: readonly RejectedRow[]) => Promise<void>;
  readonly onProgress?: OnProgress | undefined;
}
