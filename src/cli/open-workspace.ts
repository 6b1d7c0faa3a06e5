import { dirname, resolve } from 'node:path';
import type { Workspace } from '../workspace/workspace.ts';
import type { Target } from './config/config.ts';
import type { CommandContext } from './context.ts';
import { plain } from './text.ts';

/** Opens the workspace of a target. The engine or SDK is loaded here, not before. */
export async function openWorkspace(target: Target, context: CommandContext): Promise<Workspace> {
  if (target.kind === 'embedded') {
    const { openEmbeddedWorkspace } = await import('../workspace/embedded/open.ts');
    const { file, targets } = await context.config();
    const folder = file === undefined ? context.cwd : dirname(file);
    const externalData = target.external_data?.map((path) => resolve(folder, path));
    // It stands in for the workspace in Azure that the configuration names, under its id: `serve` answers to that.
    const [workspaceId] = Object.values(targets).flatMap((other) => (other.kind === 'azure' ? other.workspaces : []));
    return openEmbeddedWorkspace({ directory: context.dataDir, externalData, workspaceId });
  }
  const { openAzureWorkspace } = await import('../workspace/azure/open.ts');
  const workspace = await openAzureWorkspace(target, { env: context.env, warn: (text) => context.io.err(plain(text)) });
  // Some requests (which tables are there) belong to nobody who could stop them: an interrupted command waits for none of them.
  context.signal.addEventListener('abort', () => void workspace.close(), { once: true });
  return workspace;
}
