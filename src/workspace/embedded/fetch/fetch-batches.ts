import type { DuckDBDataChunk } from '@duckdb/node-api';
import { type Data, type Dictionary, makeData, RecordBatch, type Schema, Struct, type Utf8 } from 'apache-arrow';
import { ExitCode, FactorwatchError } from '../../../core/errors.ts';
import type { KqlColumn } from '../../../core/kql-types.ts';
import type { KqlError, Translation } from '../../../kql/translate.ts';
import type { FetchRequest } from '../../workspace.ts';
import type { QueryEngine } from '../query/query-engine.ts';
import { beginRunning, type Running } from '../query/running.ts';
import { readToEnd, startStream } from '../query/streams.ts';
import { concatenatedColumn, dictionaryColumn, numberColumn } from './arrow-columns.ts';
import { arrowSchema, firstPacking, PACKED_COLUMNS, type Packing, packedSql } from './column-plans.ts';
import { withLiterals } from './literal-bounds.ts';
import { rawList, rawText } from './raw-vectors.ts';
import { type Slice, slicesOf } from './slices.ts';

/** Rows of a batch at most. */
const BATCH_ROWS = 65_536;
/** Stored rows by which slices are cut; some are laid together again when a query keeps few of its rows. */
const SLICE_ROWS = 16_384;
/** A fetch may take as long as it does, a query of it not. */
const TIMEOUT_MS = 3_600_000;
/** Distinct texts of a column among its rows above which a dictionary is not worth its hashes. */
const MOSTLY_DISTINCT = 0.5;

/** Rows of an extraction query as Arrow batches: one query a batch, cut by ingestion time, and no cell decoded in JavaScript. */
export async function* fetchBatches(engine: QueryEngine, request: FetchRequest): AsyncGenerator<RecordBatch> {
  const translation = await translateFetch(engine, request);
  if (!translation) return;
  const running = await beginRunning(engine.connections, { timeoutMs: TIMEOUT_MS, signal: request.signal, file: request.file });
  try {
    const tables = translation.tables.flatMap((name) => engine.store.catalogue.tables.get(name) ?? []);
    const slices =
      tables.length === 0
        ? [{ from: request.from, until: request.until, rows: 0 }]
        : await slicesOf(running.connection, tables, request, SLICE_ROWS);
    const fetch = new Fetch(translation, request, engine.store.clock(), running);
    yield* fetch.batches(slices);
    running.check();
  } catch (error) {
    throw running.failure(error);
  } finally {
    await running.end();
  }
}

/** Undefined where the query reads a table that is not there. */
async function translateFetch(engine: QueryEngine, { kql, file, arrival }: FetchRequest): Promise<Translation | undefined> {
  let translation: Translation;
  try {
    translation = await engine.translate({ kql, file }, { arrival: arrival !== undefined });
  } catch (error) {
    const faults = error instanceof Error && error.name === 'KqlError' ? (error as KqlError).faults : [];
    if (
      faults.length > 0 &&
      faults.every(({ kind, name }) => kind === 'semantic' && /^\w+_CL$/.test(name) && !engine.store.catalogue.tables.has(name))
    )
      return undefined;
    throw error;
  }
  if (translation.probe)
    throw new FactorwatchError(
      'kql-unsupported',
      `${translation.probe.plugin} is not supported here: say its schema behind it, as in bag_unpack(d) : (*, Name:string)`,
      {
        exitCode: ExitCode.invalid,
        where: file === undefined ? undefined : { file },
      },
    );
  for (const name of ['From', 'Until']) {
    if (translation.parameters.some((parameter) => parameter.name === name && parameter.type === 'datetime')) continue;
    throw new FactorwatchError(
      'kql-parameter',
      `the query must declare ${name}: declare query_parameters(From:datetime, Until:datetime);`,
      {
        exitCode: ExitCode.invalid,
        where: file === undefined ? undefined : { file },
      },
    );
  }
  return translation;
}

class Fetch {
  readonly #translation: Translation;
  readonly #running: Running;
  readonly #schema: Schema;
  readonly #fixed: ReadonlyMap<string, bigint>;
  #packings: Packing[];

