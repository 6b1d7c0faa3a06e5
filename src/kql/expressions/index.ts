import { datetimeText } from '../../core/ticks.ts';
import { layered, newId, refuse, reject, type Scope } from '../context.ts';
import { convert } from '../convert.ts';
import { missing, orderClause } from '../relation.ts';
import { constant, isVolatile, nullOf, type Scalar } from '../scalar.ts';
import { isUnsettledTimespan, UNSETTLED_TIMESPAN } from '../text/timespan.ts';
import { literalOf } from '../tree/literal.ts';
import { boundType, kindOf, type Node, need, textOf } from '../tree/syntax.ts';
import { ARITHMETIC_KINDS, arithmetic, negate } from './arithmetic.ts';
import { functionCall } from './call.ts';
import { between, equality, equalsPlain, ORDERED_KINDS, ordered } from './comparison.ts';
import { jsonOf } from './dynamic-literal.ts';
import { hasSeveral, IN_KINDS, membership } from './membership.ts';
import { dependsOnRow, nameReference, pathExpression } from './names.ts';
import { matchesRegex, TEXT_KINDS, textPredicate } from './text.ts';

type Emit = (node: Node, scope: Scope) => Scalar;

function rows(kinds: readonly string[], emit: Emit): [string, Emit][] {
  return kinds.map((kind) => [kind, emit]);
}

function logical(word: 'AND' | 'OR'): Emit {
  return (node, scope) => {
    const left = convert(scope, scope.ctx.scalar(need(node, 'Left'), scope), 'bool');
    const right = convert(scope, scope.ctx.scalar(need(node, 'Right'), scope), 'bool');
    return { sql: `(${left.sql} ${word} ${right.sql})`, type: 'bool' };
  };
}

