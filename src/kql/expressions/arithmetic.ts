import type { KqlType } from '../../core/kql-types.ts';
import { fill, refuse, reject, type Scope } from '../context.ts';
import { commonType, convert, isNumeric } from '../convert.ts';
import { constant, nullOf, type Scalar } from '../scalar.ts';
import { boundType, kindOf, type Node, need } from '../tree/syntax.ts';

type Operator = '+' | '-' | '*' | '/' | '%';
const OPERATORS: Readonly<Record<string, Operator>> = {
  AddExpression: '+',
  SubtractExpression: '-',
  MultiplyExpression: '*',
  DivideExpression: '/',
  ModuloExpression: '%',
};
export const ARITHMETIC_KINDS = Object.keys(OPERATORS);

interface Rule {
  readonly left: KqlType;
  readonly right: KqlType;
  readonly result: KqlType;
  readonly sql: string;
}
/** `long` stands for int and long: an operation on ints gives a long. */
const RULES: Readonly<Record<string, Rule>> = {
  'long+long': { left: 'long', right: 'long', result: 'long', sql: 'kql_add({0}, {1})' },
  'long-long': { left: 'long', right: 'long', result: 'long', sql: 'kql_sub({0}, {1})' },
  'long*long': { left: 'long', right: 'long', result: 'long', sql: 'kql_mul({0}, {1})' },
  'long/long': { left: 'long', right: 'long', result: 'long', sql: 'kql_div({0}, {1})' },
  'long%long': { left: 'long', right: 'long', result: 'long', sql: 'kql_mod({0}, {1})' },
  'real+real': { left: 'real', right: 'real', result: 'real', sql: '({0} + {1})' },
  'real-real': { left: 'real', right: 'real', result: 'real', sql: '({0} - {1})' },
  'real*real': { left: 'real', right: 'real', result: 'real', sql: '({0} * {1})' },
  'real/real': { left: 'real', right: 'real', result: 'real', sql: '({0} / {1})' },
  'real%real': { left: 'real', right: 'real', result: 'real', sql: 'kql_fmod({0}, {1})' },
  'datetime+timespan': { left: 'datetime', right: 'timespan', result: 'datetime', sql: 'kql_in_range({0}::HUGEINT + {1})' },
  'timespan+datetime': { left: 'timespan', right: 'datetime', result: 'datetime', sql: 'kql_in_range({0}::HUGEINT + {1})' },
  'datetime-timespan': { left: 'datetime', right: 'timespan', result: 'datetime', sql: 'kql_in_range({0}::HUGEINT - {1})' },
  'datetime-datetime': { left: 'datetime', right: 'datetime', result: 'timespan', sql: '({0} - {1})' },
  'timespan+timespan': { left: 'timespan', right: 'timespan', result: 'timespan', sql: 'kql_add({0}, {1})' },
  'timespan-timespan': { left: 'timespan', right: 'timespan', result: 'timespan', sql: 'kql_sub({0}, {1})' },
  'timespan/timespan': { left: 'timespan', right: 'timespan', result: 'real', sql: '({0}::DOUBLE / {1}::DOUBLE)' },
  'timespan%timespan': { left: 'timespan', right: 'timespan', result: 'timespan', sql: 'kql_mod({0}, {1})' },
  'datetime/timespan': { left: 'datetime', right: 'timespan', result: 'real', sql: '({0}::DOUBLE / {1}::DOUBLE)' },
  'datetime%timespan': { left: 'datetime', right: 'timespan', result: 'timespan', sql: 'kql_mod({0}, {1})' },
  'timespan*long': { left: 'timespan', right: 'long', result: 'timespan', sql: 'kql_mul({0}, {1})' },
  'long*timespan': { left: 'long', right: 'timespan', result: 'timespan', sql: 'kql_mul({0}, {1})' },
  'timespan*real': { left: 'timespan', right: 'real', result: 'timespan', sql: 'kql_long_of_real({0}::DOUBLE * {1})' },
  'real*timespan': { left: 'real', right: 'timespan', result: 'timespan', sql: 'kql_long_of_real({0} * {1}::DOUBLE)' },
  'timespan/long': { left: 'timespan', right: 'long', result: 'timespan', sql: 'kql_div({0}, {1})' },
  'timespan/real': { left: 'timespan', right: 'real', result: 'timespan', sql: 'kql_long_of_real({0}::DOUBLE / {1})' },
};

/** A real becomes a decimal before it meets one; of more than 15 digits it stops the query. */
const DECIMAL_OPERANDS: readonly KqlType[] = ['decimal', 'long', 'int', 'real'];
const SPAN_LIMIT = 6_000_000_000_000_000_000n;

export function arithmetic(node: Node, scope: Scope): Scalar {
  const op = OPERATORS[kindOf(node)]!;
  const left = scope.ctx.scalar(need(node, 'Left'), scope);
  const right = scope.ctx.scalar(need(node, 'Right'), scope);
  return combine(op, left, right, node, scope);
}

