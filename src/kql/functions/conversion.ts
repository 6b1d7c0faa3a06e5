import type { KqlType } from '../../core/kql-types.ts';
import { fill, refuse } from '../context.ts';
import { canConvert, convert } from '../convert.ts';
import { constant } from '../scalar.ts';
import { bare, boundType, kindOf, list, type Node, nameOf, need } from '../tree/syntax.ts';
import type { FunctionRow } from './row.ts';

function to(name: string, type: KqlType): FunctionRow {
  return { name, takes: ['any'], returns: type, emit: ({ args, scope }) => convert(scope, args[0]!, type) };
}

/** Of a part of what is no text the engine has an answer of its own: with a null for the text it is no text either. */
function isPartOfOther(node: Node): boolean {
  const call = bare(node);
  if (kindOf(call) !== 'FunctionCallExpression' || nameOf(need(call, 'Name')) !== 'substring') return false;
  const whole = list(need(call, 'ArgumentList'), 'Expressions')[0];
  return whole !== undefined && boundType(whole) !== 'string';
}

function nullTest(name: string, test: 'IS NULL' | 'IS NOT NULL'): FunctionRow {
  return {
    name,
    takes: ['any'],
    returns: 'bool',
    emit: ({ args, nodes, node, scope }) => {
      if (isPartOfOther(nodes[0]!)) return refuse(scope, node, name, 'of a substring() of what is no text');
      return args[0]!.type === 'string' ? constant('bool', test === 'IS NOT NULL') : { sql: `(${args[0]!.sql} ${test})`, type: 'bool' };
    },
  };
}

const HEX = '[0-9a-fA-F]+';
/** JSON text of a datetime or a guid; without counts, which would look like arguments of the template. */
const TYPED_TEXT = `^"(?:\\d\\d\\d\\d-\\d\\d-\\d\\d(?:[T ]\\d\\d:.*)?|${[HEX, HEX, HEX, HEX, HEX].join('-')})"$`;

export const conversion: readonly FunctionRow[] = [
  to('tostring', 'string'),
  to('tolong', 'long'),
  to('toint', 'int'),
  to('toreal', 'real'),
  to('todouble', 'real'),
  to('tobool', 'bool'),
  to('toboolean', 'bool'),
  to('todatetime', 'datetime'),
  to('totimespan', 'timespan'),
  to('toguid', 'guid'),
  {
    name: 'todecimal',
    takes: ['any'],
    returns: 'decimal',
    emit: ({ args, node, scope }) =>
      canConvert(args[0]!.type, 'decimal') ? convert(scope, args[0]!, 'decimal') : refuse(scope, node, 'todecimal', `of ${args[0]!.type}`),
  },
  {
    name: 'gettype',
    takes: ['any'],
    returns: 'string',
    emit: ({ args, scope }) => {
      const value = args[0]!;
      if (value.type !== 'dynamic') return constant('string', value.type);
      // The documentation has such texts read as what they look like, as they are made of what they look like.
      const text = `CASE WHEN regexp_matches({0}, '${TYPED_TEXT}') THEN error('gettype of a text in a dynamic that may be a date or a guid is not supported')::VARCHAR ELSE 'string' END`;
      const sql =
        `CASE ({0})[1] WHEN '"' THEN ${text} ` +
        "WHEN '[' THEN 'array' WHEN '{' THEN 'dictionary' WHEN 't' THEN 'bool' WHEN 'f' THEN 'bool' ELSE CASE WHEN {0} IS NULL THEN 'null' WHEN try_cast({0} AS BIGINT) IS NOT NULL AND NOT regexp_matches({0}, '[.eE]') THEN 'long' ELSE 'double' END END";
      return { sql: fill(scope, `(${sql})`, [value.sql]), type: 'string' };
    },
  },
  {
    name: 'tohex',
    takes: ['any', 'long?'],
    returns: 'string',
    emit: ({ args, scope }) => {
      const value = args[0]!;
      const bits = value.type === 'int' ? `(${value.sql}::BIGINT & 4294967295)` : convert(scope, value, 'long').sql;
      const least = args[1]?.sql ?? '0';
      const sql =
        "coalesce(lpad(lower(printf('%x', {0})), greatest(least(coalesce({1}, 0), 16), length(printf('%x', {0})), 0)::INTEGER, '0'), '')";
      return { sql: fill(scope, sql, [bits, least]), type: 'string' };
    },
  },
  nullTest('isnull', 'IS NULL'),
  nullTest('isnotnull', 'IS NOT NULL'),
  {
    name: 'isempty',
    takes: ['any'],
    returns: 'bool',
    emit: ({ args, scope }) => ({ sql: `(${convert(scope, args[0]!, 'string').sql} = '')`, type: 'bool' }),
  },
  {
    name: 'isnotempty',
    takes: ['any'],
    returns: 'bool',
    emit: ({ args, scope }) => ({ sql: `(${convert(scope, args[0]!, 'string').sql} <> '')`, type: 'bool' }),
  },
  {
    name: 'notempty',
    takes: ['any'],
    returns: 'bool',
    emit: ({ args, scope }) => ({ sql: `(${convert(scope, args[0]!, 'string').sql} <> '')`, type: 'bool' }),
  },
];
