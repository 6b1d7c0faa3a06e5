import { equals } from '../compare.ts';
import { fill, refuse, reject } from '../context.ts';
import { commonType, convert, isNumeric } from '../convert.ts';
import type { Scalar } from '../scalar.ts';
import { boundType, nameOf, need } from '../tree/syntax.ts';
import type { Call, FunctionRow } from './row.ts';

/** Whether the engine takes these values for one: it widens an int to a long, and nothing else; a dynamic may stand for any type. */
function agree(values: readonly Scalar[]): boolean {
  const types = new Set(values.map((v) => (v.type === 'int' ? 'long' : v.type)));
  types.delete('dynamic');
  return types.size <= 1;
}

function disagree({ node, scope }: Call, values: readonly Scalar[]): Scalar {
  const types = [...new Set(values.map((v) => v.type))].join(' and ');
  return refuse(
    scope,
    node,
    nameOf(need(node, 'Name')),
    `with values of the types ${types}; Kusto wants one type: convert them, as in todouble(x)`,
  );
}

/** Values of different types meet in what the binder says, so that max_of(1, 2.0) is real. */
function choice({ node, scope }: Call, values: readonly Scalar[]): { type: Scalar['type']; sql: string[] } {
  const own = commonType(values.map((v) => v.type));
  const bound = boundType(node);
  // Values without a type in common stay as they are, as dynamic; what the binder takes for dynamic may have one here.
  const alike = values.every((v) => v.type === own);
  const type = alike ? own : bound && (bound === 'dynamic' || values.every((v) => v.type === bound || v.type !== 'string')) ? bound : own;
  return { type, sql: values.map((v) => convert(scope, v, type).sql) };
}

function iff(call: Call): Scalar {
  if (!agree(call.args.slice(1))) return disagree(call, call.args.slice(1));
  const condition = convert(call.scope, call.args[0]!, 'bool');
  const { type, sql } = choice(call, call.args.slice(1));
  return { sql: `CASE WHEN ${condition.sql} THEN ${sql[0]} ELSE ${sql[1]} END`, type };
}

function extreme(op: 'greatest' | 'least') {
  return (call: Call): Scalar => {
    const { type, sql } = choice(call, call.args);
    if (type === 'decimal') {
      const list = `nullif(array_to_string([${sql.join(', ')}], ','), '')`;
      return { sql: `kqlf_decimal_${op === 'greatest' ? 'max' : 'min'}(${list})`, type };
    }
    const plain = `${op}(${sql.join(', ')})`;
    // NaN is the largest to DuckDB; to Kusto it is the answer of both.
    if (type !== 'real' || op === 'greatest') return { sql: plain, type };
    return { sql: `CASE WHEN ${sql.map((s) => `isnan(${s})`).join(' OR ')} THEN 'nan'::DOUBLE ELSE ${plain} END`, type };
  };
}

export const logic: readonly FunctionRow[] = [
  { name: 'iff', takes: ['any', 'any', 'any'], returns: 'bound', emit: iff },
  { name: 'iif', takes: ['any', 'any', 'any'], returns: 'bound', emit: iff },
  {
    name: 'not',
    takes: ['any'],
    returns: 'bool',
    emit: ({ args, node, scope }) =>
      /^(?:bool|int|long|real|dynamic)$/.test(args[0]!.type)
        ? { sql: `(NOT ${convert(scope, args[0]!, 'bool').sql})`, type: 'bool' }
        : reject(scope, node, 'not', `not() takes a truth value, not a ${args[0]!.type}`),
  },
  {
    name: 'case',
    takes: ['any', 'any*'],
    returns: 'bound',
    emit: (call) => {
      const values = call.args.filter((_, i) => i % 2 === 1 || i === call.args.length - 1);
      if (!agree(values)) return disagree(call, values);
      const { type, sql } = choice(call, values);
      const whens = sql.slice(0, -1).map((value, i) => `WHEN ${convert(call.scope, call.args[2 * i]!, 'bool').sql} THEN ${value}`);
      return { sql: `CASE ${whens.join(' ')} ELSE ${sql.at(-1)} END`, type };
    },
  },
  {
    name: 'coalesce',
    takes: ['any', 'any*'],
    returns: 'common',
    emit: (call) => {
      const { args, scope } = call;
      if (!agree(args)) return disagree(call, args);
      const mixed = args.some((a) => a.type === 'dynamic') && args.some((a) => a.type !== 'dynamic');
      const type = mixed ? 'dynamic' : commonType(args.map((a) => a.type));
      const items = args.map((a) => convert(scope, a, type).sql);
      return {
        sql: type === 'string' ? `coalesce(${items.map((i) => `nullif(${i}, '')`).join(', ')}, '')` : `coalesce(${items.join(', ')})`,
        type,
      };
    },
  },
  { name: 'max_of', takes: ['any', 'any*'], returns: 'bound', emit: extreme('greatest') },
  { name: 'min_of', takes: ['any', 'any*'], returns: 'bound', emit: extreme('least') },
  {
    name: 'around',
    takes: ['any', 'any', 'any'],
    returns: 'bool',
    emit: ({ args, node, scope }) => {
      const types = args.map((a) => (/^(?:int|long|real)$/.test(a.type) ? 'number' : a.type)).join(' ');
      if (!/^(?:number number number|datetime datetime timespan|timespan timespan timespan)$/.test(types))
        return refuse(scope, node, 'around', `of ${args.map((a) => a.type).join(', ')}`);
      const [value, center, delta] = args.map((a) => (isNumeric(a.type) ? convert(scope, a, 'real').sql : `${a.sql}::HUGEINT`));
      return { sql: fill(scope, '({0} >= {1} - {2} AND {0} <= {1} + {2})', [value!, center!, delta!]), type: 'bool' };
    },
  },
  {
    name: 'equals',
    takes: ['any', 'any'],
    returns: 'bool',
    emit: ({ args, node, scope }) => equals(args[0]!, args[1]!, false, node, scope),
  },
];
