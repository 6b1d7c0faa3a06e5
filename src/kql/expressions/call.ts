import type { KqlType } from '../../core/kql-types.ts';
import { AGGREGATES } from '../aggregates/index.ts';
import { fill, refuse, reject, type Scope } from '../context.ts';
import { commonType, convert } from '../convert.ts';
import { folded } from '../functions/fold.ts';
import { FUNCTIONS } from '../functions/index.ts';
import type { Call, FunctionRow, Take } from '../functions/row.ts';
import { TABULAR } from '../functions/tabular.ts';
import { WINDOWS } from '../functions/window.ts';
import { constantText, type Scalar } from '../scalar.ts';
import { regexFault } from '../text/regex.ts';
import { boundType, kindOf, list, type Node, nameOf, need, typeFromName } from '../tree/syntax.ts';
import { inlineCall } from './user-function.ts';

export function functionCall(node: Node, scope: Scope): Scalar {
  const name = nameOf(need(node, 'Name'));
  const nodes = list(need(node, 'ArgumentList'), 'Expressions');
  const bound = scope.env.get(name);
  if (bound?.kind === 'function' || scope.ctx.catalog.functions.has(name)) return inlineCall(node, scope);
  if (scope.aggregates) {
    const aggregate = AGGREGATES.get(name);
    if (aggregate?.refuse !== undefined) return refuse(scope, node, name, aggregate.refuse);
    if (aggregate) return aggregate.emit({ node, nodes, scope: scope.aggregates.inner, sink: scope.aggregates });
  }
  const window = WINDOWS.get(name);
  if (window) return window({ node, nodes, scope });
  const whole = TABULAR.get(name);
  if (whole) return whole({ node, nodes, scope });
  const row = FUNCTIONS.get(name);
  if (!row) return refuse(scope, node, name, AGGREGATES.has(name) ? 'an aggregate outside summarize' : undefined);
  if (row.refuse !== undefined) return refuse(scope, node, name, row.refuse);
  const fault = countFault(row, nodes.length);
  if (fault) return reject(scope, node, name, fault);
  const args = nodes.map((n, i) => take(argument(n, scope), row.takes[Math.min(i, row.takes.length - 1)] ?? 'any', scope));
  const pattern = regexArgument(name, args);
  const wrong = pattern === undefined ? undefined : regexFault(pattern);
  if (wrong) return reject(scope, node, name, `'${pattern}' is no regular expression: ${wrong}`);
  if (args.some((a) => a.type === 'decimal') && !DECIMALS.has(name)) return refuse(scope, node, name, 'of a decimal');
  const known = folded(name, args);
  if (known) return known;
  const call: Call = { node, nodes, args, scope };
  if (row.emit) return row.emit(call);
  const type = resultType(row, args, node);
  const sql = fill(
    scope,
    `(${row.sql})`,
    args.map((a) => a.sql),
  );
  const total = row.total || args.every((a) => a.type === 'string') || type !== 'string' || sql.startsWith('(coalesce(');
  return { sql: total ? sql : `coalesce(${sql}, '')`, type };
}

/** Which argument is a regular expression. */
const PATTERNS: Readonly<Record<string, number>> = {
  extract: 0,
  extract_all: 0,
  trim: 0,
  trim_start: 0,
  trim_end: 0,
  replace_regex: 1,
  replace: 0,
  indexof_regex: 1,
};
function regexArgument(name: string, args: readonly Scalar[]): string | undefined {
  if (name === 'countof') return constantText(args[2]) === 'regex' ? constantText(args[1]) : undefined;
  return Object.hasOwn(PATTERNS, name) ? constantText(args[PATTERNS[name]!]) : undefined;
}

/** Functions that take a decimal as it is, or through a conversion that is exact. */
const DECIMALS: ReadonlySet<string> = new Set([
  ...[
    'tostring',
    'todecimal',
    'tolong',
    'toint',
    'toreal',
    'todouble',
    'isnull',
    'isnotnull',
    'isempty',
    'isnotempty',
    'notempty',
    'notnull',
  ],
  ...['reverse', 'strrep', 'indexof', 'hash_md5', 'hash_sha1', 'hash_sha256', 'bag_pack_columns', 'array_index_of', 'repeat'],
  ...['abs', 'ceiling', 'round', 'floor', 'bin', 'max_of', 'min_of', 'tobool', 'toboolean'],
  ...['iff', 'iif', 'case', 'coalesce', 'strcat', 'strcat_delim', 'pack_array', 'bag_pack', 'pack', 'pack_dictionary', 'gettype'],
]);

function argument(node: Node, scope: Scope): Scalar {
  const kind = kindOf(node);
  if (kind === 'TypeOfLiteralExpression' || kind === 'StarExpression') return { sql: 'NULL', type: 'string' };
  return scope.ctx.scalar(kind === 'SimpleNamedExpression' ? need(node, 'Expression') : node, scope);
}

function take(value: Scalar, how: Take, scope: Scope): Scalar {
  const type = how.replace(/[?*]$/, '');
  if (type === 'any') return value;
  if (type === 'number') return value.type === 'dynamic' ? convert(scope, value, 'real') : value;
  return convert(scope, value, typeFromName(type)!);
}

function countFault(row: FunctionRow, given: number): string | undefined {
  const least = row.takes.filter((t) => !/[?*]$/.test(t)).length;
  const most = row.takes.some((t) => t.endsWith('*')) ? Number.POSITIVE_INFINITY : row.takes.length;
  return given < least || given > most
    ? `${row.name}() takes ${least === most ? least : `${least} to ${most}`} arguments, not ${given}`
    : undefined;
}

function resultType(row: FunctionRow, args: readonly Scalar[], node: Node): KqlType {
  if (row.returns === 'first') return args[0]?.type ?? 'dynamic';
  if (row.returns === 'common') return commonType(args.map((a) => a.type));
  if (row.returns === 'bound') return boundType(node) ?? args[0]?.type ?? 'dynamic';
  return row.returns;
}
