import { aloneOf, newId, refuseRows } from '../context.ts';
import { findColumn, type Relation } from '../relation.ts';
import { isTabular, kindOf, type Node, nameOf } from '../tree/syntax.ts';
import type { PluginCall } from './row.ts';
import { answer, binOf, by, timeline } from './timeline.ts';

/**
 * new_activity_metrics(id, time, start, end, step [, cohort [, lookback]]): of those who were new in one window, how many were seen in
 * each window from it on; who is in the lookback was seen before and is never new. What a window gives in which nobody was new is not known.
 */
export function newActivity(call: PluginCall): Relation {
  const { node, args, scope } = call;
  const refuse = (why: string) => refuseRows(scope, node, 'evaluate new_activity_metrics', why);
  if (args.length > 7 || args.some((a, i) => isTabular(a) !== (i === 6))) return refuse('with dimensions');
  const cohort = args[5] && aloneOf(args[5], scope);
  if (cohort && (kindOf(args[5]!) === 'StarExpression' || !/^(datetime|long|int)$/.test(cohort.type))) return refuse('with such a cohort');
  const t = timeline({ ...call, args: args.slice(0, 5) }, 1);
  if (!t) return refuse('with these arguments');
  const id = () => newId(scope.ctx, 'r');
  const [bin, first, from, to, fresh, kept, size] = [id(), id(), id(), id(), id(), id(), id()];
  const step = t.lengths[0]!;
  const before = args[6] && lookedBack(args[6], args[0]!, call);
  if (args[6] && !before) return refuse('with a lookback that has no column of the name and type of the ids');
  const known = before ? `${t.who} IN (${before})` : 'false';
  const chosen = cohort ? ` WHERE ${from} = (${cohort.sql})::BIGINT` : '';
  const seen = `SELECT *, CASE WHEN NOT ${known} THEN min(${bin}) OVER (PARTITION BY ${t.who}) END AS ${first} FROM (SELECT DISTINCT ${t.who}, ${binOf(t.time, t.start, step)} AS ${bin} FROM (${t.rows}) WHERE ${t.time} BETWEEN ${t.start} AND ${t.end} AND ${t.who} IS NOT NULL)`;
  const bins = `SELECT unnest(range(${t.start}, ${t.end} + 1, ${step}))`;
  const pairs = `SELECT * FROM (${bins} AS ${from}), (${bins} AS ${to}) WHERE ${to} >= ${from}`;
  const counted = `SELECT ${by(from, to)}, count(${bin}) FILTER (WHERE ${first} > ${from} OR (${to} = ${from} AND ${first} = ${from})) AS ${fresh}, count(${bin}) FILTER (WHERE ${first} = ${from}) AS ${kept} FROM (${pairs}) LEFT JOIN (${seen}) ON ${bin} = ${to}${chosen} GROUP BY ${by(from, to)}`;
  const sizes = `SELECT *, max(${kept}) FILTER (WHERE ${from} = ${to}) OVER (PARTITION BY ${from}) AS ${size} FROM (${counted})`;
  const rate = `(CASE WHEN ${size} = 0 THEN error('new_activity_metrics over a window in which nobody is new is not supported') ELSE ${kept}::DOUBLE / ${size} END)`;
  return answer(call, sizes, [from, to, fresh, kept, `(${size} - ${kept})`, rate, `(1 - ${rate})`]);
}

/** The ids that the lookback holds, in its column of their name. */
function lookedBack(rows: Node, id: Node, { input, scope }: PluginCall): string | undefined {
  const found = scope.ctx.rows(rows, { ctx: scope.ctx, env: scope.env, hoists: [] });
  const [column, own] = [found, input].map((side) => (kindOf(id) === 'NameReference' ? findColumn(side, nameOf(id)) : undefined));
  if (!column || column.type !== own?.type) return undefined;
  return `SELECT ${column.id} FROM (${found.sql}) WHERE ${column.id} IS NOT NULL`;
}
