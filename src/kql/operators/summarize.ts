import { AGGREGATES, percentile } from '../aggregates/index.ts';
import { weighted } from '../aggregates/statistics.ts';
import { type AggregateSink, hoist, layered, newId, refuse, reject, rowScope, type Scope } from '../context.ts';
import { grouping } from '../grouping.ts';
import { type Column, orderClause, type Relation } from '../relation.ts';
import type { Scalar } from '../scalar.ts';
import { boundColumns, child, kindOf, list, type Node, nameOf, need, textOf } from '../tree/syntax.ts';
import { eachPart } from './filter.ts';
import type { OperatorRow } from './row.ts';

/** Group keys and aggregates in one layer, expressions over them in the next. */
function summarize(node: Node, input: Relation, scope: Scope): Relation {
  const { ctx } = scope;
  const inner = rowScope(ctx, scope.env, input);
  const by = child(node, 'ByClause');
  if (!by && list(node, 'Aggregates').length === 0) reject(scope, node, 'summarize', 'summarize needs an aggregate or a group');
  const keys = list(by, 'Expressions').map((item) => {
    const expression = kindOf(item) === 'SimpleNamedExpression' ? need(item, 'Expression') : item;
    return { node: item, value: ctx.scalar(expression, inner), id: newId(ctx) };
  });
  const bound = boundColumns(node.ResultType) ?? [];
  const keyColumns: Column[] = keys.map((k, i) => ({ id: k.id, type: k.value.type, name: bound[i]?.name ?? `Column${i + 1}` }));
  const { sink, aggregates, outer } = grouping(inner, keyColumns);
  const values = list(node, 'Aggregates').flatMap((item) => {
    const before = aggregates.length;
    const faults = ctx.faults.length;
    const keyTexts = keys.map((k) => k.value.sql);
    const made = aggregateValues(item, outer, sink, keyTexts);
    if (made.length > 0 && aggregates.length === before && ctx.faults.length === faults)
      reject(scope, item, 'summarize', 'an expression of summarize needs an aggregate');
    return made;
  });
  const aggregateNodes = list(node, 'Aggregates');
  const nameAt = (i: number) => {
    const name = bound[keyColumns.length + i]?.name;
    return (values.length === aggregateNodes.length ? engineName(aggregateNodes[i]!, name) : name) ?? `Column${i + 1}`;
  };
  const columns: Column[] = [...keyColumns, ...values.map((v, i) => ({ id: newId(ctx), type: v.type, name: nameAt(i) }))];
  const parts = input.parts ?? [];
  const groups = [...keys.map((k) => k.value.sql), ...parts];
  const first = input.order.length === 1 && !input.order[0]!.desc && groups.length > 0 ? newId(ctx) : undefined;
  const selected = [
    ...keys.map((k) => `${k.value.sql} AS ${k.id}`),
    ...parts,
    ...aggregates,
    ...(first ? [`min(${input.order[0]!.id}) AS ${first}`] : []),
  ];
  const base = `SELECT ${selected.join(', ') || '1 AS nothing'} FROM (${layered(inner, input.sql)})${groups.length > 0 ? ` GROUP BY ${groups.map((g) => `(${g})`).join(', ')}` : ''}`;
  const results = [
    ...keys.map((k) => k.id),
    ...parts,
    ...(first ? [first] : []),
    ...values.map((v, i) => `${v.sql} AS ${columns[keyColumns.length + i]!.id}`),
  ];
  const answer = `SELECT ${results.join(', ') || '1 AS nothing'} FROM (${layered(outer, base)})`;
  return {
    sql: keys.length > 0 ? answer : eachPart(answer, input.parts, 'summarize', scope),
    columns,
    order: first ? [{ id: first, desc: false, nullsFirst: true }] : [],
    serialized: false,
    sorted: false,
    parts: input.parts,
  };
}

/** The values of one aggregate expression: arg_max(k, *) and the like give several. */
function aggregateValues(item: Node, outer: Scope, sink: AggregateSink, keys: readonly string[]): Scalar[] {
  const expression = /NamedExpression$/.test(kindOf(item)) ? need(item, 'Expression') : item;
  if (kindOf(expression) === 'FunctionCallExpression') {
    const name = nameOf(need(expression, 'Name'));
    const nodes = list(need(expression, 'ArgumentList'), 'Expressions');
    const several = SEVERAL[name];
    if (several && !outer.env.has(name)) return several(nodes, sink, keys, expression);
  }
  return [outer.ctx.scalar(expression, outer)];
}

