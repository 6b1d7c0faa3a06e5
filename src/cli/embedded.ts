import { ExitCode, FactorwatchError } from '../core/errors.ts';
import type { EmbeddedWorkspace } from '../workspace/embedded/embedded-workspace.ts';
import type { CommandContext } from './context.ts';

/** The embedded workspace of the target, for commands that write to its tables; refused for one in Azure (64). */
export async function openEmbedded(context: CommandContext): Promise<EmbeddedWorkspace> {
  const target = await context.target();
  if (target.kind === 'embedded') return (await context.openWorkspace()) as EmbeddedWorkspace;
  throw new FactorwatchError(
    'not-embedded',
    `target ${target.name} is a workspace in Azure: its tables are filled by Azure Monitor, not from here`,
    {
      exitCode: ExitCode.usage,
      hint: 'Choose a target of kind embedded with --target.',
    },
  );
}
