import { layered, newId, refuseRows, rowScope } from '../context.ts';
import { convert } from '../convert.ts';
import type { Column, Relation } from '../relation.ts';
import type { PluginCall } from './row.ts';

/** dcount_intersect(hll1, hll2 ...): how many values the first sketch holds, the first two in common, and so on, behind the columns of the row. */
export function dcountIntersect({ node, args, input, scope }: PluginCall): Relation {
  if (args.length < 2 || args.length > 16) return refuseRows(scope, node, 'evaluate dcount_intersect', 'of that many sketches');
  const row = rowScope(scope.ctx, scope.env, input);
  const sketches = args.map((a) => `coalesce(${convert(row, scope.ctx.scalar(a, row), 'dynamic').sql}, 'null')`);
  const added = sketches.map((_, i): Column => ({ id: newId(scope.ctx), name: `s${i}`, type: 'long' }));
  if (input.columns.some((c) => added.some((a) => a.name === c.name)))
    return refuseRows(scope, node, 'evaluate dcount_intersect', 'beside a column of the same name');
  const counts = added.map((c, i) => `kqlf_hll_common('[' || ${sketches.slice(0, i + 1).join(" || ',' || ")} || ']') AS ${c.id}`);
  return { ...input, columns: [...input.columns, ...added], sql: `SELECT *, ${counts.join(', ')} FROM (${layered(row, input.sql)})` };
}
