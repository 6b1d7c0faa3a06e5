import type { KqlType } from '../../core/kql-types.ts';
import type { Ticks } from '../../core/ticks.ts';
import type { KqlTable } from '../catalog.ts';
import { alone, aloneOf, layered, newId, refuseRows, rowScope, type Scope } from '../context.ts';
import { convert } from '../convert.ts';
import { inlineRows } from '../expressions/user-function.ts';
import { tupleOf } from '../functions/tuples.ts';
import { scanSql } from '../prune.ts';
import { quoteLong } from '../quote.ts';
import { type Column, emptyOf, INGESTION_ID, type Relation } from '../relation.ts';
import { constantText, type Scalar, sqlType } from '../scalar.ts';
import { boundColumns, child, declaredType, kindOf, list, type Node, nameOf, need } from '../tree/syntax.ts';
import { WATCHLIST_COLUMNS } from '../watchlists.ts';
import { externalData } from './external-data.ts';
import { patternOf, patternRows } from './pattern.ts';
import { range } from './range.ts';

type Source = (node: Node, scope: Scope) => Relation;

/** The scan of a table of the workspace. */
export function scanTable(table: KqlTable, scope: Scope): Relation {
  const { ctx } = scope;
  ctx.tables.add(table.name);
  const columns: Column[] = table.columns.map((c) => ({ ...c, id: newId(ctx) }));
  const items = columns.map((c, i) => ({ sql: table.physicalColumns[i]!, id: c.id }));
  const tests: string[] = [];
  if (table.ingestionColumn) items.push({ sql: table.ingestionColumn, id: INGESTION_ID });
  if (ctx.options.arrival && table.arrivalColumn)
    tests.push(`${table.arrivalColumn} > $__arrival_after AND ${table.arrivalColumn} <= $__arrival_upto`);
  const time = table.columns.findIndex((c) => c.name === 'TimeGenerated');
  const { from, until, bound } = ctx.options.timespan ?? {};
  const end = (name: string, value: Ticks) => (bound ? `$__time_${name}` : quoteLong(value));
  if (time >= 0 && from !== undefined) tests.push(`${table.physicalColumns[time]} >= ${end('from', from)}`);
  if (time >= 0 && until !== undefined) tests.push(`${table.physicalColumns[time]} < ${end('until', until)}`);
  const scan = { items, tail: `FROM ${table.physical}${tests.length > 0 ? ` WHERE ${tests.join(' AND ')}` : ''}` };
  ctx.scans.push(scan);
  return {
    sql: scanSql(scan),
    columns,
    order: [],
    serialized: false,
    sorted: false,
    ingestion: table.ingestionColumn !== undefined,
  };
}

/** A name where rows are expected: a let table, a parameter, a view, a table of the workspace. */
function namedRows(node: Node, scope: Scope): Relation {
  const name = nameOf(node);
  const binding = scope.env.get(name) ?? scope.ctx.rootEnv.get(name);
  if (binding?.kind === 'tabular') return scope.ctx.rows(binding.node, { ctx: scope.ctx, env: binding.env, hoists: [] });
  if (binding?.kind === 'relation') return fresh(binding.relation, scope);
  if (binding?.kind === 'function' || scope.ctx.catalog.functions.has(name)) {
    const rows = inlineRows(node, scope);
    if (rows) return rows;
  }
  const table = scope.ctx.catalog.tables.get(name);
  return table ? scanTable(table, scope) : refuseRows(scope, node, name, 'no such table in this workspace');
}

/** The same rows under new ids, so that they can meet themselves in a join. */
function fresh(relation: Relation, scope: Scope): Relation {
  const selected: string[] = [];
  const renew = (id: string) => {
    const to = newId(scope.ctx);
    selected.push(`${id} AS ${to}`);
    return to;
  };
  const columns = relation.columns.map((c) => ({ ...c, id: renew(c.id) }));
  const order = relation.order.map((k) => ({ ...k, id: renew(k.id) }));
  return {
    ...relation,
    columns,
    order,
    ingestion: false,
    parts: undefined,
    refilter: undefined,
    sql: `SELECT ${selected.join(', ') || '1 AS nothing'} FROM (${relation.sql})`,
  };
}

/** materialize(): computed once however often it is named. */
function materialize(node: Node, scope: Scope): Relation {
  const { ctx } = scope;
  const seen = ctx.shared.get(scope.env) ?? new Map();
  ctx.shared.set(scope.env, seen);
  const known = seen.get(node) as Relation | undefined;
  if (known) return fresh(known, scope);
  const rows = ctx.rows(need(node, 'Expression'), scope);
  const name = newId(ctx, 's');
  ctx.ctes.push({ name, sql: rows.sql });
  const shared: Relation = { ...rows, sql: `SELECT * FROM ${name}`, ingestion: false };
  seen.set(node, shared);
  return fresh(shared, scope);
}

