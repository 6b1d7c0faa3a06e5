import type { KqlColumn } from '../core/kql-types.ts';
import { hidden } from './aggregates/sketches.ts';
import { bind } from './binder/bind.ts';
import { type Fault, faultsOf } from './binder/diagnostics.ts';
import type { KqlCatalog } from './catalog.ts';
import {
  aloneOf,
  type Binding,
  type Context,
  lineColumn,
  newId,
  type QueryParameter,
  refuseRows,
  reject,
  rowScope,
  type TranslateOptions,
} from './context.ts';
import { translatePredicate, translateScalar } from './expressions/index.ts';
import { declareLets } from './expressions/user-function.ts';
import type { ExternalSource } from './external-source.ts';
import { KqlError } from './kql-error.ts';
import { translatePipe, translateRows } from './operators/index.ts';
import { extend } from './operators/project.ts';
import { isMissingTable, scanTable } from './operators/source.ts';
import { type Probe, ProbeNeeded, withSchemas, writtenOffset } from './probe.ts';
import { pruned } from './prune.ts';
import { quoteIdentifier } from './quote.ts';
import { type Column, type Relation, sortClause } from './relation.ts';
import { declareSettings } from './settings.ts';
import { asNamed } from './standard-columns.ts';
import { literalOf } from './tree/literal.ts';
import { boundColumns, child, declaredType, isTabular, kindOf, list, type Node, nameOf, need } from './tree/syntax.ts';
import { missingWatchlists, noWatchlist } from './watchlists.ts';

export type { KqlCatalog, KqlFunction, KqlTable, StandardColumn } from './catalog.ts';
export type { QueryParameter, TranslateOptions } from './context.ts';
export type { ExternalSource } from './external-source.ts';
export { type FaultKind, KqlError, type KqlFault } from './kql-error.ts';
export { type Probe, type ProbedSchema, schemaOf } from './probe.ts';

/** A query as DuckDB SQL; its columns are c0..cn in the physical form of KqlValue, and `$__now` is bound by who runs it. */
export interface Translation {
  readonly sql: string;
  readonly columns: readonly KqlColumn[];
  /** Of declare query_parameters, to be bound as `$name`. */
  readonly parameters: readonly QueryParameter[];
  /** Files that externaldata names, each to be read and bound; absent where there is none. */
  readonly external?: readonly ExternalSource[] | undefined;
  /** Tables of the workspace that the query reads. */
  readonly tables: readonly string[];
  /** The rows come in an order that the query asked for. */
  readonly ordered: boolean;
  readonly render?: Readonly<Record<string, string>> | undefined;
  /**
   * Set when the columns depend on the data (`columns` are then those that are known before): `sql` gives rows of name and type, of which `schemaOf(probe, rows)` makes the schema to
   * be added to `schemas` of the options, and the query is translated again.
   */
  readonly probe?: Probe | undefined;
}

/** Translates a query; throws a KqlError with every fault of the text. */
export function translate(written: string, all: KqlCatalog, options: TranslateOptions): Translation {
  const schemas = options.schemas ?? [];
  const text = withSchemas(written, schemas);
  const catalog = asNamed(all, text);
  const code = bind(text, catalog);
  const faults = faultsOf(code, text);
  const wrong = faults.length > 0 ? [...unfilled(text, catalog), ...faults] : faults;
  if (wrong.length > 0)
    throw new KqlError(
      wrong.map(
        (f) => ({ kind: f.kind, message: f.message, name: f.name, ...lineColumn(written, writtenOffset(f.start, schemas)) }) as const,
      ),
      options.file,
      written,
    );
  const ctx = newContext(written, catalog, options);
  const statements = list(code.Syntax, 'Statements');
  for (const statement of statements) if (kindOf(statement) === 'QueryParametersStatement') declareParameters(statement, ctx);
  declareSettings(statements, ctx);
  const env = declareLets(statements, ctx.rootEnv);
  const queries = statements.filter((s) => kindOf(s) === 'ExpressionStatement');
  if (queries[1]) refuseRows(rowScope(ctx, env), queries[1], 'a second query', 'a text gives one table');
  for (const statement of statements)
    if (kindOf(statement) === 'RestrictStatement')
      refuseRows(rowScope(ctx, env), statement, 'restrict', 'what a query may read is not narrowed here');
  const query = queries.at(-1);
  if (!query) throw new KqlError([{ kind: 'semantic', message: 'the text has no query', name: '', line: 1, column: 1 }], options.file);
  const expression = need(query, 'Expression');
  try {
    const relation =
      isTabular(expression) || kindOf(expression) === 'PipeExpression'
        ? ctx.rows(expression, rowScope(ctx, env))
        : single(expression, ctx, env);
    if (ctx.faults.length > 0) throw new KqlError(ctx.faults, options.file, written);
    const columns = relation.columns.map(({ name, type }) => ({ name, type }));
    return { ...answer(ctx), sql: pruned(finish(relation, ctx), ctx.scans), columns, ordered: relation.sorted };
  } catch (error) {
    if (!(error instanceof ProbeNeeded)) throw error;
    if (ctx.faults.length > 0) throw new KqlError(ctx.faults, options.file, written);
    return {
      ...answer(ctx),
      sql: pruned(`${withCtes(ctx)}${error.sql}`, ctx.scans),
      columns: boundColumns(code.ResultType) ?? [],
      ordered: false,
      probe: error.probe,
    };
  }
}

