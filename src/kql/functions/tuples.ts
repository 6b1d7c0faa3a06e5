import type { KqlType } from '../../core/kql-types.ts';
import { hoist, type Scope } from '../context.ts';
import { convert } from '../convert.ts';
import type { Scalar } from '../scalar.ts';
import { kindOf, list, type Node, nameOf, need } from '../tree/syntax.ts';
import type { FunctionRow, Take } from './row.ts';

/** A function whose answer is several columns: the bag that holds them, and its fields in order. */
interface Tuple {
  readonly name: string;
  /** The types of the arguments, with the SQL that stands for one left out. */
  readonly takes: readonly (readonly [type: KqlType, otherwise?: string])[];
  readonly bag: string;
  readonly fields: readonly (readonly [name: string, type: KqlType])[];
}

const TUPLES: readonly Tuple[] = [
  {
    name: 'series_stats',
    takes: [['dynamic'], ['bool', 'false']],
    bag: 'kqlf_series_stats({0}, {1})',
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
    takes: [['dynamic']],
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
  {
    name: 'series_fit_poly',
    takes: [['dynamic'], ['dynamic', "''"], ['long', '1']],
    bag: 'kqlf_series_fit_poly({0}, {1}, {2})',
    fields: [
      ['rsquare', 'real'],
      ['coefficients', 'dynamic'],
      ['variance', 'real'],
      ['rvariance', 'real'],
      ['poly_fit', 'dynamic'],
    ],
  },
  {
    name: 'series_decompose',
    takes: [['dynamic'], ['long', '-1'], ['string', "'avg'"], ['long', '0'], ['real', '0.6::DOUBLE']],
    bag: 'kqlf_series_decompose({0}, {1}, {2}, {3}, {4})',
    fields: [
      ['baseline', 'dynamic'],
      ['seasonal', 'dynamic'],
      ['trend', 'dynamic'],
      ['residual', 'dynamic'],
    ],
  },
  {
    name: 'series_decompose_anomalies',
    takes: [
      ['dynamic'],
      ['real', '1.5::DOUBLE'],
      ['long', '-1'],
      ['string', "'avg'"],
      ['long', '0'],
      ['string', "'ctukey'"],
      ['real', '0.6::DOUBLE'],
    ],
    bag: 'kqlf_series_decompose_anomalies({0}, {1}, {2}, {3}, {4}, {5}, {6})',
    fields: [
      ['ad_flag', 'dynamic'],
      ['ad_score', 'dynamic'],
      ['baseline', 'dynamic'],
    ],
  },
];
const BY_NAME = new Map(TUPLES.map((t) => [t.name, t]));

function fieldsOf(tuple: Tuple, args: readonly Scalar[], scope: Scope): Scalar[] {
  const texts = tuple.takes.map(([type, otherwise], i) => (args[i] ? convert(scope, args[i], type).sql : otherwise!));
  const bag = hoist(
    scope,
    tuple.bag.replace(/\{(\d)\}/g, (_, i) => texts[Number(i)]!),
  );
  return tuple.fields.map(([name, type]) => convert(scope, { sql: `kql_path(${bag}, '$.${name}')`, type: 'dynamic' }, type));
}

function least(tuple: Tuple): number {
  return tuple.takes.filter(([, otherwise]) => otherwise === undefined).length;
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
  if (!tuple || args.length < least(tuple) || args.length > tuple.takes.length) return undefined;
  return fieldsOf(
    tuple,
    args.map((a) => scope.ctx.scalar(a, scope)),
    scope,
  );
}

/** Where one value is wanted, it is the first. */
export const tuples: readonly FunctionRow[] = TUPLES.map((tuple) => ({
  name: tuple.name,
  takes: tuple.takes.map(([type, otherwise]): Take => (otherwise === undefined ? type : `${type}?`)),
  returns: tuple.fields[0]![1],
  emit: ({ args, scope }) => fieldsOf(tuple, args, scope)[0]!,
}));
