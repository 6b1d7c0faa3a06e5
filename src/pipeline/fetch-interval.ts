import type { RecordBatch } from 'apache-arrow';
import { columnsOf } from '../events/contracts.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { PipelineQuery } from './pipeline-file.ts';
import { type Interval, MAX_ROWS, shorterSpan } from './windows.ts';

/** Rows of one interval, of all queries. */
export interface Fetched {
  readonly interval: Interval;
  /** Windows that were asked for in the end. */
  readonly span: number;
  readonly batches: readonly { readonly query: PipelineQuery; readonly batch: RecordBatch }[];
  readonly rows: number;
}

export interface FetchOptions {
  readonly workspace: Workspace;
  readonly queries: readonly PipelineQuery[];
  readonly arrival: { readonly after: bigint; readonly upTo: bigint } | undefined;
  readonly stats: ReadonlyMap<string, QueryStats>;
  readonly clock: () => number;
  readonly signal?: AbortSignal | undefined;
}

/** What is told of a query in FactorRuns_CL. */
export interface QueryStats {
  rows: number;
  queries: number;
  durationMs: number;
}

/**
 * Reads an interval, all queries at once (the service allows five). More rows than memory should hold: what came is dropped
 * and a shorter interval is asked for; one window is always read as a whole.
 */
export async function fetchInterval(next: (span: number) => Interval, span: number, options: FetchOptions): Promise<Fetched> {
  for (let asked = span; ; asked = shorterSpan(asked)) {
    const interval = next(asked);
    const fetched = await fetchOnce(interval, asked === 1 ? Number.POSITIVE_INFINITY : MAX_ROWS, options);
    if (fetched !== undefined) return { interval, span: asked, ...fetched };
  }
}

async function fetchOnce({ from, until }: Interval, most: number, { workspace, queries, arrival, stats, clock, signal }: FetchOptions) {
  const batches: { readonly query: PipelineQuery; readonly batch: RecordBatch }[] = [];
  const stop = new AbortController();
  const both = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  let rows = 0;
  let tooMany = false;
  const read = async (query: PipelineQuery) => {
    const started = clock();
    let own = 0;
    const { name, kql, file, kind } = query;
    for await (const batch of workspace.fetch({ name, kql, file, from, until, columns: columnsOf(kind), arrival, signal: both })) {
      own += batch.numRows;
      rows += batch.numRows;
      if (rows > most) {
        tooMany = true;
        stop.abort();
      }
      if (tooMany) return;
      batches.push({ query, batch });
    }
    const of = stats.get(query.name)!;
    of.rows += own;
    of.queries += 1;
    of.durationMs += clock() - started;
  };
  const reads = await Promise.allSettled(queries.map(read));
  signal?.throwIfAborted();
  if (tooMany) return undefined;
  for (const outcome of reads) if (outcome.status === 'rejected') throw outcome.reason;
  return { batches, rows };
}
