import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode, FactorwatchError } from '../core/errors.ts';
import { makeFolders } from '../core/make-folders.ts';
import type { Labels } from './labels.ts';
import { SIMULATED_TABLES } from './simulate.ts';
import { PART } from './sinks/sink.ts';

const LABELS = 'labels.json';
const TABLE = `(?:${SIMULATED_TABLES.join('|')})`;
const FILE = `${TABLE}(?:\\.\\d+)?\\.(?:ndjson|ndjson\\.gz|parquet)`;
const OURS = new RegExp(`^${FILE}$`);
/** What a simulation that was killed leaves, and no other name: it is removed. */
const LEFT = new RegExp(`^(?:${FILE}\\.part|\\.${TABLE}\\.\\d+\\.lines)$`);
/** Files that an import would read together with the tenant's. */
const OF_A_TABLE = new RegExp(`^${TABLE}\\.`, 'i');

/**
 * Makes a folder ready to be a tenant's: what a killed simulation left in it goes, an earlier tenant stays for the time being. One with logs but no
 * labels is somebody's own: FactorwatchError not-a-tenant (64), and nothing is touched.
 */
export async function openTenantFolder(directory: string): Promise<void> {
  makeFolders(directory);
  const names = await readdir(directory);
  // Labels that were being put in place when the program was killed: the tables beside them are a simulation's.
  const isTenant = names.includes(LABELS) || names.includes(LABELS + PART);
  const own = names.filter((name) => OF_A_TABLE.test(name) && !LEFT.test(name));
  if (!isTenant && own.length > 0) {
    throw new FactorwatchError(
      'not-a-tenant',
      `${join(directory, own[0]!)} is there, and no ${LABELS}: these logs are not a simulation's`,
      {
        exitCode: ExitCode.usage,
        hint: 'Name an empty directory, one that is not there yet, or one of an earlier simulation.',
      },
    );
  }
  for (const name of names) if (LEFT.test(name)) await rm(join(directory, name));
}

/**
 * Puts a tenant in place of the one before, of either format: together they would be neither. `parts` are its files, each under its name and PART.
 * The labels come last: they say that the rest is whole. Gives the files.
 */
export async function putTenantInPlace(directory: string, parts: readonly string[], labels: Labels): Promise<readonly string[]> {
  const labelsFile = join(directory, LABELS);
  try {
    await writeFile(labelsFile + PART, `${JSON.stringify(labels, null, 1)}\n`);
  } catch (error) {
    await rm(labelsFile + PART, { force: true });
    throw error;
  }
  await rm(labelsFile, { force: true });
  for (const name of await readdir(directory)) if (OURS.test(name)) await rm(join(directory, name));
  const files = [...parts.map((part) => part.slice(0, -PART.length)), labelsFile];
  for (const file of files) await rename(file + PART, file);
  return files;
}
