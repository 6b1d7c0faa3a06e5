import type { KqlType, KqlValue } from '../core/kql-types.ts';
import type { Ticks } from '../core/ticks.ts';
import type { KqlCatalog, KqlTable } from './catalog.ts';
import type { ExternalSource } from './external-source.ts';
import type { KqlFault } from './kql-error.ts';
import { type ProbedSchema, writtenOffset } from './probe.ts';
import type { Scan } from './prune.ts';
import type { Column, Relation } from './relation.ts';
import { macroUses } from './runtime/macros.ts';
import { isSimple, isVolatile, nullOf, type Scalar, sqlType } from './scalar.ts';
import { boundColumns, boundType, type Node } from './tree/syntax.ts';

export interface TranslateOptions {
  /** What now() is when it must be known at compile time; the SQL itself binds $__now. */
  readonly now: Ticks;
  readonly file?: string | undefined;
  /** Each table scan keeps only rows with arrival in (after, upTo], bound as $__arrival_after and $__arrival_upto. */
  readonly arrival?: boolean | undefined;
  /** Intersects TimeGenerated of every table that is scanned. `bound`: the SQL names its ends $__time_from and $__time_until, whatever they are. */
  readonly timespan?:
    | { readonly from?: Ticks | undefined; readonly until?: Ticks | undefined; readonly bound?: true | undefined }
    | undefined;
  /** Whether externaldata may name files; who runs the query reads and binds them. */
  readonly externalData?: boolean | undefined;
  /** Schemas of the probes that were answered, in order: see probe.ts. */
  readonly schemas?: readonly ProbedSchema[] | undefined;
}

export interface QueryParameter {
  readonly name: string;
  readonly type: KqlType;
  readonly defaultValue?: KqlValue;
}

/** What a name that is not a column stands for. */
export type Binding =
  | { readonly kind: 'scalar'; readonly node: Node; readonly env: Env }
  | { readonly kind: 'value'; readonly value: Scalar }
  | { readonly kind: 'tabular'; readonly node: Node; readonly env: Env }
  | { readonly kind: 'relation'; readonly relation: Relation }
  | { readonly kind: 'function'; readonly node: Node; readonly env: Env }
  /** Of declare pattern. */
  | { readonly kind: 'pattern'; readonly node: Node; readonly env: Env };
export type Env = ReadonlyMap<string, Binding>;

/** Where the text being translated comes from: the query, or a stored function. */
export interface Origin {
  readonly text: string;
  readonly file?: string | undefined;
}

/** What one translation gathers. */
export interface Context {
  readonly catalog: KqlCatalog;
  readonly options: TranslateOptions;
  readonly faults: KqlFault[];
  readonly ctes: { readonly name: string; readonly sql: string }[];
  /** Subqueries that are computed once however often they are named, by where they are written. */
  readonly shared: Map<Env, Map<Node, Relation | Scalar>>;
  /** All values of the hidden columns that part rows, by id: a part may lose its rows on the way and still be counted. */
  readonly domains: Map<string, string>;
  readonly tables: Set<string>;
  readonly scans: Scan[];
  readonly parameters: QueryParameter[];
  /** Files that externaldata names. */
  readonly external: ExternalSource[];
  readonly rootEnv: Map<string, Binding>;
  /** What `set name = value` says, by name. */
  readonly settings: Map<string, Node>;
  /** The three ways down the tree; members of the context, so that operators and expressions need not import each other. */
  readonly scalar: (node: Node, scope: Scope) => Scalar;
  /** A condition of where: null and false are the same there, so equality may be plain. */
  readonly predicate: (node: Node, scope: Scope) => string;
  readonly rows: (node: Node, scope: Scope) => Relation;
  /** A pipe that starts with an operator, over given rows. */
  readonly pipe: (node: Node, input: Relation, scope: Scope) => Relation;
  readonly table: (table: KqlTable, scope: Scope) => Relation;
  readonly isMissing: (node: Node, scope: Scope) => boolean;
  readonly extend: (node: Node, input: Relation, scope: Scope) => Relation;
  origin: Origin;
  /** How deep stored functions and lambdas are nested. */
  depth: number;
  counter: number;
  /** The query makes sketches, which its answer must not show. */
  sketches?: boolean;
  render?: Readonly<Record<string, string>> | undefined;
}

export function newId(ctx: Context, prefix = 'c'): string {
  ctx.counter += 1;
  return `${prefix}${ctx.counter}`;
}

/** Where expressions are translated: the names they see, and the helper columns they ask for. */
export interface Scope {
  readonly ctx: Context;
  readonly env: Env;
  readonly rows?: Relation | undefined;
  readonly sides?: { readonly left: Relation; readonly right: Relation } | undefined;
  /** Helper columns, laid in a SELECT under the one that uses them. */
  readonly hoists: { readonly id: string; readonly sql: string; readonly level: number }[];
  /** Set inside scan: what `step.column` stands for; undefined when it is no step. */
  readonly states?: ((step: string, column: string) => Scalar | undefined) | undefined;
  /** Set inside summarize: aggregates go here and are named by id. */
  readonly aggregates?: AggregateSink | undefined;
}

