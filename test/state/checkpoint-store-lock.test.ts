import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fileCheckpointStore } from '../../src/state/checkpoint-store-file.ts';

/** A disk that says ENOSPC to every new text, as a full one does; names can still be changed and files shortened. */
let full = false;
/** What reading a lock's text fails with, as errno has it (read(2), open(2)). */
let unreadable: string | undefined;
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return {
    ...real,
    readFile: (...args: Parameters<typeof real.readFile>) =>
      unreadable !== undefined && basename(String(args[0])).startsWith('lock.')
        ? Promise.reject(Object.assign(new Error(`${unreadable}: ${args[0]}`), { code: unreadable }))
        : real.readFile(...args),
    writeFile: (...args: Parameters<typeof real.writeFile>) =>
      full ? Promise.reject(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })) : real.writeFile(...args),
  };
});

let directory = '';
beforeEach(() => {
  full = false;
  unreadable = undefined;
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

test.each(['EACCES', 'EIO', 'EMFILE'])('a lock whose text cannot be read (%s) is not taken from its living holder', async (code) => {
  const store = fileCheckpointStore(directory);
  const lock = await store.lock({ waitMs: 0 });
  unreadable = code;
  await expect(store.lock({ waitMs: 0 })).rejects.toMatchObject({
    code: 'state-unusable',
    exitCode: 66,
    message: expect.stringContaining(`${directory} cannot be used: ${code}`),
  });
  expect(readdirSync(directory)).toEqual(['lock.1']);
  unreadable = undefined;
  await expect(store.lock({ waitMs: 0 })).rejects.toMatchObject({ code: 'held' });
  await lock.release();
});

test('a lock that vanished before it was read is free', async () => {
  await (await fileCheckpointStore(directory).lock({ waitMs: 0 })).release();
  unreadable = 'ENOENT';
  await (await fileCheckpointStore(directory).lock({ waitMs: 0 })).release();
  expect(readdirSync(directory)).toEqual(['lock.2']);
});

// The text is not forced to the disk: after a loss of power the file may be empty, zeros or short, and its process is gone.
test.each([
  ['nothing', ''],
  ['zeros', '\0'.repeat(80)],
  ['half a text', '{"pid":1,"host":"a'],
])('a lock that holds %s is free', async (_, text) => {
  writeFileSync(join(directory, 'lock.7'), text);
  const lock = await fileCheckpointStore(directory).lock({ waitMs: 0 });
  expect(lock.takenOverFrom).toBeUndefined();
  expect(readdirSync(directory)).toEqual(['lock.8']);
  await lock.release();
});

test.skipIf(process.platform === 'win32')(
  'other users can read whose lock it is, and that it was released, under a strict umask too',
  async () => {
    const mode = (name: string) => (statSync(join(directory, name)).mode & 0o777).toString(8);
    const before = process.umask(0o077);
    try {
      const lock = await fileCheckpointStore(directory).lock({ waitMs: 0 });
      expect(mode('lock.1')).toBe('644');
      await lock.release();
      expect(mode('lock.1')).toBe('644');
    } finally {
      process.umask(before);
    }
  },
);
