import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The directories at or below one that hold a labelled tenant. */
export function tenantsBelow(directory: string): readonly string[] {
  if (existsSync(join(directory, 'labels.json'))) return [directory];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => tenantsBelow(join(directory, entry.name)))
    .sort();
}
