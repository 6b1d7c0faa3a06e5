import type { DuckDBResult } from '@duckdb/node-api';
import { type Bound, bindStatement } from './parameters.ts';
import type { Running } from './running.ts';

/**
 * Starts a statement whose rows are made as they are read. To be read to its end or abandoned: until then its native half keeps the
 * database after it was closed, and opening the file again waits until the garbage is collected, which in an idle process is never.
 */
export async function startStream(running: Running, sql: string, bound: Bound): Promise<DuckDBResult> {
  running.check();
  const statement = await running.connection.prepare(sql);
  bindStatement(statement, bound);
  return statement.stream();
}

/** For a stream of which only the end is outstanding. */
export async function readToEnd(result: DuckDBResult): Promise<void> {
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
  }
}

/** Stops the statement; what it had made already, a megabyte or so, is read and thrown away. */
export async function abandonStream({ connection }: Running, result: DuckDBResult): Promise<void> {
  connection.interrupt();
  // Being interrupted is how it should end.
  await readToEnd(result).catch(() => undefined);
}
