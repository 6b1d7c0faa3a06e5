import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = `${root}node_modules/.cache/bench`;

/**
 * Compiles a script of this folder with all it imports, as the product itself is, and gives the path of the plain JavaScript: a
 * loader that translates on the way needs a thread, 60 MB and names on every closure, which would be measured with it.
 */
export function built(script: string): string {
  const options = ['--ignoreConfig', '--noCheck', '--module', 'nodenext', '--target', 'es2023', '--types', 'node'];
  const { status, stdout } = spawnSync(
    process.execPath,
    [`${root}node_modules/typescript/bin/tsc`, script, ...options, '--rewriteRelativeImportExtensions', '--rootDir', '.', '--outDir', out],
    { cwd: root, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${script} cannot be compiled: ${stdout}`);
  return `${out}/${script.replace(/\.ts$/, '.js')}`;
}
