import { compare, equals, unify } from '../compare.ts';
import { fill, type Scope } from '../context.ts';
import type { Scalar } from '../scalar.ts';
import { kindOf, type Node, need } from '../tree/syntax.ts';

export function equality(node: Node, scope: Scope): Scalar {
  const [left, right] = operands(node, scope);
  return equals(left, right, kindOf(node) === 'NotEqualExpression', node, scope);
}

/** Equality in a where, where a null filters like false: the plain form can use zone maps. */
export function equalsPlain(node: Node, scope: Scope): string | undefined {
  const [left, right] = operands(node, scope);
  if (left.type === 'dynamic' && right.type === 'dynamic') return undefined;
  const pair = unify(scope, left, right);
  const literal = pair?.find((s) => s.constant && s.constant.value !== null);
  if (!pair || !literal || pair[0].type === 'real') return undefined;
  return `(${pair[0].sql} = ${pair[1].sql})`;
}

const ORDERED: Readonly<Record<string, string>> = {
  LessThanExpression: '<',
  LessThanOrEqualExpression: '<=',
  GreaterThanExpression: '>',
  GreaterThanOrEqualExpression: '>=',
};
export const ORDERED_KINDS = Object.keys(ORDERED);

export function ordered(node: Node, scope: Scope): Scalar {
  const [left, right] = operands(node, scope);
  return compare(ORDERED[kindOf(node)]!, left, right, node, scope);
}

function operands(node: Node, scope: Scope): [Scalar, Scalar] {
  return [scope.ctx.scalar(need(node, 'Left'), scope), scope.ctx.scalar(need(node, 'Right'), scope)];
}

export function between(node: Node, scope: Scope): Scalar {
  const value = scope.ctx.scalar(need(node, 'Left'), scope);
  const couple = need(node, 'Right');
  const first = scope.ctx.scalar(need(couple, 'First'), scope);
  const second = scope.ctx.scalar(need(couple, 'Second'), scope);
  const named = { ...value, sql: fill(scope, '{0}', [value.sql]) };
  const upper = value.type === 'datetime' && second.type === 'timespan' ? sum(scope, first, second) : second;
  const low = compare('>=', named, first, node, scope);
  const high = compare('<=', named, upper, node, scope);
  const sql = `(${low.sql} AND ${high.sql})`;
  return { sql: kindOf(node) === 'NotBetweenExpression' ? `(NOT ${sql})` : sql, type: 'bool' };
}

/** `between (start .. 1d)`: a timespan as upper bound counts from the lower one. */
function sum(scope: Scope, first: Scalar, second: Scalar): Scalar {
  return { sql: fill(scope, 'kql_in_range({0}::HUGEINT + {1})', [first.sql, second.sql]), type: 'datetime' };
}
