import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { memoryIo } from '../../src/cli/io.ts';
import { runCommandInProcess } from '../../src/cli/run-command.ts';
import { openEmbeddedWorkspace } from '../../src/workspace/embedded/open.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A time after everything in samples/. */
export const END = '2027-01-01T00:00:00Z';

/** A command line in a process of its own. */
export function startCli(dataDir: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...args, '--json', '--data-dir', dataDir], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (data: Buffer) => {
    out += data;
  });
  child.stderr.on('data', (data: Buffer) => {
    err += data;
  });
  const ended = new Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, out, err }));
  });
  return { child, ended };
}

/** Its result; throws when it did not end with 0. */
export async function cliJson(dataDir: string, ...args: readonly string[]): Promise<unknown> {
  const { code, out, err } = await startCli(dataDir, ...args).ended;
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${out}${err}`);
  return JSON.parse(out);
}

/** Runs several command lines in this process, on one open workspace: Kusto's parser is loaded once. */
export async function inProcess<T>(
  dataDir: string,
  work: (call: (...args: readonly string[]) => Promise<unknown>) => Promise<T>,
): Promise<T> {
  const workspace = await openEmbeddedWorkspace({ directory: dataDir });
  try {
    return await work(async (...args) => {
      const io = memoryIo();
      const surroundings = { cwd: ROOT, env: {}, signal: new AbortController().signal, serving: { dataDir, workspace } };
      const code = await runCommandInProcess([...args, '--json'], io, surroundings);
      if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${io.stdout()} ${io.stderr()}`);
      return JSON.parse(io.stdout());
    });
  } finally {
    await workspace.close();
  }
}

/** Findings without what may differ between the same ones. */
export function comparable(findings: unknown, { revisions }: { readonly revisions: boolean }): unknown[] {
  return (findings as Record<string, unknown>[]).map(({ TimeGenerated: _, RunId: __, FindingRevision, AdditionalFields, ...rest }) => {
    const { OverBudget: ___, ...fields } = AdditionalFields as Record<string, unknown>;
    return { ...rest, AdditionalFields: fields, ...(revisions ? { FindingRevision } : {}) };
  });
}
