import { mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { lackingFolders, passOver } from './make-folders.ts';

/** Makes a folder and those above it that lack; each is an entry of the one above it, and durable only once that is synced. */
export async function makeFolder(path: string): Promise<void> {
  const lacking = lackingFolders(path);
  // What is there and no folder is told as mkdir tells it.
  if (lacking.length === 0 && !(await stat(path)).isDirectory()) await mkdir(path);
  for (const folder of lacking) await mkdir(folder).catch((error: unknown) => passOver(error, folder));
  for (const folder of lacking.toReversed()) await syncFolder(dirname(folder));
}

/** A new file, a rename or a removal is durable only once its folder is; Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
