import { openCredential } from '../../workspace/azure/credentials.ts';
import type { CommandContext } from '../context.ts';
import { usageError } from '../usage-error.ts';
import { ArmClient } from './arm-client.ts';
import { functionFiles } from './function-files.ts';
import type { PlanRequest } from './plan.ts';
import { WORKSPACE_VARIABLE, workspaceResource } from './resource-id.ts';

export interface ArmCommandOptions {
  readonly workspace?: string;
  readonly dcrName?: string;
}

/** The management API of the target, and what is to be there. undefined: an embedded target, where nothing is deployed. */
export async function openArm(
  context: CommandContext,
  options: ArmCommandOptions,
): Promise<{ readonly arm: ArmClient; readonly request: PlanRequest } | undefined> {
  const target = await context.target();
  if (target.kind === 'embedded') return undefined;
  const dcrName = options.dcrName ?? 'dcr-factorwatch';
  if (!/^[A-Za-z0-9][\w.-]{0,62}[A-Za-z0-9]$/.test(dcrName)) throw usageError(`"${dcrName}" cannot be the name of a data collection rule`);
  const workspace = workspaceResource(options.workspace ?? context.env[WORKSPACE_VARIABLE]);
  const arm = new ArmClient({
    cloud: target.cloud,
    manage_endpoint: target.manage_endpoint,
    credential: await openCredential(target, context.env),
  });
  return { arm, request: { workspace, dcrName, functions: functionFiles(context.folder('queries/functions')) } };
}
