import { ticksFromMs } from '../core/ticks.ts';
import { readOverrides, rulesInForce } from '../rules/overrides.ts';
import { rowsToWrite } from '../rules/snapshot.ts';
import { FACTOR_RULES } from '../schema/factor-rules.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { CommandContext } from './context.ts';
import { ruleBase } from './rule-base.ts';

/** Writes the snapshot of rules and detectors where FactorRules_CL has grown old, and tells which detectors are switched off. */
export async function snapshotRules(context: CommandContext, workspace: Workspace): Promise<{ readonly disabled: ReadonlySet<string> }> {
  const { signal, clock } = context;
  const base = await ruleBase(context);
  const rows = await rowsToWrite(workspace, base, ticksFromMs(clock()), signal);
  if (rows.length > 0) await workspace.ingest(FACTOR_RULES.stream, rows as unknown as readonly Readonly<Record<string, unknown>>[], signal);
  const inForce = rulesInForce(base, await readOverrides(workspace, signal));
  return { disabled: new Set(inForce.filter(({ enabled }) => !enabled).map(({ row }) => row.RuleId)) };
}
