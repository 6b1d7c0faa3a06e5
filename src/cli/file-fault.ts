import { ExitCode, FactorwatchError } from '../core/errors.ts';

const SPACE = 'Make room, then run the command again: nothing was left half-written.';
const ELSEWHERE = 'Name another place, or ask for the rights to this one.';
const IN_THE_WAY = 'Name another path, or move what is in the way.';

/** What the file system says no to, and what to do. ENOENT is not among them: where a user's file is missing, the command says which. */
const FAULTS: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  EACCES: ['permission denied', ELSEWHERE],
  EPERM: ['not permitted', ELSEWHERE],
  EROFS: ['the file system is read-only', ELSEWHERE],
  ENOSPC: ['the disk is full', SPACE],
  EDQUOT: ['the quota of the disk is used up', SPACE],
  ENOTDIR: ['a part of the path is a file, not a directory', IN_THE_WAY],
  EEXIST: ['there is a file of that name', IN_THE_WAY],
  EISDIR: ['it is a directory', IN_THE_WAY],
  ENAMETOOLONG: ['the name is too long', 'Name a shorter path.'],
};

/** A system error about a file as an error for the user; undefined for everything else. */
export function fileFault(error: unknown): FactorwatchError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  const fault = code === undefined || syscall === undefined ? undefined : FAULTS[code];
  if (fault === undefined) return undefined;
  const [why, hint] = fault;
  return new FactorwatchError('file-unusable', `${path === undefined ? `a file (${syscall})` : path} cannot be used: ${why} (${code})`, {
    exitCode: ExitCode.noInput,
    hint,
    cause: error,
  });
}

/** Why a file that the user named cannot be read, in words. */
export function whyUnreadable(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'there is no such file' : (FAULTS[code ?? '']?.[0] ?? message);
}
