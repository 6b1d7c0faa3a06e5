import { fill, hoist, refuse } from '../context.ts';
import { convert } from '../convert.ts';
import { quoteString } from '../quote.ts';
import { constantText, type Scalar } from '../scalar.ts';
import { declaredType as typeOfLiteral } from '../tree/syntax.ts';
import type { Call, FunctionRow } from './row.ts';

/** trim(regex, text) takes one match off each end. */
function trim(start: boolean, end: boolean) {
  return ({ args, scope, node }: Call): Scalar => {
    const pattern = constantText(args[0]);
    if (pattern === undefined) return refuse(scope, node, 'trim', 'a pattern that is not a constant');
    let sql = args[1]!.sql;
    if (start) sql = `regexp_replace(${sql}, ${quoteString(`^(?:${pattern})`)}, '')`;
    if (end) sql = `regexp_replace(${sql}, ${quoteString(`(?:${pattern})$`)}, '')`;
    return { sql, type: 'string' };
  };
}

function replaceRegex({ args, scope, node }: Call): Scalar {
  const pattern = constantText(args[1]);
  const by = constantText(args[2]);
  if (pattern === undefined || by === undefined) return refuse(scope, node, 'replace_regex', 'a pattern that is not a constant');
  return { sql: `regexp_replace(${args[0]!.sql}, ${quoteString(pattern)}, ${quoteString(by)}, 'g')`, type: 'string' };
}

function texts({ args, scope }: Call): string[] {
  return args.map((a) => convert(scope, a, 'string').sql);
}

