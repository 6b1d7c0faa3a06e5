import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import { AzureWorkspace } from '../../workspace/azure/azure-workspace.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { ArmCommandOptions } from '../azure/open-arm.ts';
import { WORKSPACE_VARIABLE } from '../azure/resource-id.ts';
import type { CommandContext } from '../context.ts';
import { plain } from '../text.ts';
import { type DoctorParts, type Finding, runChecks } from './checks.ts';

const MARKS = { ok: 'ok     ', warning: 'warning', failed: 'FAILED ' } as const;

/** Checks the target and prints a line for each check. */
export async function printDoctor(context: CommandContext, options: ArmCommandOptions = {}): Promise<number> {
  const print = ({ check, status, message, hint }: Finding) => {
    if (context.json) return;
    context.io.out(`${MARKS[status]}  ${check}: ${plain(message)}`);
    if (hint !== undefined && status !== 'ok') context.io.out(`         ${plain(hint)}`);
  };
  let workspace: Workspace;
  try {
    workspace = await context.openWorkspace();
  } catch (error) {
    if (!(error instanceof FactorwatchError)) throw error;
    const finding: Finding = { check: 'target', status: 'failed', message: error.message, hint: error.hint };
    print(finding);
    if (context.json) context.io.json({ checks: [finding] });
    return error.exitCode;
  }
  const checks = await runChecks({ workspace, clock: context.clock, ...(await azureParts(context, workspace, options)) }, print);
  if (context.json) context.io.json({ checks: checks.map(({ exitCode: _, ...told }) => told) });
  const failures = checks.filter(({ status }) => status === 'failed');
  if (failures.length === 0) return ExitCode.done;
  // What a person must mend comes before what may pass by itself.
  const codes = new Set(failures.map(({ exitCode }) => exitCode ?? ExitCode.invalid));
  return [ExitCode.noPermission, ExitCode.invalid, ExitCode.noInput].find((code) => codes.has(code)) ?? ExitCode.unavailable;
}

/** What only a target in Azure has. */
async function azureParts(context: CommandContext, workspace: Workspace, options: ArmCommandOptions): Promise<Partial<DoctorParts>> {
  const target = await context.target();
  if (!(workspace instanceof AzureWorkspace) || target.kind !== 'azure') return {};
  const { openStateStore } = await import('../run/state-store.ts');
  const store = openStateStore(target, context.dataDir, 'doctor');
  const tryWrite = async () => {
    await store.write('probe', new TextEncoder().encode('written by factorwatch doctor'));
    await store.remove('probe');
  };
  const named = options.workspace ?? context.env[WORKSPACE_VARIABLE];
  const rule = async () => {
    const { openArm } = await import('../azure/open-arm.ts');
    const { ruleDifferences } = await import('../azure/plan.ts');
    const { arm, request } = (await openArm(context, options))!;
    return ruleDifferences(arm, request, target.ingest);
  };
  return {
    reach: workspace.reach.bind(workspace),
    probe: workspace.probe.bind(workspace),
    state: { place: store.place, tryWrite },
    rule: named === undefined ? undefined : rule,
  };
}