  constructor(translation: Translation, { arrival }: FetchRequest, now: bigint, running: Running) {
    this.#translation = translation;
    this.#running = running;
    this.#schema = arrowSchema(translation.columns);
    this.#packings = translation.columns.map(firstPacking);
    this.#fixed = new Map([
      ['__now', now],
      ['__arrival_after', arrival?.after ?? 0n],
      ['__arrival_upto', arrival?.upTo ?? 0n],
    ]);
  }

  async *batches(slices: readonly Slice[]): AsyncGenerator<RecordBatch> {
    let share = 1;
    for (let i = 0; i < slices.length; ) {
      const first = slices[i] as Slice;
      // As many stored rows as should give a full batch, going by what the query has kept of the last ones.
      const wanted = Math.min(BATCH_ROWS / share, BATCH_ROWS * 64);
      let rows = first.rows;
      let last = first;
      for (i++; i < slices.length && rows + (slices[i] as Slice).rows <= wanted; i++) {
        last = slices[i] as Slice;
        rows += last.rows;
      }
      const batch = await this.#batch(first.from, last.until);
      const kept = batch?.numRows ?? 0;
      share = Math.min(1, Math.max((1.2 * kept) / Math.max(1, rows), share / 4, 1 / 64));
      if (!batch) continue;
      for (let start = 0; start < kept; start += BATCH_ROWS)
        yield kept <= BATCH_ROWS ? batch : batch.slice(start, Math.min(kept, start + BATCH_ROWS));
    }
  }

  async #batch(from: bigint, until: bigint): Promise<RecordBatch | undefined> {
    for (;;) {
      const chunk = await this.#packed(from, until);
      const length = rowCount(chunk);
      if (length === 0) return undefined;
      const children: Data[] = [];
      let at = 1;
      for (const [i, column] of this.#translation.columns.entries()) {
        const packing = this.#packings[i] as Packing;
        const data = this.#column(chunk, at, i, column, packing);
        // Two texts with one hash: whoever writes the log could have made them so. All texts are then taken as they are.
        if (!data) break;
        children.push(data);
        at += PACKED_COLUMNS[packing.kind];
        // A macrotask, so that a server can answer others between two columns.
        if (packing.kind !== 'numbers') await new Promise(setImmediate);
      }
      if (children.length < this.#translation.columns.length) continue;
      return new RecordBatch(this.#schema, makeData({ type: new Struct(this.#schema.fields), length, nullCount: 0, children }));
    }
  }

  async #packed(from: bigint, until: bigint): Promise<DuckDBDataChunk> {
    const bounds = new Map([...this.#fixed, ['From', from], ['Until', until]] as const);
    const sql = withLiterals(packedSql(this.#translation.sql, this.#packings), bounds);
    const result = await startStream(this.#running, sql, new Map());
    const chunk = await result.fetchChunk();
    if (!chunk) throw new Error('an aggregate without groups gave no row');
    await readToEnd(result);
    return chunk;
  }

  #column(chunk: DuckDBDataChunk, at: number, index: number, { type }: KqlColumn, packing: Packing): Data | undefined {
    const arrowType = this.#schema.fields[index]?.type;
    if (packing.kind === 'numbers') return numberColumn(arrowType, packing.width, rawList(chunk, at, packing.width), type === 'real');
    const dictionary = arrowType as Dictionary<Utf8>;
    if (packing.kind === 'concatenated') return concatenatedColumn(dictionary, rawList(chunk, at, 4), rawText(chunk, at + 1));
    const hashes = rawList(chunk, at, 8);
    const keys = rawList(chunk, at + 1, 8);
    const data = dictionaryColumn(dictionary, hashes, keys, rawList(chunk, at + 2, 4), rawText(chunk, at + 3));
    if (!data || keys.length > hashes.length * MOSTLY_DISTINCT) this.#packings[index] = { kind: 'concatenated' };
    return data;
  }
}

function rowCount(chunk: DuckDBDataChunk): number {
  return chunk.getColumnVector(0).getItem(0) as number;
}
