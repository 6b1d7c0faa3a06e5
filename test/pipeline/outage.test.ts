import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { ticksFromMs } from '../../src/core/ticks.ts';
import { loadPipeline } from '../../src/pipeline/pipeline-file.ts';
import type { RunDeps } from '../../src/pipeline/run-deps.ts';
import { runPipeline } from '../../src/pipeline/runner.ts';
import { fileCheckpointStore } from '../../src/state/checkpoint-store-file.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { azureTarget } from '../support/azure-target.ts';
import { memoryWorkspace, table } from '../support/memory-workspace.ts';
import { FakeEngine } from './fake-engine.ts';
import { FakeWorkspace } from './fake-workspace.ts';
import { MINUTE, rowsOfTwoDays, T0 } from './two-days.ts';

const root = mkdtempSync(join(tmpdir(), 'factorwatch-outage-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const folder = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const pipeline = loadPipeline('account-takeover', { pipelines: folder('pipelines'), queries: folder('queries'), detectors: new Map() });
const ATTEMPTS = 6;
const MAX_WAIT_MS = 60_000;
/** Ingestion is down for the first day; a run is due every 30 minutes. */
const [DOWN_FROM, DOWN_UNTIL, END] = [T0 + 6 * 60 * MINUTE, T0 + 30 * 60 * MINUTE, T0 + 4 * 1440 * MINUTE];

function filesBelow(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(path, name)).isFile());
}

/** Two days of runs by the clock; rows are read from a workspace of arrays, findings go out through the SDK to a server of ours. */
async function twoDays(name: string, down: (atMs: number) => boolean) {
  const logs = new FakeWorkspace();
  const received = new FakeWorkspace();
  const memory = memoryWorkspace(() => table(['EventUid:string'], []));
  let now = T0;
  let calls = 0;
  const opened = await azureTarget(
    { ...memory.workspace, ingest: (stream, rows) => received.ingest(stream, rows) },
    {
      settings: { retry: { attempts: ATTEMPTS, max_wait: MAX_WAIT_MS } },
      app: {
        faults: {
          next: () => {
            calls += 1;
            return { call: calls, fault: down(now) ? { kind: 'status', status: 503, retryAfter: 90 } : undefined };
          },
        },
      },
    },
  );
  const workspace: Workspace = {
    kind: 'azure',
    tables: () => logs.tables(),
    check: (request) => logs.check(request),
    query: () => logs.query(),
    fetch: (request) => logs.fetch(request),
    arrivalMark: () => logs.arrivalMark(),
    earliest: () => logs.earliest(),
    ingest: (stream, rows, signal) => opened.azure.ingest(stream, rows, signal),
    close: () => opened.close(),
  };
  const state = join(root, name);
  let failed = 0;
  let mostFiles = 0;
  for (; now <= END; now += 30 * MINUTE) {
    logs.rows = rowsOfTwoDays().filter((row) => row.ingestedMs < now);
    const deps: RunDeps = {
      workspace,
      store: fileCheckpointStore(state),
      engine: (options, parts) => new FakeEngine(options, parts),
      detectors: new Map(),
      queries: folder('queries'),
      identity: { runId: `run-${now}`, runKind: 'Live', triggerType: 'Schedule', productVersion: '0', configHash: '' },
      clock: () => now,
      lockWaitMs: 0,
      warn: () => {},
      reject: () => Promise.reject(new Error('nothing is refused here')),
    };
    const before = opened.waits.length;
    await runPipeline(pipeline, { until: ticksFromMs(now) }, deps).catch((error: { exitCode?: number }) => {
      expect(error.exitCode).toBe(69);
      failed += 1;
    });
    // Four uploads at once at most and then the note of the failure: each tried as often as the configuration says, and no longer.
    const waits = opened.waits.slice(before);
    expect(waits.length).toBeLessThanOrEqual(5 * (ATTEMPTS - 1));
    expect(Math.max(0, ...waits)).toBeLessThanOrEqual(MAX_WAIT_MS);
    mostFiles = Math.max(mostFiles, filesBelow(state).length);
  }
  await workspace.close();
  return { findings: received.findings({ revisions: false }), failed, mostFiles, left: await fileCheckpointStore(state).list('outbox/') };
}

test('ingestion down for a day: what was found waits in the outbox, the state does not grow, and then all of it arrives', async () => {
  const quiet = await twoDays('quiet', () => false);
  expect(quiet).toMatchObject({ failed: 0, left: [] });
  expect(quiet.findings.length).toBeGreaterThan(4);
  const outage = await twoDays('outage', (at) => at >= DOWN_FROM && at < DOWN_UNTIL);
  expect(outage.failed).toBeGreaterThan(40);
  expect(outage.left).toEqual([]);
  expect(outage.findings).toEqual(quiet.findings);
  expect(outage.mostFiles).toBeLessThanOrEqual(quiet.mostFiles + 4);
});