function combine(op: Operator, l: Scalar, r: Scalar, node: Node, scope: Scope): Scalar {
  if (l.constant?.value === null || r.constant?.value === null) return nullOf(boundType(node) ?? l.type);
  // The binder lets it through.
  if (l.type === 'dynamic' && r.type === 'dynamic')
    return reject(scope, node, 'dynamic', `two dynamic values cannot be computed with: cast them, as in tolong(a) ${op} tolong(b)`);
  const [left, right] = solid(op, l, r, scope);
  if (left.type === 'decimal' || right.type === 'decimal') {
    if (![left, right].every((v) => DECIMAL_OPERANDS.includes(v.type))) return refuse(scope, node, `${left.type} ${op} ${right.type}`);
    const sides = [left, right].map((v) => convert(scope, v, 'decimal').sql);
    return { sql: `kqlf_decimal_op('${op}', ${sides.join(', ')})`, type: 'decimal' };
  }
  const folded = foldLong(op, left, right);
  if (folded) return folded;
  const key = (a: Scalar): string => (a.type === 'int' ? 'long' : a.type);
  let [a, b] = [key(left), key(right)];
  if (isNumeric(left.type) && isNumeric(right.type))
    a = b = commonType([left.type, right.type]) === 'int' ? 'long' : commonType([left.type, right.type]);
  const rule = RULES[`${a}${op}${b}`];
  if (!rule) return refuse(scope, node, `${left.type} ${op} ${right.type}`);
  const x = convert(scope, left, rule.left);
  const y = convert(scope, right, rule.right);
  const span = y.constant?.value;
  if (rule.result === 'datetime' && typeof span === 'bigint' && span > -SPAN_LIMIT && span < SPAN_LIMIT)
    return { sql: fill(scope, `kql_in_range({0} ${op} {1})`, [x.sql, y.sql]), type: 'datetime' };
  return { sql: fill(scope, rule.sql, [x.sql, y.sql]), type: rule.result };
}

/** A dynamic operand takes the other side's type. */
function solid(op: Operator, l: Scalar, r: Scalar, scope: Scope): [Scalar, Scalar] {
  const towards = (other: KqlType): KqlType => (other === 'datetime' && op === '-' ? 'datetime' : other === 'int' ? 'long' : other);
  if (l.type === 'dynamic') return [operand(scope, l, towards(r.type)), r];
  if (r.type === 'dynamic') return [l, operand(scope, r, towards(l.type))];
  return [l, r];
}

/** Whether a fraction counts where the type of the answer is long is not known. */
function operand(scope: Scope, value: Scalar, type: KqlType): Scalar {
  if (type !== 'long') return convert(scope, value, type);
  return { sql: fill(scope, 'kql_whole_of_dynamic({0})', [value.sql]), type };
}

function foldLong(op: Operator, l: Scalar, r: Scalar): Scalar | undefined {
  const integral = (s: Scalar) => (s.type === 'long' || s.type === 'int') && s.constant && s.constant.value !== null;
  if (!integral(l) || !integral(r)) return undefined;
  const a = BigInt(l.constant!.value as bigint | number);
  const b = BigInt(r.constant!.value as bigint | number);
  if ((op === '/' || op === '%') && b === 0n) return nullOf('long');
  const abs = b < 0n ? -b : b;
  const value = op === '+' ? a + b : op === '-' ? a - b : op === '*' ? a * b : op === '/' ? a / b : ((a % abs) + abs) % abs;
  return constant('long', BigInt.asIntN(64, value));
}

export function negate(node: Node, scope: Scope): Scalar {
  const value = scope.ctx.scalar(need(node, 'Expression'), scope);
  if (kindOf(node) === 'UnaryPlusExpression') return value;
  const known = value.constant?.value;
  if (known === -(2n ** 63n) && value.type === 'long' && !insideDatatable(node))
    return reject(scope, node, 'long', 'arithmetic overflow: 9223372036854775808 is no long; write long(-9223372036854775808)');
  if (known === null) return value;
  if (known !== undefined) {
    if (value.type === 'real') return constant('real', -(known as number));
    if (value.type === 'int') return constant('long', -BigInt(known as number));
    if (typeof known === 'bigint') return constant(value.type, BigInt.asIntN(64, -known));
  }
  if (value.type === 'real') return { sql: `(-${value.sql})`, type: 'real' };
  if (value.type === 'timespan') return { sql: fill(scope, 'kql_sub(0, {0})', [value.sql]), type: 'timespan' };
  if (value.type === 'int' || value.type === 'long') return { sql: fill(scope, 'kql_sub(0, {0})', [value.sql]), type: 'long' };
  if (value.type === 'decimal') return { sql: `kqlf_decimal_op('-', '0', ${value.sql})`, type: 'decimal' };
  if (value.type === 'dynamic') return { sql: `(-${convert(scope, value, 'real').sql})`, type: 'real' };
  return refuse(scope, node, '-', `of a value of type ${value.type}`);
}

/** The values of a datatable are no expressions: a sign belongs to its number there. */
function insideDatatable(node: Node): boolean {
  for (let at = node.Parent; at; at = at.Parent) if (kindOf(at) === 'DataTableExpression') return true;
  return false;
}
