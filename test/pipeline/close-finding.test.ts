import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ticksFromMs } from '../../src/core/ticks.ts';
import { fieldsOf } from '../../src/findings/finding-row.ts';
import { closeFinding } from '../../src/pipeline/close-finding.ts';
import { loadPipeline } from '../../src/pipeline/pipeline-file.ts';
import { ledgerOf } from '../../src/pipeline/recover-ledger.ts';
import type { RunDeps } from '../../src/pipeline/run-deps.ts';
import { runPipeline } from '../../src/pipeline/runner.ts';
import type { FindingRow } from '../../src/schema/factor-findings.ts';
import type { EngineOptions } from '../../src/scoring/engine-api.ts';
import { Boundaries } from './boundaries.ts';
import { FakeEngine } from './fake-engine.ts';
import { type FakeRow, FakeWorkspace } from './fake-workspace.ts';
import { memoryStore } from './memory-store.ts';

const folder = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const pipeline = loadPipeline('account-takeover', { pipelines: folder('pipelines'), queries: folder('queries'), detectors: new Map() });
const T0 = Date.parse('2026-03-01T00:00:00Z');
const HOUR = 3_600_000;
const identity = { runId: 'run', runKind: 'Live', triggerType: 'Manual', productVersion: '0', configHash: '' } as const;
const row = (id: string, hours: number, weight: number): FakeRow => ({
  id,
  unit: 'u1',
  eventMs: T0 + hours * HOUR,
  ingestedMs: T0 + hours * HOUR,
  weight,
  arrival: 1,
});

async function world() {
  const workspace = new FakeWorkspace();
  const store = memoryStore();
  const engines: EngineOptions[] = [];
  const deps: RunDeps = {
    workspace,
    store,
    engine: (options, parts) => {
      engines.push(options);
      return new FakeEngine(options, parts);
    },
    detectors: new Map(),
    queries: folder('queries'),
    identity,
    clock: () => T0,
    lockWaitMs: 0,
    warn: () => {},
    reject: async () => {},
  };
  const run = (hours: number) => runPipeline(pipeline, { until: ticksFromMs(T0 + hours * HOUR) }, deps);
  const rows = () => workspace.received.get('Custom-FactorFindings_CL') as unknown as FindingRow[];
  workspace.rows = [row('a', 1, 55)];
  await run(2);
  return { workspace, store, deps, run, rows, engines };
}
const decision = { verdict: 'false-positive', by: 'ana', comment: 'asked in person' } as const;

test('a verdict is a new revision and a row of FactorRuns_CL; the run after it writes nothing and tells the engine', async () => {
  const { workspace, store, deps, run, rows, engines } = await world();
  expect(rows()).toMatchObject([{ FindingRevision: 1, AlertStatus: 'Active', EventSeverity: 'Medium' }]);
  const closed = await closeFinding(rows()[0]!, decision, { ...deps, stores: [memoryStore(), store] });
  expect(rows().at(-1)).toEqual(closed);
  expect(closed).toMatchObject({
    FindingRevision: 2,
    AlertStatus: 'Closed',
    AlertVerdict: 'False Positive',
    EventUid: rows()[0]!.EventUid,
  });
  expect(fieldsOf(closed)['Verdict']).toMatchObject({ By: 'ana', Comment: 'asked in person' });
  expect(workspace.received.get('Custom-FactorRuns_CL')!.at(-1)).toMatchObject({
    OperationName: 'Verdict',
    Reason: 'False Positive',
    ActorText: 'ana',
    TargetText: 'u1@contoso.test',
    ResourceName: closed.EventUid,
  });
  await run(3);
  expect(rows()).toHaveLength(2);
  expect(engines.at(-1)!.verdicts).toEqual([{ kind: 'registration', subject: 'user-of-u1', anchor: 'u1', verdict: 'benign' }]);
});

test('later evidence of the same severity stays closed, a higher one opens the finding again', async () => {
  const { workspace, store, deps, run, rows } = await world();
  await closeFinding(rows()[0]!, decision, { ...deps, stores: [store] });
  workspace.rows.push(row('b', 2.5, 5));
  await run(4);
  // 60 by its evidence; the verdict takes off more than is left over the least risk that is written.
  expect(rows().at(-1)).toMatchObject({ FindingRevision: 3, ThreatRiskLevel: 30, AlertStatus: 'Closed', AlertVerdict: 'False Positive' });
  expect(fieldsOf(rows().at(-1)!)['Verdict']).toMatchObject({ Before: { ThreatRiskLevel: 60 } });
  workspace.rows.push(row('c', 4.5, 30));
  await run(6);
  expect(rows().at(-1)).toMatchObject({ FindingRevision: 4, ThreatRiskLevel: 90, AlertStatus: 'Active', AlertVerdict: 'False Positive' });
});

test('where no state knows the finding its row is written all the same, and a state built again takes the verdict over', async () => {
  const { deps, rows } = await world();
  const closed = await closeFinding(rows()[0]!, decision, { ...deps, stores: [memoryStore()] });
  expect(rows().at(-1)).toEqual(closed);
  expect(ledgerOf([closed]).get(closed.EventUid)).toMatchObject({
    revision: 2,
    verdict: {
      verdict: 'false-positive',
      by: 'ana',
      severity: 'Medium',
      unit: { kind: 'registration', subject: 'user-of-u1', anchor: 'u1', tenantId: 'tenant' },
    },
  });
});

