import { readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import disk, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { dirname } from 'node:path';
import type { Boundaries } from '../pipeline/boundaries.ts';

/** What is left of the disk after a crash: all that was done (the process died), or only what fsync had made durable (the machine did). */
export type Loss = 'process' | 'machine';

/** An act on a folder that is not durable until that folder is synced. */
interface Entry {
  readonly folder: string;
  readonly undo: () => void;
}

/**
 * Makes every durable act of `node:fs/promises` a boundary at which a crash can be injected, and remembers what a machine that
 * loses power would forget: bytes whose file was not synced, entries whose folder was not. Nothing is really synced, which is what
 * takes time.
 */
export class CrashingDisk {
  private readonly real = { ...disk };
  private readonly boundaries: Boundaries;
  private readonly unsynced = new Set<string>();
  private entries: Entry[] = [];

  constructor(boundaries: Boundaries) {
    this.boundaries = boundaries;
    const { real } = this;
    const patched: Record<string, unknown> = {
      open: (path: string, flags = 'r', mode?: number) => this.open(path, String(flags), mode),
      writeFile: (path: string, data: string | Uint8Array, options: object) =>
        this.entering(path, () => this.written(path, () => real.writeFile(path, data, options))),
      mkdir: (path: string) => this.entering(path, () => real.mkdir(path)),
      rename: (from: string, to: string) => this.rename(from, to),
      link: (from: string, to: string) => this.entering(to, () => real.link(from, to)),
      rm: (path: string, options: object) => this.leaving(path, () => real.rm(path, options)),
      rmdir: (path: string) => this.cross(() => real.rmdir(path)),
    };
    Object.assign(disk, patched);
    syncBuiltinESMExports();
  }

  /** Puts the real functions back. */
  restore(): void {
    Object.assign(disk, this.real);
    syncBuiltinESMExports();
  }

  /** Leaves the disk as it would be found after the crash. */
  settle(loss: Loss): void {
    if (loss === 'machine') {
      for (const { undo } of this.entries.reverse()) undo();
      for (const file of this.unsynced) if (kindOf(file) === 'file') truncateSync(file, 0);
    }
    this.entries = [];
    this.unsynced.clear();
  }

  private cross<T>(act: () => Promise<T>): Promise<T> {
    return this.boundaries.cross(act);
  }

  private async open(path: string, flags: string, mode?: number): Promise<FileHandle> {
    const writes = flags !== 'r';
    const folder = kindOf(path) === 'folder';
    let handle: FileHandle | undefined;
    const opened = async () => {
      handle = await this.real.open(path, flags, mode);
      return handle;
    };
    try {
      handle = await (writes ? this.entering(path, () => this.written(path, opened)) : opened());
    } catch (error) {
      await handle?.close();
      throw error;
    }
    return new Proxy(handle, {
      get: (target, name) => {
        if (name === 'sync') return () => this.cross(async () => this.synced(path, folder));
        if (name === 'writeFile') return (data: string | Uint8Array) => this.write(target, path, data);
        const value = Reflect.get(target, name) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  /** Two boundaries: a crash between them leaves half of the bytes. */
  private async write(handle: FileHandle, path: string, data: string | Uint8Array): Promise<void> {
    const bytes = Buffer.from(data as Uint8Array);
    const half = bytes.length >> 1;
    this.unsynced.add(path);
    await this.cross(() => handle.writeFile(bytes.subarray(0, half)));
    await this.cross(() => handle.writeFile(bytes.subarray(half)));
  }

  private written<T>(path: string, act: () => Promise<T>): Promise<T> {
    this.unsynced.add(path);
    return act();
  }

  private synced(path: string, folder: boolean): void {
    if (folder) this.entries = this.entries.filter((entry) => entry.folder !== path);
    else this.unsynced.delete(path);
  }

  /** A new name in a folder. */
  private entering<T>(path: string, act: () => Promise<T>): Promise<T> {
    return this.cross(async () => {
      const known = kindOf(path) !== undefined;
      const result = await act();
      if (!known) this.entries.push({ folder: dirname(path), undo: () => rmSync(path, { recursive: true, force: true }) });
      return result;
    });
  }

  private leaving<T>(path: string, act: () => Promise<T>): Promise<T> {
    return this.cross(async () => {
      const before = kindOf(path) === 'file' ? readFileSync(path) : undefined;
      const result = await act();
      if (before) this.entries.push({ folder: dirname(path), undo: () => writeBack(path, before) });
      return result;
    });
  }

  private rename(from: string, to: string): Promise<void> {
    return this.cross(async () => {
      const [moved, before] = [readFileSync(from), kindOf(to) === 'file' ? readFileSync(to) : undefined];
      await this.real.rename(from, to);
      if (this.unsynced.delete(from)) this.unsynced.add(to);
      else this.unsynced.delete(to);
      const undo = () => {
        writeBack(from, moved);
        if (before) writeBack(to, before);
        else rmSync(to, { force: true });
      };
      this.entries.push({ folder: dirname(to), undo });
    });
  }
}

/** The folder itself may be one that the crash took. */
function writeBack(path: string, bytes: Uint8Array): void {
  if (kindOf(dirname(path)) === 'folder') writeFileSync(path, bytes);
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  return stat.isDirectory() ? 'folder' : 'file';
}
