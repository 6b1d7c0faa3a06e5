import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { atPath } from './at-path.ts';

/** Writes a text file whole or not at all: after a kill or on a full disk the one before is still there. */
export function writeWhole(path: string, text: string, mode?: number): void {
  const part = `${path}.part`;
  try {
    writeFileSync(part, text, { mode });
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw atPath(error, path);
  }
}
