import { createWriteStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { TableName } from './events.ts';
import type { Labels } from './labels.ts';
import { SIMULATED_TABLES, type SimulateOptions, simulate } from './simulate.ts';

export interface WriteOptions {
  /** Write `<Table>.ndjson.gz`. The uncompressed bytes are the same for the same options; zlib's may differ by version. */
  readonly gzip?: boolean;
  /** Write these columns only, of the tables named here; `_IngestionTime` and Id always. */
  readonly columns?: Readonly<Partial<Record<TableName, readonly string[]>>> | undefined;
  readonly signal?: AbortSignal;
  /** Called after each chunk, with the rows so far. */
  readonly onProgress?: (rows: number) => void;
}

export interface WrittenTenant {
  readonly rows: number;
  readonly byTable: Readonly<Record<string, number>>;
  readonly labels: Labels;
  readonly files: readonly string[];
}

/** One table's file: a source that is pushed to, a sink, and the promise that all of it is on its way to disk. */
interface Sink {
  readonly source: Readable;
  readonly done: Promise<void>;
  resume: (() => void) | undefined;
}

function openSink(path: string, gzip: boolean, signal: AbortSignal | undefined): Sink {
  const sink: { resume: (() => void) | undefined } = { resume: undefined };
  const source = new Readable({
    highWaterMark: 1 << 20,
    read() {
      sink.resume?.();
      sink.resume = undefined;
    },
  });
  const stages: Writable[] = [...(gzip ? [createGzip({ level: 9 })] : []), createWriteStream(path, { highWaterMark: 1 << 20 })];
  const done = pipeline([source, ...stages] as unknown as [Readable, Writable], signal ? { signal } : {});
  done.catch(() => sink.resume?.());
  return Object.assign(sink, { source, done });
}

function pick(row: object, names: readonly string[]): object {
  const all = row as Record<string, unknown>;
  return Object.fromEntries(names.filter((name) => name in all).map((name) => [name, all[name]]));
}

/** Writes a simulated tenant to a directory: one NDJSON file a table, and labels.json last, so that its presence says the rest is whole. */
export async function writeTenant(
  options: SimulateOptions,
  directory: string,
  { gzip = false, columns, signal, onProgress }: WriteOptions = {},
): Promise<WrittenTenant> {
  await mkdir(directory, { recursive: true });
  const labelsFile = join(directory, 'labels.json');
  await rm(labelsFile, { force: true });
  const suffix = gzip ? '.ndjson.gz' : '.ndjson';
  const sinks = new Map<TableName, Sink>();
  const byTable: Record<string, number> = Object.fromEntries(SIMULATED_TABLES.map((table) => [table, 0]));
  const files = SIMULATED_TABLES.map((table) => join(directory, `${table}${suffix}`));
  for (const [at, table] of SIMULATED_TABLES.entries()) sinks.set(table, openSink(files[at]!, gzip, signal));
  let rows = 0;
  const chunks = simulate(options);
  let step = chunks.next();
  try {
    while (!step.done) {
      signal?.throwIfAborted();
      const { table, rows: chunk } = step.value;
      const sink = sinks.get(table)!;
      let text = '';
      const chosen = columns?.[table];
      const only = chosen ? [...chosen, 'Id', '_IngestionTime'] : undefined;
      for (const row of chunk) text += `${JSON.stringify(only ? pick(row, only) : row)}\n`;
      if (!sink.source.push(text))
        await new Promise<void>((resolve) => {
          sink.resume = resolve;
        });
      // A sink that failed wakes its writer too; its promise then says why.
      if (sink.source.destroyed) await sink.done;
      rows += chunk.length;
      byTable[table] = (byTable[table] ?? 0) + chunk.length;
      onProgress?.(rows);
      step = chunks.next();
    }
  } catch (error) {
    for (const sink of sinks.values()) sink.source.destroy(error instanceof Error ? error : new Error(String(error)));
    await Promise.allSettled([...sinks.values()].map((sink) => sink.done));
    throw error;
  }
  for (const sink of sinks.values()) sink.source.push(null);
  await Promise.all([...sinks.values()].map((sink) => sink.done));
  const labels = step.value;
  await writeFile(labelsFile, `${JSON.stringify(labels, null, 1)}\n`);
  return { rows, byTable, labels, files: [...files, labelsFile] };
}
