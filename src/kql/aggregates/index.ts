import type { KqlType } from '../../core/kql-types.ts';
import { hoist, newId, refuse, reject, type Scope } from '../context.ts';
import { convert } from '../convert.ts';
import { orderClause } from '../relation.ts';
import type { Scalar } from '../scalar.ts';
import { boundType, type Node } from '../tree/syntax.ts';
import { accuracyOf } from './accuracy.ts';
import type { AggregateCall, AggregateRow } from './row.ts';
import { SKETCHES } from './sketches.ts';
import { statistics } from './statistics.ts';

interface Plain {
  /** The SQL of the aggregate; `where` is its FILTER clause, `order` the order of rows inside it. */
  readonly sql: (value: Scalar, where: string, order: string, scope: Scope) => string;
  readonly type: (value: KqlType) => KqlType;
}

const SUM: Plain = {
  sql: (v, where) => (v.type === 'real' ? `coalesce(sum(${v.sql})${where}, 0.0)` : `kql_wrap(coalesce(sum(${v.sql})${where}, 0))`),
  type: (t) => (t === 'int' ? 'long' : t),
};
const AVG: Plain = {
  sql: (v, where) => {
    if (v.type === 'real') return `coalesce(avg(${v.sql})${where}, 'nan'::DOUBLE)`;
    if (v.type === 'timespan' || v.type === 'datetime') return `(sum(${v.sql})${where} // count(${v.sql})${where})::BIGINT`;
    return `coalesce(kql_wrap(sum(${v.sql})${where})::DOUBLE / count(${v.sql})${where}, 'nan'::DOUBLE)`;
  },
  type: (t) => (t === 'timespan' || t === 'datetime' ? t : 'real'),
};
function extreme(fn: 'min' | 'max'): Plain {
  return {
    sql: (v, where) => {
      if (v.type === 'string') return `coalesce(${fn}(${v.sql})${where}, '')`;
      if (v.type === 'real') return `CASE WHEN bool_or(isnan(${v.sql}))${where} THEN 'nan'::DOUBLE ELSE ${fn}(${v.sql})${where} END`;
      return `${fn}(${v.sql})${where}`;
    },
    type: (t) => t,
  };
}
/** DuckDB raises where the spread is beyond a real. */
function statistic(fn: string): Plain {
  return {
    sql: (v, where, _order, scope) => {
      const x = hoist(scope, v.sql);
      const spread = `coalesce(${fn}(${x})${both(where, `abs(${x}) <= 1e150`)}, 0.0)`;
      const beyond = `bool_or(abs(${x}) > 1e150 AND isfinite(${x}))${where}`;
      const stop = "error('the spread of reals beyond 1e150 is not supported')::DOUBLE";
      return `CASE WHEN bool_or(NOT isfinite(${x}))${where} THEN 'nan'::DOUBLE WHEN ${beyond} THEN ${stop} ELSE ${spread} END`;
    },
    type: () => 'real',
  };
}
function both(where: string, more: string): string {
  return where === '' ? ` FILTER (WHERE ${more})` : where.replace(/\)$/, ` AND ${more})`);
}
/** Arrays are flattened into the list; a null stays only among dynamic values. */
const DYNAMIC_LIST: Plain['sql'] = (v, where, order, scope) => {
  const item = hoist(scope, v.sql);
  return `coalesce(kql_array(flatten(list(coalesce(kql_items(${item}), [coalesce(${item}, 'null')])${order})${where})), '[]')`;
};
const MAKE_LIST: Plain = {
  sql: (v, where, order, scope) => {
    if (v.type === 'dynamic') return DYNAMIC_LIST(v, where, order, scope);
    const item = hoist(scope, v.sql);
    const filter = both(where, `${item} IS NOT NULL`);
    return `coalesce(kql_array(list(${convert(scope, { ...v, sql: item }, 'dynamic').sql}${order})${filter}), '[]')`;
  },
  type: () => 'dynamic',
};
const LIST_WITH_NULLS: Plain = {
  sql: (v, where, order, scope) => {
    if (v.type === 'dynamic') return DYNAMIC_LIST(v, where, order, scope);
    return `coalesce(kql_array(list(coalesce(${convert(scope, v, 'dynamic').sql}, 'null')${order})${where}), '[]')`;
  },
  type: () => 'dynamic',
};
const MAKE_SET: Plain = {
  sql: (v, where, order, scope) => {
    const item = hoist(scope, v.sql);
    const filter = both(where, `${item} IS NOT NULL`);
    const json = convert(scope, { ...v, sql: item }, 'dynamic').sql;
    if (v.type === 'dynamic')
      return `coalesce(kql_array(kql_first_seen(flatten(list(coalesce(kql_items(${item}), [${item}])${order})${filter}))), '[]')`;
    if (order === '' && v.type !== 'real') {
      // One text each of the values that differ, not of every row; two reals may be equal and not the same (0.0 and -0.0).
      const one = newId(scope.ctx, 'v');
      const text = convert(scope, { type: v.type, sql: one }, 'dynamic').sql;
      return `coalesce(kql_array(list_transform(list(DISTINCT ${item})${filter}, lambda ${one}: ${text})), '[]')`;
    }
    if (order === '') return `coalesce(kql_array(list(DISTINCT ${json})${filter}), '[]')`;
    return `coalesce(kql_array(kql_first_seen(list(${json}${order})${filter})), '[]')`;
  },
  type: () => 'dynamic',
};
const ANY: Plain = {
  sql: (v, where, order) => (v.type === 'string' ? `coalesce(first(${v.sql}${order})${where}, '')` : `first(${v.sql}${order})${where}`),
  type: (t) => t,
};
const DISTINCT: Plain = { sql: (v, where) => `count(DISTINCT ${v.sql})${where}`, type: () => 'long' };
const BAG: Plain = {
  sql: (v, where, order, scope) => {
    const item = hoist(scope, v.sql);
    return `coalesce(kqlf_make_bag(kql_array(list(${item}${order})${both(where, `${item} IS NOT NULL`)})), '{}')`;
  },
  type: () => 'dynamic',
};

