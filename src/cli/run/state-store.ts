import { join } from 'node:path';
import type { CheckpointStore } from '../../state/checkpoint-store.ts';
import { fileCheckpointStore } from '../../state/checkpoint-store-file.ts';
import { openBlobStore } from '../../state/open-blob-store.ts';
import type { Target } from '../config/config.ts';

/** How long a run waits for a lease by default: one of a killed run ends after 60 s. A lock in a directory knows its dead holder at once. */
const LEASE_WAIT_SECONDS = 75;

/** The state of one pipeline on one target. */
export function openStateStore(target: Target, dataDir: string, pipeline: string): CheckpointStore {
  if (target.kind !== 'azure' || target.state.kind !== 'blob') return fileCheckpointStore(join(dataDir, 'state', target.name, pipeline));
  const credential = async () => {
    const [{ openCredential }, { FreshTokens }] = await Promise.all([
      import('../../workspace/azure/credentials.ts'),
      import('../../workspace/azure/fresh-tokens.ts'),
    ]);
    const reopen = () => openCredential(target, process.env);
    return new FreshTokens(await reopen(), { reopen });
  };
  return openBlobStore({ url: target.state.url, folder: `state/${target.name}/${pipeline}`, credential });
}

/** What --lock-wait is where it is not given. */
export function defaultLockWaitSeconds(target: Target): number {
  return target.kind === 'azure' && target.state.kind === 'blob' ? LEASE_WAIT_SECONDS : 0;
}
