import { join } from 'node:path';
import { LOG_ANALYTICS_TABLES } from '../schema/log-analytics-tables.ts';
import type { TableName } from './events.ts';
import type { Labels } from './labels.ts';
import { SIMULATED_TABLES, type SimulateOptions, simulate } from './simulate.ts';
import { ndjsonSink } from './sinks/ndjson.ts';
import { ParquetWriter } from './sinks/parquet.ts';
import { PART, type Sink } from './sinks/sink.ts';
import { openTenantFolder, putTenantInPlace } from './tenant-folder.ts';

export interface WriteOptions {
  /** Default ndjson, `<Table>.ndjson`; parquet is `<Table>.<n>.parquet`. */
  readonly format?: 'ndjson' | 'parquet' | undefined;
  /** Write `<Table>.ndjson.gz`. The uncompressed bytes are the same for the same options; zlib's may differ by version. */
  readonly gzip?: boolean;
  /** Write these columns only, of the tables named here; `_IngestionTime` and Id always. */
  readonly columns?: Readonly<Partial<Record<TableName, readonly string[]>>> | undefined;
  readonly signal?: AbortSignal;
  /** Called after each chunk, with the rows so far and the arrival of the last one (ISO 8601). */
  readonly onProgress?: (rows: number, arrived: string) => void;
}

export interface WrittenTenant {
  readonly rows: number;
  readonly byTable: Readonly<Record<string, number>>;
  readonly labels: Labels;
  readonly files: readonly string[];
}

function pick(row: object, names: readonly string[]): object {
  const all = row as Record<string, unknown>;
  return Object.fromEntries(names.filter((name) => name in all).map((name) => [name, all[name]]));
}

/** The columns of a table's Parquet files: an import knows no others. */
function parquetColumns(table: TableName, only: readonly string[] | undefined) {
  const { columns } = LOG_ANALYTICS_TABLES.get(table)!;
  const chosen = only === undefined ? columns : columns.filter(({ name }) => only.includes(name));
  return [...chosen, { name: '_IngestionTime', type: 'string' as const }];
}

/**
 * Writes a simulated tenant to a directory: a file or more for each table, and labels.json. Whole or not at all: until all is written an earlier tenant
 * stays as it is. FactorwatchError not-a-tenant where the directory has logs of another origin.
 */
export async function writeTenant(
  options: SimulateOptions,
  directory: string,
  { format = 'ndjson', gzip = false, columns, signal, onProgress }: WriteOptions = {},
): Promise<WrittenTenant> {
  await openTenantFolder(directory);
  const chosen = (table: TableName) => (columns?.[table] === undefined ? undefined : [...columns[table], 'Id', '_IngestionTime']);
  const parquet = format === 'parquet' ? await ParquetWriter.open() : undefined;
  const sinkOf = (table: TableName): Sink =>
    parquet?.sink(directory, table, parquetColumns(table, chosen(table))) ??
    ndjsonSink(join(directory, `${table}.ndjson${gzip ? '.gz' : ''}${PART}`), { gzip, signal });
  try {
    const sinks = new Map(SIMULATED_TABLES.map((table) => [table, sinkOf(table)]));
    const byTable: Record<string, number> = Object.fromEntries(SIMULATED_TABLES.map((table) => [table, 0]));
    let rows = 0;
    const chunks = simulate(options);
    let step = chunks.next();
    try {
      for (; !step.done; step = chunks.next()) {
        signal?.throwIfAborted();
        const { table, rows: chunk } = step.value;
        const only = chosen(table);
        let lines = '';
        for (const row of chunk) lines += `${JSON.stringify(only ? pick(row, only) : row)}\n`;
        await sinks.get(table)!.write(lines, chunk.length);
        rows += chunk.length;
        byTable[table] = (byTable[table] ?? 0) + chunk.length;
        onProgress?.(rows, String((chunk.at(-1) as { readonly _IngestionTime?: unknown } | undefined)?._IngestionTime ?? ''));
      }
      const parts: string[] = [];
      for (const sink of sinks.values()) parts.push(...(await sink.end()));
      const labels = step.value;
      return { rows, byTable, labels, files: await putTenantInPlace(directory, parts, labels) };
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      await Promise.all([...sinks.values()].map((sink) => sink.abort(reason)));
      throw error;
    }
  } finally {
    parquet?.close();
  }
}
