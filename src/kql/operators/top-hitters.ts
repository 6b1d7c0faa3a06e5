import { layered, newId, refuseRows, rowScope, type Scope } from '../context.ts';
import type { Column, Relation } from '../relation.ts';
import { boundColumns, child, type Node, need } from '../tree/syntax.ts';
import { rowCount } from './filter.ts';
import type { OperatorRow } from './row.ts';

/** The values that occur most often, or whose weights are the largest together; counted exactly, where Kusto estimates. */
function topHitters(node: Node, input: Relation, scope: Scope): Relation {
  const { ctx } = scope;
  if (input.parts) return refuseRows(scope, node, 'top-hitters', 'inside mv-apply or partition');
  const row = rowScope(ctx, scope.env, input);
  const count = rowCount(node, scope);
  const value = ctx.scalar(need(node, 'OfExpression'), row);
  if (value.type === 'dynamic') return refuseRows(scope, node, 'top-hitters', 'of dynamic values');
  const by = child(node, 'ByClause');
  const weight = by && by.Width > 0 ? ctx.scalar(need(by, 'Expression'), row) : undefined;
  if (weight && !/^(?:int|long|real)$/.test(weight.type)) return refuseRows(scope, node, 'top-hitters', `by a ${weight.type}`);
  const bound = boundColumns(node.ResultType) ?? [];
  const columns: Column[] = [
    { id: newId(ctx), name: bound[0]?.name ?? 'Column1', type: value.type },
    { id: newId(ctx), name: bound[1]?.name ?? 'Column2', type: weight?.type === 'real' ? 'real' : 'long' },
  ];
  const size = !weight
    ? 'count(*)'
    : weight.type === 'real'
      ? `coalesce(sum(${weight.sql}), 0.0)`
      : `kql_wrap(coalesce(sum(${weight.sql}), 0))`;
  const groups = `SELECT ${value.sql} AS ${columns[0]!.id}, ${size} AS ${columns[1]!.id} FROM (${layered(row, input.sql)}) GROUP BY ${value.sql}`;
  return {
    sql: `SELECT * FROM (${groups}) ORDER BY ${columns[1]!.id} DESC LIMIT ${count}`,
    columns,
    // Its rows are sorted, as the documentation of window functions has it.
    order: [{ id: columns[1]!.id, desc: true, nullsFirst: false }],
    serialized: true,
    sorted: false,
  };
}

export const hitters: readonly OperatorRow[] = [{ name: 'top-hitters', kinds: ['TopHittersOperator'], emit: topHitters }];
