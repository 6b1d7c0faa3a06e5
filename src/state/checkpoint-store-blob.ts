import { buffer } from 'node:stream/consumers';
import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { ExitCode, FactorwatchError } from '../core/errors.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import { type LeaseClock, type LockedBlob, lockBlob } from './checkpoint-store-lease.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;
const LOCK = 'lock';

/** What is known of a blob: its ETag, or that it is not there. */
type Known = string | 'absent';

interface StorageError {
  readonly statusCode?: number;
  readonly code?: string;
  readonly message: string;
}

/**
 * Blobs of an Azure Storage container, below `prefix`. Every write is conditional on what was last read or written under that
 * name, so that a process that lost its lock (a machine that slept) cannot overwrite what its successor wrote.
 */
export function blobCheckpointStore(container: ContainerClient, prefix: string, clock?: LeaseClock): CheckpointStore {
  const known = new Map<string, Known>();
  let lock: LockedBlob | undefined;
  const blobOf = (name: string): BlockBlobClient => {
    if (!NAME.test(name) || name === LOCK) throw new Error(`not a name of a blob: ${name}`);
    return container.getBlockBlobClient(prefix + name);
  };
  const place = `${new URL(container.url).origin}${new URL(container.url).pathname}/${prefix}`;
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw named(error, place);
    }
  };

  const store: CheckpointStore = {
    place,
    lock: (options) =>
      guarded(async () => {
        const locked = await lockBlob(container.getBlockBlobClient(prefix + LOCK), place, options, clock);
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

async function download(
  blob: BlockBlobClient,
  learn: (etag: Known) => void,
  into?: Uint8Array,
): Promise<{ readonly bytes: Uint8Array; readonly etag: string } | undefined> {
  try {
    // One answer has both, the bytes and their ETag: two requests could be of two versions.
    const answer = await blob.download();
    const bytes = await collect(answer.readableStreamBody!, answer.contentLength, into);
    const { etag } = answer;
    learn(etag ?? 'absent');
    return { bytes, etag: etag ?? '' };
  } catch (error) {
    if ((error as StorageError).statusCode !== 404 || (error as StorageError).code === 'ContainerNotFound') throw error;
    learn('absent');
    return undefined;
  }
}

/** The bytes of a body, in `into` where they are known to fit. */
async function collect(body: NodeJS.ReadableStream, length: number | undefined, into: Uint8Array | undefined): Promise<Uint8Array> {
  if (into === undefined || length === undefined || length > into.length) return buffer(body);
  let filled = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    into.set(chunk, filled);
    filled += chunk.length;
  }
  return into.subarray(0, filled);
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

/** Storage errors by name; never with the request, which may carry a token. */
function named(error: unknown, place: string): Error {
  const { statusCode, code, message } = error as StorageError;
  if (error instanceof FactorwatchError || (statusCode === undefined && code === undefined)) return error as Error;
  const said = `${statusCode ?? ''} ${code ?? ''}`.trim() || message.split('\n')[0];
  if (statusCode === 401 || statusCode === 403) {
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