const SCHEMA: Plain = {
  sql: (v, where, order, scope) => {
    const item = hoist(scope, v.sql);
    return `kqlf_build_schema(kql_array(list(${item}${order})${both(where, `${item} IS NOT NULL`)}))`;
  },
  type: () => 'dynamic',
};

const PLAIN: Readonly<Record<string, Plain>> = {
  buildschema: SCHEMA,
  sum: SUM,
  avg: AVG,
  min: extreme('min'),
  max: extreme('max'),
  stdev: statistic('stddev_samp'),
  stdevp: statistic('stddev_pop'),
  variance: statistic('var_samp'),
  variancep: statistic('var_pop'),
  make_list: MAKE_LIST,
  makelist: MAKE_LIST,
  make_list_with_nulls: LIST_WITH_NULLS,
  make_set: MAKE_SET,
  makeset: MAKE_SET,
  make_bag: BAG,
  make_dictionary: BAG,
  take_any: ANY,
  any: ANY,
  anyif: ANY,
  dcount: DISTINCT,
  count_distinct: DISTINCT,
};
/** Names of the forms with a condition. */
const WITH_IF: Readonly<Record<string, string>> = {
  sumif: 'sum',
  avgif: 'avg',
  minif: 'min',
  maxif: 'max',
  stdevif: 'stdev',
  varianceif: 'variance',
  make_list_if: 'make_list',
  make_set_if: 'make_set',
  make_bag_if: 'make_bag',
  take_anyif: 'take_any',
  anyif: 'any',
  dcountif: 'dcount',
  stdevpif: 'stdevp',
  variancepif: 'variancep',
  count_distinctif: 'count_distinct',
};

function condition(scope: Scope, node: Node | undefined): string {
  return node ? ` FILTER (WHERE ${convert(scope, scope.ctx.scalar(node, scope), 'bool').sql})` : '';
}

/** Statistics count a dynamic as a number. */
function value(call: AggregateCall, name: string): Scalar {
  const item = call.scope.ctx.scalar(call.nodes[0]!, call.scope);
  if (!/^(sum|avg|stdev|variance)/.test(name)) return item;
  if (item.type === 'dynamic') return convert(call.scope, item, 'real');
  if (!/^(stdev|variance)/.test(name)) return item;
  if (item.type === 'datetime' || item.type === 'timespan') return refuse(call.scope, call.node, name, `of ${item.type}s`);
  return convert(call.scope, item, 'real');
}

