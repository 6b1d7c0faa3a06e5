import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What other commands of the same user need to find and be let in by a running server. */
export interface ServeFile {
  /** http://127.0.0.1:PORT */
  readonly address: string;
  readonly token: string;
  readonly pid: number;
}

/** Writes the file whole or not at all, for the owner alone; one that a killed server left is replaced. */
export async function writeServeFile(path: string, content: ServeFile): Promise<void> {
  const part = join(dirname(path), `.serve-${randomUUID()}.tmp`);
  const file = await open(part, 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(content)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
}

/** Removes the file where it is still this server's. */
export async function removeServeFile(path: string, { token }: ServeFile): Promise<void> {
  try {
    if ((JSON.parse(await readFile(path, 'utf8')) as Partial<ServeFile>).token === token) await rm(path, { force: true });
  } catch {
    // Gone, or no longer readable: not ours to remove.
  }
}
