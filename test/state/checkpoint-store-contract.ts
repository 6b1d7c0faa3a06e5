import { describe, expect, test } from 'vitest';
import type { CheckpointStore } from '../../src/state/checkpoint-store.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array | undefined) => (data === undefined ? undefined : new TextDecoder().decode(data));

/**
 * What every checkpoint store keeps. `open` gives a store over the same place each time within one test: as if by another process,
 * but for the lock, whose holder is this one.
 */
export function checkpointStoreContract(kind: string, open: (test: string) => CheckpointStore): void {
  describe(`the contract of a checkpoint store: ${kind}`, () => {
    test('a blob is what was written last, also through another store', async () => {
      const store = open('last');
      expect(await store.read('head.json')).toBeUndefined();
      await store.write('head.json', bytes('1'));
      await store.write('head.json', bytes('2'));
      expect(text(await store.read('head.json'))).toBe('2');
      expect(text(await open('last').read('head.json'))).toBe('2');
    });

    test('any bytes come back, none and many', async () => {
      const store = open('bytes');
      const many = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31) & 255);
      await store.write('many.bin', many);
      await store.write('none.bin', new Uint8Array(0));
      expect(Buffer.compare((await store.read('many.bin'))!, many)).toBe(0);
      expect((await store.read('none.bin'))!.length).toBe(0);
    });

    test('into memory that is given, where they fit', async () => {
      const store = open('into');
      const many = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 31) & 255);
      await store.write('many.bin', many);
      await store.write('none.bin', new Uint8Array(0));
      const room = new Uint8Array(120_000);
      const read = (await store.read('many.bin', room))!;
      expect(read.buffer).toBe(room.buffer);
      expect(Buffer.compare(read, many)).toBe(0);
      expect((await store.read('none.bin', room))!.length).toBe(0);
      expect(Buffer.compare((await store.read('many.bin', new Uint8Array(99_999)))!, many)).toBe(0);
      expect(await store.read('never.bin', room)).toBeUndefined();
    });

    test('names are listed by prefix, in order, and the lock is none of them', async () => {
      const store = open('list');
      const lock = await store.lock({ waitMs: 0 });
      expect(await store.list('')).toEqual([]);
      for (const name of ['outbox/000002/b.json', 'outbox/000001/a.json', 'head.json']) await store.write(name, bytes(name));
      expect(await store.list('outbox/')).toEqual(['outbox/000001/a.json', 'outbox/000002/b.json']);
      expect(await store.list('')).toEqual(['head.json', 'outbox/000001/a.json', 'outbox/000002/b.json']);
      await lock.release();
    });

    test('a removed blob is gone, removing what is not there is no error, and the name can be used again', async () => {
      const store = open('remove');
      await store.write('a/b.json', bytes('x'));
      await store.remove('a/b.json');
      await store.remove('a/b.json');
      await store.remove('never/there.json');
      expect(await store.read('a/b.json')).toBeUndefined();
      await store.write('a/b.json', bytes('y'));
      expect(text(await store.read('a/b.json'))).toBe('y');
    });

    test('a leftover of another process is overwritten', async () => {
      await open('leftover').write('outbox/1.json', bytes('old'));
      const store = open('leftover');
      await store.write('outbox/1.json', bytes('new'));
      expect(text(await store.read('outbox/1.json'))).toBe('new');
    });

    test.each(['../outside', '/etc/passwd', 'a/../b', '', 'a//b'])('the name %j is refused', async (name) => {
      await expect(async () => open('names').read(name)).rejects.toThrow('not a name');
    });

    test('the lock is held by one, names its holder, and is free again after release', async () => {
      const first = await open('lock').lock({ waitMs: 0 });
      await expect(open('lock').lock({ waitMs: 0 })).rejects.toMatchObject({
        code: 'held',
        exitCode: 75,
        message: expect.stringContaining(`process ${process.pid}`),
      });
      await first.release();
      const again = await open('lock').lock({ waitMs: 0 });
      expect(again.takenOverFrom).toBeUndefined();
      await again.release();
    });

    test('of many takers one gets the lock', async () => {
      const takers = await Promise.allSettled(Array.from({ length: 8 }, () => open('race').lock({ waitMs: 0 })));
      const winners = takers.filter((taker) => taker.status === 'fulfilled');
      expect(winners).toHaveLength(1);
      await winners[0]!.value.release();
    });

    test('one who holds it for a single write is waited for, also by who would not wait', async () => {
      const first = await open('brief').lock({ waitMs: 0, brief: true });
      const second = open('brief').lock({ waitMs: 0 });
      await new Promise((resolve) => setTimeout(resolve, 50));
      await first.release();
      const run = await second;
      // A run is not a single write.
      await expect(open('brief').lock({ waitMs: 0, brief: true })).rejects.toMatchObject({ code: 'held' });
      await run.release();
    });

    test('the lock is waited for', async () => {
      const first = await open('wait').lock({ waitMs: 0 });
      const second = open('wait').lock({ waitMs: 20_000 });
      await first.release();
      await (await second).release();
      expect(await open('wait').list('')).toEqual([]);
    });

    test('waiting ends when it is interrupted', async () => {
      const first = await open('interrupt').lock({ waitMs: 0 });
      await expect(open('interrupt').lock({ waitMs: 60_000, signal: AbortSignal.timeout(50) })).rejects.toThrow();
      await first.release();
    });
  });
}
