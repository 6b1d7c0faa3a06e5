import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, vi } from 'vitest';
import { type Bench, openBench, ticks } from '../../workspace/embedded/support.ts';

const path = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
/** The text of an extraction query. */
export const kqlOf = (name: string) => readFileSync(path(`queries/${name}.kql`), 'utf8');

const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** A workspace for the tests of one file, and what an extraction query yields for rows of a table as a file holds them, by Id. */
export function openExtraction() {
  // The first query loads Kusto's parser, which takes its time on a busy machine.
  vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
  });
  afterAll(() => bench.close());
  return async (name: string, table: string, rows: readonly object[]): Promise<Map<string, Record<string, unknown>>> => {
    await bench.import(bench.file(`${table}.${Math.random()}.ndjson`, lines(rows)));
    const found = new Map<string, Record<string, unknown>>();
    for await (const batch of bench.workspace.fetch({ name, kql: kqlOf(name), from: ticks('2026-01-01'), until: ticks('2026-12-31') })) {
      for (const row of batch) found.set(String(row['Id']), row.toJSON());
    }
    return found;
  };
}
