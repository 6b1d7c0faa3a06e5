import { memoryIo } from '../../src/cli/io.ts';
import { runCommandInProcess } from '../../src/cli/run-command.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { ROOT } from './source-files.ts';

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line inside this process, in a working directory of its own. */
export async function cli(
  where: string | { readonly cwd: string; readonly isTTY?: boolean; readonly env?: Readonly<Record<string, string>> },
  ...argv: readonly string[]
): Promise<CliResult> {
  const { cwd, isTTY = false, env = {} } = typeof where === 'string' ? { cwd: where } : where;
  const io = memoryIo({ isTTY });
  const code = await runCommandInProcess(argv, io, { cwd, env, signal: new AbortController().signal });
  return { code, out: io.stdout(), err: io.stderr() };
}

/** A command line on a workspace that is open already, in the project's folder or `cwd`: Kusto's parser is loaded once for many. */
export async function callIn(
  {
    dataDir,
    workspace,
    clock,
    env = {},
    cwd = ROOT,
  }: {
    readonly dataDir: string;
    readonly workspace: Workspace;
    readonly clock?: () => number;
    readonly env?: Readonly<Record<string, string>>;
    readonly cwd?: string;
  },
  ...argv: readonly string[]
): Promise<CliResult> {
  const io = memoryIo();
  const surroundings = { cwd, env, signal: new AbortController().signal, ...(clock && { clock }), serving: { dataDir, workspace } };
  const code = await runCommandInProcess(argv, io, surroundings);
  return { code, out: io.stdout(), err: io.stderr() };
}
