import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { CloseDeps } from '../../pipeline/close-finding.ts';
import { pipelineNames } from '../../pipeline/pipeline-file.ts';
import { rejectedRows } from '../../pipeline/rejected-rows.ts';
import type { CommandContext } from '../context.ts';
import type { HeldState } from '../run/held-states.ts';
import { openStateStore } from '../run/state-store.ts';
import { VERSION } from '../version.ts';
import { warn } from '../warn.ts';

/** What findings are closed with, on the target of the context, under one run id. `held`: states that are locked already. */
export async function closeDeps(context: CommandContext, held: ReadonlyMap<string, HeldState> = new Map()): Promise<CloseDeps> {
  const [target, workspace] = [await context.target(), await context.openWorkspace()];
  const runId = randomUUID();
  return {
    workspace,
    stores: pipelineNames(context.folder('pipelines')).map(
      (name) => held.get(name)?.store ?? openStateStore(target, context.dataDir, name),
    ),
    identity: { runId, runKind: 'Live', triggerType: 'Manual', productVersion: VERSION, configHash: '' },
    clock: context.clock,
    reject: rejectedRows(join(context.dataDir, 'rejected'), runId),
    lockWaitMs: 0,
    signal: context.signal,
    warn: (text) => warn(context, text),
  };
}
