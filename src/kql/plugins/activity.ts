import { layered, newId, refuseRows, rowScope } from '../context.ts';
import { convert } from '../convert.ts';
import type { Column, Relation } from '../relation.ts';
import { boundColumns } from '../tree/syntax.ts';
import type { PluginCall } from './row.ts';

/** activity_counts_metrics(id, time, start, end, step): counts of each window, and how many ids are new or seen so far. */
export function activityCounts({ node, args, input, scope }: PluginCall): Relation {
  const { ctx } = scope;
  if (args.length !== 5) return refuseRows(scope, node, 'evaluate activity_counts_metrics', 'with dimensions');
  const row = rowScope(ctx, scope.env, input);
  const [id, time] = [ctx.scalar(args[0]!, row), ctx.scalar(args[1]!, row)];
  const free = { ...row, rows: undefined };
  const [start, end, step] = args.slice(2).map((a) => ctx.scalar(a, free));
  if (time.type !== 'datetime' || start?.type !== 'datetime' || end?.type !== 'datetime' || step?.type !== 'timespan')
    return refuseRows(scope, node, 'evaluate activity_counts_metrics', 'over anything but time');
  const [who, bin, first] = [newId(ctx, 'r'), newId(ctx, 'r'), newId(ctx, 'r')];
  const bound = boundColumns(node.ResultType) ?? [];
  if (bound.length !== 5) return refuseRows(scope, node, 'evaluate activity_counts_metrics');
  const columns = bound.map((b, i): Column => ({ id: newId(ctx), name: b.name, type: i === 0 ? 'datetime' : 'long' }));
  const [t, n, d, fresh, all] = columns.map((c) => c.id);
  const binned = `SELECT ${convert(row, id, 'string').sql} AS ${who}, (${start.sql} + (${time.sql} - ${start.sql}) // ${step.sql} * ${step.sql})::BIGINT AS ${bin} FROM (${layered(row, input.sql)}) WHERE ${time.sql} >= ${start.sql} AND ${time.sql} <= ${end.sql}`;
  const marked = `SELECT *, min(${bin}) OVER (PARTITION BY ${who}) AS ${first} FROM (${binned})`;
  const counted = `SELECT ${bin} AS ${t}, count(*) AS ${n}, count(DISTINCT ${who}) AS ${d}, count(DISTINCT ${who}) FILTER (WHERE ${first} = ${bin}) AS ${fresh} FROM (${marked}) GROUP BY ${bin}`;
  return {
    sql: `SELECT *, sum(${fresh}) OVER (ORDER BY ${t})::BIGINT AS ${all} FROM (${counted})`,
    columns,
    order: [{ id: t!, desc: false, nullsFirst: true }],
    serialized: false,
    sorted: false,
  };
}