function datatable(node: Node, scope: Scope): Relation {
  const { ctx } = scope;
  const columns: Column[] = list(need(node, 'Schema'), 'Columns').map((c) => ({
    id: newId(ctx),
    name: nameOf(need(c, 'Name')),
    type: declaredType(need(c, 'Type')) ?? 'string',
  }));
  const place = newId(ctx);
  const row = rowScope(ctx, scope.env);
  const values = list(node, 'Values').map((v) => aloneOf(v, row));
  const rows: string[] = [];
  for (let at = 0; at + columns.length <= values.length && columns.length > 0; at += columns.length) {
    const cells = columns.map((c, i) => `${datatableCell(row, values[at + i]!, c.type)}::${sqlType(c.type)}`);
    rows.push(`(${[...cells, rows.length].join(', ')})`);
  }
  const order = [{ id: place, desc: false, nullsFirst: true }];
  if (rows.length === 0) return { ...emptyOf([...columns, { id: place, name: '', type: 'long' }]), columns, order };
  const base = `SELECT * FROM (VALUES ${rows.join(', ')}) AS t(${[...columns.map((c) => c.id), place].join(', ')})`;
  return { sql: base, columns, order, serialized: false, sorted: false };
}

function datatableCell(scope: Scope, value: Scalar, type: KqlType): string {
  if (type === 'dynamic' && value.type === 'string' && value.constant)
    return value.sql === "''" ? '\'""\'' : convert(scope, value, 'dynamic').sql;
  return alone(scope, (own) => convert(own, value, type)).sql;
}

function print(node: Node, scope: Scope): Relation {
  const { ctx } = scope;
  const row = rowScope(ctx, scope.env, { sql: '', columns: [], order: [], serialized: true, sorted: false });
  const bound = boundColumns(node.ResultType) ?? [];
  const values = list(node, 'Expressions').flatMap(
    (e) => tupleOf(e, row) ?? [ctx.scalar(kindOf(e) === 'SimpleNamedExpression' ? need(e, 'Expression') : e, row)],
  );
  const columns: Column[] = values.map((v, i) => ({ id: newId(ctx), type: v.type, name: bound[i]?.name ?? `print_${i}` }));
  return {
    sql: `SELECT ${values.map((v, i) => `${v.sql} AS ${columns[i]!.id}`).join(', ') || '1 AS nothing'} FROM (${layered(row, 'SELECT 1 AS nothing')})`,
    columns,
    order: [],
    serialized: true,
    sorted: false,
  };
}

/** A call where rows are expected: table('T'), a stored function, a lambda, a watchlist. */
function calledRows(node: Node, scope: Scope): Relation {
  const name = nameOf(need(node, 'Name'));
  const args = list(need(node, 'ArgumentList'), 'Expressions');
  if (scope.env.get(name)?.kind === 'function' || scope.ctx.catalog.functions.has(name)) {
    const rows = inlineRows(node, scope);
    if (rows) return rows;
  }
  if (patternOf(node, scope.env)) return patternRows(node, undefined, scope);
  if (name === 'table' || name === '_GetWatchlist') {
    const wanted = args[0] && constantText(scope.ctx.scalar(args[0], rowScope(scope.ctx, scope.env)));
    if (wanted === undefined) return refuseRows(scope, node, name, 'with a name that is not a constant');
    const table = name === 'table' ? scope.ctx.catalog.tables.get(wanted) : scope.ctx.catalog.watchlists?.get(wanted);
    if (table) return scanTable(table, scope);
    const binding = scope.env.get(wanted);
    if (binding?.kind === 'tabular') return scope.ctx.rows(binding.node, { ctx: scope.ctx, env: binding.env, hoists: [] });
    if (name === '_GetWatchlist') return emptyOf(WATCHLIST_COLUMNS.map((c) => ({ ...c, id: newId(scope.ctx) })));
    return refuseRows(scope, node, `${name}('${wanted}')`, 'no such table in this workspace');
  }
  return refuseRows(scope, node, name);
}

/** `a.b` where rows are expected: a pattern with its path. What else stands so is no part of this workspace. */
function pathRows(node: Node, scope: Scope): Relation {
  const called = need(node, 'Expression');
  return patternOf(called, scope.env) ? patternRows(called, need(node, 'Selector'), scope) : refuseRows(scope, node, 'path');
}

export const SOURCES: ReadonlyMap<string, Source> = new Map<string, Source>([
  ['NameReference', namedRows],
  ['FunctionCallExpression', calledRows],
  ['MaterializeExpression', materialize],
  ['DataTableExpression', datatable],
  ['ExternalDataExpression', externalData],
  ['PrintOperator', print],
  ['RangeOperator', range],
  ['PathExpression', pathRows],
  ['ParenthesizedExpression', (node, scope) => scope.ctx.rows(need(node, 'Expression'), scope)],
  ['ToTableExpression', (node, scope) => scope.ctx.rows(need(node, 'Expression'), scope)],
  ['SimpleNamedExpression', (node, scope) => scope.ctx.rows(need(node, 'Expression'), scope)],
]);

/** Whether a branch of union isfuzzy=true names a table that does not exist. */
export function isMissingTable(node: Node, scope: Scope): boolean {
  let at: Node | undefined = node;
  while (at && (kindOf(at) === 'PipeExpression' || kindOf(at) === 'ParenthesizedExpression')) at = child(at, 'Expression');
  if (!at) return false;
  const name = kindOf(at) === 'NameReference' ? nameOf(at) : undefined;
  return name !== undefined && !scope.env.has(name) && !scope.ctx.catalog.tables.has(name) && !scope.ctx.catalog.functions.has(name);
}
