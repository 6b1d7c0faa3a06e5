import { fileURLToPath } from 'node:url';
import { loadPipeline } from '../../src/pipeline/pipeline-file.ts';
import type { RunDeps } from '../../src/pipeline/run-deps.ts';
import { runPipeline } from '../../src/pipeline/runner.ts';
import type { CheckpointStore } from '../../src/state/checkpoint-store.ts';
import { FakeEngine } from './fake-engine.ts';
import { FakeWorkspace } from './fake-workspace.ts';
import { memoryStore } from './memory-store.ts';
import { END, rowsOfTwoDays as rows, T0 } from './two-days.ts';

const folder = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
export const pipeline = loadPipeline('account-takeover', {
  pipelines: folder('pipelines'),
  queries: folder('queries'),
  detectors: new Map(),
});
export function deps(
  workspace: FakeWorkspace,
  store: CheckpointStore,
  more: Partial<RunDeps> = {},
): RunDeps & { readonly warnings: string[] } {
  const warnings: string[] = [];
  return {
    workspace,
    store,
    engine: (options, parts) => new FakeEngine(options, parts),
    detectors: new Map(),
    queries: folder('queries'),
    identity: { runId: 'run', runKind: 'Live', triggerType: 'Manual', productVersion: '0', configHash: '' },
    clock: () => T0,
    lockWaitMs: 0,
    warn: (text) => warnings.push(text),
    reject: async () => {},
    ...more,
    warnings,
  };
}

export async function quietRun() {
  const workspace = new FakeWorkspace();
  workspace.rows = rows();
  const result = await runPipeline(pipeline, { until: END }, deps(workspace, memoryStore()));
  return { workspace, result };
}
