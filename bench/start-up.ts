import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const RUNS = 10;

function median(argv: readonly string[]): number {
  const times = Array.from({ length: RUNS }, () => {
    const begin = performance.now();
    spawnSync(process.execPath, argv, { stdio: 'ignore' });
    return performance.now() - begin;
  });
  return times.toSorted((a, b) => a - b)[RUNS / 2]!;
}

/** Time of `--help`, beside that of Node itself with nothing to do. */
export function benchStartUp(): void {
  const cli = fileURLToPath(new URL('../bin/factorwatch.js', import.meta.url));
  if (!existsSync(fileURLToPath(new URL('../dist/cli/main.js', import.meta.url)))) throw new Error('run `npm run build` first');
  const [bare, help, query] = [median(['-e', '0']), median([cli, '--help']), median([cli, 'query', '--help'])];
  const line = (what: string, ms: number) =>
    process.stdout.write(`${what.padEnd(28)} ${ms.toFixed(0).padStart(5)} ms  ${(ms / bare).toFixed(1)} x node\n`);
  process.stdout.write(`median of ${RUNS}\n`);
  line('node -e 0', bare);
  line('--help (goal 300 ms)', help);
  line('query --help', query);
}