/** What a percentile inside calls is named by: `round(percentile(x, 50), 1)` is percentile_x_50. */
function percentileInside(item: Node): string | undefined {
  const name = kindOf(item) === 'FunctionCallExpression' ? nameOf(need(item, 'Name')) : '';
  const args = name === '' ? [] : list(need(item, 'ArgumentList'), 'Expressions');
  if (name !== 'percentile') return args[0] && percentileInside(args[0]);
  const [of, share] = args;
  return of && share && kindOf(of) === 'NameReference' ? `percentile_${nameOf(of)}_${textOf(share)}` : undefined;
}

/** The engine names a covariance by both of its columns, the binder by one. */
function engineName(item: Node, bound: string | undefined): string | undefined {
  if (bound !== undefined && /^Column\d+$/.test(bound)) return percentileInside(item) ?? bound;
  if (kindOf(item) !== 'FunctionCallExpression' || !/^covariance/.test(nameOf(need(item, 'Name')))) return bound;
  const second = list(need(item, 'ArgumentList'), 'Expressions')[1];
  return second && kindOf(second) === 'NameReference' ? `${bound}_${nameOf(second)}` : bound;
}

type Several = (nodes: readonly Node[], sink: AggregateSink, keys: readonly string[], node: Node) => Scalar[];

function argExtreme(fn: 'arg_max_nulls_last' | 'arg_min_nulls_last'): Several {
  return (nodes, sink, keys) => {
    const scope = sink.inner;
    const by = scope.ctx.scalar(bareName(nodes[0]!), scope);
    const rest = returned(nodes.slice(1), sink, [...keys, by.sql]);
    const key = hoist(scope, by.sql);
    // NaN wins in both, though DuckDB has it as the largest.
    const number = by.type === 'real' && fn === 'arg_min_nulls_last' ? `CASE WHEN isnan(${key}) THEN '-inf'::DOUBLE ELSE ${key} END` : key;
    const rank = by.type === 'decimal' ? `kqlf_decimal_key(${key})` : number;
    return packed(`${fn}(`, [by, ...rest], `, ${rank}${orderClause(scope.rows?.order ?? [])})`, sink);
  };
}

function bareName(node: Node): Node {
  return kindOf(node) === 'SimpleNamedExpression' ? need(node, 'Expression') : node;
}

/** The columns that come along: `*` is every column but keys and the ones already named. */
function returned(nodes: readonly Node[], sink: AggregateSink, taken: readonly string[]): Scalar[] {
  const scope = sink.inner;
  const named = nodes.filter((n) => kindOf(n) !== 'StarExpression').map((n) => scope.ctx.scalar(bareName(n), scope));
  if (named.length === nodes.length) return named;
  const gone = new Set([...taken, ...named.map((n) => n.sql)]);
  return [...named, ...(scope.rows?.columns ?? []).filter((c) => !gone.has(c.id)).map((c): Scalar => ({ sql: c.id, type: c.type }))];
}

function packed(open: string, values: readonly Scalar[], close: string, sink: AggregateSink): Scalar[] {
  if (values.length === 0) return [];
  const struct = sink.add(`${open}{${values.map((v, i) => `f${i}: ${v.sql}`).join(', ')}}${close}`, 'dynamic');
  return values.map((v, i) => ({ type: v.type, sql: v.type === 'string' ? `coalesce(${struct.sql}.f${i}, '')` : `${struct.sql}.f${i}` }));
}

const takeAny: Several = (nodes, sink, keys) => {
  const order = orderClause(sink.inner.rows?.order ?? []);
  return packed('first(', returned(nodes, sink, keys), `${order})`, sink);
};

export const SEVERAL: Readonly<Record<string, Several>> = {
  arg_max: argExtreme('arg_max_nulls_last'),
  argmax: argExtreme('arg_max_nulls_last'),
  arg_min: argExtreme('arg_min_nulls_last'),
  argmin: argExtreme('arg_min_nulls_last'),
  take_any: takeAny,
  any: takeAny,
  percentilesw: (nodes, sink, _keys, node) =>
    nodes.slice(2).map((share) => weighted({ node, nodes, scope: sink.inner, sink }, sink.inner.ctx.scalar(share, sink.inner))),
  percentiles: (nodes, sink, _keys, node) =>
    nodes.slice(1).map((share) => {
      const scope = sink.inner;
      if (!AGGREGATES.has('percentile')) return refuse(scope, node, 'percentiles');
      return percentile({ node, nodes, scope, sink }, scope.ctx.scalar(share, scope));
    }),
};

export const aggregation: readonly OperatorRow[] = [{ name: 'summarize', kinds: ['SummarizeOperator'], emit: summarize }];
