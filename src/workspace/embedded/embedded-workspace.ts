import type { RecordBatch } from 'apache-arrow';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import type { KqlColumn } from '../../core/kql-types.ts';
import type { Ticks } from '../../core/ticks.ts';
import type { ArrivalMark, FetchRequest, IngestOutcome, QueryAnswer, QueryRequest, Workspace } from '../workspace.ts';
import { ingestRows } from './ingest.ts';
import { HIDDEN_COLUMNS, tableSql } from './storage-types.ts';
import { type Clock, Store } from './store.ts';

export interface EmbeddedOptions {
  /** Database file, or ':memory:'. */
  readonly path: string;
  readonly clock: Clock;
  readonly threads?: number | undefined;
  /** DuckDB spelling, e.g. '2GB'. */
  readonly memoryLimit?: string | undefined;
}

/** A Log Analytics workspace in a DuckDB file. */
export class EmbeddedWorkspace implements Workspace {
  readonly kind = 'embedded';
  /** For import and watchlists, which write through the same store. */
  readonly store: Store;

  private constructor(store: Store) {
    this.store = store;
  }

  static async open(options: EmbeddedOptions): Promise<EmbeddedWorkspace> {
    return new EmbeddedWorkspace(await Store.open(options));
  }

  async tables(): Promise<ReadonlyMap<string, readonly KqlColumn[]>> {
    return new Map([...this.store.catalogue.tables].map(([name, table]) => [name, table.columns]));
  }

  async check(_request: QueryRequest): Promise<readonly KqlColumn[]> {
    throw new Error('pending');
  }

  async query(_request: QueryRequest): Promise<QueryAnswer> {
    throw new Error('pending');
  }

  // biome-ignore lint/correctness/useYield: pending
  async *fetch(_request: FetchRequest): AsyncIterable<RecordBatch> {
    throw new Error('pending');
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
