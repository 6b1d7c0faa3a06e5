import { reject, rowScope } from '../context.ts';
import { constant, type Scalar } from '../scalar.ts';
import { isTabular } from '../tree/syntax.ts';
import type { WindowCall } from './window.ts';

/** Functions of rows as a whole: their argument is translated as a table. */
export const TABULAR: ReadonlyMap<string, (call: WindowCall) => Scalar> = new Map<string, (call: WindowCall) => Scalar>([
  [
    'column_names_of',
    ({ node, nodes, scope }) => {
      if (nodes.length !== 1 || !isTabular(nodes[0]!)) return reject(scope, node, 'column_names_of', 'column_names_of() takes a table');
      const rows = scope.ctx.rows(nodes[0]!, rowScope(scope.ctx, scope.env));
      return constant('dynamic', JSON.stringify(rows.columns.map((c) => c.name)));
    },
  ],
]);
