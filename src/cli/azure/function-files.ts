import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionFile } from './arm-resources.ts';

/** The functions for analysts, one a file. */
export function functionFiles(folder: string): readonly FunctionFile[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.kql'))
    .sort()
    .map((file) => ({ name: file.slice(0, -4), text: readFileSync(join(folder, file), 'utf8') }));
}
