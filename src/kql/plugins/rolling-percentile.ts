import { alone, aloneOf, layered, newId, refuseRows, rowScope } from '../context.ts';
import { convert } from '../convert.ts';
import type { Relation } from '../relation.ts';
import { kindOf } from '../tree/syntax.ts';
import type { PluginCall } from './row.ts';
import { answer, by } from './timeline.ts';

/** rolling_percentile(value, percentile, index, bin size, bins, dims...): the percentile over the last so many bins, for each bin. */
export function rollingPercentile(call: PluginCall): Relation {
  const { node, args, input, scope } = call;
  const { ctx } = scope;
  const refuse = (why: string) => refuseRows(scope, node, 'evaluate rolling_percentile', why);
  if (args.length < 5) return refuse('with these arguments');
  const row = rowScope(ctx, scope.env, input);
  const [value, index] = [ctx.scalar(args[0]!, row), ctx.scalar(args[2]!, row)];
  const [share, size, bins] = [args[1]!, args[3]!, args[4]!].map((a) => aloneOf(a, scope));
  const p = Number(share!.constant?.value ?? Number.NaN) / 100;
  if (!(p >= 0 && p <= 1)) return refuse('with a percentile that is not a constant from 0 to 100');
  if (!['int', 'long', 'real', 'datetime', 'timespan'].includes(value.type)) return refuse(`of ${value.type}`);
  const whole = /^(int|long)$/;
  if (index.type === 'datetime' ? size!.type !== 'timespan' : !whole.test(index.type) || !whole.test(size!.type))
    return refuse('over anything but datetimes in timespans, or longs');
  if (args.slice(5).some((a) => kindOf(a) !== 'NameReference')) return refuse('by anything but columns');
  const dims = args.slice(5).map((a) => ctx.scalar(a, row));
  const id = () => newId(ctx, 'r');
  const [v, own, bin, found, last, ids] = [id(), id(), id(), id(), id(), dims.map(id)];
  const step = `(${size!.sql})::BIGINT`;
  const count = `(${alone(scope, (own) => convert(own, bins!, 'long')).sql})`;
  const at = `(${index.sql})::BIGINT`;
  const rows = `SELECT ${[`${value.sql} AS ${v}`, `(${at} - ((${at} % ${step}) + ${step}) % ${step}) AS ${own}`, ...dims.map((d, i) => `${d.sql} AS ${ids[i]}`)].join(', ')} FROM (${layered(row, input.sql)}) WHERE ${at} IS NOT NULL`;
  const spread = `SELECT *, unnest(range(${own}, ${own} + ${count} * ${step}, ${step})) AS ${bin} FROM (${rows})`;
  const parts = ids.length > 0 ? ` OVER (PARTITION BY ${by(ids)})` : ' OVER ()';
  const known = `SELECT *, max(${own})${parts} AS ${last} FROM (${spread})`;
  const grouped = `SELECT ${by(bin, ids)}, CASE WHEN count(*) FILTER (WHERE ${own} = ${bin}) = 0 THEN error('rolling_percentile over a bin without rows is not supported') ELSE quantile_disc(${v}, ${p}) END AS ${found} FROM (${known}) WHERE ${bin} <= ${last} GROUP BY ${by(bin, ids)}`;
  return answer(call, grouped, [bin, ...ids, found], new Map([[found, value.type === 'int' ? 'long' : value.type]]));
}
