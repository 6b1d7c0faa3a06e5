import type { DuckDBConnection } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { tableSql } from '../storage-types.ts';

/** Rows that were appended, and how many of them each set of keys has. */
export interface Appended {
  readonly rows: number;
  readonly keySets: ReadonlyMap<bigint, number>;
}

/** A flush holds the event loop: every so many chunks, a few times 10 ms of wide rows. */
const CHUNKS_PER_FLUSH = 8;
/** Position of the arrival number in a stored row. */
const ARRIVAL = 1;

/** Streams the answer of a query in one database into a table of another, chunk by chunk and without decoding a cell. */
export async function appendRows(
  from: { readonly connection: DuckDBConnection; readonly sql: string },
  to: { readonly connection: DuckDBConnection; readonly tableId: number; readonly arrival: bigint },
): Promise<Appended> {
  const keySets = new Map<bigint, number>();
  const numbers = new BigInt64Array(duckdb.vector_size()).fill(to.arrival);
  let rows = 0;
  const appender = await to.connection.createAppender(tableSql(to.tableId));
  try {
    const result = await from.connection.stream(from.sql);
    let next = result.fetchChunk();
    for (let count = 1; ; count++) {
      const chunk = await next;
      if (!chunk || chunk.rowCount === 0) break;
      // The next chunk is parsed on another thread while this one is appended.
      next = result.fetchChunk();
      // It may fail while this one is still being appended; it is awaited above.
      next.catch(() => undefined);
      countAndNumber(chunk.chunk, chunk.rowCount, numbers, keySets);
      appender.appendDataChunk(chunk);
      rows += chunk.rowCount;
      if (count % CHUNKS_PER_FLUSH === 0) {
        appender.flushSync();
        await new Promise(setImmediate);
      }
    }
    appender.flushSync();
  } finally {
    appender.closeSync();
  }
  return { rows, keySets };
}

/** Reads the hashes of the key sets out of the arrival column and writes the arrival number in their place. */
function countAndNumber(chunk: duckdb.DataChunk, rows: number, numbers: BigInt64Array<ArrayBuffer>, keySets: Map<bigint, number>): void {
  const vector = duckdb.data_chunk_get_vector(chunk, ARRIVAL);
  const bytes = duckdb.vector_get_data(vector, rows * 8);
  let last: bigint | undefined;
  let run = 0;
  const count = () => {
    if (last !== undefined) keySets.set(last, (keySets.get(last) ?? 0) + run);
  };
  for (const hash of new BigInt64Array(bytes.buffer, bytes.byteOffset, rows)) {
    if (hash !== last) {
      count();
      last = hash;
      run = 0;
    }
    run++;
  }
  count();
  // vector_get_data hands out a copy: writing into it would change nothing.
  duckdb.copy_data_to_vector(vector, 0, numbers.buffer, 0, rows * 8);
}
