import { fill, refuse, reject, type Scope } from './context.ts';
import { commonType, convert, isNumeric } from './convert.ts';
import type { Scalar } from './scalar.ts';
import type { Node } from './tree/syntax.ts';

/** Two values brought to one type: numbers to the widest, a dynamic to the other's type, text and number to text. */
export function unify(scope: Scope, left: Scalar, right: Scalar): [Scalar, Scalar] | undefined {
  if (left.type === right.type) return [left, right];
  if ((left.type === 'decimal' && !exact(right)) || (right.type === 'decimal' && !exact(left))) return undefined;
  if ([left, right].some((v) => v.type === 'guid') && [left, right].some((v) => isNumeric(v.type))) return undefined;
  const type = commonType([left.type, right.type]);
  if (isNumeric(left.type) && right.type === 'string') return [convert(scope, left, 'string'), right];
  if (left.type === 'string' && isNumeric(right.type)) return [left, convert(scope, right, 'string')];
  const known = (t: Scalar) => t.type === 'dynamic' || isNumeric(t.type) || t.type === 'string' || t.type === type;
  if (!known(left) || !known(right)) {
    const both = [left.type, right.type].sort().join(' ');
    if (both === 'guid string' || both === 'bool string' || both === 'datetime string' || both === 'string timespan')
      return left.type === 'string' ? [convert(scope, left, right.type), right] : [left, convert(scope, right, left.type)];
    if (both === 'bool long' || both === 'bool int' || both === 'datetime long' || both === 'long timespan')
      return [convert(scope, left, 'long'), convert(scope, right, 'long')];
    return undefined;
  }
  return [convert(scope, left, type), convert(scope, right, type)];
}

/** What meets a decimal without a doubt about its digits; a real of more than 15 digits stops the query. */
function exact(value: Scalar): boolean {
  return value.type === 'int' || value.type === 'long' || value.type === 'real';
}

/** `==` of two values, `!=` where negated: true or false, and two nulls are equal. */
export function equals(left: Scalar, right: Scalar, negated: boolean, node: Node, scope: Scope): Scalar {
  if (left.type === 'dynamic' && right.type === 'dynamic') return incomparable(scope, node);
  const pair = unify(scope, left, right);
  if (!pair) return refuse(scope, node, '==', `between ${left.type} and ${right.type}`);
  const [a, b] = pair;
  const sql = equalSql(a, b, scope);
  return { sql: negated ? `(NOT ${sql})` : sql, type: 'bool' };
}

function equalSql(a: Scalar, b: Scalar, scope: Scope): string {
  if (a.type === 'string') return `(${a.sql} = ${b.sql})`;
  if (a.type === 'real') return fill(scope, 'kql_eq_real({0}, {1})', [a.sql, b.sql]);
  const literal = a.constant ?? b.constant;
  if (literal && literal.value !== null) return `(${a.sql} IS NOT DISTINCT FROM ${b.sql})`;
  return fill(scope, 'kql_eq({0}, {1})', [a.sql, b.sql]);
}

/** `<`, `<=`, `>` or `>=` of two values. */
export function compare(op: string, left: Scalar, right: Scalar, node: Node, scope: Scope): Scalar {
  if (left.type === 'dynamic' && right.type === 'dynamic') return incomparable(scope, node);
  const pair = textAndNumber(scope, left, right) ?? unify(scope, left, right);
  if (!pair) return refuse(scope, node, op, `between ${left.type} and ${right.type}`);
  const [a, b] = pair;
  if (a.type === 'decimal') return { sql: `(kqlf_decimal_key(${a.sql}) ${op} kqlf_decimal_key(${b.sql}))`, type: 'bool' };
  if (a.type !== 'real' || [a, b].every((s) => s.constant && !Number.isNaN(s.constant.value)))
    return { sql: `(${a.sql} ${op} ${b.sql})`, type: 'bool' };
  const name = op.includes('=') ? 'kql_le_real' : 'kql_lt_real';
  return { sql: fill(scope, `${name}({0}, {1})`, op.startsWith('<') ? [a.sql, b.sql] : [b.sql, a.sql]), type: 'bool' };
}

function textAndNumber(scope: Scope, left: Scalar, right: Scalar): [Scalar, Scalar] | undefined {
  if (left.type === 'dynamic' && isNumeric(right.type)) return [convert(scope, left, 'real'), convert(scope, right, 'real')];
  if (right.type === 'dynamic' && isNumeric(left.type)) return [convert(scope, left, 'real'), convert(scope, right, 'real')];
  return undefined;
}

/** The binder lets it through. */
function incomparable(scope: Scope, node: Node): Scalar {
  return reject(scope, node, 'dynamic', 'two dynamic values cannot be compared: cast them, as in tostring(a) == tostring(b)');
}
