import { setImmediate as turn } from 'node:timers/promises';
import { FactorwatchError } from '../../core/errors.ts';
import type { KqlColumn, KqlValue } from '../../core/kql-types.ts';
import type { PartialReason, QueryAnswer, QueryRequest, Workspace } from '../../workspace/workspace.ts';
import type { ServerClock } from '../clock.ts';
import type { ServerLimits } from '../options.ts';
import { WireError } from '../wire-error.ts';
import { cellWriter, rowText } from './cells.ts';
import type { Gate } from './gate.ts';
import { partialError, tookTooLong, tooManyBytes, tooManyRows } from './partial-error.ts';
import type { Preferences } from './prefer.ts';

/** Text is handed on in pieces of about this many characters. */
const PIECE = 65_536;

type Rows = readonly (readonly KqlValue[])[];

export interface QueryServices {
  readonly workspace: Workspace;
  readonly gate: Gate;
  readonly clock: ServerClock;
  readonly limits: ServerLimits;
}

/** What one query wants; `cutRows` makes its answer partial on purpose. */
export interface QueryCall {
  readonly kql: string;
  readonly timespan: string | undefined;
  readonly prefer: Preferences;
  readonly cutRows?: number | undefined;
}

/** The body of an answer with status 200 in pieces. `return()` stops the query, also before the first piece was read. */
export type AnswerPieces = AsyncIterableIterator<Buffer>;

const NO_RENDER = { visualization: null, title: null, kind: null };

/**
 * Starts a query. Resolves when its first rows are there, so that all that can be refused is refused with a status of its own;
 * what happens later can only be said in the body, as PartialError.
 */
export async function startQuery(services: QueryServices, call: QueryCall, signal?: AbortSignal): Promise<AnswerPieces> {
  const { workspace, clock, limits } = services;
  const release = await services.gate.enter(signal);
  const started = clock.now();
  const done = new AbortController();
  const stop = new AbortController();
  const maxRows = Math.min(limits.rows, call.cutRows ?? limits.rows);
  let late = false;
  let chunks: AsyncIterator<Rows> | undefined;

  const close = () => {
    if (done.signal.aborted) return;
    done.abort();
    stop.abort();
    release();
    // A reader that waits for its next rows only hears of the abort; its end need not be waited for.
    chunks?.return?.().catch(() => undefined);
  };
  const request: QueryRequest = {
    kql: call.kql,
    timespan: call.timespan,
    maxRows,
    timeoutMs: call.prefer.waitMs,
    signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
  };
  clock.sleep(call.prefer.waitMs, done.signal).then(
    () => {
      late = true;
      stop.abort();
    },
    () => undefined,
  );
  /** The limits of a query that end it with a truncated answer and not with a refusal; undefined for any other error. */
  const limitOf = (error: unknown): PartialReason | undefined => {
    const code = error instanceof FactorwatchError ? error.code : undefined;
    if (late || code === 'kql-timeout') return tookTooLong(call.prefer.waitMs);
    return code === 'kql-memory' ? { code: 'service', message: (error as Error).message } : undefined;
  };

  let columns: readonly KqlColumn[];
  let answer: QueryAnswer | undefined;
  let first: IteratorResult<Rows> = { done: true, value: undefined };
  let reason: PartialReason | undefined;
  try {
    try {
      answer = await workspace.query(request);
      columns = answer.columns;
      chunks = answer.chunks[Symbol.asyncIterator]();
      first = await chunks.next();
    } catch (error) {
      reason = limitOf(error);
      if (!reason) throw error;
      // No row is on its way yet: the service answers 504 then.
      if (reason.code === 'time') throw new WireError(504, 'GatewayTimeout', reason.message);
      columns = answer?.columns ?? (await workspace.check({ kql: call.kql, timespan: call.timespan }));
    }
  } catch (error) {
    close();
    throw error;
  }

  async function* write(): AsyncGenerator<Buffer, void, undefined> {
    const writers = columns.map((column) => cellWriter(column.type));
    let rowCount = 0;
    let bytes = 0;
    let text = `{"tables":[{"name":"PrimaryResult","columns":${JSON.stringify(columns.map(({ name, type }) => ({ name, type })))},"rows":[`;
    try {
      for (let chunk = first; !chunk.done && reason === undefined; ) {
        for (const row of chunk.value) {
          if (rowCount === maxRows) {
            reason = tooManyRows(maxRows);
            break;
          }
          const line = rowText(row, writers);
          bytes += Buffer.byteLength(line) + 1;
          if (bytes > limits.bytes) {
            reason = tooManyBytes(limits.bytes);
            break;
          }
          text += rowCount === 0 ? line : `,${line}`;
          rowCount += 1;
          if (text.length >= PIECE) {
            yield Buffer.from(text);
            text = '';
            // A reader as fast as the writer would never let anything else have its turn.
            await turn();
          }
        }
        if (reason !== undefined) break;
        try {
          chunk = await chunks!.next();
        } catch (error) {
          if (signal?.aborted) throw error;
          reason = limitOf(error) ?? { code: 'service', message: (error as Error).message };
        }
      }
      const partial = reason ?? answer?.partial() ?? (call.cutRows === undefined ? undefined : tooManyRows(maxRows));
      const tail = [
        ...(call.prefer.statistics
          ? [
              [
                'statistics',
                {
                  query: {
                    executionTime: (clock.now() - started) / 1000,
                    datasetStatistics: [{ tableRowCount: rowCount, tableSize: bytes }],
                  },
                },
              ],
            ]
          : []),
        ...(call.prefer.render ? [['render', { ...NO_RENDER, ...answer?.render }]] : []),
        ...(partial ? [['error', partialError(partial)]] : []),
      ];
      yield Buffer.from(`${text}]}]${tail.map(([key, value]) => `,"${key}":${JSON.stringify(value)}`).join('')}}`);
    } finally {
      close();
    }
  }

  return supervised(write(), close, { clock, stallMs: limits.stallMs });
}

/** Closes for certain, and gives up when nobody asks for the next piece for too long. */
function supervised(
  pieces: AsyncGenerator<Buffer>,
  close: () => void,
  { clock, stallMs }: { clock: ServerClock; stallMs: number },
): AnswerPieces {
  let asked = new AbortController();
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      asked.abort();
      const piece = await pieces.next();
      if (!piece.done) {
        asked = new AbortController();
        clock.sleep(stallMs, asked.signal).then(close, () => undefined);
      }
      return piece;
    },
    async return() {
      asked.abort();
      close();
      await pieces.return(undefined).catch(() => undefined);
      return { done: true, value: undefined };
    },
  };
}
