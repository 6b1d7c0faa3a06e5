import { ticksFromMs } from '../core/ticks.ts';
import type { Pipeline } from '../pipeline/pipeline-file.ts';
import { readOverrides, rulesInForce } from '../rules/overrides.ts';
import { rowsToWrite } from '../rules/snapshot.ts';
import { FACTOR_RULES } from '../schema/factor-rules.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { CommandContext } from './context.ts';
import { ruleBase } from './rule-base.ts';

/** Writes the snapshot of rules and detectors where FactorRules_CL has grown old, and tells which detectors are switched off. */
export async function snapshotRules(context: CommandContext, workspace: Workspace): Promise<ReadonlySet<string>> {
  const { signal, clock } = context;
  const base = await ruleBase(context);
  const rows = await rowsToWrite(workspace, base, ticksFromMs(clock()), signal);
  if (rows.length > 0) await workspace.ingest(FACTOR_RULES.stream, rows as unknown as readonly Readonly<Record<string, unknown>>[], signal);
  const inForce = rulesInForce(base, await readOverrides(workspace, signal));
  const off = inForce.filter(({ enabled, row }) => !enabled && row.RuleKind === 'Detector');
  return new Set(off.map(({ row }) => row.RuleId));
}

/** A pipeline with these detectors switched off. */
export function withoutDetectors(pipeline: Pipeline, off: ReadonlySet<string>): Pipeline {
  const settings: Record<string, Pipeline['detectors'][string]> = { ...pipeline.detectors };
  for (const id of off) settings[id] = Object.assign({ ...settings[id] }, { enabled: false });
  return { ...pipeline, detectors: settings };
}
