import { aloneOf, fill, layered, newId, refuse, reject, type Scope } from '../context.ts';
import { convert, isNumeric } from '../convert.ts';
import { missing, orderClause } from '../relation.ts';
import type { Scalar } from '../scalar.ts';
import type { Node } from '../tree/syntax.ts';

export interface WindowCall {
  readonly node: Node;
  readonly nodes: readonly Node[];
  readonly scope: Scope;
}

function partitionBy(ids: readonly string[]): string {
  return ids.length > 0 ? `PARTITION BY ${ids.join(', ')}` : '';
}

function over(call: WindowCall, name: string, restart?: string): string | undefined {
  const rows = call.scope.rows;
  if (!rows?.serialized) {
    reject(call.scope, call.node, name, `${name}() needs rows in an order: put sort, top, range or serialize before it`);
    return undefined;
  }
  return `OVER (${partitionBy([...(rows.parts ?? []), ...(restart ? [restart] : [])])}${orderClause(rows.order)} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`;
}

/** Where restart is true a new segment begins: the running count of restarts names it. */
function segment(call: WindowCall, node: Node | undefined, name: string): string | undefined {
  if (!node) return undefined;
  const condition = convert(call.scope, call.scope.ctx.scalar(node, call.scope), 'bool');
  const frame = over(call, name);
  return frame && hoistWindow(call.scope, `sum(CASE WHEN ${condition.sql} THEN 1 ELSE 0 END) ${frame}`);
}

function hoistWindow(scope: Scope, sql: string): string {
  return fill(scope, '{0}/**/{0}', [sql]).split('/**/')[0]!;
}

function shifted(name: 'prev' | 'next', fn: 'lag' | 'lead') {
  return (call: WindowCall): Scalar => {
    const { scope, nodes, node } = call;
    const value = scope.ctx.scalar(nodes[0]!, scope);
    const rows = scope.rows;
    if (!rows?.serialized)
      return reject(scope, node, name, `${name}() needs rows in an order: put sort, top, range or serialize before it`);
    const offset = nodes[1] ? scope.ctx.scalar(nodes[1], scope) : undefined;
    if (offset && typeof offset.constant?.value !== 'bigint') return refuse(scope, node, name, 'an offset that is not a constant');
    const n = offset ? Number(offset.constant!.value) : 1;
    if (n < 1) return reject(scope, node, name, `the offset of ${name}() must be at least 1`);
    const given = nodes[2] && scope.ctx.scalar(nodes[2], scope);
    const fits = !given || given.type === value.type || given.constant?.value === null || (isNumeric(given.type) && isNumeric(value.type));
    if (!fits) return refuse(scope, node, name, `a default of type ${given.type} for a value of type ${value.type}`);
    const other = given ? convert(scope, given, value.type).sql : missing(value.type);
    const at = partitionBy(rows.parts ?? []) + orderClause(rows.order);
    return { sql: hoistWindow(scope, `${fn}(${value.sql}, ${n}, ${other}) OVER (${at})`), type: value.type };
  };
}

/** Ranks by changes of the value from row to row: dense counts the changes, min says where the run of equal values began. */
function rank(name: 'row_rank_dense' | 'row_rank_min') {
  return (call: WindowCall): Scalar => {
    const { scope, nodes } = call;
    const value = fill(scope, '{0}/**/{0}', [scope.ctx.scalar(nodes[0]!, scope).sql]).split('/**/')[0]!;
    const restart = segment(call, nodes[1], name);
    const frame = over(call, name, restart);
    if (!frame) return { sql: 'NULL::BIGINT', type: 'long' };
    const plain = frame.replace(/ ROWS BETWEEN.*\)$/, ')');
    const number = hoistWindow(scope, `row_number() ${plain}`);
    const changed = hoistWindow(scope, `(${number} = 1 OR ${value} IS DISTINCT FROM lag(${value}) ${plain})`);
    const sql =
      name === 'row_rank_dense'
        ? `sum(CASE WHEN ${changed} THEN 1 ELSE 0 END) ${frame}`
        : `max(CASE WHEN ${changed} THEN ${number} END) ${frame}`;
    return { sql: hoistWindow(scope, `(${sql})::BIGINT`), type: 'long' };
  };
}

/** Above it the number of a row might be no long, and what the engine does then is not known. */
const MOST_START = 2n ** 62n;

