import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Ticks } from '../../core/ticks.ts';
import { LOG_ANALYTICS_TABLES } from '../../schema/log-analytics-tables.ts';
import { OUTPUT_TABLES } from '../../schema/output-tables.ts';
import { Arrivals } from './arrivals.ts';
import { Catalogue, metaValue, type StoredTable, setMetaValue } from './catalogue.ts';
import { rehash } from './content-hash.ts';
import { type InstanceOptions, openFault, openInstance } from './instance.ts';
import { Mutex } from './mutex.ts';
import { HIDDEN_COLUMNS, tableSql } from './storage-types.ts';

export type Clock = () => Ticks;

/** Gets the connection and the arrival number for its rows; says how many rows it has stored. */
export type TransactionTask<T> = (connection: DuckDBConnection, arrival: bigint) => Promise<{ readonly value: T; readonly rows: number }>;

interface StoreFields {
  readonly path: string;
  readonly clock: Clock;
  readonly catalogue: Catalogue;
  readonly arrivals: Arrivals;
  readonly instance: DuckDBInstance;
  readonly release: () => void;
  readonly writer: DuckDBConnection;
}

/** An open database: the engine, the catalogue, the order of arrival. What ingest, import, query and fetch share. */
export class Store {
  readonly path: string;
  readonly clock: Clock;
  readonly catalogue: Catalogue;
  readonly arrivals: Arrivals;
  /** Only one import, watchlist or change of the catalogue at a time; ingest does not wait for it. */
  readonly imports = new Mutex();
  readonly #instance: DuckDBInstance;
  readonly #connections = new Set<DuckDBConnection>();
  readonly #release: () => void;
  readonly #writer: DuckDBConnection;
  readonly #writing = new Mutex();

  private constructor(fields: StoreFields) {
    this.path = fields.path;
    this.clock = fields.clock;
    this.catalogue = fields.catalogue;
    this.arrivals = fields.arrivals;
    this.#instance = fields.instance;
    this.#release = fields.release;
    this.#writer = fields.writer;
  }

  static async open(options: InstanceOptions & { readonly clock: Clock }): Promise<Store> {
    const { instance, release } = await openInstance(options);
    let writer: DuckDBConnection | undefined;
    try {
      writer = await instance.connect();
      const catalogue = await Catalogue.load(writer);
      await createKnownTables(writer, catalogue);
      await rehashAfterUpgrade(writer, catalogue);
      const arrivals = new Arrivals(await lastArrival(writer, catalogue));
      return new Store({ path: options.path, clock: options.clock, instance, catalogue, arrivals, release, writer });
    } catch (error) {
      writer?.closeSync();
      release();
      // A file that is cut off or overwritten further in opens, and is found out by the first reads.
      throw openFault(options.path, error);
    }
  }

  /** A connection that ends with the store at the latest: one that is left open keeps the database, and opening it again would wait for ever. */
  async connect(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect();
    this.#connections.add(connection);
    return connection;
  }

  disconnect(connection: DuckDBConnection): void {
    if (this.#connections.delete(connection)) connection.closeSync();
  }

  /** Lends a connection for reading. */
  async read<T>(task: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.connect();
    try {
      return await task(connection);
    } finally {
      this.disconnect(connection);
    }
  }

  /** One short transaction on the writer's own connection. Durable when it resolves. */
  write<T>(task: TransactionTask<T>): Promise<T> {
    return this.#writing.run(() => this.transaction(this.#writer, task));
  }

  /** Runs a task in a transaction of its own with an arrival number. */
  async transaction<T>(connection: DuckDBConnection, task: TransactionTask<T>): Promise<T> {
    const arrival = this.arrivals.begin();
    let stored = false;
    try {
      await connection.run('BEGIN TRANSACTION');
      try {
        const { value, rows } = await task(connection, arrival);
        await connection.run('COMMIT');
        stored = rows > 0;
        return value;
      } catch (error) {
        await connection.run('ROLLBACK').catch(() => undefined);
        throw error;
      }
    } finally {
      this.arrivals.end(arrival, { stored });
    }
  }

  close(): void {
    for (const connection of this.#connections) connection.closeSync();
    this.#connections.clear();
    this.#writer.closeSync();
    this.#release();
  }
}

async function createKnownTables(connection: DuckDBConnection, catalogue: Catalogue): Promise<void> {
  await connection.run('BEGIN TRANSACTION');
  const known = [...LOG_ANALYTICS_TABLES.values(), ...OUTPUT_TABLES];
  await catalogue.createAll(
    connection,
    'table',
    known.filter(({ name }) => !catalogue.tables.has(name)),
  );
  for (const { name, columns } of known) await catalogue.extend(connection, catalogue.tables.get(name) as StoredTable, columns);
  await connection.run('COMMIT');
}

/** DuckDB's hash() may change from version to version: then the stored hashes are computed anew. */
async function rehashAfterUpgrade(connection: DuckDBConnection, catalogue: Catalogue): Promise<void> {
  const version = (await connection.runAndReadAll('SELECT version()')).getRowsJS()[0]?.[0] as string;
  const written = await metaValue(connection, 'hash-version');
  if (written === version) return;
  await connection.run('BEGIN TRANSACTION');
  if (written !== undefined) for (const table of catalogue.tables.values()) await rehash(connection, table);
  await setMetaValue(connection, 'hash-version', version);
  await connection.run('COMMIT');
}

async function lastArrival(connection: DuckDBConnection, catalogue: Catalogue): Promise<bigint> {
  const each = [...catalogue.tables.values()].map(
    (table: StoredTable) => `SELECT max(${HIDDEN_COLUMNS.arrival}) AS m FROM ${tableSql(table.id)}`,
  );
  const rows = (await connection.runAndReadAll(`SELECT coalesce(max(m), 0) FROM (${each.join(' UNION ALL ')})`)).getRowsJS();
  return BigInt(rows[0]?.[0] as bigint);
}
