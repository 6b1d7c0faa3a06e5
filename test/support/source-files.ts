import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the repository. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const LEFT_OUT = new Set(['node_modules', 'dist', '.git', '.factorwatch', 'coverage', 'samples']);

/** Paths of the files below a folder, relative to the root, generated and installed ones left out. */
export function filesBelow(folder: string, ending = ''): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    if (LEFT_OUT.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path, ending);
    return entry.isFile() && path.endsWith(ending) ? [path] : [];
  });
}

export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export interface Import {
  /** 'node:fs', 'zod', or the path of a file of ours, relative to the root. */
  readonly to: string;
  /** Erased by the compiler: nothing is loaded. */
  readonly typeOnly: boolean;
  /** import() at run time. */
  readonly lazy: boolean;
}

const IMPORT = /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^;'"]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** What a file imports. */
export function importsOf(path: string): Import[] {
  return [...textOf(path).matchAll(IMPORT)].map(([, typeOnly, fixed, lazy]) => {
    const name = (fixed ?? lazy)!;
    const to = name.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(path), name)) : name;
    return { to, typeOnly: typeOnly !== undefined, lazy: lazy !== undefined };
  });
}