export interface AggregateSink {
  /** The scope of one input row. */
  readonly inner: Scope;
  readonly add: (sql: string, type: KqlType) => Scalar;
}

export function rowScope(ctx: Context, env: Env, rows?: Relation): Scope {
  return { ctx, env, rows, hoists: [] };
}

/** Names the value of an expression, so that it may be used several times; simple ones are left as they are. */
export function hoist(scope: Scope, sql: string): string {
  if (isSimple(sql)) return sql;
  const known = isVolatile(sql) ? undefined : scope.hoists.find((h) => h.sql === sql);
  if (known) return known.id;
  const used = scope.hoists.filter((h) => new RegExp(`\\b${h.id}\\b`).test(sql));
  const id = newId(scope.ctx, 'h');
  scope.hoists.push({ id, sql, level: 1 + Math.max(-1, ...used.map((h) => h.level)) });
  return id;
}

/** The input of an operator with its helper columns laid over it. */
export function layered(scope: Scope, sql: string): string {
  const levels = Math.max(-1, ...scope.hoists.map((h) => h.level)) + 1;
  let out = sql;
  for (let level = 0; level < levels; level++) {
    const items = scope.hoists.filter((h) => h.level === level).map((h) => `${h.sql} AS ${h.id}`);
    out = `SELECT *, ${items.join(', ')} FROM (${out})`;
  }
  return out;
}

/** A value where no row is at hand, as the number of a take: its helper columns get a relation of their own. */
export function alone(scope: Scope, valueIn: (own: Scope) => Scalar): Scalar {
  const own: Scope = { ...scope, rows: undefined, sides: undefined, hoists: [] };
  const value = valueIn(own);
  if (own.hoists.length === 0) return value;
  const name = newId(scope.ctx, 's');
  scope.ctx.ctes.push({ name, sql: `SELECT ${value.sql} AS v FROM (${layered(own, 'SELECT 1 AS nothing')})` });
  return { ...value, path: undefined, sql: `(SELECT v FROM ${name})` };
}

/** The same for an expression. */
export function aloneOf(node: Node, scope: Scope): Scalar {
  return alone(scope, (own) => scope.ctx.scalar(node, own));
}

/** Fills `{0}`, `{1}` ... of a template; an argument that the text (or a macro in it) uses more than once is named first. */
export function fill(scope: Scope, template: string, args: readonly string[]): string {
  const uses = templateUses(template);
  const texts = args.map((arg, i) => ((uses.get(i) ?? 0) > 1 ? hoist(scope, arg) : arg));
  return template.replace(/\{(\d+)\}/g, (_, i) => texts[Number(i)] ?? 'NULL');
}

const usesByTemplate = new Map<string, ReadonlyMap<number, number>>();
function templateUses(template: string): ReadonlyMap<number, number> {
  const known = usesByTemplate.get(template);
  if (known) return known;
  const uses = new Map<number, number>();
  for (const m of template.matchAll(/\{(\d+)\}/g)) uses.set(Number(m[1]), (uses.get(Number(m[1])) ?? 0) + 1);
  if (macroUses(template)) for (const [i] of uses) uses.set(i, 2);
  usesByTemplate.set(template, uses);
  return uses;
}

export function placeOf(ctx: Context, node: Node): { line: number; column: number } {
  const original = (node as { GetPositionInOriginalTree?: (n: number) => number }).GetPositionInOriginalTree;
  let start = node.TextStart;
  if (original && ctx.depth > 0) {
    const at = original.call(node, node.TextStart);
    if (typeof at === 'number' && at >= 0) start = at;
  }
  return lineColumn(ctx.origin.text, ctx.depth > 0 ? start : writtenOffset(start, ctx.options.schemas ?? []));
}

export function lineColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, Math.max(0, offset)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function report(ctx: Context, node: Node, kind: KqlFault['kind'], name: string, message: string): void {
  const fault: KqlFault = { kind, name, message, ...placeOf(ctx, node), file: ctx.origin.file };
  if (!ctx.faults.some((f) => f.line === fault.line && f.column === fault.column && f.message === message)) ctx.faults.push(fault);
}

/** Notes that something is not supported and goes on with a null, so that the faults after it are found too. */
export function refuse(scope: Scope, node: Node, name: string, reason?: string): Scalar {
  report(scope.ctx, node, 'unsupported', name, `${name} is not supported${reason ? `: ${reason}` : ''}`);
  return nullOf(boundType(node) ?? 'string');
}

export function refuseRows(scope: Scope, node: Node, name: string, reason?: string): Relation {
  refuse(scope, node, name, reason);
  const columns: Column[] = (boundColumns(node.ResultType) ?? []).map((c) => ({ ...c, id: newId(scope.ctx) }));
  const nulls = columns.map((c) => `NULL::${sqlType(c.type)} AS ${c.id}`).join(', ') || '1 AS nothing';
  return { sql: `SELECT ${nulls}`, columns, order: [], serialized: true, sorted: false };
}

/** Notes that the query is wrong in a way that the parser's binder does not see but the engine does. */
export function reject(scope: Scope, node: Node, name: string, message: string): Scalar {
  report(scope.ctx, node, 'semantic', name, message);
  return nullOf(boundType(node) ?? 'string');
}
