import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import { AzureWorkspace } from '../../workspace/azure/azure-workspace.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { CommandContext } from '../context.ts';
import { type Finding, runChecks } from './checks.ts';

const MARKS = { ok: 'ok     ', warning: 'warning', failed: 'FAILED ' } as const;

/** Checks the target and prints a line for each check. */
export async function printDoctor(context: CommandContext): Promise<number> {
  const print = ({ check, status, message, hint }: Finding) => {
    if (context.json) return;
    context.io.out(`${MARKS[status]}  ${check}: ${message}`);
    if (hint !== undefined && status !== 'ok') context.io.out(`         ${hint}`);
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
  const probe = workspace instanceof AzureWorkspace ? workspace.probe.bind(workspace) : undefined;
  const checks = await runChecks({ workspace, probe, clock: context.clock }, print);
  if (context.json) context.io.json({ checks });
  const failures = checks.filter(({ status }) => status === 'failed');
  if (failures.length === 0) return ExitCode.done;
  if (failures.some(({ message }) => /role is missing|token/.test(message))) return ExitCode.noPermission;
  return failures.some(({ check }) => check === 'query access') ? ExitCode.unavailable : ExitCode.invalid;
}
