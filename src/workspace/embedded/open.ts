import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ticksFromMs } from '../../core/ticks.ts';
import { EmbeddedWorkspace } from './embedded-workspace.ts';
import { SQL_CACHE_SUFFIX } from './query/translations.ts';
import type { Clock } from './store.ts';
import { readStoredFunctions } from './stored-functions.ts';

/** The functions that are shipped for analysts; the same place seen from src/ and from dist/. */
const FUNCTIONS = fileURLToPath(new URL('../../../queries/functions', import.meta.url));

export interface OpenOptions {
  readonly directory: string;
  readonly clock?: Clock | undefined;
  readonly threads?: number | undefined;
  readonly memoryLimit?: string | undefined;
  /** Folders whose files externaldata may read. */
  readonly externalData?: readonly string[] | undefined;
  /** The id that rows show as TenantId. */
  readonly workspaceId?: string | undefined;
}

const DATABASE = 'workspace.duckdb';

/** Where the SQL that queries became is kept in a data directory. */
export function sqlCacheFile(directory: string): string {
  return `${join(directory, DATABASE)}${SQL_CACHE_SUFFIX}`;
}

/** Opens the workspace of a data directory with the shipped functions, creating it where there is none yet. */
export function openEmbeddedWorkspace({
  directory,
  clock = () => ticksFromMs(Date.now()),
  ...rest
}: OpenOptions): Promise<EmbeddedWorkspace> {
  return EmbeddedWorkspace.open({ path: join(directory, DATABASE), clock, functions: readStoredFunctions(FUNCTIONS), ...rest });
}