/** Watchlists that a faulty text names and nobody filled: what is faulted behind them mostly follows from that. */
function unfilled(text: string, catalog: KqlCatalog): Fault[] {
  return missingWatchlists(text, catalog).map(({ alias, start }) => ({
    kind: 'semantic',
    name: '_GetWatchlist',
    message: noWatchlist(alias),
    start,
  }));
}

function answer(ctx: Context): Pick<Translation, 'parameters' | 'tables' | 'render' | 'external'> {
  const external = ctx.external.length > 0 ? { external: ctx.external } : {};
  return { ...external, parameters: ctx.parameters, tables: [...ctx.tables], render: ctx.render };
}

/** Checks a query without running it: the columns of its answer (those that do not depend on data), or a KqlError with every fault. */
export function checkKql(text: string, catalog: KqlCatalog): readonly KqlColumn[] {
  return translate(text, catalog, { now: 0n }).columns;
}

function newContext(text: string, catalog: KqlCatalog, options: TranslateOptions): Context {
  return {
    catalog,
    options,
    faults: [],
    ctes: [],
    shared: new Map(),
    domains: new Map(),
    tables: new Set(),
    scans: [],
    parameters: [],
    external: [],
    rootEnv: new Map<string, Binding>(),
    settings: new Map(),
    scalar: translateScalar,
    predicate: translatePredicate,
    rows: translateRows,
    pipe: translatePipe,
    extend,
    table: scanTable,
    isMissing: isMissingTable,
    origin: { text },
    depth: 0,
    counter: 0,
  };
}

function declareParameters(statement: Node, ctx: Context): void {
  for (const item of list(statement, 'Parameters')) {
    const declaration = need(item, 'NameAndType');
    const name = nameOf(need(declaration, 'Name'));
    const type = declaredType(need(declaration, 'Type')) ?? 'string';
    const given = child(item, 'DefaultValue');
    if (given && type === 'dynamic')
      reject(rowScope(ctx, ctx.rootEnv), given, name, `the query parameter '${name}' is dynamic, and such a one has no default value`);
    const literal = given && literalOf(need(given, 'Value'));
    ctx.parameters.push({ name, type, ...(literal ? { defaultValue: literal.value } : {}) });
    ctx.rootEnv.set(name, { kind: 'value', value: { sql: `$${name}`, type } });
  }
}

/** A query that is a value (`1 + 1`) answers one row. */
function single(expression: Node, ctx: Context, env: ReadonlyMap<string, Binding>): Relation {
  const value = aloneOf(expression, rowScope(ctx, env));
  const id = newId(ctx);
  return {
    sql: `SELECT ${value.sql} AS ${id}`,
    columns: [{ id, name: 'print_0', type: value.type }],
    order: [],
    serialized: true,
    sorted: false,
  };
}

function withCtes(ctx: Context): string {
  return ctx.ctes.length > 0 ? `WITH ${ctx.ctes.map((c) => `${c.name} AS MATERIALIZED (${c.sql})`).join(', ')} ` : '';
}

function finish(relation: Relation, ctx: Context): string {
  const shown = (c: Column) => (ctx.sketches && (c.type === 'dynamic' || c.type === 'string') ? hidden(c.id) : c.id);
  const columns = relation.columns.map((c, i) => `${shown(c)} AS ${quoteIdentifier(`c${i}`)}`).join(', ') || '1 AS nothing';
  return `${withCtes(ctx)}SELECT ${columns} FROM (SELECT * FROM (${relation.sql})${sortClause(relation)})`;
}