const literal: Emit = (node, scope) => {
  const value = literalOf(node);
  if (value && beyond(node)) return reject(scope, node, textOf(node), `${textOf(node)} is beyond the range of its type`);
  if (!value && isUnsettledTimespan(textOf(node).replace(/^\w+\s*\(\s*["']?|["']?\s*\)$/g, '')))
    return refuse(scope, node, textOf(node), UNSETTLED_TIMESPAN);
  if (!value) return reject(scope, node, textOf(node), `${textOf(node)} is not a value of its type`);
  return constant(value.type, typeof value.value === 'string' ? placed(value.value, node, scope) : value.value);
};

/** `{{StartTimeISO}}` and `{{EndTimeISO}}` in hunting queries are the ends of the time range that the portal's user has chosen. */
function placed(text: string, node: Node, scope: Scope): string {
  return text.replace(/\{\{(Start|End)TimeISO\}\}/g, (all, which) => {
    const { from, until } = scope.ctx.options.timespan ?? {};
    const ticks = which === 'Start' ? from : until;
    if (ticks === undefined) refuse(scope, node, all, 'without a time range');
    return ticks === undefined ? all : datetimeText(ticks);
  });
}

/** A whole number that its type cannot hold; 2^63 can only be meant as the smallest long. */
function beyond(node: Node): boolean {
  const int = kindOf(node) === 'IntLiteralExpression';
  if (!int && kindOf(node) !== 'LongLiteralExpression') return false;
  const hexadecimal = /0x0*([\da-f]*)/i.exec(textOf(node));
  if (hexadecimal) return hexadecimal[1]!.length > (int ? 8 : 16);
  const digits = /(-?)\s*(\d+)\)?$/.exec(textOf(node));
  if (!digits) return false;
  const size = BigInt(digits[2]!);
  const limit = int ? 2n ** 31n : 2n ** 63n;
  const negative = digits[1] === '-' || (node.Parent !== null && kindOf(node.Parent) === 'UnaryMinusExpression');
  return negative ? size > limit : size >= limit;
}

const inside: Emit = (node, scope) => scope.ctx.scalar(need(node, 'Expression'), scope);

/** A table read for one value, or a value left to chance: computed once however often it is named. */
function toScalar(node: Node, scope: Scope): Scalar {
  const { ctx } = scope;
  const inner = need(node, 'Expression');
  const seen = ctx.shared.get(scope.env) ?? new Map();
  ctx.shared.set(scope.env, seen);
  const known = seen.get(node) as Scalar | undefined;
  if (known) return known;
  if (!(inner.ResultType as { Columns?: unknown } | null)?.Columns) {
    const own: Scope = { ...scope, rows: undefined, sides: undefined, hoists: [] };
    const value = ctx.scalar(inner, own);
    if (!isVolatile(value.sql)) return ctx.scalar(inner, scope);
    const name = newId(ctx, 's');
    ctx.ctes.push({ name, sql: `SELECT ${value.sql} AS v FROM (${layered(own, 'SELECT 1 AS nothing')})` });
    const once: Scalar = { sql: `(SELECT v FROM ${name})`, type: value.type };
    seen.set(node, once);
    return once;
  }
  const relation = ctx.rows(inner, { ctx, env: scope.env, hoists: [] });
  if (dependsOnRow(relation, scope)) return refuse(scope, node, 'toscalar', 'over a value of the row');
  const column = relation.columns[0];
  if (!column) return reject(scope, node, 'toscalar', 'toscalar() needs a column');
  const name = newId(ctx, 's');
  ctx.ctes.push({ name, sql: `SELECT ${column.id} AS v FROM (${relation.sql})${orderClause(relation.order)} LIMIT 1` });
  const read = `(SELECT v FROM ${name})`;
  const value: Scalar = { sql: column.type === 'string' ? `coalesce(${read}, ${missing('string')})` : read, type: column.type };
  seen.set(node, value);
  return value;
}

const EXPRESSIONS: ReadonlyMap<string, Emit> = new Map<string, Emit>([
  ...rows(
    ['Boolean', 'Int', 'Long', 'Real', 'Decimal', 'DateTime', 'Timespan', 'Guid', 'String', 'CompoundString'].map(
      (t) => `${t}LiteralExpression`,
    ),
    literal,
  ),
  ['NullLiteralExpression', (node) => nullOf(boundType(node) ?? 'dynamic')],
  ['NameReference', nameReference],
  ['PathExpression', pathExpression],
  ['ElementExpression', pathExpression],
  ['ParenthesizedExpression', inside],
  ['SimpleNamedExpression', inside],
  ['OrderedExpression', inside],
  [
    'DynamicExpression',
    (node, scope) => {
      const text = jsonOf(node);
      if (text === undefined) return refuse(scope, node, 'dynamic', 'a value in it that is not a constant');
      return text === 'null' ? nullOf('dynamic') : constant('dynamic', text);
    },
  ],
  ['FunctionCallExpression', functionCall],
  ['ToScalarExpression', toScalar],
  ['UnaryMinusExpression', negate],
  ['UnaryPlusExpression', negate],
  ...rows(ARITHMETIC_KINDS, arithmetic),
  ...rows(ORDERED_KINDS, ordered),
  ['EqualExpression', equality],
  ['NotEqualExpression', equality],
  ['BetweenExpression', between],
  ['NotBetweenExpression', between],
  ...rows(TEXT_KINDS, textPredicate),
  ['MatchesRegexExpression', matchesRegex],
  ...rows(IN_KINDS, membership),
  ['HasAnyExpression', hasSeveral],
  ['HasAllExpression', hasSeveral],
  ['AndExpression', logical('AND')],
  ['OrExpression', logical('OR')],
]);

/** Translates an expression for a value. */
export function translateScalar(node: Node, scope: Scope): Scalar {
  const emit = EXPRESSIONS.get(kindOf(node));
  return emit ? emit(node, scope) : refuse(scope, node, textOf(node).slice(0, 60), `an expression of kind ${kindOf(node)}`);
}

/** Translates a condition of where. */
export function translatePredicate(node: Node, scope: Scope): string {
  const kind = kindOf(node);
  if (kind === 'ParenthesizedExpression') return translatePredicate(need(node, 'Expression'), scope);
  if (kind === 'AndExpression' || kind === 'OrExpression')
    return `(${translatePredicate(need(node, 'Left'), scope)} ${kind === 'AndExpression' ? 'AND' : 'OR'} ${translatePredicate(need(node, 'Right'), scope)})`;
  if (kind === 'EqualExpression') {
    const plain = equalsPlain(node, scope);
    if (plain) return plain;
  }
  return convert(scope, translateScalar(node, scope), 'bool').sql;
}
