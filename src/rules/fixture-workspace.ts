import { ExitCode, FactorwatchError } from '../core/errors.ts';
import type { Ticks } from '../core/ticks.ts';
import { EmbeddedWorkspace } from '../workspace/embedded/embedded-workspace.ts';
import { ingestRows } from '../workspace/embedded/ingest.ts';
import { tableSql } from '../workspace/embedded/storage-types.ts';
import { readStoredFunctions } from '../workspace/embedded/stored-functions.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { FixtureRow } from './fixture.ts';

/** One workspace in memory for many cases: opening one takes longer (about 100 ms) than running a case. */
export interface FixtureBench {
  /** The workspace with these rows alone, its now() standing still. Holds until the next call. */
  load(now: Ticks, rows: readonly FixtureRow[]): Promise<Workspace>;
  close(): Promise<void>;
}

/** Opens a bench with the functions of a folder (FactorFindings, FactorRules). */
export async function openBench(functionsFolder: string): Promise<FixtureBench> {
  let now: Ticks = 0n;
  const workspace = await EmbeddedWorkspace.open({ path: ':memory:', clock: () => now, functions: readStoredFunctions(functionsFolder) });
  const { store } = workspace;
  const filled = new Set<number>();
  const empty = async () => {
    await store.write(async (connection) => {
      for (const id of filled) await connection.run(`DELETE FROM ${tableSql(id)}`);
      return { value: undefined, rows: 0 };
    });
    filled.clear();
  };
  return {
    load: async (standstill, rows) => {
      await empty();
      for (const batch of batches(rows)) {
        const { table: name, ingested } = batch[0]!;
        const table = store.catalogue.tables.get(name);
        if (table === undefined) throw refused(`there is no table ${name}`);
        filled.add(table.id);
        // The clock is set to when the batch came in: that is the ingestion time that the rows get.
        now = ingested;
        const { rejected } = await ingestRows(
          store,
          table,
          batch.map(({ values }) => values),
        );
        if (rejected.length > 0) throw refused(`${name}: ${rejected[0]!.reason}`);
      }
      now = standstill;
      return workspace;
    },
    close: () => workspace.close(),
  };
}

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
