import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { ExitCode, FactorwatchError } from '../../../core/errors.ts';

export type InputFormat = 'json' | 'csv' | 'parquet';

export interface InputFile {
  readonly path: string;
  readonly format: InputFormat;
  /** The file name up to its first dot. */
  readonly stem: string;
}

export interface Skipped {
  readonly path: string;
  readonly reason: string;
}

/** What import reads, in words. */
export const EXTENSIONS = '.ndjson .jsonl .json .csv .parquet (or .gz of them)';

const FORMATS: readonly (readonly [ending: RegExp, format: InputFormat])[] = [
  [/\.(ndjson|jsonl|json)(\.gz)?$/i, 'json'],
  [/\.csv(\.gz)?$/i, 'csv'],
  [/\.parquet(\.gz)?$/i, 'parquet'],
];

/** The files to import, those of a directory in the order of their names; what is not importable is named. A folder of `exclude` is passed over. */
export async function inputFiles(
  paths: readonly string[],
  exclude: readonly string[],
): Promise<{ readonly files: InputFile[]; readonly skipped: Skipped[] }> {
  const files: InputFile[] = [];
  const skipped: Skipped[] = [];
  const left = new Set(exclude.map((path) => resolve(path)));
  const seen = new Set<string>();
  const add = (path: string) => {
    const format = FORMATS.find(([ending]) => ending.test(path))?.[1];
    if (seen.has(resolve(path))) return;
    seen.add(resolve(path));
    if (format) files.push({ path, format, stem: basename(path).split('.')[0] ?? '' });
    else skipped.push({ path, reason: `not one of ${EXTENSIONS}` });
  };
  const walk = async (directory: string): Promise<void> => {
    const entries = await readdir(directory, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(directory, entry.name);
      if (left.has(resolve(path))) continue;
      if (entry.isDirectory()) await walk(path);
      else if (entry.isFile()) add(path);
      // A link is followed to a file, never to a directory: that could lead round in a circle.
      else if (entry.isSymbolicLink() && (await stat(path).catch(() => undefined))?.isFile()) add(path);
      else skipped.push({ path, reason: 'not a file' });
    }
  };
  for (const path of paths) {
    try {
      const info = await stat(path);
      if (info.isDirectory()) await walk(path);
      else add(path);
    } catch (error) {
      throw unreadable(path, error);
    }
  }
  return { files, skipped };
}

/** The error for an input that is not there or cannot be read. */
export function unreadable(path: string, cause: unknown): FactorwatchError {
  const code = (cause as NodeJS.ErrnoException).code;
  const why =
    code === 'ENOENT'
      ? 'does not exist'
      : code === 'EACCES' || code === 'EPERM'
        ? 'may not be read'
        : `cannot be read (${code ?? String(cause)})`;
  return new FactorwatchError('input-unreadable', `${path} ${why}`, { exitCode: ExitCode.noInput, cause });
}
