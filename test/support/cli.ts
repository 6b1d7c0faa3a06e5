import { memoryIo } from '../../src/cli/io.ts';
import { runCommandInProcess } from '../../src/cli/run-command.ts';

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
