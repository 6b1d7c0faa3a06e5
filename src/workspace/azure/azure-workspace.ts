import type { RecordBatch } from 'apache-arrow';
import type { FactorwatchError } from '../../core/errors.ts';
import type { KqlColumn, KqlValue } from '../../core/kql-types.ts';
import type { Ticks } from '../../core/ticks.ts';
import { LOG_ANALYTICS_TABLES } from '../../schema/log-analytics-tables.ts';
import { OUTPUT_TABLES } from '../../schema/output-tables.ts';
import type { ArrivalMark, FetchRequest, IngestOutcome, PartialReason, QueryAnswer, QueryRequest, Workspace } from '../workspace.ts';
import { bindParameters } from './bind-parameters.ts';
import { rowsOf } from './decode/rows.ts';
import { type Failure, failureOf } from './failures.ts';
import type { Ingestor } from './ingestor.ts';
import type { QueryRunner, RunnerAnswer } from './query-runner.ts';
import { type RetryPolicy, retrying } from './retry.ts';
import { SliceWidth } from './slice-width.ts';
import { slicedFetch } from './sliced-fetch.ts';

const DEFAULT_MAX_ROWS = 500_000;
const DEFAULT_TIMEOUT_MS = 180_000;
const TABLES_KEPT_MS = 20_000;
const KNOWN_TABLES = [...LOG_ANALYTICS_TABLES.keys(), ...OUTPUT_TABLES.map(({ name }) => name)];
/** No row of any table is that old: a query over it is compiled and bound, and reads nothing. */
const NO_TIME = '1990-01-01T00:00:00Z/1990-01-01T00:00:01Z';

export interface AzureWorkspaceParts {
  readonly runner: QueryRunner;
  readonly ingestor: Ingestor;
  readonly workspaces: readonly string[];
  readonly policy: RetryPolicy;
  /** Told in words of what the operator should know and no caller needs: a table that is not there, a pause. */
  readonly warn: (message: string) => void;
}

/** Log Analytics workspaces in Azure, read and written through Microsoft's own clients. */
export class AzureWorkspace implements Workspace {
  readonly kind = 'azure';
  private readonly parts: AzureWorkspaceParts;
  private readonly widths = new Map<string, SliceWidth>();
  private readonly warned = new Set<string>();
  private readonly closed = new AbortController();
  private readonly known = new Map<string, { readonly at: number; readonly columns: ReturnType<AzureWorkspace['askTable']> }>();

  constructor(parts: AzureWorkspaceParts) {
    this.parts = parts;
  }

  /**
   * The tables that Factorwatch knows: the API has no list of tables that a reader of data alone may see. One question each, so only
   * those that the caller means are asked for, and an answer is kept for the few seconds in which a run asks several times.
   */
  async tables(names: readonly string[] = KNOWN_TABLES): Promise<ReadonlyMap<string, readonly KqlColumn[]>> {
    const asked = [...new Set(names)].map(async (name) => [name, await this.columnsOf(name)] as const);
    const found = await Promise.all(asked);
    return new Map(found.flatMap(([name, columns]) => (columns === undefined ? [] : [[name, columns] as const])));
  }

  private columnsOf(name: string): Promise<readonly KqlColumn[] | undefined> {
    const now = performance.now();
    const before = this.known.get(name);
    if (before !== undefined && now - before.at < TABLES_KEPT_MS) return before.columns;
    const known = { at: now, columns: this.askTable(name) };
    this.known.set(name, known);
    known.columns.catch(() => {
      if (this.known.get(name) === known) this.known.delete(name);
    });
    return known.columns;
  }

  /** The columns of a table; undefined where there is none. */
  private async askTable(name: string): Promise<readonly KqlColumn[] | undefined> {
    const outcome = await this.ask({ kql: `${name} | take 0`, timespan: NO_TIME });
    if ('value' in outcome) return outcome.value.decoded.columns;
    if (outcome.failure.missing !== undefined) return undefined;
    throw outcome.failure.error;
  }

  async check(request: QueryRequest): Promise<readonly KqlColumn[]> {
    const outcome = await this.ask({ ...request, timespan: NO_TIME }, true);
    if ('failure' in outcome) throw outcome.failure.error;
    return outcome.value.decoded.columns;
  }

