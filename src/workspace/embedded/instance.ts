import { tmpdir, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import { makeFolders } from '../../core/make-folders.ts';

export interface InstanceOptions {
  /** A file, or ':memory:'. */
  readonly path: string;
  readonly threads?: number | undefined;
  /** DuckDB spelling, e.g. '2GB'. */
  readonly memoryLimit?: string | undefined;
}

export const MEMORY = ':memory:';

/**
 * Paths that this process has open. POSIX locks belong to the process: a second instance of the same file would be let in, and
 * closing it would drop the lock of the first.
 */
const open = new Set<string>();

export interface OpenInstance {
  readonly instance: DuckDBInstance;
  readonly release: () => void;
}

/** Opens the database and locks its settings: no file access, no extension, no change of settings from then on. */
export async function openInstance({ path, threads, memoryLimit }: InstanceOptions): Promise<OpenInstance> {
  const file = path === MEMORY ? path : resolve(path);
  const config = {
    ...(threads === undefined ? {} : { threads: String(threads) }),
    memory_limit: memoryLimit ?? defaultMemoryLimit(),
    temp_directory: path === MEMORY ? join(tmpdir(), `factorwatch-${process.pid}`) : `${file}.tmp`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    storage_compatibility_version: 'latest',
  };
  if (path === MEMORY) {
    const instance = await DuckDBInstance.create(path, config);
    await lockSettings(instance);
    return { instance, release: () => instance.closeSync() };
  }
  if (open.has(file)) throw held(file, process.pid);
  open.add(file);
  try {
    makeFolders(dirname(file), 0o700);
    const instance = await DuckDBInstance.fromCache(file, config);
    await lockSettings(instance);
    return {
      instance,
      release: () => {
        instance.closeSync();
        open.delete(file);
      },
    };
  } catch (error) {
    open.delete(file);
    throw openFault(file, error);
  }
}

/** Half of the memory that this process may use, a container's limit included, and not more than 4 GB. */
function defaultMemoryLimit(): string {
  const allowed = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  return `${Math.floor(Math.min(totalmem(), allowed, 8 * 2 ** 30) / 2 / 2 ** 20)}MiB`;
}

async function lockSettings(instance: DuckDBInstance): Promise<void> {
  const connection = await instance.connect();
  try {
    for (const setting of ["TimeZone = 'UTC'", 'enable_external_access = false', 'lock_configuration = true']) {
      await connection.run(`SET GLOBAL ${setting}`);
    }
  } finally {
    connection.closeSync();
  }
}

function held(file: string, pid: number | undefined): FactorwatchError {
  const holder = pid === undefined ? 'another process' : pid === process.pid ? `this process (pid ${pid})` : `process ${pid}`;
  return new FactorwatchError('workspace-held', `${file} is held by ${holder}`, {
    exitCode: ExitCode.held,
    hint: 'wait until it has ended, or use the same --data-dir while `factorwatch serve` runs: commands then work through it',
  });
}

const OPEN_HINTS: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [/No space left/i, 'make room on the disk and run the command again'],
  [/ENOTDIR|EEXIST/, 'a part of its path is a file: name another folder with --data-dir'],
  [/mkdir/, 'name another folder with --data-dir, or ask for the rights to this one'],
  [/./s, 'even to read, its folder must be writable: change that, or copy it and name the copy with --data-dir'],
];

/** What the engine says of a file that it cannot open, read or trust, as an error for the user; any other error as it is. */
export function openFault(file: string, error: unknown): unknown {
  if (error instanceof FactorwatchError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/Conflicting lock|Could not set lock/.test(message)) {
    const pid = /\(PID (\d+)\)/.exec(message)?.[1];
    return held(file, pid === undefined ? undefined : Number(pid));
  }
  if (
    /not a valid DuckDB database|newer version|older version|corrupt|Could not read enough bytes|Serialization Error|Failed to deserialize/i.test(
      message,
    )
  ) {
    return new FactorwatchError('workspace-unreadable', `${file} cannot be read as a workspace: ${message}`, {
      exitCode: ExitCode.noInput,
      hint: 'it is damaged or of another version; move it away and import the logs again',
      cause: error,
    });
  }
  if (/EACCES|EROFS|ENOTDIR|EEXIST|Permission denied|Read-only file system|Cannot open file|No space left/i.test(message)) {
    return new FactorwatchError('workspace-unreadable', `${file} cannot be opened: ${message}`, {
      exitCode: ExitCode.noInput,
      hint: OPEN_HINTS.find(([pattern]) => pattern.test(message))![1],
      cause: error,
    });
  }
  return error;
}
