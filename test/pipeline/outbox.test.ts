import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deliver, dropStrays, SLICE_BYTES, sliceRows, stageSlices } from '../../src/pipeline/outbox.ts';
import { FakeWorkspace } from './fake-workspace.ts';
import { memoryStore } from './memory-store.ts';

describe('slices', () => {
  test('hold all rows in order, each slice within the limit by its bytes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ text: fc.string({ unit: 'binary', maxLength: 50 }), times: fc.integer({ min: 1, max: 900 }) }), {
          maxLength: 300,
        }),
        (specs) => {
          const rows = specs.map(({ text, times }, i) => ({ i, text: text.repeat(times) }));
          const slices = sliceRows('Custom-X_CL', rows);
          const back = slices.flatMap((slice) => JSON.parse(slice.text) as { i: number }[]);
          expect(back.map(({ i }) => i)).toEqual(rows.map(({ i }) => i));
          for (const slice of slices) expect(Buffer.byteLength(slice.text)).toBeLessThanOrEqual(SLICE_BYTES);
        },
      ),
      { numRuns: 8 },
    );
  });

  test('are as few as the limit allows', () => {
    const rows = Array.from({ length: 2000 }, (_, i) => ({ i, text: 'x'.repeat(1180) }));
    expect(sliceRows('Custom-X_CL', rows)).toHaveLength(Math.ceil((2000 * 1205) / SLICE_BYTES));
    expect(sliceRows('Custom-X_CL', [])).toEqual([]);
  });

  test('a field over 64 kB is cut with a mark, at a whole character', () => {
    const [slice] = sliceRows('Custom-X_CL', [{ text: `a${'€'.repeat(30_000)}` }]);
    const [{ text }] = JSON.parse(slice!.text) as [{ text: string }];
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(64_000);
    expect(text).toMatch(/^a€+… \(cut\)$/);
  });
});

describe('delivery', () => {
  const slices = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ stream: 'Custom-X_CL', rows: 1, text: JSON.stringify([{ i }]) }));

  test('acknowledges slice by slice: what failed stays, what went is gone', async () => {
    const store = memoryStore();
    const workspace = new FakeWorkspace();
    await stageSlices(store, 3, slices(5));
    workspace.onIngest = (_, rows) => {
      if (rows[0]!['i'] === 2) throw new Error('down');
      return undefined;
    };
    await expect(deliver({ store, workspace, sequence: 3, reject: async () => {} })).rejects.toThrow('down');
    const left = await store.list('outbox/');
    expect(left.some((name) => name.includes('000002-Custom-X_CL'))).toBe(true);
    expect((workspace.received.get('Custom-X_CL')?.length ?? 0) + left.length).toBe(5);
    workspace.onIngest = undefined;
    await deliver({ store, workspace, sequence: 3, reject: async () => {} });
    expect(await store.list('outbox/')).toEqual([]);
    expect(
      workspace.received
        .get('Custom-X_CL')!
        .map(({ i }) => i)
        .sort(),
    ).toEqual([0, 1, 2, 3, 4]);
  });

  test('leaves out the rows that are there already', async () => {
    const store = memoryStore();
    const workspace = new FakeWorkspace();
    await stageSlices(store, 1, slices(2));
    await deliver({ store, workspace, sequence: 1, reject: async () => {}, newRows: async (_, rows) => rows.filter(({ i }) => i !== 0) });
    expect(workspace.received.get('Custom-X_CL')).toEqual([{ i: 1 }]);
    expect(await store.list('outbox/')).toEqual([]);
  });

  test('what a crash left of another step is dropped before anything is sent', async () => {
    const store = memoryStore();
    await stageSlices(store, 1, slices(1));
    await stageSlices(store, 2, slices(2));
    await dropStrays(store, 1);
    expect(await store.list('outbox/')).toHaveLength(1);
    await dropStrays(store, undefined);
    expect(await store.list('outbox/')).toEqual([]);
  });
});
