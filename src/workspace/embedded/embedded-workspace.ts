import type { RecordBatch } from 'apache-arrow';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import type { KqlColumn } from '../../core/kql-types.ts';
import type { Ticks } from '../../core/ticks.ts';
import type { KqlFunction } from '../../kql/translate.ts';
import type { ArrivalMark, FetchRequest, IngestOutcome, QueryAnswer, QueryRequest, Workspace } from '../workspace.ts';
import { fetchBatches } from './fetch/fetch-batches.ts';
import { ingestRows } from './ingest.ts';
import { QueryEngine } from './query/query-engine.ts';
import { HIDDEN_COLUMNS, tableSql } from './storage-types.ts';
import { type Clock, Store } from './store.ts';

export interface EmbeddedOptions {
  /** Database file, or ':memory:'. */
  readonly path: string;
  readonly clock: Clock;
  readonly threads?: number | undefined;
  /** DuckDB spelling, e.g. '2GB'. */
  readonly memoryLimit?: string | undefined;
  /** Stored functions that queries may call. */
  readonly functions?: Iterable<KqlFunction> | undefined;
  /** Bytes after which an answer is cut and marked partial; default 100 MiB. */
  readonly maxAnswerBytes?: number | undefined;
  /** Folders whose files externaldata may read; none by default. */
  readonly externalData?: readonly string[] | undefined;
  /** The id that rows show as TenantId; the all-zero one by default. */
  readonly workspaceId?: string | undefined;
}

/** A Log Analytics workspace in a DuckDB file. */
export class EmbeddedWorkspace implements Workspace {
  readonly kind = 'embedded';
  /** For import and watchlists, which write through the same store. */
  readonly store: Store;
  readonly #engine: QueryEngine;

  private constructor(store: Store, engine: QueryEngine) {
    this.store = store;
    this.#engine = engine;
  }

  static async open(options: EmbeddedOptions): Promise<EmbeddedWorkspace> {
    const store = await Store.open(options);
    const { functions, maxAnswerBytes: maxBytes, externalData, workspaceId } = options;
    return new EmbeddedWorkspace(store, new QueryEngine(store, { functions, maxBytes, externalData, workspaceId }));
  }

  async tables(): Promise<ReadonlyMap<string, readonly KqlColumn[]>> {
    return new Map([...this.store.catalogue.tables].map(([name, table]) => [name, table.columns]));
  }

  check(request: QueryRequest): Promise<readonly KqlColumn[]> {
    return this.#engine.check(request);
  }

  query(request: QueryRequest): Promise<QueryAnswer> {
    return this.#engine.query(request);
  }

  fetch(request: FetchRequest): AsyncIterable<RecordBatch> {
    return fetchBatches(this.#engine, request);
  }

  async arrivalMark(): Promise<ArrivalMark> {
    return { upTo: this.store.arrivals.mark };
  }

  async earliest(tables: readonly string[]): Promise<Ticks | undefined> {
    const each = tables.flatMap((name) => {
      const table = this.store.catalogue.tables.get(name);
      return table ? [`SELECT min(${HIDDEN_COLUMNS.ingestion}) AS m FROM ${tableSql(table.id)}`] : [];
    });
    if (each.length === 0) return undefined;
    const rows = await this.store.read(async (connection) =>
      (await connection.runAndReadAll(`SELECT min(m) FROM (${each.join(' UNION ALL ')})`)).getRowsJS(),
    );
    const earliest = rows[0]?.[0];
    return typeof earliest === 'bigint' ? earliest : undefined;
  }

  async ingest(stream: string, rows: readonly Readonly<Record<string, unknown>>[], signal?: AbortSignal): Promise<IngestOutcome> {
    const table = /^Custom-.+_CL$/.test(stream) ? this.store.catalogue.tables.get(stream.slice('Custom-'.length)) : undefined;
    if (!table) {
      throw new FactorwatchError('unknown-stream', `there is no stream ${JSON.stringify(stream)}`, {
        exitCode: ExitCode.usage,
        hint: 'streams are Custom- and the name of a custom table, e.g. Custom-FactorFindings_CL',
      });
    }
    return ingestRows(this.store, table, rows, signal);
  }

  async close(): Promise<void> {
    this.store.close();
  }
}
