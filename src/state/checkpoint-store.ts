/**
 * Named blobs that outlive a process: a pipeline's checkpoint, its engine's snapshots and its outbox.
 * A name is a path of one or more parts (`outbox/000003/0001-Custom-FactorFindings_CL.json`).
 */
export interface CheckpointStore {
  /** Where it is, for messages. */
  readonly place: string;
  /** Exclusive use until released; error 75 (`held`) while another live process has it. */
  lock(options: LockOptions): Promise<StateLock>;
  /** The bytes are the caller's own, to write to as well. `into` is memory that may be used for the bytes where they fit: of many large blobs, one after the other, none is left to be collected. */
  read(name: string, into?: Uint8Array): Promise<Uint8Array | undefined>;
  /** Replaces the whole blob at once; when it resolves, the blob survives a crash of the machine. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Does nothing where there is no such blob. */
  remove(name: string): Promise<void>;
  /** Names that begin with the prefix, sorted. */
  list(prefix: string): Promise<readonly string[]>;
}

export interface LockOptions {
  /** How long to wait for a holder that is still alive. */
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
  /** It is held for one write (a verdict, findings of a backfill), not for a run: others wait for that, up to BRIEF_MS beyond their `waitMs`. */
  readonly brief?: boolean | undefined;
}

/** So long a brief holder may write, when the service is slow. */
export const BRIEF_MS = 60_000;

export interface StateLock {
  /** Who held it and is gone, in words, when it was taken over. */
  readonly takenOverFrom: string | undefined;
  release(): Promise<void>;
}
