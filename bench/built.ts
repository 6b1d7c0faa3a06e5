import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
let compiled = false;

/**
 * The path of a script of this folder as plain JavaScript, compiled with all it imports as the product itself is: a loader that
 * translates on the way needs a thread, 60 MB and names on every closure, which would be measured with it.
 */
export function built(script: string): string {
  if (!compiled) {
    const options = { cwd: root, encoding: 'utf8' } as const;
    const { status, stdout } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'bench/tsconfig.json'], options);
    if (status !== 0) throw new Error(`the benches cannot be compiled: ${stdout}`);
    compiled = true;
  }
  return `${root}node_modules/.cache/bench/bench/${script}.js`;
}
