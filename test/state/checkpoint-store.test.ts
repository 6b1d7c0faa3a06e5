import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileCheckpointStore } from '../../src/state/checkpoint-store-file.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'factorwatch-store-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array | undefined) => (data === undefined ? undefined : new TextDecoder().decode(data));

describe('blobs', () => {
  test('are read as they were written last, listed by prefix, and gone once removed', async () => {
    const store = fileCheckpointStore(join(directory, 'new', 'folder'));
    expect(await store.read('head.json')).toBeUndefined();
    expect(await store.list('')).toEqual([]);
    await store.write('outbox/000002/b.json', bytes('b'));
    await store.write('outbox/000001/a.json', bytes('a'));
    await store.write('head.json', bytes('1'));
    await store.write('head.json', bytes('2'));
    expect(text(await store.read('head.json'))).toBe('2');
    expect(await store.list('outbox/')).toEqual(['outbox/000001/a.json', 'outbox/000002/b.json']);
    await store.remove('outbox/000001/a.json');
    await store.remove('outbox/never/there.json');
    expect(await store.list('outbox/')).toEqual(['outbox/000002/b.json']);
  });

  test('a half-written file of a crash is never seen', async () => {
    const store = fileCheckpointStore(directory);
    writeFileSync(join(directory, 'head.json.tmp'), 'half');
    expect(await store.list('')).toEqual([]);
    await store.write('head.json', bytes('whole'));
    expect(text(await store.read('head.json'))).toBe('whole');
    expect(readdirSync(directory)).toEqual(['head.json']);
  });

  test.each(['../outside', '/etc/passwd', 'a/../b', '', 'a//b'])('the name %j is refused', async (name) => {
    await expect(async () => fileCheckpointStore(directory).read(name)).rejects.toThrow('not a name');
  });

  test('a folder that cannot be made is a named error', async () => {
    writeFileSync(join(directory, 'file'), '');
    const store = fileCheckpointStore(join(directory, 'file', 'below'));
    await expect(store.lock({ waitMs: 0 })).rejects.toMatchObject({ code: 'state-unusable', exitCode: 66 });
  });
});

describe('the lock', () => {
  const lockFile = () => join(directory, readdirSync(directory).find((name) => name.startsWith('lock.'))!);

  test('is held by one, names its holder, and is free again after release', async () => {
    const store = fileCheckpointStore(directory);
    const lock = await store.lock({ waitMs: 0 });
    expect(JSON.parse(readFileSync(lockFile(), 'utf8'))).toMatchObject({ pid: process.pid, host: hostname(), started: expect.any(String) });
    await expect(store.lock({ waitMs: 0 })).rejects.toMatchObject({ code: 'held', exitCode: 75 });
    await lock.release();
    const again = await store.lock({ waitMs: 0 });
    expect(again.takenOverFrom).toBeUndefined();
    await again.release();
    expect(await store.list('')).toEqual([]);
  });

  test('is taken over at once when its holder was killed', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const store = fileCheckpointStore(directory);
    await (await store.lock({ waitMs: 0 })).release();
    const holder = { ...JSON.parse(readFileSync(lockFile(), 'utf8')), pid: child.pid, started: undefined, released: undefined };
    writeFileSync(lockFile(), JSON.stringify(holder));
    await expect(store.lock({ waitMs: 0 })).rejects.toMatchObject({ exitCode: 75 });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = await store.lock({ waitMs: 0 });
    expect(lock.takenOverFrom).toContain(`process ${child.pid}`);
    await lock.release();
  });

  test('is taken over when its pid now belongs to another process', async () => {
    const store = fileCheckpointStore(directory);
    await store.lock({ waitMs: 0 });
    writeFileSync(lockFile(), JSON.stringify({ ...JSON.parse(readFileSync(lockFile(), 'utf8')), started: 'long ago' }));
    expect((await store.lock({ waitMs: 0 })).takenOverFrom).toContain(`process ${process.pid}`);
  });

  test('of another host is never taken over', async () => {
    const store = fileCheckpointStore(directory);
    await store.lock({ waitMs: 0 });
    writeFileSync(lockFile(), JSON.stringify({ ...JSON.parse(readFileSync(lockFile(), 'utf8')), host: 'elsewhere', pid: 999_999 }));
    await expect(store.lock({ waitMs: 0 })).rejects.toMatchObject({ exitCode: 75, message: expect.stringContaining('elsewhere') });
  });

  test('of a dead holder goes to one of many takers', async () => {
    const store = fileCheckpointStore(directory);
    await store.lock({ waitMs: 0 });
    writeFileSync(lockFile(), JSON.stringify({ ...JSON.parse(readFileSync(lockFile(), 'utf8')), started: 'long ago' }));
    const takers = await Promise.allSettled(Array.from({ length: 12 }, () => store.lock({ waitMs: 0 })));
    expect(takers.filter((taker) => taker.status === 'fulfilled')).toHaveLength(1);
  });

  test('is waited for', async () => {
    const store = fileCheckpointStore(directory);
    const first = await store.lock({ waitMs: 0 });
    const second = store.lock({ waitMs: 10_000 });
    await first.release();
    await expect(second).resolves.toMatchObject({ takenOverFrom: undefined });
  });
});
