import { layered, refuseRows, reject, rowScope } from '../context.ts';
import { convert } from '../convert.ts';
import { orderClause, type Relation } from '../relation.ts';
import type { PluginCall } from './row.ts';

/** rows_near(condition, rows [, rows after]): rows that are not further than that from one where the condition holds. */
export function rowsNear({ node, args, input, scope }: PluginCall): Relation {
  const { ctx } = scope;
  if (args.length < 2 || args.length > 3) return refuseRows(scope, node, 'evaluate rows_near', 'with these arguments');
  if (!input.serialized) {
    reject(scope, node, 'rows_near', 'rows_near() needs rows in an order: put sort or serialize before it');
    return refuseRows(scope, node, 'evaluate rows_near');
  }
  const counts = args.slice(1).map((a) => ctx.scalar(a, rowScope(ctx, scope.env)).constant?.value);
  if (counts.some((n) => typeof n !== 'bigint' || n < 0n))
    return refuseRows(scope, node, 'evaluate rows_near', 'with a number of rows that is no constant');
  const [before, after] = [counts[0]!, counts[1] ?? counts[0]!];
  const row = rowScope(ctx, scope.env, input);
  const condition = convert(row, ctx.scalar(args[0]!, row), 'bool').sql;
  const near = `coalesce(bool_or(${condition}) OVER (${orderClause(input.order)} ROWS BETWEEN ${after} PRECEDING AND ${before} FOLLOWING), false)`;
  return { ...input, sql: `SELECT * FROM (${layered(row, input.sql)}) QUALIFY ${near}` };
}
