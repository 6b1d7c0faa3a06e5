import type { DuckDBConnection } from '@duckdb/node-api';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import { KQL_TYPES, type KqlColumn, type KqlType } from '../../core/kql-types.ts';
import { quoteString } from '../../kql/quote.ts';
import type { TableSpec } from '../../schema/table-spec.ts';
import { columnDdl, tableDdl, tableSql } from './storage-types.ts';

export type StoredKind = 'table' | 'watchlist';

/** A table as it lies in the database: `t<id>` with columns c0, c1 ... in this order. */
export interface StoredTable {
  readonly id: number;
  readonly kind: StoredKind;
  readonly name: string;
  readonly columns: readonly KqlColumn[];
}

const FORMAT_VERSION = '1';

/** Which tables there are. The database holds it; this is a copy, changed only after the transaction that wrote it. */
export class Catalogue {
  #tables: Readonly<Record<StoredKind, Map<string, StoredTable>>> = { table: new Map(), watchlist: new Map() };
  #nextId = 1;

  static async load(connection: DuckDBConnection): Promise<Catalogue> {
    await connection.run(
      `CREATE TABLE IF NOT EXISTS fw_meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);
       CREATE TABLE IF NOT EXISTS fw_tables (id INTEGER, kind VARCHAR, name VARCHAR, columns VARCHAR);
       INSERT INTO fw_meta VALUES ('format', '${FORMAT_VERSION}') ON CONFLICT DO NOTHING`,
    );
    const version = await metaValue(connection, 'format');
    if (version !== FORMAT_VERSION) {
      throw new FactorwatchError('workspace-version', `the workspace has format ${version}, this program reads format ${FORMAT_VERSION}`, {
        exitCode: ExitCode.noInput,
        hint: 'use the version of factorwatch that wrote it, or import the logs into a new --data-dir',
      });
    }
    const catalogue = new Catalogue();
    await catalogue.reload(connection);
    return catalogue;
  }

  /** Reads the database's own view, e.g. after a transaction that created tables was rolled back. */
  async reload(connection: DuckDBConnection): Promise<void> {
    const read = await connection.runAndReadAll('SELECT id, kind, name, columns FROM fw_tables ORDER BY id');
    const rows = read.getRowsJS() as [number, StoredKind, string, string][];
    const tables = { table: new Map<string, StoredTable>(), watchlist: new Map<string, StoredTable>() };
    for (const [id, kind, name, text] of rows) {
      const columns = (JSON.parse(text) as [string, string][]).map(([column, type]) => ({ name: column, type: typeOf(type) }));
      tables[kind].set(name, { id, kind, name, columns });
      this.#nextId = Math.max(this.#nextId, id + 1);
    }
    this.#tables = tables;
  }

  get tables(): ReadonlyMap<string, StoredTable> {
    return this.#tables.table;
  }

  get watchlists(): ReadonlyMap<string, StoredTable> {
    return this.#tables.watchlist;
  }

  /** Creates a table inside the caller's transaction; if that is rolled back, the caller calls `reload`. */
  async create(connection: DuckDBConnection, kind: StoredKind, name: string, columns: readonly KqlColumn[]): Promise<StoredTable> {
    const [table] = await this.createAll(connection, kind, [{ name, columns }]);
    return table as StoredTable;
  }

  async createAll(connection: DuckDBConnection, kind: StoredKind, specs: readonly TableSpec[]): Promise<StoredTable[]> {
    const tables = specs.map(({ name, columns }): StoredTable => ({ id: this.#nextId++, kind, name, columns: [...columns] }));
    const statements = tables.map(
      ({ id, name, columns }) =>
        `${tableDdl(id, columns)}; INSERT INTO fw_tables VALUES (${id}, ${quoteString(kind)}, ${quoteString(name)}, ${quoteString(columnsText(columns))})`,
    );
    if (statements.length > 0) await connection.run(statements.join(';\n'));
    for (const table of tables) this.#tables[kind].set(table.name, table);
    return tables;
  }

  /** Adds the columns that a newer schema has and the stored table has not. */
  async extend(connection: DuckDBConnection, stored: StoredTable, wanted: readonly KqlColumn[]): Promise<StoredTable> {
    const known = new Set(stored.columns.map((column) => column.name));
    const added = wanted.filter((column) => !known.has(column.name));
    if (added.length === 0) return stored;
    for (const [i, column] of added.entries()) {
      // ADD COLUMN takes no NOT NULL; the default fills the rows that are there.
      const ddl = columnDdl(stored.columns.length + i, column).replace(' NOT NULL', '');
      await connection.run(`ALTER TABLE ${tableSql(stored.id)} ADD COLUMN ${ddl}`);
    }
    const table = { ...stored, columns: [...stored.columns, ...added] };
    await connection.run('UPDATE fw_tables SET columns = $1 WHERE id = $2', [columnsText(table.columns), table.id]);
    this.#tables[stored.kind].set(stored.name, table);
    return table;
  }

  async drop(connection: DuckDBConnection, table: StoredTable): Promise<void> {
    await connection.run(`DROP TABLE ${tableSql(table.id)}`);
    await connection.run('DELETE FROM fw_tables WHERE id = $1', [table.id]);
    this.#tables[table.kind].delete(table.name);
  }
}

function columnsText(columns: readonly KqlColumn[]): string {
  return JSON.stringify(columns.map(({ name, type }) => [name, type]));
}

export async function metaValue(connection: DuckDBConnection, key: string): Promise<string | undefined> {
  const rows = (await connection.runAndReadAll('SELECT value FROM fw_meta WHERE key = $1', [key])).getRowsJS();
  return rows[0]?.[0] as string | undefined;
}

export async function setMetaValue(connection: DuckDBConnection, key: string, value: string): Promise<void> {
  await connection.run('INSERT OR REPLACE INTO fw_meta VALUES ($1, $2)', [key, value]);
}

function typeOf(text: string | undefined): KqlType {
  const type = KQL_TYPES.find((name) => name === text);
  if (type === undefined) throw new Error(`the catalogue names an unknown type: ${text}`);
  return type;
}
