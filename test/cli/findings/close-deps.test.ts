import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { CommandContext } from '../../../src/cli/context.ts';
import { closeDeps } from '../../../src/cli/findings/close-deps.ts';
import { memoryStore } from '../../pipeline/memory-store.ts';

const root = mkdtempSync(join(tmpdir(), 'factorwatch-close-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('a verdict of a run goes through the states that the run holds, and of the others through their own', async () => {
  mkdirSync(join(root, 'pipelines'));
  for (const name of ['held', 'other']) writeFileSync(join(root, 'pipelines', `${name}.yaml`), '');
  const context = {
    dataDir: join(root, 'data'),
    target: async () => ({ kind: 'embedded', name: 'here' }),
    openWorkspace: async () => ({}),
    folder: (name: string) => join(root, name),
  } as unknown as CommandContext;
  const store = memoryStore();
  const alone = await closeDeps(context);
  const inRun = await closeDeps(context, new Map([['held', { store, release: async () => {} }]]));
  const placeOf = (name: string) => join(root, 'data', 'state', 'here', name);
  expect(alone.stores.map(({ place }) => place)).toEqual([placeOf('held'), placeOf('other')]);
  expect(inRun.stores[0]).toBe(store);
  expect(inRun.stores[1]!.place).toBe(placeOf('other'));
  // What the workspace refuses lies under the run id that FactorRuns_CL has.
  await alone.reject([{ stream: 'Custom-FactorFindings_CL', row: { EventUid: 'f' }, reason: 'too long' }]);
  const kept = readFileSync(join(root, 'data', 'rejected', `upload-${alone.identity.runId}.ndjson`), 'utf8');
  expect(JSON.parse(kept)).toMatchObject({ row: { EventUid: 'f' }, reason: 'too long' });
});
