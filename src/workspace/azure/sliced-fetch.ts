import type { RecordBatch } from 'apache-arrow';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import { datetimeParameter } from '../../core/kql-types.ts';
import { datetimeText, type Ticks } from '../../core/ticks.ts';
import type { FetchRequest } from '../workspace.ts';
import { bindParameters } from './bind-parameters.ts';
import { withColumns } from './decode/answer-columns.ts';
import { type Failure, failureOf } from './failures.ts';
import { eventTimespan, type QueryRunner, type RunnerAnswer } from './query-runner.ts';
import { exhausted, type Outcome, type RetryPolicy, retrying, runBound } from './retry.ts';
import type { SliceWidth } from './slice-width.ts';

/** Queries of one fetch that are under way or not yet taken by the reader: what bounds its memory. */
const AHEAD = 4;
/** Time that a query of a slice may take before the service gives up and the slice is halved. */
const SLICE_TIMEOUT_MS = 300_000;

interface Slice {
  readonly workspace: string;
  readonly from: Ticks;
  readonly until: Ticks;
  /** Answers that were cut or timed out on the way down to this slice: halving for ever is no remedy for a broken line. */
  readonly cuts: number;
}

export interface SlicedFetchOptions {
  readonly runner: QueryRunner;
  readonly workspaces: readonly string[];
  readonly policy: RetryPolicy;
  readonly width: SliceWidth;
  readonly onMissingTable: (table: string, workspace: string) => void;
  readonly onRetry: (failure: Failure, waitMs: number) => void;
}

type Done = { readonly slice: Slice; readonly outcome: Outcome<RunnerAnswer> } | { readonly slice: Slice; readonly thrown: unknown };

/**
 * Reads an extraction query in slices of ingestion time, up to four at once. An answer that is not whole is never given on: its
 * slice is halved and asked again, down to one tick. All batches have the same columns.
 */
export async function* slicedFetch(request: FetchRequest, options: SlicedFetchOptions): AsyncGenerator<RecordBatch> {
  const { width } = options;
  const stop = new AbortController();
  const signal = AbortSignal.any(request.signal ? [request.signal, stop.signal] : [stop.signal]);
  const halves: Slice[] = [];
  const cursors = options.workspaces.map((workspace) => ({ workspace, from: request.from }));
  const running = new Map<Slice, Promise<Done>>();
  const missing = new Set<string>();
  let ahead = 1;
  let { columns } = request;

  const next = (): Slice | undefined => {
    const half = halves.pop();
    if (half) return half;
    const cursor = cursors.find(({ from, workspace }) => from < request.until && !missing.has(workspace));
    if (!cursor) return undefined;
    const { from } = cursor;
    // A rest that is hardly wider than a slice is not worth a query of its own.
    const rest = request.until - from;
    const until = rest <= (width.ticks * 5n) / 4n ? request.until : from + width.ticks;
    cursor.from = until;
    return { workspace: cursor.workspace, from, until, cuts: 0 };
  };

  try {
    for (;;) {
      while (running.size < ahead) {
        const slice = next();
        if (!slice) break;
        running.set(slice, ask(slice, request, options, signal));
      }
      if (running.size === 0) return;
      const done = await Promise.race(running.values());
      running.delete(done.slice);
      if ('thrown' in done) throw done.thrown;
      const { slice, outcome } = done;
      if ('failure' in outcome) {
        if (outcome.failure.missing !== undefined) {
          missing.add(slice.workspace);
          options.onMissingTable(outcome.failure.missing, slice.workspace);
        } else halves.push(...halved(slice, outcome.failure, options.policy));
        if (outcome.failure.kind === 'split') width.tooWide(slice.until - slice.from);
        continue;
      }
      const { decoded, partial } = outcome.value;
      if (partial) {
        width.tooWide(slice.until - slice.from);
        halves.push(...halved(slice, partialFailure(partial.message), options.policy));
        continue;
      }
      width.learn(slice.until - slice.from, decoded.rows, decoded.bytes);
      ahead = AHEAD;
      if (decoded.columns.length === 0) continue;
      columns ??= decoded.columns;
      const place = `${datetimeText(slice.from)} to ${datetimeText(slice.until)} in workspace ${slice.workspace}`;
      for (const batch of withColumns(decoded, columns, { place, file: request.file })) if (batch.numRows > 0) yield batch;
    }
  } finally {
    stop.abort();
    await Promise.allSettled(running.values());
  }
}

function partialFailure(message: string): Failure {
  return {
    kind: 'split',
    code: 'partial',
    error: new FactorwatchError('workspace-partial', `the answer is not whole: ${message}`, {
      exitCode: ExitCode.unavailable,
      hint: 'Project fewer columns in the query, or filter rows that no detector needs.',
    }),
  };
}

async function ask(
  slice: Slice,
  request: FetchRequest,
  { runner, policy, onRetry }: SlicedFetchOptions,
  signal: AbortSignal,
): Promise<Done> {
  try {
    const kql = bindParameters(
      request.kql,
      { From: datetimeParameter(slice.from), Until: datetimeParameter(slice.until) },
      { file: request.file, required: ['From', 'Until'] },
    );
    const query = {
      workspaces: [slice.workspace],
      kql,
      timespan: eventTimespan(slice.from, slice.until),
      timeoutMs: SLICE_TIMEOUT_MS,
      signal,
    };
    const nameFailure = (error: unknown) => failureOf(error, { kind: 'query', scope: `workspace ${slice.workspace}` }, request.file);
    return { slice, outcome: await retrying(() => runner.run(query), { policy, nameFailure, signal, onRetry }) };
  } catch (thrown) {
    return { slice, thrown };
  }
}

/** The two halves of a slice whose answer was not whole; throws where there is nothing left to halve. */
function halved(slice: Slice, failure: Failure, policy: RetryPolicy): readonly Slice[] {
  if (failure.kind !== 'split') throw failure.error;
  // Too much data is cured by halving, however often; a cut or a timeout only if it ends before long.
  const cuts = slice.cuts + (failure.code === 'partial' ? 0 : 1);
  const bound = failure.code === 'partial' ? undefined : runBound(0, policy);
  if (cuts >= policy.attempts || bound !== undefined) throw exhausted(failure, cuts, bound);
  const { workspace, from, until } = slice;
  if (until - from <= 1n) {
    if (failure.code !== 'partial') return [{ ...slice, cuts }];
    throw new FactorwatchError(failure.error.code, `rows of the single instant ${datetimeText(from)}: ${failure.error.message}`, {
      exitCode: failure.error.exitCode,
      hint: failure.error.hint,
    });
  }
  const middle = from + (until - from) / 2n;
  return [
    { workspace, from: middle, until, cuts },
    { workspace, from, until: middle, cuts },
  ];
}
