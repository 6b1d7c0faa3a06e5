import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { makeFolders } from '../../../core/make-folders.ts';
import { writeWhole } from '../../../core/write-whole.ts';
import type { Reject } from './lines.ts';

/** Where the rows of a file that were set aside are written: one file for each file, replaced when it is imported again. */
function rejectsPath(directory: string, file: string): string {
  const name = basename(file)
    .replace(/[^\w.-]/g, '_')
    .slice(0, 80);
  return join(directory, `${name}.${createHash('sha256').update(resolve(file)).digest('hex').slice(0, 8)}.ndjson`);
}

export function writeRejects(directory: string, file: string, rejects: readonly Reject[]): void {
  const path = rejectsPath(directory, file);
  if (rejects.length === 0) {
    rmSync(path, { force: true });
    return;
  }
  makeFolders(directory, 0o700);
  const ordered = [...rejects].sort((a, b) => a.line - b.line);
  const text = ordered.map(({ line, reason, text: row }) => `${JSON.stringify({ file, line, reason, row })}\n`).join('');
  writeWhole(path, text, 0o600);
}
