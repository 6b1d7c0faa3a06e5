import { join } from 'node:path';
import { ticksFromMs } from '../../core/ticks.ts';
import { EmbeddedWorkspace } from './embedded-workspace.ts';
import type { Clock } from './store.ts';

/** Opens the workspace of a data directory, creating it where there is none yet. */
export function openEmbeddedWorkspace({
  directory,
  clock,
}: {
  readonly directory: string;
  readonly clock?: Clock | undefined;
}): Promise<EmbeddedWorkspace> {
  return EmbeddedWorkspace.open({ path: join(directory, 'workspace.duckdb'), clock: clock ?? (() => ticksFromMs(Date.now())) });
}
