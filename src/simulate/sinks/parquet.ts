import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { atPath } from '../../core/at-path.ts';
import type { KqlType } from '../../core/kql-types.ts';
import { closed } from './closed.ts';
import { PART, type Sink } from './sink.ts';

/** Rows of one Parquet file: what is not yet written out fits on any disk, and a reader takes a file in one go. */
const ROWS_A_FILE = 500_000;

/** Times stay text: Parquet's have no 100 ns. Dynamic columns are JSON. */
const TYPES: Readonly<Partial<Record<KqlType, string>>> = {
  dynamic: 'JSON',
  bool: 'BOOLEAN',
  int: 'INTEGER',
  long: 'BIGINT',
  real: 'DOUBLE',
};

export interface ParquetColumn {
  readonly name: string;
  readonly type: KqlType;
}

const quoted = (text: string, mark: '"' | "'") => `${mark}${text.replaceAll(mark, mark + mark)}${mark}`;

/** DuckDB as a writer of Parquet: it turns lines into columns while the next lines are made. */
export class ParquetWriter {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(): Promise<ParquetWriter> {
    const instance = await DuckDBInstance.create(':memory:', {
      threads: '1',
      memory_limit: '1GB',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    return new ParquetWriter(instance, await instance.connect());
  }

  /** `<table>.<n>.parquet`, and PART while the tenant is not whole, in a directory: an import takes the table from the name up to its first dot. */
  sink(directory: string, table: string, columns: readonly ParquetColumn[]): Sink {
    return new ParquetSink(this.#connection, directory, table, columns);
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

class ParquetSink implements Sink {
  readonly #connection: DuckDBConnection;
  readonly #directory: string;
  readonly #table: string;
  readonly #columns: readonly ParquetColumn[];
  readonly #files: string[] = [];
  /** Lines that wait for their conversion, or could not be converted. */
  readonly #temporary = new Set<string>();
  #lines: { readonly path: string; readonly stream: WriteStream } | undefined;
  #rows = 0;
  /** The conversion under way. */
  #converting: Promise<void> = Promise.resolve();

  constructor(connection: DuckDBConnection, directory: string, table: string, columns: readonly ParquetColumn[]) {
    this.#connection = connection;
    this.#directory = directory;
    this.#table = table;
    this.#columns = columns;
  }

  async write(lines: string, rows: number): Promise<void> {
    this.#lines ??= this.#open();
    const { path, stream } = this.#lines;
    if (stream.errored) throw atPath(stream.errored, path);
    if (!stream.write(lines)) await once(stream, 'drain');
    this.#rows += rows;
    if (this.#rows >= ROWS_A_FILE) await this.#turn();
  }

  #open() {
    const path = join(this.#directory, `.${this.#table}.${this.#files.length}.lines`);
    this.#temporary.add(path);
    return { path, stream: createWriteStream(path, { highWaterMark: 1 << 20 }).on('error', () => undefined) };
  }

  /** Hands the lines over to be converted; waits only for those before them, so that two files of lines are there at most. */
  async #turn(): Promise<void> {
    const lines = this.#lines;
    if (lines === undefined) return;
    this.#lines = undefined;
    this.#rows = 0;
    lines.stream.end();
    await finished(lines.stream);
    await this.#converting;
    const target = join(this.#directory, `${this.#table}.${String(this.#files.length + 1).padStart(3, '0')}.parquet${PART}`);
    this.#files.push(target);
    this.#converting = this.#convert(lines.path, target);
    // Who waits for it next is told; until then it is not unhandled.
    this.#converting.catch(() => undefined);
  }

  async #convert(from: string, to: string): Promise<void> {
    const columns = this.#columns.map(({ name, type }) => `${quoted(name, "'")}: '${TYPES[type] ?? 'VARCHAR'}'`).join(', ');
    await this.#connection.run(
      `COPY (SELECT * FROM read_json(${quoted(from, "'")}, format = 'newline_delimited', columns = {${columns}}))
       TO ${quoted(to, "'")} (FORMAT parquet, COMPRESSION zstd)`,
    );
    await rm(from);
    this.#temporary.delete(from);
  }

  async end(): Promise<readonly string[]> {
    await this.#turn();
    await this.#converting;
    return this.#files;
  }

  async abort(error: Error): Promise<void> {
    if (this.#lines !== undefined) await closed(this.#lines.stream, error);
    await this.#converting.catch(() => undefined);
    for (const path of [...this.#files, ...this.#temporary]) await rm(path, { force: true });
  }
}