/** The times go through JavaScript as one text. */
const MOST_SESSION_ROWS = 2_000_000;

/**
 * row_window_session(time, longest, gap [, restart]): the time at which the session of a row began. Each session depends on the one
 * before it, so that all are told at once from the times in order, and a row picks its own by its number.
 */
function session(call: WindowCall): Scalar {
  const { scope, nodes, node } = call;
  const { ctx, rows } = scope;
  const name = 'row_window_session';
  const none: Scalar = { sql: 'NULL::BIGINT', type: 'datetime' };
  if (!rows?.serialized) {
    over(call, name);
    return none;
  }
  if (rows.parts || rows.sql === '') return refuse(scope, node, name, 'inside mv-apply, partition or print');
  const value = ctx.scalar(nodes[0]!, scope);
  const [longest, gap] = nodes.slice(1, 3).map((n) => aloneOf(n, scope));
  if (value.type !== 'datetime' || longest?.type !== 'timespan' || gap?.type !== 'timespan')
    return refuse(scope, node, name, 'of anything but a datetime and two timespans');
  const restart = nodes[3] ? convert(scope, ctx.scalar(nodes[3], scope), 'bool').sql : 'false';
  const [sessions, number, text] = [newId(ctx, 's'), newId(ctx, 'n'), newId(ctx, 'n')];
  const place = `row_number() OVER (${orderClause(rows.order)})`;
  const told = `coalesce((${value.sql})::VARCHAR, '') || CASE WHEN ${restart} THEN 'r' ELSE '' END`;
  const numbered = `SELECT ${place} AS ${number}, ${told} AS ${text} FROM (${layered(scope, rows.sql)})`;
  const stop = `error('row_window_session over more than ${MOST_SESSION_ROWS} rows is not supported')`;
  const times = `CASE WHEN count(*) > ${MOST_SESSION_ROWS} THEN ${stop} ELSE string_agg(${text}, ',' ORDER BY ${number}) END`;
  const begun = `kqlf_sessions(${times}, ${longest.sql}, ${gap.sql})`;
  ctx.ctes.push({ name: sessions, sql: `SELECT string_split(${begun}, ',')::BIGINT[] AS l FROM (${numbered})` });
  return { sql: hoistWindow(scope, `(SELECT l FROM ${sessions})[${place}]`), type: 'datetime' };
}

/** Functions over rows in order; only where the set is serialised. */
export const WINDOWS: ReadonlyMap<string, (call: WindowCall) => Scalar> = new Map<string, (call: WindowCall) => Scalar>([
  ['prev', shifted('prev', 'lag')],
  ['next', shifted('next', 'lead')],
  ['row_rank_dense', rank('row_rank_dense')],
  ['row_rank_min', rank('row_rank_min')],
  ['row_window_session', session],
  [
    'row_number',
    (call) => {
      const { scope, nodes } = call;
      const given = nodes[0] && convert(scope, scope.ctx.scalar(nodes[0], scope), 'long');
      const first = given?.constant?.value;
      if (given && (first === undefined || first === null))
        return refuse(scope, call.node, 'row_number', 'a start that is not a constant, or null');
      if (typeof first === 'bigint' && first > MOST_START) return refuse(scope, call.node, 'row_number', `a start above ${MOST_START}`);
      const start = given?.sql ?? '1';
      const restart = segment(call, nodes[1], 'row_number');
      const frame = over(call, 'row_number', restart);
      return {
        sql: hoistWindow(scope, `(row_number() ${(frame ?? 'OVER ()').replace(/ ROWS BETWEEN.*\)$/, ')')} - 1 + ${start})`),
        type: 'long',
      };
    },
  ],
  [
    'row_cumsum',
    (call) => {
      const { scope, nodes } = call;
      const value = scope.ctx.scalar(nodes[0]!, scope);
      if (value.type === 'decimal') return refuse(scope, call.node, 'row_cumsum', 'of decimals');
      const restart = segment(call, nodes[1], 'row_cumsum');
      const frame = over(call, 'row_cumsum', restart) ?? 'OVER ()';
      const sum = value.type === 'real' ? `coalesce(sum(${value.sql}) ${frame}, 0.0)` : `kql_wrap(coalesce(sum(${value.sql}) ${frame}, 0))`;
      return { sql: hoistWindow(scope, sum), type: value.type === 'int' ? 'long' : value.type };
    },
  ],
]);
