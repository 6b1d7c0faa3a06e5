import { crc32 } from 'node:zlib';
import type { CheckpointStore } from '../state/checkpoint-store.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { newRowsOf } from './already-there.ts';
import {
  CHECKPOINT_VERSION,
  type Checkpoint,
  checkpointName,
  type EnginePart,
  enginePartName,
  type Head,
  readCheckpoint,
  readHead,
  writeCheckpoint,
  writeHead,
} from './checkpoint.ts';
import { type Delivery, deliver, dropStrays, type RejectedRow, type Slice, stageSlices } from './outbox.ts';

/** What a run leaves: how far it came, what the engine holds, what is to be written. */
export interface Step {
  readonly checkpoint: Omit<Checkpoint, 'engine'>;
  /** Undefined: the engine stays as it is (a verdict). */
  readonly engine: { readonly kind: 'snapshot' | 'delta'; readonly bytes: Uint8Array } | undefined;
  readonly slices: readonly Slice[];
}

/** The state of a pipeline while its lock is held. */
export interface Session {
  /** The checkpoint that holds; undefined before the first run and where it cannot be used. */
  readonly checkpoint: Checkpoint | undefined;
  /** The engine's snapshot and deltas of that checkpoint. */
  readonly parts: readonly Uint8Array[];
  /** Why there is a state and it cannot be used. */
  readonly unusable: string | undefined;
  /** What a run before this one had left in the outbox, delivered now. */
  readonly recovered: Delivery | undefined;
  /**
   * Makes a step durable, uploads its rows, then lets its checkpoint hold. A crash at any point leaves either the state
   * before (nothing of the step was sent) or a sealed outbox, which the next session delivers as it stands.
   */
  commit(step: Step): Promise<Delivery & { readonly engine: readonly EnginePart[] }>;
}

export interface SessionOptions {
  readonly store: CheckpointStore;
  readonly workspace: Workspace;
  readonly runId: string;
  readonly clock: () => number;
  readonly reject: (rows: readonly RejectedRow[]) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/** Opens the state; what is still in the outbox goes out first. The lock must be held. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { store, workspace, runId, clock, reject, signal } = options;
  const head = await readHead(store);
  const underWay = head !== undefined && !head.delivered ? head.sequence : undefined;
  await dropStrays(store, underWay);
  let recovered: Delivery | undefined;
  if (head !== undefined && underWay !== undefined) {
    recovered = await deliver({ store, workspace, sequence: underWay, signal, reject, newRows: newRowsOf(workspace) });
    await writeHead(store, { ...head, delivered: true });
  }
  const loaded = head === undefined ? undefined : await readCheckpoint(store, head);
  let current = loaded !== undefined && 'checkpoint' in loaded ? loaded.checkpoint : undefined;
  let sequence = head?.sequence ?? 0;

  return {
    checkpoint: current,
    parts: loaded !== undefined && 'parts' in loaded ? loaded.parts : [],
    unusable: loaded !== undefined && 'unusable' in loaded ? loaded.unusable : undefined,
    recovered,
    commit: async ({ checkpoint, engine, slices }) => {
      sequence += 1;
      const before = engine?.kind === 'snapshot' ? [] : (current?.engine ?? []);
      const parts =
        engine === undefined ? before : [...before, await writePart(store, enginePartName(sequence, engine.kind), engine.bytes)];
      current = { ...checkpoint, engine: parts };
      const crc = await writeCheckpoint(store, sequence, current);
      await stageSlices(store, sequence, slices);
      const sealed: Head = {
        version: CHECKPOINT_VERSION,
        sequence,
        crc,
        delivered: slices.length === 0,
        runId,
        writtenAt: new Date(clock()).toISOString(),
      };
      await writeHead(store, sealed);
      const delivery = await deliver({ store, workspace, sequence, signal, reject });
      if (!sealed.delivered) await writeHead(store, { ...sealed, delivered: true });
      await collectGarbage(store, sequence, parts);
      return { ...delivery, engine: parts };
    },
  };
}

async function writePart(store: CheckpointStore, name: string, bytes: Uint8Array): Promise<EnginePart> {
  await store.write(name, bytes);
  return { name, bytes: bytes.length, crc: crc32(bytes) };
}

async function collectGarbage(store: CheckpointStore, sequence: number, parts: readonly EnginePart[]): Promise<void> {
  const keep = new Set([checkpointName(sequence), ...parts.map(({ name }) => name)]);
  for (const prefix of ['checkpoint-', 'engine-']) {
    for (const name of await store.list(prefix)) if (!keep.has(name)) await store.remove(name);
  }
}
