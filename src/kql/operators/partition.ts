import { layered, newId, refuseRows, reject, rowScope, type Scope } from '../context.ts';
import type { Column, Relation } from '../relation.ts';
import { child, kindOf, type Node, need, parameters, resultColumns, textOf } from '../tree/syntax.ts';
import type { OperatorRow } from './row.ts';

const STRATEGIES: ReadonlySet<string> = new Set(['native', 'shuffle', 'legacy']);

/** Each value's rows go through the subquery by themselves; the answers come one after the other. */
function partition(node: Node, input: Relation, scope: Scope): Relation {
  const { ctx } = scope;
  const operand = need(node, 'Operand');
  if (kindOf(operand) !== 'PartitionSubquery') return refuseRows(scope, node, 'partition', 'a query in braces');
  const strategy = parameters(node).get('hint.strategy');
  if (strategy && !STRATEGIES.has(textOf(strategy)))
    reject(scope, strategy, 'partition', `no strategy '${textOf(strategy)}': native, shuffle or legacy`);
  if (child(node, 'Scope') && need(node, 'Scope').Width > 0) return refuseRows(scope, node, 'partition', 'with a scope');
  if (input.parts) return refuseRows(scope, node, 'partition', 'inside mv-apply or partition');
  const row = rowScope(ctx, scope.env, input);
  const key = ctx.scalar(need(node, 'ByExpression'), row);
  const part = newId(ctx);
  const source = newId(ctx, 's');
  ctx.ctes.push({ name: source, sql: `SELECT *, dense_rank() OVER (ORDER BY ${key.sql}) AS ${part} FROM (${layered(row, input.sql)})` });
  ctx.domains.set(part, `SELECT DISTINCT ${part} FROM ${source}`);
  const body = ctx.pipe(need(operand, 'Subquery'), { ...input, sql: `SELECT * FROM ${source}`, parts: [part] }, scope);
  const bound = resultColumns(node, body.columns) ?? body.columns;
  if (bound.length !== body.columns.length || body.parts?.length !== 1)
    return refuseRows(scope, node, 'partition', 'a subquery that mixes the parts');
  const columns: Column[] = body.columns.map((c, i) => ({ ...c, name: bound[i]!.name }));
  return {
    ...body,
    columns,
    parts: undefined,
    order: [{ id: body.parts[0]!, desc: false, nullsFirst: true }, ...body.order],
    serialized: false,
    sorted: false,
    refilter: undefined,
  };
}

export const partitions: readonly OperatorRow[] = [{ name: 'partition', kinds: ['PartitionOperator'], emit: partition }];
