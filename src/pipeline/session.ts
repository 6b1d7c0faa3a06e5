import type { CheckpointStore } from '../state/checkpoint-store.ts';
import { sealOf } from '../state/seal.ts';
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
  type Saved,
  writeCheckpoint,
  writeHead,
} from './checkpoint.ts';
import type { Ledger, LedgerEntry } from './ledger.ts';
import { type Delivery, deliver, dropStrays, type RejectedRow, type Slice, stageSlices } from './outbox.ts';
import { REFUSED, takeBack } from './take-back.ts';

/** What a run leaves: how far it came, what the engine holds, what is to be written. */
export interface Step {
  readonly checkpoint: Omit<Checkpoint, 'engine'>;
  readonly engine: { readonly kind: 'snapshot' | 'delta'; readonly bytes: Uint8Array };
  readonly slices: readonly Slice[];
}

/** Rows that are written without reading on: a verdict, a backfill's findings. */
export interface Note {
  readonly ledger: Ledger;
  readonly slices: readonly Slice[];
  /** Entries that hold again where the workspace refuses the row of that finding for ever; undefined = there was none. */
  readonly undo?: ReadonlyMap<string, LedgerEntry | undefined> | undefined;
}

export interface Delivered extends Delivery {
  /** Why the workspace refused findings that a note names in `undo`, by EventUid: their entries are what they were before. */
  readonly takenBack: ReadonlyMap<string, string>;
}

/** The state of a pipeline while its lock is held. */
export interface Session {
  /** The checkpoint that holds; undefined before the first run and where it cannot be used. */
  readonly checkpoint: Checkpoint | undefined;
  /** What was written last of each finding, also where only others have written so far (then there is no checkpoint). */
  readonly ledger: Ledger;
  /** The engine's snapshot and deltas of that checkpoint. */
  readonly parts: readonly Uint8Array[];
  /** Why there is a state and it cannot be used. */
  readonly unusable: string | undefined;
  /** What a run before this one had left in the outbox, delivered now. */
  readonly recovered: Delivered | undefined;
  /**
   * Makes a step durable, uploads its rows, then lets its checkpoint hold. A crash at any point leaves either the state
   * before (nothing of the step was sent) or a sealed outbox, which the next session delivers as it stands.
   */
  commit(step: Step): Promise<Delivery & { readonly engine: readonly EnginePart[] }>;
  /** As `commit`, of rows alone: the pipeline stays where it is. */
  note(note: Note): Promise<Delivered>;
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
  const { store, workspace, runId, clock, signal } = options;
  const head = await readHead(store);
  let sequence = head?.sequence ?? 0;
  const loaded = head === undefined ? undefined : await readCheckpoint(store, head);
  const unusable = loaded !== undefined && 'unusable' in loaded ? loaded.unusable : undefined;
  let current: Saved = loaded !== undefined && 'ledger' in loaded ? loaded : { checkpoint: undefined, ledger: new Map() };

  /** Lets a state hold, and its slices be on their way. */
  const seal = async (saved: Saved, slices: readonly Slice[]): Promise<Head> => {
    sequence += 1;
    current = saved;
    const crc = await writeCheckpoint(store, sequence, saved);
    await stageSlices(store, sequence, slices);
    const writtenAt = new Date(clock()).toISOString();
    const sealed: Head = { version: CHECKPOINT_VERSION, sequence, crc, delivered: slices.length === 0, runId, writtenAt };
    await writeHead(store, sealed);
    return sealed;
  };
  /** Sends what a head has on its way; what the workspace refuses of it is taken back where the state says how it was before. */
  const send = async (sealed: Head, recovering = false): Promise<Delivered> => {
    const undo = takeBack(store, sealed.sequence, current.undo, options.reject);
    const newRows = recovering ? newRowsOf(workspace) : undefined;
    const delivery = await deliver({ store, workspace, sequence: sealed.sequence, signal, reject: undo.reject, newRows });
    const takenBack = await undo.refused();
    if (takenBack.size > 0) {
      // One write says both, that all is delivered and that these entries are as before.
      const { checkpoint } = current;
      const ledger = undo.restored(current.ledger, takenBack);
      await seal({ checkpoint: checkpoint && { ...checkpoint, ledger }, ledger }, []);
    } else if (!sealed.delivered) await writeHead(store, { ...sealed, delivered: true });
    await undo.forget();
    return { ...delivery, takenBack };
  };

  const underWay = head !== undefined && !head.delivered ? head : undefined;
  await dropStrays(store, underWay?.sequence);
  const recovered = underWay && (await send(underWay, true));
  return {
    checkpoint: current.checkpoint,
    ledger: current.ledger,
    parts: loaded !== undefined && 'parts' in loaded ? loaded.parts : [],
    unusable,
    recovered,
    commit: async ({ checkpoint, engine, slices }) => {
      const before = engine.kind === 'snapshot' ? [] : (current.checkpoint?.engine ?? []);
      const parts = [...before, await writePart(store, enginePartName(sequence + 1, engine.kind), engine.bytes)];
      const { ledger } = checkpoint;
      const delivery = await send(await seal({ checkpoint: { ...checkpoint, engine: parts }, ledger }, slices));
      await collectGarbage(store, sequence, parts);
      return { ...delivery, engine: parts };
    },
    note: async ({ ledger, slices, undo }) => {
      const { checkpoint } = current;
      const delivery = await send(await seal({ checkpoint: checkpoint && { ...checkpoint, ledger }, ledger, undo }, slices));
      await collectGarbage(store, sequence, checkpoint?.engine ?? []);
      return delivery;
    },
  };
}

async function writePart(store: CheckpointStore, name: string, bytes: Uint8Array): Promise<EnginePart> {
  await store.write(name, bytes);
  return { name, bytes: bytes.length, seal: sealOf(bytes) };
}

async function collectGarbage(store: CheckpointStore, sequence: number, parts: readonly EnginePart[]): Promise<void> {
  const keep = new Set([checkpointName(sequence), ...parts.map(({ name }) => name)]);
  for (const prefix of ['checkpoint-', 'engine-', REFUSED]) {
    for (const name of await store.list(prefix)) if (!keep.has(name)) await store.remove(name);
  }
}
