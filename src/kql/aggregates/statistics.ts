import { hoist, newId, refuse } from '../context.ts';
import { convert, isNumeric } from '../convert.ts';
import { constantItems, type Scalar } from '../scalar.ts';
import type { Node } from '../tree/syntax.ts';
import type { AggregateCall, AggregateRow } from './row.ts';

function argument(call: AggregateCall, i: number): Scalar {
  return call.scope.ctx.scalar(call.nodes[i]!, call.scope);
}

/** covariance and the like: two columns of numbers, maybe a condition. */
function covariance(name: string, fn: string, conditional: boolean): AggregateRow {
  const emit = (call: AggregateCall): Scalar => {
    const given = [0, 1].map((i) => argument(call, i));
    const other = given.find(({ type }) => type !== 'dynamic' && !isNumeric(type));
    if (other) return refuse(call.scope, call.node, name, `of ${other.type}s`);
    const [x, y] = given.map((value) => convert(call.scope, value, 'real').sql);
    const where = conditional ? ` FILTER (WHERE ${convert(call.scope, argument(call, 2), 'bool').sql})` : '';
    return call.sink.add(`coalesce(${fn}(${x}, ${y})${where}, 0.0)`, 'real');
  };
  return { name, emit };
}

function bits(name: string, fn: string): AggregateRow {
  const emit = (call: AggregateCall): Scalar => {
    const item = argument(call, 0);
    if (item.type !== 'int' && item.type !== 'long') return refuse(call.scope, call.node, name, `of ${item.type}s`);
    return call.sink.add(`${fn}(${item.sql})`, item.type);
  };
  return { name, emit };
}

/** The value at which the weights, summed in order, reach the share of their total. */
export function weighted(call: AggregateCall, share: Scalar): Scalar {
  const { scope, sink } = call;
  const item = argument(call, 0);
  const weight = hoist(scope, convert(scope, argument(call, 1), 'long').sql);
  const value = hoist(scope, item.sql);
  const p = Number(share.constant?.value ?? Number.NaN) / 100;
  if (!Number.isFinite(p) || p < 0 || p > 1) return refuse(scope, call.node, 'percentilew', 'with a share that is not a constant');
  if (!['int', 'long', 'real', 'datetime', 'timespan'].includes(item.type))
    return refuse(scope, call.node, 'percentilew', `of ${item.type}`);
  const pairs = sink.add(
    `list({c: ${weight}::HUGEINT, v: ${value}} ORDER BY ${value}) FILTER (WHERE ${value} IS NOT NULL AND ${weight} > 0)`,
    'dynamic',
  );
  const target = `(list_sum(list_transform(${pairs.sql}, lambda e: e.c)) * ${p}::DOUBLE)`;
  const sql = `list_reduce(${pairs.sql}, lambda a, e: CASE WHEN a.c >= ${target} THEN a ELSE {c: a.c + e.c, v: e.v} END).v`;
  return { sql, type: item.type === 'int' ? 'long' : item.type };
}

/** The shares of percentiles_array: numbers one after the other, or one constant array. */
function shares(call: AggregateCall, nodes: readonly Node[]): Scalar[] {
  return nodes.flatMap((n) => {
    const value = call.scope.ctx.scalar(n, call.scope);
    return constantItems(value) ?? [value];
  });
}

function array(name: string, skip: number, of: (call: AggregateCall, share: Scalar) => Scalar): AggregateRow {
  const emit = (call: AggregateCall): Scalar => {
    const items = shares(call, call.nodes.slice(skip)).map((share) => of(call, share));
    // Inside a lambda, since what is named in a layer of its own lies below the aggregates.
    const v = newId(call.scope.ctx, 'v');
    const text = convert(call.scope, { sql: v, type: items[0]?.type ?? 'long' }, 'dynamic').sql;
    const list = `list_transform([${items.map((i) => i.sql).join(', ')}], lambda ${v}: ${text})`;
    const none = `error('${name} of no values is not supported')`;
    return { sql: `CASE WHEN ${items[0]?.sql ?? 'NULL'} IS NULL THEN ${none} ELSE kql_array(${list}) END`, type: 'dynamic' };
  };
  return { name, emit };
}

export function statistics(percentile: (call: AggregateCall, share: Scalar) => Scalar): AggregateRow[] {
  return [
    covariance('covariance', 'covar_samp', false),
    covariance('covarianceif', 'covar_samp', true),
    covariance('covariancep', 'covar_pop', false),
    covariance('covariancepif', 'covar_pop', true),
    bits('binary_all_and', 'bit_and'),
    bits('binary_all_or', 'bit_or'),
    bits('binary_all_xor', 'bit_xor'),
    { name: 'percentilew', emit: (call) => weighted(call, argument(call, 2)) },
    array('percentiles_array', 1, percentile),
    array('percentilesw_array', 2, weighted),
  ];
}
