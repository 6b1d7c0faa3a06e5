import type { DuckDBResult } from '@duckdb/node-api';
import type { KqlColumn, KqlValue } from '../../../core/kql-types.ts';
import type { KqlFunction, ProbedSchema, TranslateOptions, Translation } from '../../../kql/translate.ts';
import type { PartialReason, QueryAnswer, QueryRequest } from '../../workspace.ts';
import { EMPTY_WORKSPACE_ID } from '../../workspace-id.ts';
import { MEMORY } from '../instance.ts';
import type { Store } from '../store.ts';
import { QueryConnections } from './connections.ts';
import { kqlCatalog } from './kql-catalog.ts';
import { liftLetValues } from './let-values.ts';
import { type Bound, type BoundValue, declaredValues } from './parameters.ts';
import { chunkRows, rowBytes } from './rows.ts';
import { beginRunning, type Running } from './running.ts';
import { abandonStream, startStream } from './streams.ts';
import { parseTimespan } from './timespan.ts';
import { SQL_CACHE_SUFFIX, Translations } from './translations.ts';

export interface QueryEngineOptions {
  readonly functions?: Iterable<KqlFunction> | undefined;
  /** Bytes after which an answer is cut and marked partial. */
  readonly maxBytes?: number | undefined;
  /** Folders whose files externaldata may read. */
  readonly externalData?: readonly string[] | undefined;
  /** What TenantId of the rows says. */
  readonly workspaceId?: string | undefined;
}

const DEFAULT_MAX_ROWS = 500_000;
const DEFAULT_MAX_BYTES = 100 * 2 ** 20;
const DEFAULT_TIMEOUT_MS = 180_000;

/** Runs KQL over a store. */
export class QueryEngine {
  readonly store: Store;
  readonly connections: QueryConnections;
  readonly #functions: ReadonlyMap<string, KqlFunction>;
  readonly #translations: Translations;
  readonly #maxBytes: number;
  readonly #folders: readonly string[];
  readonly #workspaceId: string;

  constructor(
    store: Store,
    { functions = [], maxBytes = DEFAULT_MAX_BYTES, externalData = [], workspaceId = EMPTY_WORKSPACE_ID }: QueryEngineOptions,
  ) {
    this.store = store;
    this.connections = new QueryConnections(store);
    this.#functions = new Map([...functions].map((fn) => [fn.name, fn]));
    this.#translations = new Translations(store.path === MEMORY ? undefined : `${store.path}${SQL_CACHE_SUFFIX}`);
    this.#maxBytes = maxBytes;
    this.#folders = externalData;
    this.#workspaceId = workspaceId;
  }

  translate(request: Pick<QueryRequest, 'kql' | 'file'>, options: Omit<TranslateOptions, 'now' | 'file'> = {}): Promise<Translation> {
    const catalog = kqlCatalog(this.store.catalogue, this.#functions, this.#workspaceId);
    return this.#translations.translate(request.kql, catalog, { ...options, now: this.store.clock(), file: request.file });
  }

  get #allowed(): Pick<TranslateOptions, 'externalData'> {
    return this.#folders.length > 0 ? { externalData: true } : {};
  }

  async check(request: QueryRequest): Promise<readonly KqlColumn[]> {
    return (await this.translate(request, this.#allowed)).columns;
  }

  async query(asked: QueryRequest): Promise<QueryAnswer> {
    const now = this.store.clock();
    const timespan = asked.timespan === undefined ? undefined : { ...parseTimespan(asked.timespan, now), bound: true as const };
    const options = { timespan, ...this.#allowed };
    const { request, first } = await this.#firstTranslation(asked, options);
    const bound = new Map(declaredValues(first.parameters, request.parameters ?? {}, request.file));
    await this.#bindExternal(first, bound, request.file);
    bound.set('__now', { type: 'datetime', value: now });
    if (timespan) {
      bound.set('__time_from', { type: 'datetime', value: timespan.from });
      bound.set('__time_until', { type: 'datetime', value: timespan.until });
    }
    const running = await beginRunning(this.connections, {
      timeoutMs: request.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      signal: request.signal,
      file: request.file,
    });
    try {
      const translation = await this.#completed(first, request, options, running, bound);
      const result = await startStream(running, translation.sql, bound);
      return this.#answer(translation, running, result, request.maxRows ?? DEFAULT_MAX_ROWS);
    } catch (error) {
      await running.end();
      throw running.failure(error);
    }
  }

  /** With the values at the start of the text as parameters where it can be translated so; errors are always those of the text itself. */
  async #firstTranslation(request: QueryRequest, options: Omit<TranslateOptions, 'now' | 'file'>) {
    const lifted = request.parameters === undefined ? liftLetValues(request.kql) : undefined;
    if (lifted) {
      const withParameters = { ...request, ...lifted };
      const first = await this.translate(withParameters, options).catch(() => undefined);
      if (first) return { request: withParameters, first };
    }
    return { request, first: await this.translate(request, options) };
  }

  /** Reads the files that externaldata names; they are bound as values, as everything that a query brings is. */
  async #bindExternal(translation: Translation, bound: Map<string, BoundValue>, file: string | undefined): Promise<void> {
    if (!translation.external) return;
    const { readExternal } = await import('../external/read-external.ts');
    for (const source of translation.external)
      bound.set(source.parameter, { type: 'string', value: await readExternal(source, this.#folders, file) });
  }

  /** Asks for the columns that depend on the data until the translation has them all. */
  async #completed(
    first: Translation,
    request: QueryRequest,
    options: Omit<TranslateOptions, 'now' | 'file'>,
    running: Running,
    bound: Bound,
  ): Promise<Translation> {
    const schemas: ProbedSchema[] = [];
    let translation = first;
    while (translation.probe) {
      const { schemaOf } = await import('../../../kql/translate.ts');
      const result = await startStream(running, translation.sql, bound);
      const rows = (await result.getRows()) as KqlValue[][];
      schemas.push(schemaOf(translation.probe, rows));
      translation = await this.translate(request, { ...options, schemas: [...schemas] });
    }
    return translation;
  }

  #answer(translation: Translation, running: Running, result: DuckDBResult, maxRows: number): QueryAnswer {
    let partial: PartialReason | undefined;
    const maxBytes = this.#maxBytes;
    async function* chunks(): AsyncGenerator<readonly (readonly KqlValue[])[]> {
      let rows = 0;
      let bytes = 0;
      let isAtEnd = false;
      try {
        for (;;) {
          running.check();
          const chunk = await result.fetchChunk();
          if (!chunk || chunk.rowCount === 0) {
            isAtEnd = true;
            return;
          }
          const read = chunkRows(chunk, translation.columns);
          let kept = 0;
          while (kept < read.length && rows < maxRows && bytes < maxBytes) {
            bytes += rowBytes(read[kept] as KqlValue[]);
            rows++;
            kept++;
          }
          if (kept > 0) yield kept === read.length ? read : read.slice(0, kept);
          if (kept < read.length) {
            partial =
              rows >= maxRows
                ? { code: 'rows', message: `the answer has more than ${maxRows} rows` }
                : { code: 'bytes', message: `the answer is larger than ${maxBytes} bytes` };
            return;
          }
        }
      } catch (error) {
        throw running.failure(error);
      } finally {
        if (!isAtEnd) await abandonStream(running, result);
        await running.end();
      }
    }
    return { columns: translation.columns, chunks: chunks(), partial: () => partial, render: translation.render };
  }
}
