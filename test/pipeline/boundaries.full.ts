import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { ticksFromMs } from '../../src/core/ticks.ts';
import { loadPipeline } from '../../src/pipeline/pipeline-file.ts';
import { rejectedRows } from '../../src/pipeline/rejected-rows.ts';
import type { RunDeps } from '../../src/pipeline/run-deps.ts';
import { runPipeline } from '../../src/pipeline/runner.ts';
import { fileCheckpointStore } from '../../src/state/checkpoint-store-file.ts';
import { CrashingDisk, type Loss } from '../support/crashing-disk.ts';
import { Boundaries, Crash } from './boundaries.ts';
import { FakeEngine } from './fake-engine.ts';
import { FakeWorkspace } from './fake-workspace.ts';
import { END, rowsOfTwoDays, T0 } from './two-days.ts';

/** State in a real directory: a crash at each create, write (in its middle too), fsync, rename, removal, lock and upload. */
const root = mkdtempSync(join(tmpdir(), 'factorwatch-boundaries-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const folder = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const pipeline = loadPipeline('account-takeover', { pipelines: folder('pipelines'), queries: folder('queries'), detectors: new Map() });
/** The run is cut in two, so that there is something to write over. */
const ENDS = [ticksFromMs(T0 + 1440 * 60_000), END];
/** A row that the workspace never takes, so that the way to rejected/ is crossed too. */
const REFUSED = 'u3';

function newWorkspace(): FakeWorkspace {
  const workspace = new FakeWorkspace();
  workspace.rows = rowsOfTwoDays();
  workspace.onIngest = (stream, rows) => {
    const bad = rows.flatMap((row, i) => (stream.includes('Findings') && row['EventOriginalUid'] === `e${REFUSED.slice(1)}-0` ? [i] : []));
    return { accepted: rows.length - bad.length, rejected: bad.map((row) => ({ row, reason: 'never' })) };
  };
  return workspace;
}

async function runAll(directory: string, workspace: FakeWorkspace, runId: string): Promise<void> {
  for (const until of ENDS) {
    const deps: RunDeps = {
      workspace,
      store: fileCheckpointStore(join(directory, 'state')),
      engine: (options, parts) => new FakeEngine(options, parts),
      detectors: new Map(),
      queries: folder('queries'),
      identity: { runId, runKind: 'Live', triggerType: 'Manual', productVersion: '0', configHash: '' },
      clock: () => T0,
      lockWaitMs: 0,
      // A state that had to be built again was not durable, though the findings come out the same.
      warn: (text) => {
        if (text.includes('built again')) throw new Error(text);
      },
      reject: rejectedRows(join(directory, 'rejected'), runId),
    };
    await runPipeline(pipeline, { until }, deps);
  }
}

/** As it is once the process is gone whose locks these are. */
function abandonLocks(directory: string): void {
  for (const name of readdirSync(directory).filter((file) => file.startsWith('lock.'))) {
    const text = readFileSync(join(directory, name), 'utf8');
    if (text !== '') writeFileSync(join(directory, name), JSON.stringify({ ...JSON.parse(text), started: 'before the crash' }));
  }
}

function rejectedUnits(directory: string): string[] {
  const files = readdirSync(join(directory, 'rejected'));
  const lines = files.flatMap((file) => readFileSync(join(directory, 'rejected', file), 'utf8').split('\n'));
  // What a crash cut in its middle stands in the next run's file as a whole.
  const whole = lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line) as { row: { EventOriginalUid: string } });
  return [...new Set(whole.map(({ row }) => row.EventOriginalUid))].sort();
}

async function crashed(at: number, loss: Loss, directory: string) {
  mkdirSync(join(directory, 'state'), { recursive: true });
  const workspace = newWorkspace();
  const boundaries = new Boundaries();
  const ingest = workspace.ingest.bind(workspace);
  workspace.ingest = (stream, rows) => boundaries.cross(() => ingest(stream, rows));
  boundaries.crashAt = at;
  // Before the next one is the same state.
  boundaries.when = 'after';
  const disk = new CrashingDisk(boundaries);
  let error: unknown;
  try {
    await runAll(directory, workspace, 'first').catch((reason: unknown) => {
      error = reason;
    });
  } finally {
    if (error !== undefined) disk.settle(loss);
    disk.restore();
  }
  workspace.ingest = ingest;
  return { workspace, boundaries, error };
}

describe('a crash at every boundary of a run with state in a directory', () => {
  test.each(['process', 'machine'] as const)('of the %s: the same findings and revisions, nothing twice', async (loss) => {
    const quietDirectory = join(root, `quiet-${loss}`);
    const quiet = await crashed(Number.POSITIVE_INFINITY, loss, quietDirectory);
    expect(quiet.error).toBeUndefined();
    const expected = quiet.workspace.findings();
    expect(expected.length).toBeGreaterThan(4);
    expect(rejectedUnits(quietDirectory)).toEqual(['e3-0']);
    expect(quiet.boundaries.count).toBeGreaterThan(200);
    for (let at = 1; at <= quiet.boundaries.count; at++) {
      const directory = join(root, 'run');
      rmSync(directory, { recursive: true, force: true });
      const { workspace, error } = await crashed(at, loss, directory);
      expect({ at, crashed: error instanceof Crash }).toEqual({ at, crashed: true });
      abandonLocks(join(directory, 'state'));
      await runAll(directory, workspace, 'second');
      expect({ at, findings: workspace.findings() }).toEqual({ at, findings: expected });
      expect({ at, units: rejectedUnits(directory) }).toEqual({ at, units: ['e3-0'] });
      expect({ at, left: await fileCheckpointStore(join(directory, 'state')).list('outbox/') }).toEqual({ at, left: [] });
    }
  });
});
