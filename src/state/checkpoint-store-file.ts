import { open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder, syncFolder } from '../core/durable-folder.ts';
import { ExitCode, FactorwatchError } from '../core/errors.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import { lockDirectory } from './checkpoint-store-lock.ts';

const TEMPORARY = '.tmp';
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/** Blobs as files of a directory; a write is a new file, fsync, rename, fsync of its folder. */
export function fileCheckpointStore(directory: string): CheckpointStore {
  const fileOf = (name: string): string => {
    if (!NAME.test(name) || name.endsWith(TEMPORARY)) throw new Error(`not a name of a blob: ${name}`);
    return join(directory, name);
  };
  return {
    place: directory,
    lock: (options) =>
      guarded(directory, async () => {
        await makeFolder(directory);
        return lockDirectory(directory, options);
      }),
    read: (name, into) => guarded(directory, () => readWhole(fileOf(name), into).catch(absent(undefined))),
    write: (name, bytes) =>
      guarded(directory, async () => {
        const file = fileOf(name);
        const folder = dirname(file);
        await makeFolder(folder);
        // One name a blob: only the holder of the lock writes, and a leftover of a crash is simply overwritten.
        await writeDurably(file + TEMPORARY, bytes);
        await rename(file + TEMPORARY, file);
        await syncFolder(folder);
      }),
    remove: (name) =>
      guarded(directory, async () => {
        const file = fileOf(name);
        const folder = dirname(file);
        await rm(file, { force: true });
        await syncFolder(folder).catch(absent(undefined));
        // Each run has an outbox folder of its own: an empty one goes. One that is not empty cannot.
        if (folder !== directory) await rmdir(folder).catch(() => undefined);
      }),
    list: (prefix) =>
      guarded(directory, async () => {
        const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(absent([]));
        return entries
          .filter((entry) => entry.isFile() && !entry.name.endsWith(TEMPORARY) && !/^(lock|draft)\./.test(entry.name))
          .map((entry) =>
            join(entry.parentPath, entry.name)
              .slice(directory.length + 1)
              .replaceAll('\\', '/'),
          )
          .filter((name) => name.startsWith(prefix))
          .sort();
      }),
  };
}

async function readWhole(file: string, into: Uint8Array | undefined): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const size = into === undefined ? 0 : (await handle.stat()).size;
    if (into === undefined || size > into.length) return await handle.readFile();
    let length = 0;
    for (let read = -1; length < size && read !== 0; length += read) ({ bytesRead: read } = await handle.read(into, length, size - length));
    return into.subarray(0, length);
  } finally {
    await handle.close();
  }
}

async function writeDurably(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function absent<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return value;
    throw error;
  };
}

/** A full or read-only disk is the operator's to mend: named, with the place. */
async function guarded<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (typeof code !== 'string' || code === 'ABORT_ERR' || cause instanceof FactorwatchError) throw cause;
    throw new FactorwatchError('state-unusable', `the state in ${directory} cannot be used: ${message}`, {
      exitCode: ExitCode.noInput,
      hint: 'Check that the folder can be written and that its disk is not full, then run the command again.',
      cause,
    });
  }
}
