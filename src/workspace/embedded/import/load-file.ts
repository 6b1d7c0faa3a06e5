import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteString } from '../../../kql/quote.ts';
import { CONNECTOR_TABLES } from '../../../schema/connector-tables.ts';
import type { StoredTable } from '../catalogue.ts';
import type { Store } from '../store.ts';
import { appendRows } from './append.ts';
import { deleteDuplicates } from './duplicates.ts';
import { type Destination, destinationOf, type Group, groupedSql, type TableRules } from './group.ts';
import type { Importer } from './importer.ts';
import { inferColumns } from './infer-columns.ts';
import type { InputFile } from './input-files.ts';
import { unknownPaths } from './key-sets.ts';
import { type Lines, openLines, type Reject } from './lines.ts';
import { rescue } from './rescue.ts';
import { planRows, type RowPlan } from './row-plan.ts';

/** What became of one file. `skipped` tells why none of it could be used. */
export interface FileOutcome {
  readonly rows: ReadonlyMap<string, number>;
  readonly duplicates: number;
  readonly rejects: readonly Reject[];
  readonly unknownColumns: ReadonlyMap<string, number>;
  readonly skipped?: string | undefined;
}

export interface LoadContext {
  readonly store: Store;
  readonly importer: Importer;
  /** The connection of the transaction in the workspace. */
  readonly connection: DuckDBConnection;
  readonly tempDir: string;
}

const SAMPLE_LINES = 200;
const MAX_GROUPS = 200;

/** Loads one file in one transaction: all of it is in the workspace afterwards, or nothing. `beforeCommit` gets what was set aside. */
export async function loadFile(
  context: LoadContext,
  file: InputFile,
  rules: TableRules,
  beforeCommit: (outcome: FileOutcome) => void,
): Promise<FileOutcome> {
  const { store, connection } = context;
  const lines = await openLines(context.importer, file, context.tempDir);
  if (lines.refused !== undefined)
    return { rows: new Map(), duplicates: 0, rejects: [], unknownColumns: new Map(), skipped: lines.refused };
  const aliases: Aliases = new Map();
  for (;;) {
    try {
      return await store.transaction(connection, async (_, arrival) => {
        const outcome = await new FileLoad(context, lines, rules, aliases, arrival).run();
        beforeCommit(outcome);
        return { value: outcome, rows: [...outcome.rows.values()].reduce((sum, n) => sum + n, 0) };
      });
    } catch (error) {
      await store.catalogue.reload(connection);
      // Keys in another spelling were found after the rows had been read: once more, with these spellings.
      if (!(error instanceof MoreAliases)) throw error;
    }
  }
}

/** Other spellings of a path, by shape. */
type Aliases = Map<string, Map<string, readonly string[]>>;
class MoreAliases extends Error {}

class FileLoad {
  readonly #context: LoadContext;
  readonly #lines: Lines;
  readonly #rules: TableRules;
  readonly #aliases: Aliases;
  readonly #arrival: bigint;
  readonly #appended = new Map<string, number>();
  readonly #rejects: Reject[];
  readonly #unknown = new Map<string, number>();

  constructor(context: LoadContext, lines: Lines, rules: TableRules, aliases: Aliases, arrival: bigint) {
    this.#context = context;
    this.#lines = lines;
    this.#rules = rules;
    this.#aliases = aliases;
    this.#arrival = arrival;
    this.#rejects = [...lines.rejects];
  }

