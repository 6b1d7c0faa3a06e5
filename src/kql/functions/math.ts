import { fill, reject } from '../context.ts';
import { convert } from '../convert.ts';
import type { FunctionRow } from './row.ts';

function real(name: string, sql: string): FunctionRow {
  return { name, takes: ['real'], returns: 'real', sql };
}

export const math: readonly FunctionRow[] = [
  {
    name: 'abs',
    takes: ['any'],
    returns: 'bound',
    emit: ({ args, scope, node }) => {
      const value = args[0]!.type === 'dynamic' ? convert(scope, args[0]!, 'real') : args[0]!;
      // The engine folds constants, and the smallest long has no absolute value.
      if (value.constant?.value === -(2n ** 63n)) return reject(scope, node, 'abs', 'arithmetic overflow in a constant expression');
      if (value.type === 'real') return { sql: `abs(${value.sql})`, type: 'real' };
      if (value.type === 'decimal') return { sql: `ltrim(${value.sql}, '-')`, type: 'decimal' };
      return { sql: fill(scope, 'kql_wrap(abs({0}::HUGEINT))', [value.sql]), type: value.type === 'timespan' ? 'timespan' : 'long' };
    },
  },
  {
    name: 'ceiling',
    takes: ['number'],
    returns: 'real',
    emit: ({ args, scope }) =>
      args[0]!.type === 'decimal'
        ? { sql: `kqlf_decimal_op('ceiling', ${args[0]!.sql}, '1')`, type: 'decimal' }
        : { sql: `ceil(${convert(scope, args[0]!, 'real').sql})`, type: 'real' },
  },
  real('sign', 'sign({0})::DOUBLE'),
  {
    name: 'round',
    takes: ['any', 'long?'],
    returns: 'real',
    emit: ({ args, scope }) => {
      const digits = args[1]?.sql ?? '0';
      if (args[0]!.type === 'decimal') return { sql: `kqlf_decimal_op('round', ${args[0]!.sql}, (${digits})::VARCHAR)`, type: 'decimal' };
      const value = convert(scope, args[0]!, 'real').sql;
      return {
        sql: fill(scope, args[1] ? 'round({0}, greatest(-400, least(400, {1}))::INTEGER)' : 'round({0})', [value, digits]),
        type: 'real',
      };
    },
  },
  real('sqrt', "CASE WHEN {0} < 0 THEN 'nan'::DOUBLE ELSE sqrt({0}) END"),
  real('exp', 'exp({0})'),
  real('exp2', 'pow(2.0, {0})'),
  real('exp10', 'pow(10.0, {0})'),
  real('log', "CASE WHEN {0} > 0 THEN ln({0}) WHEN {0} = 0 THEN '-inf'::DOUBLE END"),
  real('log2', "CASE WHEN {0} > 0 THEN log2({0}) WHEN {0} = 0 THEN '-inf'::DOUBLE END"),
  real('log10', "CASE WHEN {0} > 0 THEN log10({0}) WHEN {0} = 0 THEN '-inf'::DOUBLE END"),
  real('sin', "CASE WHEN isinf({0}) THEN 'nan'::DOUBLE ELSE sin({0}) END"),
  real('cos', "CASE WHEN isinf({0}) THEN 'nan'::DOUBLE ELSE cos({0}) END"),
  real('tan', "CASE WHEN isinf({0}) THEN 'nan'::DOUBLE ELSE tan({0}) END"),
  real('cot', "CASE WHEN isinf({0}) THEN 'nan'::DOUBLE ELSE 1.0 / tan({0}) END"),
  real('asin', "CASE WHEN abs({0}) <= 1 THEN asin({0}) WHEN {0} IS NULL THEN NULL ELSE 'nan'::DOUBLE END"),
  real('acos', "CASE WHEN abs({0}) <= 1 THEN acos({0}) WHEN {0} IS NULL THEN NULL ELSE 'nan'::DOUBLE END"),
  real('atan', 'atan({0})'),
  { name: 'atan2', takes: ['real', 'real'], returns: 'real', sql: 'atan2({0}, {1})' },
  { name: 'pow', takes: ['real', 'real'], returns: 'real', sql: 'pow({0}, {1})' },
  real('gamma', 'kqlf_gamma({0})'),
  real('loggamma', 'kqlf_loggamma({0})'),
  real('erf', 'kqlf_erf({0})'),
  real('erfc', 'kqlf_erfc({0})'),
  ...['beta_cdf', 'beta_inv', 'beta_pdf'].map(
    (name): FunctionRow => ({ name, takes: ['real', 'real', 'real'], returns: 'real', sql: `kqlf_${name}({0}, {1}, {2})` }),
  ),
  {
    name: 'welch_test',
    takes: ['real', 'real', 'real', 'real', 'real', 'real'],
    returns: 'real',
    sql: 'kqlf_welch({0}, {1}, {2}, {3}, {4}, {5})',
  },
  { name: 'binary_shift_left', takes: ['long', 'long'], returns: 'long', sql: 'kqlf_shift({0}, {1})' },
  { name: 'binary_shift_right', takes: ['long', 'long'], returns: 'long', sql: 'kqlf_shift_right({0}, {1})' },
  { name: 'pi', takes: [], returns: 'real', sql: 'pi()' },
  real('radians', 'radians({0})'),
  real('degrees', 'degrees({0})'),
  { name: 'isnan', takes: ['real'], returns: 'bool', sql: 'isnan({0})' },
  { name: 'isinf', takes: ['real'], returns: 'bool', sql: 'isinf({0})' },
  { name: 'isfinite', takes: ['real'], returns: 'bool', sql: 'isfinite({0})' },
  { name: 'binary_and', takes: ['long', 'long'], returns: 'long', sql: '({0} & {1})' },
  { name: 'binary_or', takes: ['long', 'long'], returns: 'long', sql: '({0} | {1})' },
  { name: 'binary_xor', takes: ['long', 'long'], returns: 'long', sql: 'xor({0}, {1})' },
  { name: 'binary_not', takes: ['long'], returns: 'long', sql: '(~{0})' },
  { name: 'bitset_count_ones', takes: ['long'], returns: 'long', sql: 'bit_count({0})::BIGINT' },
  {
    name: 'rand',
    takes: ['long?'],
    returns: 'bound',
    emit: ({ args }) => (args[0] ? { sql: `floor(random() * ${args[0].sql})::BIGINT`, type: 'long' } : { sql: 'random()', type: 'real' }),
  },
  { name: 'gcd', takes: ['long', 'long*'], returns: 'long', sql: 'gcd({0}, {1})' },
];
