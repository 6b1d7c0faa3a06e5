import { constants, type FileHandle, open, realpath } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ExitCode, FactorwatchError } from '../../../core/errors.ts';
import type { ExternalSource } from '../../../kql/translate.ts';
import { READERS } from './records.ts';

/** As much text as the files of one externaldata may hold, unpacked: as in Log Analytics. */
const MOST_BYTES = 100 * 2 ** 20;

/** The rows of the files that externaldata names, as the text that the translation binds. Only what lies below one of the folders is read. */
export async function readExternal(source: ExternalSource, folders: readonly string[], file: string | undefined): Promise<string> {
  const rows: (readonly (string | null)[])[] = [];
  let left = MOST_BYTES;
  for (const path of source.paths) {
    const fail = (why: string, hint: string, cause?: unknown): FactorwatchError =>
      new FactorwatchError('kql-failed', `externaldata cannot read ${JSON.stringify(path)}: ${why}`, {
        exitCode: ExitCode.invalid,
        where: { ...(file === undefined ? {} : { file }), line: source.line, column: source.column },
        hint,
        cause,
      });
    const packed = /\.gz$/i.test(path);
    const format =
      source.format ??
      extname(packed ? path.slice(0, -3) : path)
        .slice(1)
        .toLowerCase();
    const reader = READERS[format] ?? (source.format === undefined ? READERS['csv'] : undefined);
    if (!reader) throw fail(`the format ${format} is not supported`, `Use one of ${Object.keys(READERS).join(', ')}.`);
    const handle = await openAllowed(path, folders);
    if (!handle) {
      throw fail(
        'there is no such file below a folder that queries may read',
        `external_data of the target allows ${folders.join(', ')}; paths are relative to it, and links must not lead out of it.`,
      );
    }
    try {
      const bytes = await contents(handle, packed, left);
      if (bytes === undefined) throw fail(`it is larger than ${MOST_BYTES / 2 ** 20} MB`, 'Load it with `factorwatch import` instead.');
      left -= bytes.length;
      const records = reader(new TextDecoder('utf-8', { fatal: true }).decode(bytes), source.columns);
      for (const record of source.ignoreFirstRecord ? records.slice(1) : records)
        rows.push(source.columns.map((_, i) => record[i] ?? null));
    } catch (error) {
      if (error instanceof FactorwatchError) throw error;
      throw fail(
        error instanceof Error ? error.message : String(error),
        `It was read as ${format || 'csv'}; name another with (format = "...").`,
        error,
      );
    } finally {
      await handle.close();
    }
  }
  return JSON.stringify(rows);
}

/** A regular file below one of the folders, symbolic links resolved on both sides. */
async function openAllowed(path: string, folders: readonly string[]): Promise<FileHandle | undefined> {
  for (const folder of folders) {
    try {
      const root = await realpath(folder);
      const real = await realpath(resolve(root, path));
      if (!real.startsWith(root.endsWith(sep) ? root : root + sep)) continue;
      // A link put in its place since is not followed, and a pipe does not hold up the query.
      const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      if ((await handle.stat()).isFile()) return handle;
      await handle.close();
    } catch {
      // not there: the next folder may have it
    }
  }
  return undefined;
}

async function contents(handle: FileHandle, packed: boolean, most: number): Promise<Buffer | undefined> {
  if ((await handle.stat()).size > most) return undefined;
  const bytes = await handle.readFile();
  if (bytes.length > most) return undefined;
  if (!packed) return bytes;
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: most });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw error;
  }
}
