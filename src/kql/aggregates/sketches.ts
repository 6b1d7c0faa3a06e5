import { hoist, refuse } from '../context.ts';
import { convert } from '../convert.ts';
import { DIGEST_MARK, HLL_MARK, SKETCH_SIZE } from '../runtime/sketches.ts';
import type { Scalar } from '../scalar.ts';
import { accuracyOf } from './accuracy.ts';
import type { AggregateCall, AggregateRow } from './row.ts';

function argument(call: AggregateCall, i: number): Scalar {
  return call.scope.ctx.scalar(call.nodes[i]!, call.scope);
}

function filter(...conditions: readonly string[]): string {
  return ` FILTER (WHERE ${conditions.join(' AND ')})`;
}

/** hll(expr [, accuracy]) and hll_if(expr, predicate [, accuracy]): null over no rows, an empty sketch over nulls. */
function hll(name: string, conditional: boolean): AggregateRow {
  const emit = (call: AggregateCall): Scalar => {
    const { scope, sink } = call;
    scope.ctx.sketches = true;
    const accuracy = accuracyOf(call, call.nodes[conditional ? 2 : 1], name);
    const item = argument(call, 0);
    const value = hoist(scope, item.type === 'int' ? `(${item.sql})::BIGINT` : item.sql);
    const condition = conditional ? [convert(scope, argument(call, 1), 'bool').sql] : [];
    const own = filter(...condition, `${value} IS NOT NULL`);
    const found = `list_sort(list(DISTINCT (hash(${value}) >> 11)::BIGINT)${own})[1:${SKETCH_SIZE}]`;
    const sql = `CASE WHEN count(*) > 0 THEN '["${HLL_MARK}",${accuracy}' || coalesce(',' || nullif(array_to_string(${found}, ','), ''), '') || ']' END`;
    return sink.add(sql, 'dynamic');
  };
  return { name, emit };
}

/** tdigest(expr [, weight]): null over no values. */
function tdigest(call: AggregateCall): Scalar {
  const { scope, sink, node } = call;
  scope.ctx.sketches = true;
  const given = argument(call, 0);
  const item = given.type === 'dynamic' ? convert(scope, given, 'real') : given;
  if (!['int', 'long', 'real', 'datetime', 'timespan'].includes(item.type)) return refuse(scope, node, 'tdigest', `of ${item.type}`);
  const value = hoist(scope, item.sql);
  const kind = item.type === 'int' ? 'long' : item.type;
  const finite = item.type === 'real' ? [`isfinite(${value})`] : [];
  if (call.nodes.length < 2) {
    const counted = sink.add(`histogram(${value})${filter(`${value} IS NOT NULL`, ...finite)}`, 'dynamic').sql;
    const sql = `kqlf_tdigest('${kind}', array_to_string(map_keys(${counted}), ','), array_to_string(map_values(${counted}), ','))`;
    return { sql: bounded(`cardinality(${counted})`, sql), type: 'dynamic' };
  }
  const weight = hoist(scope, convert(scope, argument(call, 1), 'long').sql);
  const own = filter(`${value} IS NOT NULL`, `${weight} > 0`, ...finite);
  const list = (sql: string) => `coalesce(array_to_string(list(${sql} ORDER BY ${value}, ${weight})${own}, ','), '')`;
  return sink.add(bounded(`count(*)${own}`, `kqlf_tdigest('${kind}', ${list(value)}, ${list(weight)})`), 'dynamic');
}

/** A digest is made in JavaScript from one text of all its values. */
const MOST_VALUES = 2_000_000;
function bounded(count: string, sql: string): string {
  return `CASE WHEN ${count} > ${MOST_VALUES} THEN error('tdigest of more than ${MOST_VALUES} values is not supported') ELSE ${sql} END`;
}

function merge(name: string, fn: string): AggregateRow {
  const emit = (call: AggregateCall): Scalar => {
    call.scope.ctx.sketches = true;
    const item = hoist(call.scope, convert(call.scope, argument(call, 0), 'dynamic').sql);
    return call.sink.add(`${fn}('[' || array_to_string(list(${item})${filter(`${item} IS NOT NULL`)}, ',') || ']')`, 'dynamic');
  };
  return { name, emit };
}

export const SKETCHES: readonly AggregateRow[] = [
  hll('hll', false),
  hll('hll_if', true),
  merge('hll_merge', 'kqlf_hll_merge'),
  { name: 'tdigest', emit: tdigest },
  merge('tdigest_merge', 'kqlf_tdigest_merge'),
  merge('merge_tdigest', 'kqlf_tdigest_merge'),
];

/** The SQL that stops a query whose answer would show a sketch. */
export function hidden(sql: string): string {
  const marks = [HLL_MARK, DIGEST_MARK].map((mark) => `contains(${sql}, '["${mark}"')`).join(' OR ');
  return `CASE WHEN ${marks} THEN error('showing a sketch, whose form in Kusto is not published, is not supported') ELSE ${sql} END`;
}
