import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { ticksFromMs } from '../../src/core/ticks.ts';
import type { Wanted } from '../../src/pipeline/interval.ts';
import { loadPipeline } from '../../src/pipeline/pipeline-file.ts';
import type { RunDeps } from '../../src/pipeline/run-deps.ts';
import { runPipeline } from '../../src/pipeline/runner.ts';
import { pipelineStatus } from '../../src/pipeline/status.ts';
import type { CheckpointStore } from '../../src/state/checkpoint-store.ts';
import { fileCheckpointStore } from '../../src/state/checkpoint-store-file.ts';
import { Boundaries } from './boundaries.ts';
import { FakeEngine } from './fake-engine.ts';
import { FakeWorkspace } from './fake-workspace.ts';
import { memoryStore } from './memory-store.ts';
import { END, MINUTE, rowsOfTwoDays, T0 } from './two-days.ts';

/**
 * Live runs and backfills over overlapping times. The workspace shows nothing of what was written, as the service for some minutes:
 * whoever relied on asking it would write revisions that are there already.
 */
const root = mkdtempSync(join(tmpdir(), 'factorwatch-beside-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const folder = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const pipeline = loadPipeline('account-takeover', { pipelines: folder('pipelines'), queries: folder('queries'), detectors: new Map() });
const at = (minutes: number) => ticksFromMs(T0 + minutes * MINUTE);

interface Stores {
  readonly live: CheckpointStore;
  readonly backfill: CheckpointStore;
  readonly other: CheckpointStore;
}
function actors(workspace: FakeWorkspace, { live, backfill, other }: Stores) {
  const warnings: string[] = [];
  const run = (store: CheckpointStore, runKind: 'Live' | 'Backfill', wanted: Wanted) => {
    const deps: RunDeps = {
      workspace,
      store,
      live: runKind === 'Backfill' ? live : undefined,
      engine: (options, parts) => new FakeEngine(options, parts),
      detectors: new Map(),
      queries: folder('queries'),
      identity: { runId: `${runKind}-${warnings.length}`, runKind, triggerType: 'Manual', productVersion: '0', configHash: '' },
      clock: () => T0,
      lockWaitMs: 0,
      warn: (text) => void warnings.push(text),
      reject: async () => {},
    };
    return runPipeline(pipeline, wanted, deps);
  };
  return {
    warnings,
    // Knows nothing of the time before: what it says of a finding that began there is not what a backfill says.
    live: (until: bigint) => run(live, 'Live', { from: undefined, until }),
    liveFrom: (from: bigint, until: bigint) => run(live, 'Live', { from, until }),
    backfill: () => run(backfill, 'Backfill', { from: at(-60), until: at(2000), bounded: true }),
    otherBackfill: () => run(other, 'Backfill', { from: at(900), until: at(2500), bounded: true }),
  };
}
const memory = (): Stores => ({ live: memoryStore(), backfill: memoryStore(), other: memoryStore() });
const onDisk = (name: string): Stores => ({
  live: fileCheckpointStore(join(root, name, 'live')),
  backfill: fileCheckpointStore(join(root, name, 'backfill')),
  other: fileCheckpointStore(join(root, name, 'other')),
});
function newWorkspace(): FakeWorkspace {
  const workspace = new FakeWorkspace();
  workspace.rows = rowsOfTwoDays();
  return workspace;
}

/** What each revision of each finding says; `once` where no row may be there twice, else two rows of one revision must be equal. */
function revisionsOf(workspace: FakeWorkspace, once: boolean): Map<string, string[]> {
  const contents = new Map<string, string[]>();
  for (const { TimeGenerated: _, RunId: __, EventUid, FindingRevision, ...row } of workspace.received.get('Custom-FactorFindings_CL') ??
    []) {
    const of = contents.get(String(EventUid)) ?? [];
    contents.set(String(EventUid), of);
    const content = JSON.stringify(row);
    const known = of[Number(FindingRevision) - 1];
    if (known !== undefined)
      expect({ EventUid, FindingRevision, once, content }).toEqual({ EventUid, FindingRevision, once: false, content: known });
    of[Number(FindingRevision) - 1] = content;
  }
  for (const [uid, of] of contents) expect({ uid, gaps: [...of].includes(undefined as never) }).toEqual({ uid, gaps: false });
  return contents;
}
const kindOf = (content: string | undefined) => (JSON.parse(content ?? '{}') as { RunKind?: string }).RunKind;

describe('a backfill and live runs over the same times, in a workspace that shows nothing yet', () => {
  test('live first: the backfill leaves alone what is there, and adds what lay before', async () => {
    const workspace = newWorkspace();
    const { liveFrom, backfill, live } = actors(workspace, memory());
    await liveFrom(at(1200), at(2200));
    const written = revisionsOf(workspace, true);
    expect(written.size).toBeGreaterThan(1);
    const result = await backfill();
    expect(result.findingsCreated).toBeGreaterThan(0);
    await live(END);
    const after = revisionsOf(workspace, true);
    for (const [uid, of] of written) expect(after.get(uid)!.slice(0, of.length)).toEqual(of);
    expect([...after.values()].some((of) => of.every((content) => kindOf(content) === 'Backfill'))).toBe(true);
  });

  test('backfill first, before there ever was a live run: its revisions are counted on, the live runs begin at the beginning', async () => {
    const workspace = newWorkspace();
    const stores = memory();
    const { live, backfill } = actors(workspace, stores);
    await backfill();
    const filled = revisionsOf(workspace, true);
    expect(await pipelineStatus('account-takeover', stores.live, T0)).toMatchObject({ watermark: null, unusable: null, waitingSlices: 0 });
    await live(END);
    const after = revisionsOf(workspace, true);
    expect(filled.size).toBeGreaterThan(2);
    for (const [uid, of] of filled) {
      expect(after.get(uid)!.slice(0, of.length)).toEqual(of);
      expect(kindOf(after.get(uid)!.at(-1))).toBe('Live');
    }
    // What a live run alone finds, in the end.
    const alone = newWorkspace();
    await actors(alone, memory()).live(END);
    expect(workspace.findings({ revisions: false })).toEqual(alone.findings({ revisions: false }));
  });

  test('two backfills of overlapping times count on from each other', async () => {
    const workspace = newWorkspace();
    const { backfill, otherBackfill } = actors(workspace, memory());
    await backfill();
    await otherBackfill();
    const after = revisionsOf(workspace, true);
    expect([...after.values()].some((of) => of.length > 1)).toBe(true);
  });

  test('all at once, with locks: each revision once, and none of them gives up', async () => {
    for (let round = 0; round < 4; round++) {
      const workspace = newWorkspace();
      const { live, backfill, otherBackfill } = actors(workspace, onDisk(`at-once-${round}`));
      const lives = async () => {
        for (let minutes = 300; minutes <= 3000; minutes += 300 + 30 * round) await live(at(minutes));
        await live(END);
      };
      await Promise.all([backfill(), lives(), otherBackfill()]);
      expect(revisionsOf(workspace, true).size).toBeGreaterThan(4);
    }
  });

  test('a crash at every boundary of the backfill, and a live run before it is called again: nothing lost, no revision of two contents', async () => {
    const quiet = newWorkspace();
    const expected = actors(quiet, memory());
    await expected.liveFrom(at(1200), at(1500));
    await expected.backfill();
    await expected.live(END);
    const uids = [...revisionsOf(quiet, true).keys()].sort();

    let total = Number.POSITIVE_INFINITY;
    for (let crashAt = 1; crashAt <= total; crashAt++) {
      for (const when of ['before', 'after'] as const) {
        const [workspace, inner, boundaries] = [newWorkspace(), memory(), new Boundaries()];
        const stores = { live: boundaries.store(inner.live), backfill: boundaries.store(inner.backfill), other: inner.other };
        const ingest = workspace.ingest.bind(workspace);
        const calm = actors(workspace, inner);
        await calm.liveFrom(at(1200), at(1500));
        workspace.ingest = (stream, rows) => boundaries.cross(() => ingest(stream, rows));
        Object.assign(boundaries, { crashAt, when });
        await actors(workspace, stores)
          .backfill()
          .catch(() => undefined);
        workspace.ingest = ingest;
        if (boundaries.count < crashAt) total = boundaries.count;
        await calm.live(at(2100));
        await calm.backfill();
        await calm.live(END);
        expect({ crashAt, when, uids: [...revisionsOf(workspace, false).keys()].sort() }).toEqual({ crashAt, when, uids });
      }
    }
    expect(total).toBeGreaterThan(20);
  });
});
