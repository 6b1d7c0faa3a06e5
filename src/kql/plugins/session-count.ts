import { newId, refuseRows } from '../context.ts';
import type { Relation } from '../relation.ts';
import type { PluginCall } from './row.ts';
import { answer, by, timeline } from './timeline.ts';

/**
 * session_count(id, time, start, end, bin, lookback): how many sessions begin in each bin. An appearance begins one where the id was not
 * seen within the lookback before it. The chart of the documentation tells the edges: a gap as long as the lookback keeps the session,
 * bins are those of bin(), and what lies at the start only looks back. What lies at the end is not told.
 */
export function sessionCount(call: PluginCall): Relation {
  const { node, args, scope } = call;
  const refuse = (why: string) => refuseRows(scope, node, 'evaluate session_count', why);
  if (args.length > 6) return refuse('by dimensions');
  const t = timeline(call, 2);
  if (!t) return refuse('with these arguments');
  const [before, bin, count] = [newId(scope.ctx, 'r'), newId(scope.ctx, 'r'), newId(scope.ctx, 'r')];
  const [width, lookback] = t.lengths;
  const stop = (why: string) => `error('session_count over ${why} is not supported')::BOOLEAN`;
  const known = `CASE WHEN ${t.time} = ${t.end} THEN ${stop('rows at its end')} WHEN (${t.who}) IS NULL THEN ${stop('ids that are null')} ELSE ${t.time} < ${t.end} END`;
  const seen = `SELECT *, lag(${t.time}) OVER (PARTITION BY ${t.who} ORDER BY ${t.time}) AS ${before} FROM (${t.rows}) WHERE ${known}`;
  const begun = `SELECT kql_bin(${t.time}, ${width}) AS ${bin} FROM (${seen}) WHERE ${t.time} > ${t.start} AND (${before} IS NULL OR ${t.time} - ${before} > ${lookback})`;
  return answer(call, `SELECT ${bin}, count(*) AS ${count} FROM (${begun}) GROUP BY ${by(bin)}`, [bin, count]);
}
