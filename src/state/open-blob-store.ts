import { isIP } from 'node:net';
import type { TokenCredential } from '@azure/identity';
import type { CheckpointStore } from './checkpoint-store.ts';
import { blobCheckpointStore } from './checkpoint-store-blob.ts';

export interface RenewableCredential extends TokenCredential {
  /** Another token for one that the service refused; undefined where there is none. */
  renew(refused: string): Promise<string | undefined>;
}

export interface BlobStoreOptions {
  /** Names the container, with a folder below it where it has one. */
  readonly url: string;
  /** Added below it: `state/prod/account-takeover`. */
  readonly folder: string;
  readonly credential: () => Promise<RenewableCredential>;
}

/** State in Azure Blob Storage. SDK and credential are opened by the first use, not before. */
export function openBlobStore(options: BlobStoreOptions): CheckpointStore {
  let opened: Promise<CheckpointStore> | undefined;
  const store = () => {
    opened ??= open(options);
    return opened;
  };
  return {
    place: `${options.url.replace(/\/$/, '')}/${options.folder}`,
    lock: async (lock) => (await store()).lock(lock),
    read: async (name, into) => (await store()).read(name, into),
    write: async (name, bytes) => (await store()).write(name, bytes),
    remove: async (name) => (await store()).remove(name),
    list: async (prefix) => (await store()).list(prefix),
  };
}

async function open({ url, folder, credential }: BlobStoreOptions): Promise<CheckpointStore> {
  const { ContainerClient } = await import('@azure/storage-blob');
  const { container, below } = placeOf(url);
  const tokens = await credential();
  const client = new ContainerClient(container, tokens, {
    retryOptions: { maxTries: 5, retryDelayInMs: 500, maxRetryDelayInMs: 10_000, tryTimeoutInMs: 60_000 },
  });
  return blobCheckpointStore(
    client,
    [...below, ...folder.split('/'), ''].filter((part, i, all) => part !== '' || i === all.length - 1).join('/'),
    { renew: (refused) => tokens.renew(refused) },
  );
}

/** The container's address and the folders below it. At an address that is no name (Azurite) the account stands first in the path. */
export function placeOf(url: string): { readonly container: string; readonly below: readonly string[] } {
  const { origin, pathname, hostname } = new URL(url);
  const parts = pathname.split('/').filter((part) => part !== '');
  const length = isIP(hostname.replace(/^\[|\]$/g, '')) !== 0 || hostname === 'localhost' ? 2 : 1;
  return { container: [origin, ...parts.slice(0, length)].join('/'), below: parts.slice(length) };
}
