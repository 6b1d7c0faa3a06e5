import type { TokenCredential } from '@azure/identity';
import type { CheckpointStore } from './checkpoint-store.ts';
import { blobCheckpointStore } from './checkpoint-store-blob.ts';

/**
 * State in Azure Blob Storage. `url` names the container, with a folder below it where it has one; `folder` is added
 * (`state/prod/identity/`). The SDK is loaded here, not before.
 */
export async function openBlobStore({
  url,
  folder,
  credential,
}: {
  readonly url: string;
  readonly folder: string;
  readonly credential: TokenCredential;
}): Promise<CheckpointStore> {
  const { ContainerClient } = await import('@azure/storage-blob');
  const { origin, pathname } = new URL(url);
  const [container = '', ...below] = pathname.split('/').filter((part) => part !== '');
  const client = new ContainerClient(`${origin}/${container}`, credential, {
    retryOptions: { maxTries: 5, retryDelayInMs: 500, maxRetryDelayInMs: 10_000, tryTimeoutInMs: 60_000 },
  });
  return blobCheckpointStore(
    client,
    [...below, ...folder.split('/')]
      .filter((part) => part !== '')
      .map((part) => `${part}/`)
      .join(''),
  );
}
