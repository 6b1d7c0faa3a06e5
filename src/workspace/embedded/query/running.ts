import type { DuckDBConnection } from '@duckdb/node-api';
import type { QueryConnections } from './connections.ts';
import { queryFailure, type Stop } from './failures.ts';

export interface RunLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly file?: string | undefined;
}

/** Longest time that setTimeout can wait. */
const MAX_TIMER = 2 ** 31 - 1;

/** A connection in a read-only transaction, with the clock running. To be ended in any case. */
export interface Running {
  readonly connection: DuckDBConnection;
  /** What to throw for an error of the engine. */
  readonly failure: (error: unknown) => unknown;
  readonly end: () => Promise<void>;
}

/** Begins a query: READ ONLY is a second fence behind the translator, which writes no other SQL. */
export async function beginRunning(connections: QueryConnections, { timeoutMs, signal, file }: RunLimits): Promise<Running> {
  const connection = await connections.take();
  let stop: Stop | undefined;
  const halt = (why: Stop) => {
    stop ??= why;
    connection.interrupt();
  };
  const timer = setTimeout(() => halt({ kind: 'timeout', ms: timeoutMs }), Math.min(timeoutMs, MAX_TIMER));
  const onAbort = () => halt({ kind: 'signal', reason: signal?.reason });
  signal?.addEventListener('abort', onAbort, { once: true });
  const failure = (error: unknown) => queryFailure(error, stop, file);
  try {
    await connection.run('BEGIN TRANSACTION READ ONLY');
    if (signal?.aborted) onAbort();
    if (stop) throw failure(undefined);
  } catch (error) {
    clearTimeout(timer);
    connection.closeSync();
    throw failure(error);
  }
  return {
    connection,
    failure,
    end: async () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      try {
        await connection.run('ROLLBACK');
        connections.giveBack(connection);
      } catch {
        // Left in a state that nobody knows: it is not used again.
        connection.closeSync();
      }
    },
  };
}
