import { setTimeout as sleep } from 'node:timers/promises';
import type { BlobLeaseClient, BlockBlobClient } from '@azure/storage-blob';
import { ExitCode, FactorwatchError } from '../core/errors.ts';
import { download } from './blob-download.ts';
import { BRIEF_MS, type LockOptions, type StateLock } from './checkpoint-store.ts';
import { isGone, ownIdentity, type ProcessIdentity } from './process-identity.ts';

/** Longest the service allows for a lease with an end; a killed holder blocks for no longer. */
const LEASE_SECONDS = 60;
const RENEW_MS = 15_000;
const POLL_MS = 2_000;

interface Holder extends ProcessIdentity {
  readonly since: string;
  readonly released?: boolean;
  readonly brief?: boolean | undefined;
}

export interface LockedBlob extends StateLock {
  /** Throws when the lease may have ended: another process may have the state by now. */
  mustHold(): void;
}

export interface LeaseClock {
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

export interface LeaseOptions {
  readonly clock?: LeaseClock | undefined;
  /** Does a request again where its token had ended. */
  readonly authorized?: (<T>(work: () => Promise<T>) => Promise<T>) | undefined;
}

const systemClock: LeaseClock = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal && { signal }),
};

/**
 * Takes the lock: a lease on a blob whose text names the holder. The lease is taken only once that text is written under it, and
 * a dead holder's lease is broken only while the text is still the one that was read: so of many takers one wins.
 */
export async function lockBlob(
  blob: BlockBlobClient,
  place: string,
  { waitMs, signal, brief }: LockOptions,
  { clock = systemClock, authorized = (work) => work() }: LeaseOptions = {},
): Promise<LockedBlob> {
  const until = clock.now() + waitMs;
  await blob.upload('', 0, { conditions: { ifNoneMatch: '*' } }).catch(ignore(409, 412));
  for (;;) {
    signal?.throwIfAborted();
    const before = await readHolder(blob);
    const lease = blob.getBlobLeaseClient();
    const askedAt = clock.now();
    if (await acquired(lease)) {
      const locked = await settle(blob, lease, before.holder, { askedAt, brief, clock, authorized });
      if (locked) return locked;
      continue;
    }
    const { holder } = before;
    if (holder && holder.released !== true && isGone(holder)) {
      await lease.breakLease(0, { conditions: { ifMatch: before.etag } }).catch(ignore(409, 412));
      continue;
    }
    if (clock.now() >= until + (holder?.brief === true ? BRIEF_MS : 0)) {
      throw new FactorwatchError('held', `the state in ${place} is in use by ${holder ? describe(holder) : 'another process'}`, {
        exitCode: ExitCode.held,
        hint: `Wait until it has ended. A holder that was killed blocks for ${LEASE_SECONDS} s at most: --lock-wait is how long to wait.`,
      });
    }
    await clock.sleep(Math.min(POLL_MS, Math.max(100, until - clock.now())), signal);
  }
}

async function acquired(lease: BlobLeaseClient): Promise<boolean> {
  try {
    await lease.acquireLease(LEASE_SECONDS);
    return true;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 409) return false;
    throw error;
  }
}

/** Writes the holder under the new lease and keeps it; undefined when the lease was broken before that. */
async function settle(
  blob: BlockBlobClient,
  lease: BlobLeaseClient,
  before: Holder | undefined,
  {
    askedAt,
    brief,
    clock,
    authorized,
  }: {
    readonly askedAt: number;
    readonly brief: boolean | undefined;
    readonly clock: LeaseClock;
    readonly authorized: NonNullable<LeaseOptions['authorized']>;
  },
): Promise<LockedBlob | undefined> {
  const own: Holder = { ...ownIdentity(), since: new Date().toISOString(), brief };
  const { leaseId } = lease;
  const write = (holder: Holder) => {
    const body = JSON.stringify(holder);
    return blob.upload(body, Buffer.byteLength(body), { conditions: { leaseId } });
  };
  try {
    await write(own);
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 412) return undefined;
    throw error;
  }
  let renewedAt = askedAt;
  let lost = false;
  const renew = async () => {
    const at = clock.now();
    try {
      await authorized(() => lease.renewLease());
      renewedAt = at;
    } catch (error) {
      // A line that fails may come back before the lease ends; a lease that is another's does not.
      const { statusCode } = error as { statusCode?: number };
      if (statusCode === 409 || statusCode === 412) lost = true;
    }
  };
  const timer = setInterval(() => void renew(), RENEW_MS);
  timer.unref();
  return {
    takenOverFrom: before && before.released !== true ? describe(before) : undefined,
    mustHold: () => {
      if (!lost && clock.now() - renewedAt < LEASE_SECONDS * 1000) return;
      throw new FactorwatchError('held', 'the lock on the state was lost', {
        exitCode: ExitCode.held,
        hint: 'The storage could not be reached for a minute, or the machine slept. The next run carries on.',
      });
    },
    release: async () => {
      clearInterval(timer);
      if (lost) return;
      await write({ ...own, released: true }).catch(ignore(409, 412));
      await lease.releaseLease().catch(ignore(409, 412));
    },
  };
}

async function readHolder(blob: BlockBlobClient): Promise<{ readonly holder: Holder | undefined; readonly etag: string }> {
  const { bytes, etag } = (await download(blob, () => {})) ?? { bytes: new Uint8Array(), etag: '' };
  try {
    return { holder: JSON.parse(new TextDecoder().decode(bytes)) as Holder, etag };
  } catch {
    return { holder: undefined, etag };
  }
}

function ignore(...statuses: readonly number[]): (error: { readonly statusCode?: number }) => void {
  return (error) => {
    if (!statuses.includes(error.statusCode ?? 0)) throw error;
  };
}

function describe({ pid, host, since }: Holder): string {
  return `process ${pid} on ${host}, since ${since}`;
}
