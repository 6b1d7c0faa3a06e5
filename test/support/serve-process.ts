import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** `serve` in a process of its own, from the sources or from the last build. */
export interface ServeProcess {
  readonly address: string;
  readonly firstLine: string;
  readonly pid: number;
  /** Exit code or signal, when it has ended. */
  readonly ended: Promise<number | string>;
  kill(signal: NodeJS.Signals): Promise<number | string>;
}

/** A command line in a process of its own. */
export function spawnCommand(
  args: readonly string[],
  { built = false, env = {} }: { built?: boolean; env?: Record<string, string> } = {},
): ChildProcess {
  const program = built ? ['bin/factorwatch.js'] : ['--import', 'tsx', 'src/cli/main.ts'];
  return spawn(process.execPath, [...program, ...args], { cwd: ROOT, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs a command to its end. */
export async function runCommand(args: readonly string[], options: Parameters<typeof spawnCommand>[1] = {}) {
  const child = spawnCommand(args, options);
  const texts = { out: '', err: '' };
  child.stdout!.on('data', (part: Buffer) => (texts.out += part.toString()));
  child.stderr!.on('data', (part: Buffer) => (texts.err += part.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, ...texts };
}

/** Starts `serve` on a data directory and waits for its first line. */
export async function startServe(
  dataDir: string,
  { args = [], ...options }: { args?: readonly string[] } & Parameters<typeof spawnCommand>[1] = {},
): Promise<ServeProcess> {
  const child = spawnCommand(['serve', '--port', '0', '--data-dir', dataDir, ...args], options);
  let errors = '';
  child.stderr!.on('data', (part: Buffer) => (errors += part.toString()));
  const ended = new Promise<number | string>((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal ?? 'unknown')));
  const lines = createInterface({ input: child.stdout! });
  const firstLine = await Promise.race([
    new Promise<string>((resolve) => lines.once('line', resolve)),
    ended.then((code) => Promise.reject(new Error(`serve ended with ${code}: ${errors}`))),
  ]);
  return {
    address: firstLine.replace('listening on ', ''),
    firstLine,
    pid: child.pid!,
    ended,
    kill(signal) {
      child.kill(signal);
      return ended;
    },
  };
}
