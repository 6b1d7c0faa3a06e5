import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RecordBatch, Table, tableFromIPC, tableToIPC } from 'apache-arrow';
import { ticksFromMs } from '../../src/core/ticks.ts';
import { allDetectors } from '../../src/detectors/registry.ts';
import { loadPipeline, type Pipeline, type PipelineQuery } from '../../src/pipeline/pipeline-file.ts';
import type { DetectionEngine } from '../../src/scoring/engine-api.ts';
import { importPaths } from '../../src/workspace/embedded/import/import-paths.ts';
import { openEmbeddedWorkspace } from '../../src/workspace/embedded/open.ts';

const YEAR_MS = 365 * 86_400_000;
const folder = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

function pipeline(): Pipeline {
  const detectors = new Map(allDetectors.map(({ id, parameters }) => [id, Object.keys(parameters)]));
  return loadPipeline('account-takeover', { pipelines: folder('pipelines'), queries: folder('queries'), detectors });
}

/** Where the events of a tenant lie once its logs were read; another text of the queries makes another place. */
function cacheOf(directory: string, queries: Pipeline['queries']): string {
  const hash = createHash('sha256');
  for (const { kql } of queries) hash.update(kql);
  return join(directory, `events-${hash.digest('hex').slice(0, 12)}`);
}

/** Reads a tenant's logs through the extraction queries, as `import` and `run` do, and keeps the events as Arrow files. */
async function readLogs(directory: string, cache: string, queries: Pipeline['queries']): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'factorwatch-quality-'));
  // Two that judge one tenant at a time each read it: whoever is ready first has made the files.
  const unfinished = `${cache}.${process.pid}.part`;
  mkdirSync(unfinished, { recursive: true });
  const workspace = await openEmbeddedWorkspace({ directory: data });
  try {
    const tablesRead = queries.map(({ table }) => table.toLowerCase());
    // Not every tenant has every table.
    const logs = readdirSync(directory).filter((name) => tablesRead.some((table) => name.toLowerCase().startsWith(`${table}.`)));
    if (logs.length > 0)
      await importPaths(
        workspace,
        logs.map((name) => join(directory, name)),
        { rejectedDir: join(data, 'rejected') },
      );
    const tables = await workspace.tables();
    for (const { name, kql, file, table, kind } of queries) {
      if (!tables.has(table)) continue;
      const earliest = await workspace.earliest([table]);
      if (earliest === undefined) continue;
      let part = 0;
      const until = earliest + 2n * ticksFromMs(YEAR_MS) - 2n * ticksFromMs(0);
      for await (const batch of workspace.fetch({ name, kql, file, from: earliest, until })) {
        writeFileSync(join(unfinished, `${table}.${kind}.${part++}.arrow`), tableToIPC(new Table([batch]), 'stream'));
      }
    }
  } finally {
    await workspace.close();
    rmSync(data, { recursive: true, force: true });
  }
  if (existsSync(cache)) rmSync(unfinished, { recursive: true, force: true });
  else renameSync(unfinished, cache);
}

interface Part {
  readonly table: Parameters<DetectionEngine['add']>[0];
  readonly kind: Parameters<DetectionEngine['add']>[1];
  readonly batch: RecordBatch;
}

/** The events of a tenant in a directory of log files; read once, then from Arrow files beside them. */
export async function eventsOf(directory: string): Promise<readonly Part[]> {
  const chosen = pipeline();
  const parts: Part[] = [];
  // Accounts apart: they are few, and sign-ins need not be read again for them.
  for (const isOf of [({ kind }: PipelineQuery) => kind !== 'identity', ({ kind }: PipelineQuery) => kind === 'identity']) {
    const queries = chosen.queries.filter(isOf);
    const cache = cacheOf(directory, queries);
    if (!existsSync(cache)) await readLogs(directory, cache, queries);
    for (const file of readdirSync(cache).sort()) {
      const [table, kind] = file.split('.') as [Part['table'], Part['kind']];
      parts.push(...tableFromIPC(readFileSync(join(cache, file))).batches.map((batch) => ({ table, kind, batch })));
    }
  }
  return parts;
}
