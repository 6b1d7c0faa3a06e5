import type { DuckDBConnection } from '@duckdb/node-api';
import { FactorwatchError } from '../../../core/errors.ts';
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
  /** Throws when the query has been stopped: between two statements there is nothing that could be interrupted. */
  readonly check: () => void;
  /** What to throw for an error of the engine. */
  readonly failure: (error: unknown) => unknown;
  readonly end: () => Promise<void>;
}

/** Begins a query: READ ONLY is a second fence behind the translator, which writes no other SQL. */
export async function beginRunning(connections: QueryConnections, { timeoutMs, signal, file }: RunLimits): Promise<Running> {
  const connection = await connections.take();
  let stop: Stop | undefined;
  let again: NodeJS.Timeout | undefined;
  const halt = (why: Stop) => {
    stop ??= why;
    connection.interrupt();
    // An interrupt that comes while a statement is still being prepared is lost.
    again ??= setInterval(() => connection.interrupt(), 20).unref();
  };
  const timer = setTimeout(() => halt({ kind: 'timeout', ms: timeoutMs }), Math.min(timeoutMs, MAX_TIMER));
  // An answer that nobody reads to its end must not keep the process.
  timer.unref();
  const onAbort = () => halt({ kind: 'signal', reason: signal?.reason });
  signal?.addEventListener('abort', onAbort, { once: true });
  const failure = (error: unknown) => queryFailure(error, stop, file);
  const check = () => {
    if (stop) throw failure(undefined);
  };
  const quiet = () => {
    clearTimeout(timer);
    clearInterval(again);
    signal?.removeEventListener('abort', onAbort);
  };
  try {
    await connection.run('BEGIN TRANSACTION READ ONLY');
    if (signal?.aborted) onAbort();
    check();
  } catch (error) {
    quiet();
    connections.drop(connection);
    throw error instanceof FactorwatchError ? error : failure(error);
  }
  return {
    connection,
    check,
    failure,
    end: async () => {
      quiet();
      try {
        await connection.run('ROLLBACK');
        connections.giveBack(connection);
      } catch {
        connections.drop(connection);
      }
    },
  };
}
