import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ExitCode, FactorwatchError } from './errors.ts';

/** The folder itself, where it is not there yet, and those above it that lack; the outermost first. */
export function lackingFolders(path: string): readonly string[] {
  const lacking: string[] = [];
  for (let at = resolve(path); !existsSync(at) && dirname(at) !== at; at = dirname(at)) lacking.unshift(at);
  return lacking;
}

/**
 * Makes a folder and those above it that lack, one by one: where a file system says "no such file" to every new name (/proc), Node's own recursive
 * mkdir asks for ever, and no signal gets through to it.
 */
export function makeFolders(path: string, mode?: number): void {
  const lacking = lackingFolders(path);
  // What is there and no folder is told as mkdir tells it.
  if (lacking.length === 0 && !statSync(path).isDirectory()) mkdirSync(path);
  for (const folder of lacking) {
    try {
      mkdirSync(folder, { mode });
    } catch (error) {
      passOver(error, folder);
    }
  }
}

/** Throws what keeps a folder from being made; that somebody else has just made it does not. */
export function passOver(error: unknown, folder: string): void {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EEXIST' && existsSync(folder) && statSync(folder).isDirectory()) return;
  if (code !== 'ENOENT') throw error;
  throw new FactorwatchError('file-unusable', `${folder} cannot be made: ${dirname(folder)} takes no new folders (ENOENT)`, {
    exitCode: ExitCode.noInput,
    hint: 'Name another place.',
    cause: error,
  });
}
