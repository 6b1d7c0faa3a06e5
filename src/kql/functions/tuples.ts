import type { KqlType } from '../../core/kql-types.ts';
import { hoist, type Scope } from '../context.ts';
import { convert } from '../convert.ts';
import type { Scalar } from '../scalar.ts';
import { kindOf, list, type Node, nameOf, need } from '../tree/syntax.ts';
import type { FunctionRow } from './row.ts';

/** A function whose answer is several columns: the bag that holds them, and its fields in order. */
interface Tuple {
  readonly name: string;
  readonly bag: string;
  readonly fields: readonly (readonly [name: string, type: KqlType])[];
}

const TUPLES: readonly Tuple[] = [
  {
    name: 'series_stats',
    bag: 'kqlf_series_stats({0})',
    fields: [
      ['min', 'real'],
      ['min_idx', 'long'],
      ['max', 'real'],
      ['max_idx', 'long'],
      ['avg', 'real'],
      ['stdev', 'real'],
      ['variance', 'real'],
    ],
  },
  {
    name: 'series_fit_line',
    bag: 'kqlf_series_fit_line({0})',
    fields: [
      ['rsquare', 'real'],
      ['slope', 'real'],
      ['variance', 'real'],
      ['rvariance', 'real'],
      ['interception', 'real'],
      ['line_fit', 'dynamic'],
    ],
  },
];
const BY_NAME = new Map(TUPLES.map((t) => [t.name, t]));

function fieldsOf(tuple: Tuple, argument: Scalar, scope: Scope): Scalar[] {
  const bag = hoist(scope, tuple.bag.replace('{0}', convert(scope, argument, 'dynamic').sql));
  return tuple.fields.map(([name, type]) => convert(scope, { sql: `kql_path(${bag}, '$.${name}')`, type: 'dynamic' }, type));
}

/** Several arrays in the order of the first, each a column. */
function sortedTogether(nodes: readonly Node[], desc: boolean, scope: Scope): Scalar[] | undefined {
  if (nodes.length < 2) return undefined;
  const args = nodes.map((n) => scope.ctx.scalar(n, scope));
  const last = args.at(-1)!.type === 'bool' ? args.pop()! : undefined;
  if (args.length < 2) return undefined;
  const arrays = args.map((a) => `coalesce(${convert(scope, a, 'dynamic').sql}, 'null')`).join(" || ',' || ");
  const all = hoist(scope, `kqlf_sort_together('[' || ${arrays} || ']', ${desc}, ${last?.sql ?? 'true'})`);
  return args.map((_, i) => ({ sql: `kql_path(${all}, '$[${i}]')`, type: 'dynamic' }));
}

/** The columns of a call that gives several; undefined when the expression is no such call. */
export function tupleOf(node: Node, scope: Scope): Scalar[] | undefined {
  if (kindOf(node) !== 'FunctionCallExpression') return undefined;
  const name = nameOf(need(node, 'Name'));
  const tuple = BY_NAME.get(name);
  const args = list(need(node, 'ArgumentList'), 'Expressions');
  if (name === 'array_sort_asc' || name === 'array_sort_desc') return sortedTogether(args, name === 'array_sort_desc', scope);
  return tuple && args.length === 1 ? fieldsOf(tuple, scope.ctx.scalar(args[0]!, scope), scope) : undefined;
}

/** Where one value is wanted, it is the first. */
export const tuples: readonly FunctionRow[] = TUPLES.map((tuple) => ({
  name: tuple.name,
  takes: ['dynamic'],
  returns: tuple.fields[0]![1],
  emit: ({ args, scope }) => fieldsOf(tuple, args[0]!, scope)[0]!,
}));
