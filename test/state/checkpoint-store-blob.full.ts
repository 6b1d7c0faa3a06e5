import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import type { ContainerClient } from '@azure/storage-blob';
import { afterAll, describe, expect, test } from 'vitest';
import { blobCheckpointStore } from '../../src/state/checkpoint-store-blob.ts';
import { type Azurite, startAzurite } from '../support/azurite.ts';
import { checkpointStoreContract } from './checkpoint-store-contract.ts';

const azurite = await startAzurite();
if (typeof azurite === 'string') process.stderr.write(`skipped: ${azurite}\n`);
afterAll(async () => {
  if (typeof azurite !== 'string') await azurite.stop();
});

const bytes = (text: string) => new TextEncoder().encode(text);

describe.skipIf(typeof azurite === 'string')('state in Azure Blob Storage', async () => {
  if (typeof azurite === 'string') return;
  const container: ContainerClient = (azurite as Azurite).container('state');
  await container.createIfNotExists();
  const open = (name: string) => blobCheckpointStore(container, `state/prod/${name}/`);

  checkpointStoreContract('Azure Blob Storage', open);

  const lockText = (name: string) => container.getBlockBlobClient(`state/prod/${name}/lock`);
  const held = async (name: string, holder: object): Promise<void> => {
    const text = JSON.stringify(holder);
    await lockText(name).upload(text, text.length);
    await lockText(name).getBlobLeaseClient().acquireLease(15);
  };

  test('the lease of a process that was killed on this machine is broken at once', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await held('killed', { pid: child.pid, host: hostname(), since: '2026-01-01T00:00:00Z' });
    await expect(open('killed').lock({ waitMs: 0 })).rejects.toMatchObject({ exitCode: 75 });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = await open('killed').lock({ waitMs: 0 });
    expect(lock.takenOverFrom).toContain(`process ${child.pid}`);
    await lock.release();
  });

  test('of another machine it is waited for until it ends', async () => {
    await held('elsewhere', { pid: 1, host: 'elsewhere', since: '2026-01-01T00:00:00Z' });
    await expect(open('elsewhere').lock({ waitMs: 100 })).rejects.toMatchObject({
      exitCode: 75,
      message: expect.stringContaining('elsewhere'),
    });
    const lock = await open('elsewhere').lock({ waitMs: 30_000 });
    expect(lock.takenOverFrom).toContain('process 1 on elsewhere');
    await lock.release();
  });

  test('of many takers of a dead holder one wins', async () => {
    await held('many', { pid: 2 ** 22 + 17, host: hostname(), since: '2026-01-01T00:00:00Z' });
    const takers = await Promise.allSettled(Array.from({ length: 8 }, () => open('many').lock({ waitMs: 0 })));
    expect(takers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('one that lost its lease cannot overwrite what its successor wrote', async () => {
    const [old, next] = [open('fence'), open('fence')];
    await old.write('head.json', bytes('1'));
    await old.lock({ waitMs: 0 });
    expect(await old.read('head.json')).toBeDefined();
    await lockText('fence').getBlobLeaseClient().breakLease(0);
    await next.lock({ waitMs: 0 });
    await next.read('head.json');
    await next.write('head.json', bytes('2'));
    await expect(old.write('head.json', bytes('stale'))).rejects.toMatchObject({ code: 'held', exitCode: 75 });
    expect(Buffer.from((await next.read('head.json'))!).toString()).toBe('2');
  });

  test('a write after the lease ran out unseen is refused before it is sent', async () => {
    let now = 0;
    const store = blobCheckpointStore(container, 'state/prod/slept/', { clock: { now: () => now, sleep: () => Promise.resolve() } });
    const lock = await store.lock({ waitMs: 0 });
    await store.write('a.json', bytes('1'));
    now = 61_000;
    await expect(store.write('a.json', bytes('2'))).rejects.toMatchObject({ code: 'held' });
    await lock.release();
  });

  test('a container that is not there is a named error', async () => {
    const store = blobCheckpointStore((azurite as Azurite).container('nothing'), '');
    await expect(store.lock({ waitMs: 0 })).rejects.toMatchObject({ code: 'state-unusable', exitCode: 66 });
    await expect(store.read('head.json')).rejects.toMatchObject({ code: 'state-unusable' });
  });

  test('a key that is refused names the role', async () => {
    const { ContainerClient, StorageSharedKeyCredential } = await import('@azure/storage-blob');
    const wrong = new ContainerClient(
      container.url,
      new StorageSharedKeyCredential('devstoreaccount1', Buffer.alloc(64).toString('base64')),
    );
    await expect(blobCheckpointStore(wrong, '').read('head.json')).rejects.toMatchObject({
      code: 'state-auth',
      exitCode: 77,
      hint: expect.stringContaining('Storage Blob Data Contributor'),
    });
  });
});
