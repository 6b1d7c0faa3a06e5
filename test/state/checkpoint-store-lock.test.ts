import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fileCheckpointStore } from '../../src/state/checkpoint-store-file.ts';

/** A disk that says ENOSPC to every new text, as a full one does; names can still be changed and files shortened. */
let full = false;
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return {
    ...real,
    writeFile: (...args: Parameters<typeof real.writeFile>) =>
      full ? Promise.reject(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })) : real.writeFile(...args),
  };
});

let directory = '';
beforeEach(() => {
  full = false;
  directory = mkdtempSync(join(tmpdir(), 'factorwatch-lock-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('a lock that cannot be taken because the disk is full is an error with the place, and leaves nothing', async () => {
  full = true;
  await expect(fileCheckpointStore(directory).lock({ waitMs: 0 })).rejects.toMatchObject({
    code: 'state-unusable',
    exitCode: 66,
    message: expect.stringContaining(`${directory} cannot be used: ENOSPC`),
  });
  expect(readdirSync(directory)).toEqual([]);
});

test('a lock is given back on a full disk too: what the run came to is not lost over it, and the same process takes it again', async () => {
  const store = fileCheckpointStore(directory);
  const lock = await store.lock({ waitMs: 0 });
  full = true;
  await lock.release();
  full = false;
  const again = await store.lock({ waitMs: 0 });
  expect(again.takenOverFrom).toBeUndefined();
  await again.release();
  expect(readdirSync(directory)).toEqual(['lock.2']);
});

test('an interruption while waiting is not called a fault of the disk', async () => {
  const store = fileCheckpointStore(directory);
  const lock = await store.lock({ waitMs: 0 });
  const stop = new AbortController();
  const waiting = store.lock({ waitMs: 60_000, signal: stop.signal });
  setTimeout(() => stop.abort(), 50);
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  await lock.release();
});
