import { describe, expect, test } from 'vitest';
import { FactorwatchError } from '../../src/core/errors.ts';
import { ticksFromMs } from '../../src/core/ticks.ts';
import type { RunDeps } from '../../src/pipeline/run-deps.ts';
import { runPipeline } from '../../src/pipeline/runner.ts';
import type { FindingRow } from '../../src/schema/factor-findings.ts';
import { Boundaries, Crash } from './boundaries.ts';
import { FakeEngine } from './fake-engine.ts';
import { FakeWorkspace } from './fake-workspace.ts';
import { memoryStore } from './memory-store.ts';
import { deps, pipeline, quietRun } from './run-deps.ts';
import { END, MINUTE, rowsOfTwoDays as rows, T0 } from './two-days.ts';

describe('crashes', () => {
  async function interrupted(crashAt: number, when: 'before' | 'after') {
    const workspace = new FakeWorkspace();
    workspace.rows = rows();
    const store = memoryStore();
    const boundaries = new Boundaries();
    boundaries.crashAt = crashAt;
    boundaries.when = when;
    const ingest = workspace.ingest.bind(workspace);
    workspace.ingest = (stream, given) => boundaries.cross(() => ingest(stream, given));
    await expect(runPipeline(pipeline, { until: END }, deps(workspace, boundaries.store(store)))).rejects.toBeInstanceOf(Crash);
    workspace.ingest = ingest;
    await runPipeline(pipeline, { until: END }, deps(workspace, store));
    return workspace;
  }

  test('at each durable boundary, before and after it: the same findings and revisions', async () => {
    const counting = new Boundaries();
    const quiet = new FakeWorkspace();
    quiet.rows = rows();
    const ingest = quiet.ingest.bind(quiet);
    quiet.ingest = (stream, given) => counting.cross(() => ingest(stream, given));
    await runPipeline(pipeline, { until: END }, deps(quiet, counting.store(memoryStore())));
    expect(counting.count).toBeGreaterThan(30);
    for (let n = 1; n <= counting.count; n++) {
      for (const when of ['before', 'after'] as const) {
        const workspace = await interrupted(n, when);
        expect({ n, when, findings: workspace.findings() }).toEqual({ n, when, findings: quiet.findings() });
      }
    }
  });

  test.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['cut', (bytes) => bytes.slice(1)],
    ['of another seal', (bytes) => bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte))],
  ])('a state that is %s is rebuilt, and writes nothing twice', async (_, damage) => {
    const workspace = new FakeWorkspace();
    workspace.rows = rows();
    const store = memoryStore();
    await runPipeline(pipeline, { until: END }, deps(workspace, store));
    const before = workspace.findings();
    const name = [...store.blobs.keys()].find((blob) => blob.startsWith('engine-'))!;
    store.blobs.set(name, damage(store.blobs.get(name)!));
    const own = deps(workspace, store);
    await runPipeline(pipeline, { until: END }, own);
    expect(own.warnings.join()).toContain(`${name} is missing or damaged`);
    expect(own.warnings.join()).toContain('built again from the workspace');
    expect(workspace.findings()).toEqual(before);
  });

  test('a state that is lost after many runs: findings on the way to what was written last are not written again', async () => {
    const workspace = new FakeWorkspace();
    workspace.rows = rows();
    const store = memoryStore();
    // Runs of six hours see findings grow.
    for (let hours = 6; hours < 96; hours += 6) {
      await runPipeline(pipeline, { until: ticksFromMs(T0 + hours * 60 * MINUTE) }, deps(workspace, store));
    }
    await runPipeline(pipeline, { until: END }, deps(workspace, store));
    const before = workspace.findings();
    const written = workspace.received.get('Custom-FactorFindings_CL')!.length;
    expect((before as readonly FindingRow[]).some(({ FindingRevision }) => FindingRevision! > 1)).toBe(true);
    const engine: RunDeps['engine'] = (options, parts) => {
      if (parts.length > 0) throw new FactorwatchError('state-version', 'of another version', { exitCode: 1 });
      return new FakeEngine(options, parts);
    };
    const own = deps(workspace, store, { engine });
    await runPipeline(pipeline, { until: END }, own);
    expect(own.warnings.join()).toContain('built again from the workspace');
    expect(workspace.findings()).toEqual(before);
    expect(workspace.received.get('Custom-FactorFindings_CL')).toHaveLength(written);
  });

  test('a head that cannot be read is said to be damaged, not of another version', async () => {
    const workspace = new FakeWorkspace();
    workspace.rows = rows();
    const store = memoryStore();
    await runPipeline(pipeline, { until: END }, deps(workspace, store));
    const before = workspace.findings();
    store.blobs.set('head.json', new TextEncoder().encode('{"version":1,"seq'));
    const own = deps(workspace, store);
    await runPipeline(pipeline, { until: END }, own);
    expect(own.warnings.join()).toMatch(/head\.json is damaged/);
    expect(own.warnings.join()).not.toMatch(/version/);
    expect(workspace.findings()).toEqual(before);
  });

  test('rows refused for ever are set aside, the others are written', async () => {
    const workspace = new FakeWorkspace();
    workspace.rows = rows();
    workspace.onIngest = (stream, given) =>
      stream.includes('Findings') ? { accepted: given.length - 1, rejected: [{ row: 0, reason: 'bad' }] } : undefined;
    const rejected: unknown[] = [];
    const own = deps(workspace, memoryStore(), { reject: async (bad) => void rejected.push(...bad) });
    const result = await runPipeline(pipeline, { until: END }, own);
    expect(result.rejected).toBeGreaterThan(0);
    expect(rejected).toHaveLength(result.rejected);
    expect(rejected[0]).toMatchObject({ stream: 'Custom-FactorFindings_CL', reason: 'bad', row: { FindingRevision: 1 } });
    expect(workspace.received.get('Custom-FactorFindings_CL')).toHaveLength(
      result.findingsCreated + result.findingsUpdated - result.rejected,
    );
  });

  test('while the workspace takes nothing in, findings wait; then all arrive', async () => {
    const workspace = new FakeWorkspace();
    workspace.rows = rows();
    const store = memoryStore();
    const ingest = workspace.ingest.bind(workspace);
    workspace.ingest = async () => {
      throw new Error('down');
    };
    for (let i = 0; i < 3; i++) await expect(runPipeline(pipeline, { until: END }, deps(workspace, store))).rejects.toThrow('down');
    workspace.ingest = ingest;
    await runPipeline(pipeline, { until: END }, deps(workspace, store));
    expect(workspace.findings()).toEqual((await quietRun()).workspace.findings());
  });
});