export const string: readonly FunctionRow[] = [
  { name: 'strlen', takes: ['string'], returns: 'long', sql: 'length({0})' },
  { name: 'string_size', takes: ['string'], returns: 'long', sql: 'strlen({0})' },
  { name: 'tolower', takes: ['string'], returns: 'string', sql: 'lower({0})' },
  { name: 'toupper', takes: ['string'], returns: 'string', sql: 'upper({0})' },
  { name: 'strcat', takes: ['any', 'any*'], returns: 'string', emit: (call) => ({ sql: `(${texts(call).join(' || ')})`, type: 'string' }) },
  {
    name: 'strcat_delim',
    takes: ['any', 'any', 'any*'],
    returns: 'string',
    emit: (call) => ({ sql: `concat_ws(${texts(call).join(', ')})`, type: 'string' }),
  },
  {
    name: 'strrep',
    takes: ['any', 'long', 'string?'],
    returns: 'string',
    emit: ({ args, scope }) => {
      const text = convert(scope, args[0]!, 'string').sql;
      const count = args[1]!.sql;
      if (!args[2]) return { sql: `repeat(${text}, ${count})`, type: 'string' };
      return {
        sql: fill(scope, "CASE WHEN {1} > 0 THEN repeat({0} || {2}, {1} - 1) || {0} ELSE '' END", [text, count, args[2].sql]),
        type: 'string',
      };
    },
  },
  {
    name: 'substring',
    takes: ['string', 'long', 'long?'],
    returns: 'string',
    emit: ({ args, scope }) => ({
      sql: fill(scope, 'kql_substring({0}, {1}, {2})', [args[0]!.sql, args[1]!.sql, args[2]?.sql ?? '2147483647']),
      type: 'string',
    }),
  },
  {
    name: 'indexof',
    takes: ['string', 'string', 'long?', 'long?', 'long?'],
    returns: 'long',
    emit: ({ args, scope, node }) => {
      if (args.length > 3) return refuse(scope, node, 'indexof', 'with a length or an occurrence');
      if (!args[2]) return { sql: `(instr(${args[0]!.sql}, ${args[1]!.sql}) - 1)`, type: 'long' };
      return {
        sql: fill(
          scope,
          'CASE WHEN {2} < 0 OR {2} > length({0}) THEN -1 WHEN instr(substr({0}, {2} + 1), {1}) = 0 THEN -1 ELSE instr(substr({0}, {2} + 1), {1}) - 1 + {2} END',
          [args[0]!.sql, args[1]!.sql, args[2].sql],
        ),
        type: 'long',
      };
    },
  },
  { name: 'reverse', takes: ['any'], returns: 'string', emit: (call) => ({ sql: `reverse(${texts(call)[0]})`, type: 'string' }) },
  {
    name: 'replace_string',
    takes: ['string', 'string', 'string'],
    returns: 'string',
    sql: "CASE WHEN {1} = '' THEN {0} ELSE replace({0}, {1}, {2}) END",
  },
  { name: 'replace_regex', takes: ['string', 'string', 'string'], returns: 'string', emit: replaceRegex },
  {
    name: 'replace',
    takes: ['string', 'string', 'string'],
    returns: 'string',
    emit: (call) => replaceRegex({ ...call, args: [call.args[2]!, call.args[0]!, call.args[1]!] }),
  },
  { name: 'trim', takes: ['string', 'string'], returns: 'string', emit: trim(true, true) },
  { name: 'trim_start', takes: ['string', 'string'], returns: 'string', emit: trim(true, false) },
  { name: 'trim_end', takes: ['string', 'string'], returns: 'string', emit: trim(false, true) },
  {
    name: 'split',
    takes: ['string', 'string', 'long?'],
    returns: 'dynamic',
    emit: ({ args, scope }) => {
      const parts = fill(scope, "CASE WHEN {1} = '' THEN [{0}] ELSE string_split({0}, {1}) END", [args[0]!.sql, args[1]!.sql]);
      if (!args[2]) return { sql: `to_json(${parts})::VARCHAR`, type: 'dynamic' };
      const at = hoist(scope, `(${parts})[${args[2].sql} + 1]`);
      return { sql: `CASE WHEN ${at} IS NULL THEN NULL ELSE to_json([${at}])::VARCHAR END`, type: 'dynamic' };
    },
  },
  {
    name: 'extract',
    takes: ['string', 'long', 'string', 'any?'],
    returns: 'bound',
    emit: ({ args, scope, node, nodes }) => {
      const pattern = constantText(args[0]);
      const group = args[1]!.constant?.value;
      if (pattern === undefined || typeof group !== 'bigint') return refuse(scope, node, 'extract', 'a pattern that is not a constant');
      const text: Scalar = { sql: `regexp_extract(${args[2]!.sql}, ${quoteString(pattern)}, ${group})`, type: 'string' };
      const type = nodes[3] ? typeOfLiteral(nodes[3]) : undefined;
      return type ? convert(scope, text, type) : text;
    },
  },
  {
    name: 'countof',
    takes: ['string', 'string', 'string?'],
    returns: 'long',
    emit: ({ args, scope, node }) => {
      const kind = args[2] ? constantText(args[2]) : 'normal';
      if (kind === 'regex') {
        const pattern = constantText(args[1]);
        if (pattern === undefined) return refuse(scope, node, 'countof', 'a pattern that is not a constant');
        return { sql: `len(regexp_extract_all(${args[0]!.sql}, ${quoteString(pattern)}))`, type: 'long' };
      }
      return {
        sql: fill(
          scope,
          "CASE WHEN {1} = '' THEN 0 ELSE len(list_filter(range(1, length({0}) + 1), lambda i: substr({0}, i, length({1})) = {1})) END",
          [args[0]!.sql, args[1]!.sql],
        ),
        type: 'long',
      };
    },
  },
  {
    name: 'strcmp',
    takes: ['string', 'string'],
    returns: 'long',
    sql: 'CASE WHEN {0} < {1} THEN -1 WHEN {0} > {1} THEN 1 ELSE 0 END::BIGINT',
  },
  { name: 'isascii', takes: ['string'], returns: 'bool', sql: "regexp_full_match({0}, '[\\x00-\\x7F]*', 's')" },
  { name: 'base64_encode_tostring', takes: ['string'], returns: 'string', sql: 'base64(encode({0}))' },
  { name: 'base64_decode_tostring', takes: ['string'], returns: 'string', sql: "coalesce(try(decode(from_base64({0}))), '')" },
  { name: 'url_encode', takes: ['string'], returns: 'string', sql: 'url_encode({0})' },
  { name: 'url_decode', takes: ['string'], returns: 'string', sql: 'url_decode({0})' },
  { name: 'hash_md5', takes: ['any'], returns: 'string', emit: (call) => ({ sql: `md5(${texts(call)[0]})`, type: 'string' }) },
  { name: 'hash_sha1', takes: ['any'], returns: 'string', emit: (call) => ({ sql: `sha1(${texts(call)[0]})`, type: 'string' }) },
  { name: 'hash_sha256', takes: ['any'], returns: 'string', emit: (call) => ({ sql: `sha256(${texts(call)[0]})`, type: 'string' }) },
  { name: 'ascii', takes: ['string'], returns: 'long', sql: 'ascii({0})::BIGINT' },
];
