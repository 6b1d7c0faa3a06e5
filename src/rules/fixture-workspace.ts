import { ExitCode, FactorwatchError } from '../core/errors.ts';
import type { Ticks } from '../core/ticks.ts';
import { EmbeddedWorkspace } from '../workspace/embedded/embedded-workspace.ts';
import { ingestRows } from '../workspace/embedded/ingest.ts';
import type { FixtureRow } from './fixture.ts';
import type { OpenCase } from './run-fixture.ts';

/** Opens a workspace in memory for each case. */
export const openInMemory: OpenCase = async (standstill, rows) => {
  let now: Ticks = standstill;
  const workspace = await EmbeddedWorkspace.open({ path: ':memory:', clock: () => now });
  try {
    for (const batch of batches(rows)) {
      const table = workspace.store.catalogue.tables.get(batch[0]!.table);
      if (table === undefined) throw refused(`there is no table ${batch[0]!.table}`);
      // The clock is set to when the batch came in: that is the ingestion time that the rows get.
      now = batch[0]!.ingested;
      const { rejected } = await ingestRows(
        workspace.store,
        table,
        batch.map(({ values }) => values),
      );
      if (rejected.length > 0) throw refused(rejected[0]!.reason);
    }
  } catch (error) {
    await workspace.close();
    throw error;
  }
  now = standstill;
  return workspace;
};

function refused(message: string): FactorwatchError {
  return new FactorwatchError('fixture-invalid', message, { exitCode: ExitCode.invalid });
}

/** Rows of one table that came in at one time. */
function batches(rows: readonly FixtureRow[]): readonly (readonly FixtureRow[])[] {
  const groups = new Map<string, FixtureRow[]>();
  for (const row of rows) {
    const key = `${row.table} ${row.ingested}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].sort((a, b) => (a[0]!.ingested < b[0]!.ingested ? -1 : 1));
}
