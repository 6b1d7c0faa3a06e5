import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { ExitCode, FactorwatchError } from '../core/errors.ts';
import { download, type StorageError } from './blob-download.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import { type LeaseClock, type LockedBlob, lockBlob } from './checkpoint-store-lease.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;
const LOCK = 'lock';

/** What is known of a blob: its ETag, or that it is not there. */
type Known = string | 'absent';

export interface BlobOptions {
  readonly clock?: LeaseClock;
  /** Another token for one that the service refused; undefined where there is none. */
  readonly renew?: ((refused: string) => Promise<string | undefined>) | undefined;
}

/**
 * Blobs of an Azure Storage container, below `prefix`. Every write is conditional on what was last read or written under that
 * name, so that a process that lost its lock (a machine that slept) cannot overwrite what its successor wrote.
 */
export function blobCheckpointStore(container: ContainerClient, prefix: string, { clock, renew }: BlobOptions = {}): CheckpointStore {
  const known = new Map<string, Known>();
  let lock: LockedBlob | undefined;
  const blobOf = (name: string): BlockBlobClient => {
    if (!NAME.test(name) || name === LOCK) throw new Error(`not a name of a blob: ${name}`);
    return container.getBlockBlobClient(prefix + name);
  };
  const place = `${new URL(container.url).origin}${new URL(container.url).pathname}/${prefix}`;
  /** A token that ended in mid-run: once more with another one. */
  const authorized = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const refused = (error as StorageError).statusCode === 401 ? bearerOf(error) : undefined;
      if (refused === undefined || (await renew?.(refused)) === undefined) throw error;
      return work();
    }
  };
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await authorized(work);
    } catch (error) {
      throw named(error, place);
    }
  };

  const store: CheckpointStore = {
    place,
    lock: (options) =>
      guarded(async () => {
        const locked = await lockBlob(container.getBlockBlobClient(prefix + LOCK), place, options, { clock, authorized });
        known.clear();
        lock = locked;
        return {
          takenOverFrom: locked.takenOverFrom,
          release: () =>
            guarded(async () => {
              lock = undefined;
              await locked.release();
            }),
        };
      }),
    read: (name, into) => guarded(async () => (await download(blobOf(name), (etag) => known.set(name, etag), into))?.bytes),
    write: (name, bytes) =>
      guarded(async () => {
        lock?.mustHold();
        known.set(name, await replace(blobOf(name), bytes, known.get(name), name));
      }),
    remove: (name) =>
      guarded(async () => {
        lock?.mustHold();
        await blobOf(name).deleteIfExists();
        known.set(name, 'absent');
      }),
    list: (start) =>
      guarded(async () => {
        const names: string[] = [];
        for await (const blob of container.listBlobsFlat({ prefix: prefix + start })) names.push(blob.name.slice(prefix.length));
        return names.filter((name) => name !== LOCK).sort();
      }),
  };
  return store;
}

/** Writes on condition that the blob is as it was known; the new ETag. */
async function replace(blob: BlockBlobClient, bytes: Uint8Array, expected: Known | undefined, name: string): Promise<string> {
  const conditions = expected === undefined || expected === 'absent' ? { ifNoneMatch: '*' } : { ifMatch: expected };
  try {
    const { etag } = await blob.upload(bytes, bytes.length, { conditions });
    return etag ?? '';
  } catch (error) {
    if (!isConflict(error)) throw error;
    const there = await download(blob, () => {});
    // The write arrived and its answer was lost: the SDK sent it again, and the second one found the first.
    if (there !== undefined && Buffer.compare(there.bytes, bytes) === 0) return there.etag;
    // Never looked at before: a leftover of an earlier process, which may be overwritten as it is now.
    if (expected === undefined) return replace(blob, bytes, there === undefined ? 'absent' : there.etag, name);
    throw new FactorwatchError('held', `${name} was changed by another process`, {
      exitCode: ExitCode.held,
      hint: 'This process lost its lock, for instance while the machine slept. Its successor carries on; nothing is lost.',
    });
  }
}

function isConflict(error: unknown): boolean {
  const { statusCode } = error as StorageError;
  return statusCode === 409 || statusCode === 412;
}

/** The token that a refused request bore. */
function bearerOf(error: unknown): string | undefined {
  const { request } = error as { readonly request?: { readonly headers?: { get(name: string): string | undefined } } };
  return /^Bearer (.+)$/i.exec(request?.headers?.get('Authorization') ?? '')?.[1];
}

/** Storage errors by name; never with the request, which may carry a token. */
function named(error: unknown, place: string): Error {
  const { statusCode, code, message } = error as StorageError;
  if (error instanceof FactorwatchError || (statusCode === undefined && code === undefined)) return error as Error;
  const said = `${statusCode ?? ''} ${code ?? ''}`.trim() || message.split('\n')[0];
  if (statusCode === 401) {
    return new FactorwatchError('state-auth', `the token for the state in ${place} was refused (${said})`, {
      exitCode: ExitCode.noPermission,
      hint: 'It has ended, was revoked, or is for another tenant, and a new one was not to be had or refused too. The next run carries on.',
    });
  }
  if (statusCode === 403) {
    return new FactorwatchError('state-auth', `the state in ${place} may not be used (${said})`, {
      exitCode: ExitCode.noPermission,
      hint: 'The identity needs Storage Blob Data Contributor on the container.',
    });
  }
  if (statusCode === 404) {
    return new FactorwatchError('state-unusable', `the container of ${place} does not exist (${said})`, {
      exitCode: ExitCode.noInput,
      hint: 'Create the container, or deploy infra/, which has it.',
    });
  }
  return new FactorwatchError('state-unavailable', `the state in ${place} cannot be reached (${said})`, {
    exitCode: ExitCode.unavailable,
    hint: 'Try again later; the next run takes up where this one stopped.',
  });
}