  async run(): Promise<FileOutcome> {
    const { importer } = this.#context;
    const first = await this.#firstPlan();
    let left = this.#lines.count;
    if (first) left -= await this.#append(first.plan, first.table, this.#lines.sql, first.caseMatters);
    if (left > 0) {
      const from = first ? first.plan.leftoverSql(this.#lines.numberedSql) : this.#lines.numberedSql;
      await importer.connection.run(`CREATE OR REPLACE TABLE leftover AS ${groupedSql(from)}`);
      const skipped = await this.#loadLeftover({ anyKnown: first !== undefined });
      await importer.connection.run('DROP TABLE leftover');
      if (skipped !== undefined) return { rows: new Map(), duplicates: 0, rejects: [], unknownColumns: new Map(), skipped };
    }
    let duplicates = 0;
    const rows = new Map<string, number>();
    for (const [name, count] of this.#appended) {
      const table = this.#context.store.catalogue.tables.get(name) as StoredTable;
      const deleted = await deleteDuplicates(this.#context.connection, table, this.#arrival);
      duplicates += deleted;
      rows.set(name, count - deleted);
    }
    return { rows, duplicates, rejects: this.#rejects, unknownColumns: this.#unknown };
  }

  /** The plan of the most frequent group among the first lines: most files hold nothing else and are read once, straight from disk. */
  async #firstPlan(): Promise<{ readonly plan: RowPlan; readonly table: StoredTable; readonly caseMatters: boolean } | undefined> {
    const sample = `SELECT * FROM (${this.#lines.sql}) LIMIT ${SAMPLE_LINES}`;
    const groups = await this.#groups(`(${groupedSql(sample)})`);
    for (const group of groups) {
      const destination = destinationOf(group, this.#rules);
      if ('table' in destination) return this.#plan(group, destination, this.#lines.sql, true);
    }
    return undefined;
  }

  async #plan(group: Group, { table: name, shape }: Extract<Destination, { table: string }>, lines: string, mixed: boolean) {
    const table = await this.#table(name, lines);
    const plan = planRows({
      group,
      shape,
      table,
      mixed,
      aliases: this.#aliases.get(shape) ?? new Map(),
      receivedAt: this.#context.store.clock(),
    });
    return { plan, table, caseMatters: shape === 'flat' };
  }

  /** The stored table of a name; one of a connector is made when it is first needed, a custom one from these lines. */
  async #table(name: string, lines: string): Promise<StoredTable> {
    const { store, importer, connection } = this.#context;
    const stored = store.catalogue.tables.get(name);
    if (stored) return stored;
    const columns = CONNECTOR_TABLES.get(name)?.columns ?? (await inferColumns(importer, lines, { textOnly: this.#lines.textOnly }));
    return store.catalogue.create(connection, 'table', name, columns);
  }

  async #append(plan: RowPlan, table: StoredTable, lines: string, caseMatters: boolean): Promise<number> {
    const { importer, connection } = this.#context;
    const { rows, keySets } = await appendRows(
      { connection: importer.streaming, sql: plan.rowsSql(lines) },
      { connection, tableId: table.id, arrival: this.#arrival },
    );
    if (rows === 0) return 0;
    this.#appended.set(table.name, (this.#appended.get(table.name) ?? 0) + rows);
    const { unknown, aliases } = await unknownPaths(importer, plan, lines, keySets, { caseMatters });
    if (aliases.size > 0) throw this.#learn(aliases);
    for (const [path, count] of unknown) this.#unknown.set(path, (this.#unknown.get(path) ?? 0) + count);
    return rows;
  }

  #learn(found: ReadonlyMap<string, readonly string[]>): MoreAliases {
    // A path has one spelling in each shape's rules, so spellings may be shared by all shapes.
    for (const shape of ['diagnostic', 'graph']) {
      const known = this.#aliases.get(shape) ?? new Map<string, readonly string[]>();
      for (const [path, spellings] of found) known.set(path, [...new Set([...(known.get(path) ?? []), ...spellings])]);
      this.#aliases.set(shape, known);
    }
    return new MoreAliases();
  }

  async #groups(grouped: string): Promise<Group[]> {
    const rows = await this.#context.importer.rows<[boolean, Group['look'], string]>(
      `SELECT wrapped, look, key FROM ${grouped} GROUP BY ALL ORDER BY count(*) DESC, wrapped, look, key LIMIT ${MAX_GROUPS}`,
    );
    return rows.map(([wrapped, look, key]) => ({ wrapped, look, key }));
  }

  /** Loads what the first plan has left, group by group; returns a reason where no row of the file has a table. */
  async #loadLeftover({ anyKnown }: { readonly anyKnown: boolean }): Promise<string | undefined> {
    const { importer } = this.#context;
    await rescue(importer.connection, 'leftover');
    const groups = await this.#groups('leftover');
    const destinations = groups.map((group) => ({ group, destination: destinationOf(group, this.#rules) }));
    const known =
      anyKnown ||
      this.#rules.byFileName !== undefined ||
      this.#rules.forced !== undefined ||
      destinations.some(({ destination }) => 'table' in destination);
    if (!known) {
      const unknown = destinations.map(({ destination }) => destination).find((d) => 'unknown' in d);
      return unknown && 'unknown' in unknown ? unknown.unknown : 'it holds no rows';
    }
    for (const { group, destination } of destinations) {
      const lines = `SELECT line, l FROM leftover WHERE wrapped = ${group.wrapped} AND look = ${quoteString(group.look)} AND key = ${quoteString(group.key)}`;
      if ('unknown' in destination) {
        await this.#reject(`SELECT line, ${quoteString(destination.unknown)}, l FROM (${lines})`);
        continue;
      }
      const { plan, table, caseMatters } = await this.#plan(group, destination, lines, false);
      await this.#append(plan, table, lines, caseMatters);
      await this.#reject(plan.rejectsSql(lines));
    }
    const named = groups.map(({ wrapped, look, key }) => `(${wrapped}, ${quoteString(look)}, ${quoteString(key)})`);
    if (groups.length === MAX_GROUPS)
      await this.#reject(
        `SELECT line, 'too many different tables in one file', l FROM leftover WHERE (wrapped, look, key) NOT IN (${named.join(', ')})`,
      );
    return undefined;
  }

  async #reject(sql: string): Promise<void> {
    for (const [line, reason, text] of await this.#context.importer.rows<[bigint | null, string, string | null]>(sql)) {
      this.#rejects.push({ line: Number(line ?? 0n), reason, text: text ?? '' });
    }
  }
}
