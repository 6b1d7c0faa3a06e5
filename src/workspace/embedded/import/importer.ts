import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { VALUE_MACROS } from './value-sql.ts';

/**
 * A second database, in memory, that may read files: the workspace's own is locked. It parses; its chunks go to the workspace as they
 * are, without being decoded (measured: as fast as reading inside the workspace).
 */
export class Importer {
  readonly #instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
  /** Chunks are streamed here while `connection` stays free for other questions. */
  readonly streaming: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, streaming: DuckDBConnection) {
    this.#instance = instance;
    this.connection = connection;
    this.streaming = streaming;
  }

  static async open({ tempDir, threads = 2 }: { readonly tempDir: string; readonly threads?: number | undefined }): Promise<Importer> {
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(threads),
      memory_limit: '2GB',
      temp_directory: tempDir,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
    });
    const connection = await instance.connect();
    for (const setting of [
      "GLOBAL TimeZone = 'UTC'",
      // Pushed down, the WHERE over parsed fields would parse every record twice. The others find nothing in these queries and take a
      // third of the time that a small file needs.
      "GLOBAL disabled_optimizers = 'filter_pushdown,statistics_propagation,common_subexpressions,expression_rewriter'",
    ]) {
      await connection.run(`SET ${setting}`);
    }
    for (const macro of VALUE_MACROS) await connection.run(macro);
    const streaming = await instance.connect();
    // The default of 1 MB holds less than one chunk of wide rows: parsing and appending would take turns.
    await streaming.run("SET streaming_buffer_size = '64MB'");
    return new Importer(instance, connection, streaming);
  }

  async rows<Row extends readonly unknown[]>(sql: string): Promise<Row[]> {
    return (await this.connection.runAndReadAll(sql)).getRowsJS() as unknown as Row[];
  }

  close(): void {
    this.connection.closeSync();
    this.streaming.closeSync();
    this.#instance.closeSync();
  }
}
