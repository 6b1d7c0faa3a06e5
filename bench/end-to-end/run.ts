import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ticksFromIso } from '../../src/core/ticks.ts';
import { allDetectors } from '../../src/detectors/registry.ts';
import { loadPipeline } from '../../src/pipeline/pipeline-file.ts';
import { rejectedRows } from '../../src/pipeline/rejected-rows.ts';
import { type PipelineResult, runPipeline } from '../../src/pipeline/runner.ts';
import { Engine } from '../../src/scoring/engine.ts';
import { fileCheckpointStore } from '../../src/state/checkpoint-store-file.ts';
import { openLocal } from '../azure/local.ts';
import { measured } from '../azure/measured.ts';

/**
 * One run of the pipeline through the SDK clients, as `run` on a target of kind azure does it, in a process of its own.
 * Arguments: root of the project, port of the server, folder of the tenant (for its labels), folder for the state.
 */
const [, , root = '', port = '', tenant = '', folder = ''] = process.argv;
const { start, end } = JSON.parse(readFileSync(join(tenant, 'labels.json'), 'utf8')) as { start: string; end: string };
const detectors = new Map(allDetectors.map(({ id, parameters }) => [id, Object.keys(parameters)]));
const pipeline = loadPipeline('account-takeover', { pipelines: join(root, 'pipelines'), queries: join(root, 'queries'), detectors });
let result: PipelineResult | undefined;

const figures = await measured(async () => {
  const workspace = await openLocal(port);
  result = await runPipeline(
    pipeline,
    // The last rows arrive some hours after the tenant's last event.
    { from: ticksFromIso(start)!, until: ticksFromIso(end)! + 864_000_000_000n },
    {
      workspace,
      store: fileCheckpointStore(join(folder, 'state')),
      engine: (settings, [snapshot, ...deltas]) =>
        snapshot === undefined ? new Engine(settings) : Engine.restore(snapshot, settings, deltas),
      detectors: new Map(allDetectors.map(({ id, title }) => [id, title])),
      queries: join(root, 'queries'),
      identity: { runId: 'bench', runKind: 'Live', triggerType: 'Manual', productVersion: '0', configHash: '' },
      clock: Date.now,
      lockWaitMs: 0,
      warn: (text) => process.stderr.write(`${text}\n`),
      reject: rejectedRows(join(folder, 'rejected'), 'bench'),
    },
  );
  await workspace.close();
  return result.rowsRead;
});
const { written = [], ...told } = result ?? {};
process.stdout.write(JSON.stringify({ ...figures, findings: written.length, ...(process.env['VERBOSE'] && told) }));
process.exit(0);