test('two machines without a state, on Azure: each verdict has a revision of its own, and both rows are there', async () => {
  const { deps, rows, workspace } = await world();
  Object.assign(workspace, { kind: 'azure' });
  const [written] = rows();
  const warnings: string[] = [];
  const close = (runId: string, verdict: 'false-positive' | 'true-positive') =>
    closeFinding(
      written!,
      { ...decision, verdict },
      { ...deps, stores: [], identity: { ...identity, runId }, warn: (text) => void warnings.push(text) },
    );
  const [one, other] = [await close('run of one', 'false-positive'), await close('run of the other', 'true-positive')];
  expect(rows().slice(1)).toEqual([one, other]);
  expect(one.FindingRevision).not.toBe(other.FindingRevision);
  expect(Math.min(one.FindingRevision!, other.FindingRevision!)).toBeGreaterThan(written!.FindingRevision!);
  expect(Math.max(one.FindingRevision!, other.FindingRevision!)).toBeLessThanOrEqual(1001);
  expect(warnings).toHaveLength(2);
});

describe('a closing row that the workspace refuses for ever', () => {
  const refusing = (workspace: FakeWorkspace) => {
    workspace.onIngest = (stream, sent) => {
      const closed = stream === 'Custom-FactorFindings_CL' && sent[0]?.['AlertStatus'] === 'Closed';
      return closed ? { accepted: 0, rejected: [{ row: 0, reason: 'no such column' }] } : undefined;
    };
  };

  test('is told, with where the row is kept, and the finding is as open as before; closed again it is closed', async () => {
    const { workspace, store, deps, run, rows, engines } = await world();
    const kept: unknown[] = [];
    refusing(workspace);
    const closing = () =>
      closeFinding(rows()[0]!, decision, { ...deps, stores: [store], reject: async (refused) => void kept.push(...refused) });
    await expect(closing()).rejects.toMatchObject({
      code: 'close-refused',
      exitCode: 4,
      message: expect.stringContaining('no such column') as unknown,
    });
    expect(kept).toMatchObject([{ stream: 'Custom-FactorFindings_CL', row: { AlertStatus: 'Closed' }, reason: 'no such column' }]);
    expect(workspace.received.get('Custom-FactorRuns_CL')!.at(-1)).toMatchObject({ OperationName: 'Verdict', Status: 'Failure' });
    // Neither the engine nor the next revision knows of a verdict, and no revision is left out.
    workspace.rows.push(row('b', 2.5, 5));
    await run(4);
    expect(engines.at(-1)!.verdicts).toEqual([]);
    expect(rows().at(-1)).toMatchObject({ FindingRevision: 2, AlertStatus: 'Active', ThreatRiskLevel: 60 });
    workspace.onIngest = undefined;
    expect(await closing()).toMatchObject({ FindingRevision: 3, AlertStatus: 'Closed' });
  });

  test('a verdict that was given before holds', async () => {
    const { workspace, store, deps, run, rows, engines } = await world();
    await closeFinding(rows()[0]!, decision, { ...deps, stores: [store] });
    refusing(workspace);
    const other = { ...decision, verdict: 'true-positive' } as const;
    await expect(closeFinding(rows().at(-1)!, other, { ...deps, stores: [store] })).rejects.toMatchObject({ code: 'close-refused' });
    await run(3);
    expect(engines.at(-1)!.verdicts).toMatchObject([{ verdict: 'benign' }]);
  });

  test('a crash at every boundary: the finding counts as closed only where its row was taken', async () => {
    let total = Number.POSITIVE_INFINITY;
    for (let crashAt = 1; crashAt <= total; crashAt++) {
      for (const when of ['before', 'after'] as const) {
        const { workspace, store, deps, run, rows, engines } = await world();
        refusing(workspace);
        const boundaries = Object.assign(new Boundaries(), { crashAt, when });
        const ingest = workspace.ingest.bind(workspace);
        workspace.ingest = (stream, sent) => boundaries.cross(() => ingest(stream, sent));
        const reject = () => boundaries.cross(async () => {});
        await closeFinding(rows()[0]!, decision, { ...deps, reject, stores: [boundaries.store(store)] }).catch(() => undefined);
        workspace.ingest = ingest;
        if (boundaries.count < crashAt) total = boundaries.count;
        await run(3);
        await run(4);
        expect({ crashAt, when, verdicts: engines.at(-1)!.verdicts }).toEqual({ crashAt, when, verdicts: [] });
        workspace.onIngest = undefined;
        expect(await closeFinding(rows()[0]!, decision, { ...deps, stores: [store] })).toMatchObject({ FindingRevision: 2 });
      }
    }
    expect(total).toBeGreaterThan(8);
  });

  test('also where no state knows the finding', async () => {
    const { workspace, deps, rows } = await world();
    refusing(workspace);
    const before = workspace.received.get('Custom-FactorRuns_CL')!.length;
    const closing = closeFinding(rows()[0]!, decision, { ...deps, stores: [memoryStore()] });
    await expect(closing).rejects.toMatchObject({ code: 'close-refused' });
    expect(workspace.received.get('Custom-FactorRuns_CL')).toHaveLength(before);
  });
});
