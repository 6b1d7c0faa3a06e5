import { newId, refuseRows } from '../context.ts';
import type { Relation } from '../relation.ts';
import type { PluginCall } from './row.ts';
import { answer, binOf, by, timeline } from './timeline.ts';

function nothing({ node, name, scope }: PluginCall): Relation {
  return refuseRows(scope, node, `evaluate ${name}`);
}

/** activity_counts_metrics(id, time, start, end, step, dims...): counts of each window, and how many ids are new or seen so far. */
export function activityCounts(call: PluginCall): Relation {
  const t = timeline(call, 1);
  if (!t) return nothing(call);
  const id = () => newId(call.scope.ctx, 'r');
  const [bin, first, count, distinct, fresh, all] = [id(), id(), id(), id(), id(), id()];
  const binned = `SELECT *, ${binOf(t.time, t.start, t.lengths[0]!)} AS ${bin} FROM (${t.rows}) WHERE ${t.time} BETWEEN ${t.start} AND ${t.end}`;
  const marked = `SELECT *, min(${bin}) OVER (PARTITION BY ${by(t.who, t.dims)}) AS ${first} FROM (${binned})`;
  const counted = `SELECT ${by(bin, t.dims)}, count(*) AS ${count}, count(DISTINCT ${t.who}) AS ${distinct}, count(DISTINCT ${t.who}) FILTER (WHERE ${first} = ${bin}) AS ${fresh} FROM (${marked}) GROUP BY ${by(bin, t.dims)}`;
  const parts = t.dims.length > 0 ? `PARTITION BY ${by(t.dims)} ` : '';
  const sql = `SELECT *, (sum(${fresh}) OVER (${parts}ORDER BY ${bin}))::BIGINT AS ${all} FROM (${counted})`;
  return answer(call, sql, [bin, ...t.dims, count, distinct, fresh, all]);
}

/** sliding_window_counts(id, time, start, end, lookback, step, dims...): each row counts in its own bin and in those that look back on it. */
export function slidingCounts(call: PluginCall): Relation {
  const t = timeline(call, 2);
  if (!t) return nothing(call);
  const id = () => newId(call.scope.ctx, 'r');
  const [bin, count, distinct] = [id(), id(), id()];
  const [lookback, step] = t.lengths;
  const own = binOf(t.time, t.start, step!);
  const within = `SELECT *, unnest(range(${own}, ${own} + ${lookback} // ${step} * ${step}, ${step})) AS ${bin} FROM (${t.rows}) WHERE ${t.time} BETWEEN ${t.start} - ${lookback} AND ${t.end}`;
  const sql = `SELECT ${by(bin, t.dims)}, count(*) AS ${count}, count(DISTINCT ${t.who}) AS ${distinct} FROM (${within}) WHERE ${bin} BETWEEN ${t.start} AND ${t.end} GROUP BY ${by(bin, t.dims)}`;
  return answer(call, sql, [bin, ...t.dims, count, distinct]);
}

/** activity_engagement(id, time, start, end, inner, outer, dims...): those who were active in a bin, of those active in a longer time up to it. */
export function engagement(call: PluginCall): Relation {
  const t = timeline(call, 2);
  if (!t) return nothing(call);
  const id = () => newId(call.scope.ctx, 'r');
  const [own, bin, inner, outer, ratio] = [id(), id(), id(), id(), id()];
  const [step, whole] = t.lengths;
  const unsure = (condition: string, why: string) => `CASE WHEN ${condition} THEN error('activity_engagement ${why} is not supported') END`;
  // Whether times outside of the range are looked back on is not known, nor what a bin without anybody gives.
  const binned = `SELECT *, ${binOf(t.time, t.start, step!)} AS ${own} FROM (${t.rows}) WHERE ${t.time} <= ${t.end} AND coalesce(${unsure(`${t.time} < ${t.start}`, 'over times before its start')}, true) AND coalesce(${unsure(`${whole} % ${step} <> 0`, 'with an outer window that is no multiple of the inner one')}, true)`;
  const spread = `SELECT *, unnest(range(${own}, ${own} + ${whole}, ${step})) AS ${bin} FROM (SELECT DISTINCT ${by(t.who, own, t.dims)} FROM (${binned}))`;
  const counted = `SELECT ${by(bin, t.dims)}, count(DISTINCT ${t.who}) FILTER (WHERE ${own} = ${bin}) AS ${inner}, count(DISTINCT ${t.who}) AS ${outer} FROM (${spread}) WHERE ${bin} <= ${t.end} GROUP BY ${by(bin, t.dims)}`;
  const sql = `SELECT *, CASE WHEN ${inner} = 0 THEN error('activity_engagement over a window without activity is not supported') ELSE ${inner}::DOUBLE / ${outer} END AS ${ratio} FROM (${counted})`;
  return answer(call, sql, [bin, ...t.dims, inner, outer, ratio]);
}

/** activity_metrics(id, time, start, end, step, dims...): who came back from one window to the next, and who is new. */
export function activityMetrics(call: PluginCall): Relation {
  const t = timeline(call, 1);
  if (!t) return nothing(call);
  const id = () => newId(call.scope.ctx, 'r');
  const [bin, before, count, fresh, last, lastBin, retention] = [id(), id(), id(), id(), id(), id(), id()];
  const step = t.lengths[0]!;
  const seen = `SELECT DISTINCT ${by(t.who, t.dims)}, ${binOf(t.time, t.start, step)} AS ${bin} FROM (${t.rows}) WHERE ${t.time} BETWEEN ${t.start} AND ${t.end}`;
  const parts = t.dims.length > 0 ? `PARTITION BY ${by(t.dims)} ` : '';
  const marked = `SELECT *, lag(${bin}) OVER (PARTITION BY ${by(t.who, t.dims)} ORDER BY ${bin}) AS ${before} FROM (${seen})`;
  const counted = `SELECT ${by(bin, t.dims)}, count(${t.who}) AS ${count}, count(${t.who}) FILTER (WHERE ${before} IS DISTINCT FROM ${bin} - ${step}) AS ${fresh} FROM (${marked}) GROUP BY ${by(bin, t.dims)}`;
  const chained = `SELECT *, lag(${count}) OVER (${parts}ORDER BY ${bin}) AS ${last}, lag(${bin}) OVER (${parts}ORDER BY ${bin}) AS ${lastBin} FROM (${counted})`;
  const rate = `CASE WHEN ${last} IS NULL THEN 1.0::DOUBLE WHEN ${lastBin} < ${bin} - ${step} THEN error('activity_metrics over a window without activity is not supported') ELSE (${count} - ${fresh})::DOUBLE / ${last} END`;
  const sql = `SELECT *, ${rate} AS ${retention} FROM (${chained})`;
  return answer(call, sql, [bin, ...t.dims, count, fresh, retention, `(1 - ${retention})`]);
}
