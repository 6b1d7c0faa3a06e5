import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { loadPipeline } from '../../src/pipeline/pipeline-file.ts';
import type { RunDeps } from '../../src/pipeline/run-deps.ts';
import { runPipeline } from '../../src/pipeline/runner.ts';
import { fileCheckpointStore } from '../../src/state/checkpoint-store-file.ts';
import { FakeEngine } from './fake-engine.ts';
import { FakeWorkspace } from './fake-workspace.ts';
import { END, rowsOfTwoDays, T0 } from './two-days.ts';

/** What the disk says to an act on a file of the outbox; undefined = it does it. */
const disk = vi.hoisted(() => ({ fault: (_act: string, _path: string): string | undefined => undefined }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const refusal = (act: string, path: string) => {
    const code = disk.fault(act, path);
    return code === undefined ? undefined : Object.assign(new Error(`${code}: ${act} '${path}'`), { code });
  };
  /** Fails before anything is done, as a disk does. */
  const guarded =
    <A extends readonly unknown[], R>(act: string, call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const error = refusal(act, String(args[0]));
      if (error) throw error;
      return call(...args);
    };
  return {
    ...real,
    mkdir: guarded('mkdir', real.mkdir as (path: string) => Promise<unknown>),
    rename: guarded('rename', real.rename as (from: string, to: string) => Promise<void>),
    rm: guarded('rm', real.rm as (path: string) => Promise<void>),
    open: async (path: string, flags = 'r', mode?: number): Promise<FileHandle> => {
      const opening = refusal(flags === 'r' ? 'read' : 'open', path);
      if (opening) throw opening;
      const handle = await real.open(path, flags, mode);
      return new Proxy(handle, {
        get: (target, name) => {
          const value = Reflect.get(target, name) as unknown;
          if (name === 'writeFile')
            return async (data: Uint8Array) => {
              const error = refusal('write', path);
              // A full disk takes the first part.
              await target.writeFile(error ? data.subarray(0, data.length >> 1) : data);
              if (error) throw error;
            };
          if (name === 'sync')
            return async () => {
              const error = refusal('sync', path);
              if (error) throw error;
              await target.sync();
            };
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    },
  };
});

const root = mkdtempSync(join(tmpdir(), 'factorwatch-outbox-disk-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const folder = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const pipeline = loadPipeline('account-takeover', { pipelines: folder('pipelines'), queries: folder('queries'), detectors: new Map() });

function newWorkspace(): FakeWorkspace {
  const workspace = new FakeWorkspace();
  workspace.rows = rowsOfTwoDays();
  return workspace;
}

function run(workspace: FakeWorkspace, state: string, runId: string) {
  const deps: RunDeps = {
    workspace,
    store: fileCheckpointStore(state),
    engine: (options, parts) => new FakeEngine(options, parts),
    detectors: new Map(),
    queries: folder('queries'),
    identity: { runId, runKind: 'Live', triggerType: 'Manual', productVersion: '0', configHash: '' },
    clock: () => T0,
    lockWaitMs: 0,
    warn: (text) => {
      if (text.includes('built again')) throw new Error(text);
    },
    reject: () => Promise.reject(new Error('nothing is refused here')),
  };
  return runPipeline(pipeline, { until: END }, deps);
}

/** Findings as they were taken in, without what two rows of one revision may differ in. */
const takenIn = (workspace: FakeWorkspace) =>
  (workspace.received.get('Custom-FactorFindings_CL') ?? []).map(({ TimeGenerated: _, RunId: __, ...row }) => JSON.stringify(row)).sort();

/** Each act on the outbox, and what a disk can say to it. */
const FAULTS: readonly (readonly [act: string, codes: readonly string[]])[] = [
  ['mkdir', ['ENOSPC', 'EACCES']],
  ['open', ['EACCES', 'EROFS']],
  ['write', ['ENOSPC', 'EDQUOT']],
  ['sync', ['EIO', 'ENOSPC']],
  ['rename', ['EACCES', 'ENOSPC']],
  ['read', ['EACCES', 'EIO']],
  ['rm', ['EACCES', 'EROFS']],
];

describe('the outbox on a disk that refuses', async () => {
  const quiet = newWorkspace();
  const counts = new Map<string, number>();
  disk.fault = (act, path) => {
    if (path.includes('/outbox/')) counts.set(act, (counts.get(act) ?? 0) + 1);
    return undefined;
  };
  await run(quiet, join(root, 'quiet'), 'quiet');
  disk.fault = () => undefined;

  const cases = FAULTS.flatMap(([act, codes]) => codes.map((code) => [act, code] as const));
  test.each(cases)('%s says %s: an error with the place, and once it is mended all is as if nothing had been', async (act, code) => {
    const often = counts.get(act) ?? 0;
    expect(often).toBeGreaterThan(0);
    // From the first time on, from one in the middle, and the last time.
    for (const nth of new Set([1, Math.ceil(often / 2), often])) {
      const state = join(root, `${act}-${code}-${nth}`);
      const workspace = newWorkspace();
      let count = 0;
      disk.fault = (what, path) => (what === act && path.includes('/outbox/') && ++count >= nth ? code : undefined);
      await expect(run(workspace, state, 'first')).rejects.toMatchObject({
        code: 'state-unusable',
        exitCode: 66,
        message: expect.stringMatching(new RegExp(`the state in ${state} cannot be used: ${code}`)),
        hint: expect.stringContaining('disk is not full'),
      });
      disk.fault = () => undefined;
      // The lock was given back: the next run does not find it held.
      await run(workspace, state, 'second');
      expect({ act, nth, findings: workspace.findings() }).toEqual({ act, nth, findings: quiet.findings() });
      // Where it could not be noted that a slice was taken, it goes out again (this workspace cannot be asked what it has): row for row the same.
      const taken = takenIn(workspace);
      expect(act === 'rm' ? [...new Set(taken)] : taken).toEqual(takenIn(quiet));
      expect(await fileCheckpointStore(state).list('outbox/')).toEqual([]);
      expect(readdirSync(state, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    }
  });
});