  async query(request: QueryRequest): Promise<QueryAnswer> {
    const outcome = await this.ask(request);
    if ('failure' in outcome) throw outcome.failure.error;
    const { decoded, partial, render } = outcome.value;
    const { maxRows = DEFAULT_MAX_ROWS } = request;
    const tooMany: PartialReason | undefined =
      decoded.rows > maxRows ? { code: 'rows', message: `the answer has ${decoded.rows} rows; ${maxRows} were asked for` } : undefined;
    return {
      columns: decoded.columns,
      chunks: chunksOf(decoded.batches, decoded.columns, maxRows),
      partial: () => partial ?? tooMany,
      ...(render && { render }),
    };
  }

  fetch(request: FetchRequest): AsyncIterable<RecordBatch> {
    const { runner, workspaces, policy } = this.parts;
    let width = this.widths.get(request.name);
    if (!width) {
      width = new SliceWidth();
      this.widths.set(request.name, width);
    }
    return slicedFetch(
      { ...request, signal: this.signal(request.signal) },
      {
        runner,
        workspaces,
        policy,
        width,
        onRetry: this.onRetry,
        onMissingTable: (table, workspace) =>
          this.warnOnce(`the table ${table} is not in workspace ${workspace} yet: ${request.name} reads nothing there`),
      },
    );
  }

  /** The service numbers no arrivals: ingestion time is all there is. */
  arrivalMark(): Promise<ArrivalMark> {
    return Promise.resolve({ upTo: undefined });
  }

  /** Not known without reading everything: a first start goes back by the pipeline's `history`. */
  earliest(): Promise<Ticks | undefined> {
    return Promise.resolve(undefined);
  }

  ingest(stream: string, rows: readonly Readonly<Record<string, unknown>>[], signal?: AbortSignal): Promise<IngestOutcome> {
    return this.parts.ingestor.ingest(stream, rows, this.signal(signal));
  }

  ingestJson(stream: string, json: Uint8Array, signal?: AbortSignal): Promise<IngestOutcome> {
    return this.parts.ingestor.ingestJson(stream, json, this.signal(signal));
  }

  /** Whether rows could be written to a stream; nothing is written. undefined = yes. */
  async probe(stream: string): Promise<FactorwatchError | undefined> {
    return (await this.parts.ingestor.probe(stream, this.closed.signal))?.error;
  }

  beginRun(): void {
    this.parts.policy.losses.clear();
  }

  close(): Promise<void> {
    this.closed.abort();
    return Promise.resolve();
  }

  /** Whether each of the workspaces answers: undefined = yes. One query over all would not say which of them refuses. */
  async reach(): Promise<ReadonlyMap<string, FactorwatchError | undefined>> {
    const asked = this.parts.workspaces.map(async (workspace) => {
      const outcome = await this.ask({ kql: 'print Now = now()' }, false, [workspace]);
      return [workspace, 'failure' in outcome ? outcome.failure.error : undefined] as const;
    });
    return new Map(await Promise.all(asked));
  }

  private ask(request: QueryRequest, checking = false, workspaces = this.parts.workspaces) {
    const { runner, policy } = this.parts;
    const { parameters, timespan, timeoutMs = DEFAULT_TIMEOUT_MS, file } = request;
    const signal = this.signal(request.signal);
    const kql = bindParameters(request.kql, parameters, { file, checking });
    return retrying<RunnerAnswer>(
      () => runner.run({ workspaces, kql, timespan: timespan === undefined ? undefined : { duration: timespan }, timeoutMs, signal }),
      {
        policy,
        signal,
        nameFailure: (error) => failureOf(error, { kind: 'query', scope: `workspace ${workspaces.join(', ')}` }, file),
        // The whole is asked for here, so there is nothing to halve: a cut answer is asked for again. A query that took too long would again.
        again: ({ kind, code }) => kind === 'wait' || code === 'cut',
        onRetry: this.onRetry,
      },
    );
  }

  private signal(signal: AbortSignal | undefined): AbortSignal {
    return signal ? AbortSignal.any([signal, this.closed.signal]) : this.closed.signal;
  }

  private readonly onRetry = ({ error }: Failure, waitMs: number): void => {
    this.parts.warn(`${error.message}; asked again in ${(waitMs / 1000).toFixed(1)} s`);
  };

  private warnOnce(message: string): void {
    if (this.warned.has(message)) return;
    this.warned.add(message);
    this.parts.warn(message);
  }
}

async function* chunksOf(batches: readonly RecordBatch[], columns: readonly KqlColumn[], maxRows: number): AsyncGenerator<KqlValue[][]> {
  let left = maxRows;
  for (const batch of batches) {
    if (left <= 0) return;
    yield rowsOf(batch, columns, left);
    left -= batch.numRows;
  }
}
