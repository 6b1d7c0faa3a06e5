import { refuseRows, rowScope, type Scope } from '../context.ts';
import { type Column, type Relation, select } from '../relation.ts';
import { constantItems, constantText } from '../scalar.ts';
import { list, type Node } from '../tree/syntax.ts';
import type { OperatorRow } from './row.ts';
import { isLike } from './wildcard.ts';

/** Columns in the order in which names, arrays of names and patterns say them; names that there are none of are left out. */
function projectByNames(node: Node, input: Relation, scope: Scope): Relation {
  const columns: Column[] = [];
  for (const item of list(node, 'Expressions')) {
    const value = scope.ctx.scalar(item, rowScope(scope.ctx, scope.env));
    const text = constantText(value);
    const names = text === undefined ? constantItems(value)?.map((v) => String(v.constant?.value)) : [text];
    if (!names) return refuseRows(scope, node, 'project-by-names', 'with names that are not constants');
    for (const name of names)
      for (const column of input.columns) if (isLike(column.name, name) && !columns.includes(column)) columns.push(column);
  }
  return select(input, columns);
}

export const byNames: readonly OperatorRow[] = [{ name: 'project-by-names', kinds: ['ProjectByNamesOperator'], emit: projectByNames }];
