import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { CHECKPOINT_VERSION, checkpointName, readCheckpoint, type Saved, writeCheckpoint } from '../../src/pipeline/checkpoint.ts';
import type { Ledger, LedgerEntry } from '../../src/pipeline/ledger.ts';
import { memoryStore } from './memory-store.ts';

const entry = (hash: string): LedgerEntry => ({ revision: 2, hash, endMs: 5, by: undefined });
const checkpoint = (ledger: Ledger) => ({ until: 17n, arrival: undefined, span: 3, engine: [{ name: 'e', bytes: 1, seal: 2 }], ledger });
const textOf = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

test.each<readonly [string, Saved, string]>([
  [
    'a run',
    { checkpoint: checkpoint(new Map([['ü', entry('é')]])), ledger: new Map([['ü', entry('é')]]) },
    '{"version":2,"until":"17","arrival":null,"span":3,"engine":[{"name":"e","bytes":1,"seal":2}],"ledger":[["ü",{"revision":2,"hash":"é","endMs":5}]]}',
  ],
  [
    'a verdict before the first run',
    { checkpoint: undefined, ledger: new Map(), undo: new Map([['u', undefined]]) },
    '{"version":2,"until":null,"arrival":null,"span":null,"engine":[],"ledger":[],"undo":[["u",null]]}',
  ],
])('what %s leaves is one JSON text, sealed as a whole', async (_, saved, text) => {
  const store = memoryStore();
  const crc = await writeCheckpoint(store, 1, saved);
  expect(textOf(await store.read(checkpointName(1)))).toBe(text);
  expect(crc).toBe(crc32(text));
  const head = { version: CHECKPOINT_VERSION, sequence: 1, crc, delivered: true, runId: '', writtenAt: '' };
  const again = await readCheckpoint(store, head, { withParts: false });
  expect(again).toEqual({ ...saved, parts: [] });
});

test('a ledger that did not change is not made into text again, and one that did is', async () => {
  const store = memoryStore();
  let asked = 0;
  const counted: LedgerEntry = {
    ...entry('a'),
    get verdict() {
      asked++;
      return undefined;
    },
  };
  const ledger = new Map([['a', counted]]);
  await writeCheckpoint(store, 1, { checkpoint: checkpoint(ledger), ledger });
  const first = asked;
  expect(first).toBeGreaterThan(0);
  await writeCheckpoint(store, 2, { checkpoint: { ...checkpoint(ledger), span: 9 }, ledger });
  expect(asked).toBe(first);
  expect(textOf(store.blobs.get(checkpointName(2)))).toBe(textOf(store.blobs.get(checkpointName(1))).replace('"span":3', '"span":9'));
  const more = new Map([...ledger, ['b', entry('b')]]);
  await writeCheckpoint(store, 3, { checkpoint: checkpoint(more), ledger: more });
  expect(JSON.parse(textOf(store.blobs.get(checkpointName(3)))).ledger.map(([uid]: [string]) => uid)).toEqual(['a', 'b']);
});
