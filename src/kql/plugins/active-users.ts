import { aloneOf, newId, refuseRows } from '../context.ts';
import type { Relation } from '../relation.ts';
import type { PluginCall } from './row.ts';
import { answer, binOf, timeline } from './timeline.ts';

/**
 * active_users_count(id, time, start, end, lookback, period, least, bin): ids that appear in a bin after having appeared in at least so
 * many periods of the lookback, which ends with the appearance. The example of the documentation tells the edges: what lies a whole
 * lookback before does not count, bins are counted from the start, times before the start only look back. What lies at the end is not told.
 */
export function activeUsers(call: PluginCall): Relation {
  const { node, args, scope } = call;
  const refuse = (why: string) => refuseRows(scope, node, 'evaluate active_users_count', why);
  if (args.length > 8) return refuse('by dimensions');
  if (args.length < 8) return refuse('with fewer arguments');
  const least = aloneOf(args[6]!, scope);
  if (least.type !== 'long' && least.type !== 'int') return refuse('with a number of periods that is no whole number');
  const t = timeline({ ...call, args: [...args.slice(0, 6), args[7]!] }, 3);
  if (!t) return refuse('with these arguments');
  const id = () => newId(scope.ctx, 'r');
  const [period, bin, count] = [id(), id(), id()];
  const [lookback, length, width] = t.lengths;
  const stop = (why: string) => `error('active_users_count over ${why} is not supported')::BOOLEAN`;
  const known = [
    `CASE WHEN ${t.time} = ${t.end} THEN ${stop('rows at its end')}`,
    `WHEN (${t.who}) IS NULL THEN ${stop('ids that are null')}`,
    `WHEN ${t.start} % ${length} <> 0 THEN ${stop('periods that do not begin with its start')}`,
    `ELSE ${t.time} < ${t.end} END`,
  ].join(' ');
  const seen = `SELECT DISTINCT ${t.who}, ${t.time}, ${binOf(t.time, t.start, length!)} AS ${period} FROM (${t.rows}) WHERE ${known}`;
  const active = `SELECT a.${t.who}, a.${t.time} FROM s AS a JOIN s AS b ON b.${t.who} = a.${t.who} AND b.${t.time} > a.${t.time} - ${lookback} AND b.${t.time} <= a.${t.time} WHERE a.${t.time} >= ${t.start} GROUP BY ALL HAVING count(DISTINCT b.${period}) >= ${least.sql}`;
  const sql = `WITH s AS (${seen}) SELECT ${binOf(t.time, t.start, width!)} AS ${bin}, count(DISTINCT ${t.who}) AS ${count} FROM (${active}) GROUP BY ${bin}`;
  return answer(call, sql, [bin, count]);
}