function emitPlain(name: string, plain: Plain, withIf: boolean): AggregateRow {
  return {
    name,
    emit: (call) => {
      const item = value(call, name);
      if (item.type === 'datetime' && name.startsWith('sum')) return refuse(call.scope, call.node, name, 'of datetimes');
      const where = condition(call.scope, withIf ? call.nodes[1] : undefined);
      if (item.type === 'decimal') {
        const fn = /^(sum|avg|min|max)/.exec(name)?.[0];
        if (fn) {
          const found = `kqlf_decimal_${fn}(array_to_string(list(${item.sql})${both(where, `${item.sql} IS NOT NULL`)}, ','))`;
          return call.sink.add(fn === 'sum' ? `coalesce(${found}, '0')` : found, 'decimal');
        }
        if (!/^(take_any|any|make_list|make_set|makelist|makeset|dcount|count_distinct)/.test(name))
          return refuse(call.scope, call.node, name, 'of decimals');
      }
      const size = call.nodes[withIf ? 2 : 1];
      if (plain === DISTINCT) accuracyOf(call, size, name);
      const order = orderClause(call.scope.rows?.order ?? []);
      let sql = plain.sql(item, where, order, call.scope);
      const limit = !/^make/.test(name) ? undefined : size ? sizeOf(call, size, name) : DEPRECATED.get(name);
      if (limit !== undefined) {
        sql = plain === BAG ? `kqlf_bag_first(${sql}, ${limit})` : `kqlf_array_slice(${sql}, 0, ${limit - 1n})`;
      }
      const bound = boundType(call.node);
      return call.sink.add(
        sql,
        name === 'min' || name === 'max' ? (bound && bound === item.type ? bound : item.type) : plain.type(item.type),
      );
    },
  };
}

/** The old names of make_list and its kin keep fewer values where no size is given. */
const DEPRECATED: ReadonlyMap<string, bigint> = new Map(['makelist', 'makeset', 'make_dictionary'].map((name) => [name, 128n]));

/** How many values make_list and its kin keep: a constant, and what fewer than one means is not known. */
function sizeOf(call: AggregateCall, node: Node, name: string): bigint {
  const given = call.scope.ctx.scalar(node, call.scope).constant?.value;
  const size = typeof given === 'number' ? BigInt(Math.trunc(given)) : given;
  if (typeof size !== 'bigint') reject(call.scope, node, name, 'the size must be a constant number');
  else if (size < 1n) refuse(call.scope, node, name, 'a size below 1');
  return typeof size === 'bigint' && size > 0n ? size : 1n;
}

export function percentile(call: AggregateCall, share: Scalar): Scalar {
  const item = call.scope.ctx.scalar(call.nodes[0]!, call.scope);
  const solid = item.type === 'dynamic' ? convert(call.scope, item, 'real') : item;
  const p = Number(share.constant?.value ?? Number.NaN) / 100;
  if (!(p >= 0 && p <= 1)) return reject(call.scope, call.node, 'percentile', 'the percentile must be a constant from 0 to 100');
  if (['string', 'decimal', 'bool', 'guid'].includes(solid.type)) return refuse(call.scope, call.node, 'percentile', `of ${solid.type}s`);
  const value = hoist(call.scope, solid.sql);
  const found = `quantile_disc(${value}, ${p})`;
  // Over no longs it is null; over no reals it may be null or NaN, and where NaN stands among them is not known.
  const stop = "error('percentile of NaN or of no reals is not supported')::DOUBLE";
  const sure = `count(${value}) > 0 AND NOT bool_or(isnan(${value}))`;
  return call.sink.add(
    solid.type === 'real' ? `CASE WHEN ${sure} THEN ${found} ELSE ${stop} END` : found,
    solid.type === 'int' ? 'long' : solid.type,
  );
}

/** Every aggregate that is known, by name. */
export const AGGREGATES: ReadonlyMap<string, AggregateRow> = new Map<string, AggregateRow>(
  [
    ...Object.entries(PLAIN).map(([name, plain]) => emitPlain(name, plain, false)),
    ...Object.entries(WITH_IF).map(([name, of]) => emitPlain(name, PLAIN[of]!, true)),
    { name: 'count', emit: (call: AggregateCall) => call.sink.add('count(*)', 'long') },
    { name: 'countif', emit: (call: AggregateCall) => call.sink.add(`count(*)${condition(call.scope, call.nodes[0])}`, 'long') },
    { name: 'percentile', emit: (call: AggregateCall) => percentile(call, call.scope.ctx.scalar(call.nodes[1]!, call.scope)) },
    ...statistics(percentile),
    ...SKETCHES,
  ].map((row) => [row.name, row]),
);
