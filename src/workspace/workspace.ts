import type { RecordBatch } from 'apache-arrow';
import type { KqlColumn, KqlParameters, KqlValue } from '../core/kql-types.ts';
import type { Ticks } from '../core/ticks.ts';

/** A KQL query with its parameters (`declare query_parameters(...)`), as values. */
export interface QueryRequest {
  readonly kql: string;
  readonly parameters?: KqlParameters | undefined;
  /** ISO 8601 duration or interval; intersects with the query's own time filters. */
  readonly timespan?: string | undefined;
  /** Name of the file the text came from, for error places. */
  readonly file?: string | undefined;
  /** Rows after which the answer is cut and marked partial. Default 500,000. */
  readonly maxRows?: number | undefined;
  /** Time after which the query is stopped with an error. Default 180,000 ms. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Why an answer is not whole. Never used as data by the pipeline. */
export interface PartialReason {
  readonly code: 'rows' | 'bytes' | 'time' | 'service';
  readonly message: string;
}

/** An answer being read. `chunks` may be read once; `partial` is known when they have ended. */
export interface QueryAnswer {
  readonly columns: readonly KqlColumn[];
  readonly chunks: AsyncIterable<readonly (readonly KqlValue[])[]>;
  readonly partial: () => PartialReason | undefined;
  /** `render` of the query, where it has one. */
  readonly render?: Readonly<Record<string, string>> | undefined;
}

/** A query row-wise over one or more tables, read by ingestion time; its text declares From and Until as datetimes. */
export interface FetchRequest {
  readonly name: string;
  readonly kql: string;
  readonly file?: string | undefined;
  /** Half-open interval of ingestion time. */
  readonly from: Ticks;
  readonly until: Ticks;
  /** Columns that the batches must have, by name and type; Azure only, where each slice is a query of its own. Those of the first answer where absent. */
  readonly columns?: readonly KqlColumn[] | undefined;
  /** Embedded only: rows whose arrival number is in (after, upTo]; the interval above holds too. */
  readonly arrival?: { readonly after: bigint; readonly upTo: bigint } | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How far the workspace has come: the newest arrival number (embedded), undefined where the service has none. */
export interface ArrivalMark {
  readonly upTo: bigint | undefined;
}

/** What became of rows given to `ingest`. Rejected rows will never be taken; the reason is for the operator. */
export interface IngestOutcome {
  readonly accepted: number;
  readonly rejected: readonly { readonly row: number; readonly reason: string }[];
}

/**
 * A Log Analytics workspace, in Azure or embedded. Everything the pipeline knows of the outside world.
 * Errors are FactorwatchError: kql-* (78), workspace-unavailable (69), workspace-auth (77).
 */
export interface Workspace {
  readonly kind: 'embedded' | 'azure';
  /** Names of the tables that exist, with their columns. With `names`: of these at least, which may cost less. */
  tables(names?: readonly string[]): Promise<ReadonlyMap<string, readonly KqlColumn[]>>;
  /** Compiles only: columns of the answer, or a FactorwatchError with every fault of the text. */
  check(request: QueryRequest): Promise<readonly KqlColumn[]>;
  query(request: QueryRequest): Promise<QueryAnswer>;
  /**
   * Rows of an extraction query as Arrow batches of up to 65,536 rows, in no order. Strings are Dictionary<Utf8, Int32>;
   * datetime, timespan and long are Int64 (ticks); int Int32; real Float64; bool Bool; dynamic Dictionary<Utf8> of JSON text.
   * A table that does not exist gives no batch.
   */
  fetch(request: FetchRequest): AsyncIterable<RecordBatch>;
  arrivalMark(): Promise<ArrivalMark>;
  /** Ingestion time of the earliest row of these tables; undefined when they are empty (or, in Azure, unknown). */
  earliest(tables: readonly string[]): Promise<Ticks | undefined>;
  /** Writes rows to a custom table's stream (`Custom-FactorFindings_CL`). Resolves only when they are durable. */
  ingest(stream: string, rows: readonly Readonly<Record<string, unknown>>[], signal?: AbortSignal): Promise<IngestOutcome>;
  /** As `ingest`, of a JSON array of rows; where it is there, it does without parsing them. */
  ingestJson?(stream: string, json: Uint8Array, signal?: AbortSignal): Promise<IngestOutcome>;
  /** A run begins: what is bounded for each run is counted anew. */
  beginRun?(): void;
  close(): Promise<void>;
}
