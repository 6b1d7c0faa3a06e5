import { fill, refuse } from '../context.ts';
import { convert } from '../convert.ts';
import { constantText, type Scalar } from '../scalar.ts';
import type { Call, FunctionRow } from './row.ts';

/** The hash of text, and of a datetime as the eight bytes of its ticks, is known; how other types are laid out is not. */
function hashed(call: Call, value: Scalar): string | undefined {
  if (value.type === 'string') return `kqlf_hash_text(${value.sql})`;
  if (value.type === 'datetime') return `kqlf_hash_long(${value.sql})`;
  refuse(call.scope, call.node, 'hash', `of a value of type ${value.type}`);
  return undefined;
}

function hash(call: Call): Scalar {
  const [value, modulo] = call.args;
  const sql = hashed(call, value!) ?? 'NULL::BIGINT';
  if (!modulo) return { sql, type: 'long' };
  const stop = "error('hash with a modulo of a value whose hash is negative is not supported' || left({0}::VARCHAR, 0))::BIGINT";
  const rest = `CASE WHEN {0} < 0 THEN ${stop} ELSE kql_mod({0}, {1}) END`;
  return { sql: fill(call.scope, rest, [sql, convert(call.scope, modulo, 'long').sql]), type: 'long' };
}

function list(call: Call): string {
  const items = call.args.map((a) => `coalesce(${convert(call.scope, a, 'dynamic').sql}, 'null')`);
  return `'[' || ${items.join(" || ',' || ")} || ']'`;
}

function fromPoints(call: Call): Scalar {
  return { sql: `coalesce(kqlf_from_codepoints(${list(call)}), '')`, type: 'string' };
}

function text(name: string, fn: string): FunctionRow {
  return { name, takes: ['string'], returns: 'string', sql: `coalesce(${fn}({0}), '')` };
}

/** Hashes and encodings. */
export const encoding: readonly FunctionRow[] = [
  { name: 'hash', takes: ['any', 'any?'], returns: 'long', emit: hash },
  { name: 'hash_xxhash64', takes: ['any', 'any?'], returns: 'long', emit: hash },
  text('gzip_decompress_from_base64_string', 'kqlf_gunzip'),
  text('zlib_decompress_from_base64_string', 'kqlf_inflate'),
  text('gzip_compress_to_base64_string', 'kqlf_gzip'),
  text('zlib_compress_to_base64_string', 'kqlf_deflate'),
  { name: 'base64_decode_toguid', takes: ['string'], returns: 'guid', sql: 'kqlf_base64_guid({0})' },
  { name: 'base64_encode_fromguid', takes: ['guid'], returns: 'string', sql: 'kqlf_guid_base64({0})' },
  { name: 'base64_decode_toarray', takes: ['string'], returns: 'dynamic', sql: 'kqlf_base64_bytes({0})' },
  { name: 'base64_encode_fromarray', takes: ['dynamic'], returns: 'string', sql: "coalesce(kqlf_bytes_base64({0}), '')" },
  { name: 'unicode_codepoints_from_string', takes: ['string'], returns: 'dynamic', sql: 'kqlf_codepoints({0})' },
  { name: 'to_utf8', takes: ['string'], returns: 'dynamic', sql: 'kqlf_codepoints({0})' },
  { name: 'unicode_codepoints_to_string', takes: ['any', 'any*'], returns: 'string', emit: fromPoints },
  { name: 'make_string', takes: ['any', 'any*'], returns: 'string', emit: fromPoints },
  { name: 'translate', takes: ['string', 'string', 'string'], returns: 'string', sql: 'kqlf_translate({0}, {1}, {2})' },
  {
    name: 'replace_strings',
    takes: ['string', 'dynamic', 'dynamic'],
    returns: 'string',
    sql: "coalesce(kqlf_replace_strings({0}, {1}, {2}), '')",
  },
  text('punycode_from_string', 'kqlf_to_punycode'),
  text('punycode_to_string', 'kqlf_from_punycode'),
  text('punycode_domain_to_string', 'kqlf_domain_punycode'),
  text('punycode_domain_from_string', 'kqlf_domain_from_punycode'),
  { name: 'isutf8', takes: ['string'], returns: 'bool', sql: '({0} IS NOT NULL)' },
  { name: 'parse_url', takes: ['string'], returns: 'dynamic', sql: 'kqlf_parse_url({0})' },
  { name: 'parse_urlquery', takes: ['string'], returns: 'dynamic', sql: 'kqlf_parse_urlquery({0})' },
  { name: 'parse_path', takes: ['string'], returns: 'dynamic', sql: 'kqlf_parse_path({0})' },
  { name: 'parse_csv', takes: ['string'], returns: 'dynamic', sql: 'kqlf_parse_csv({0})' },
  { name: 'parse_version', takes: ['string'], returns: 'decimal', sql: 'kqlf_parse_version({0})' },
  {
    name: 'parse_command_line',
    takes: ['string', 'string'],
    returns: 'dynamic',
    emit: ({ args, node, scope }) =>
      constantText(args[1]) === 'windows'
        ? { sql: `kqlf_command_line(${args[0]!.sql})`, type: 'dynamic' }
        : refuse(scope, node, 'parse_command_line', "of another kind than 'windows'"),
  },
  {
    name: 'parse_user_agent',
    takes: ['any', 'any', 'any?'],
    returns: 'dynamic',
    refuse: 'its answer depends on a list of agents that Kusto does not publish',
  },
  { name: 'parse_xml', takes: ['string'], returns: 'dynamic', sql: 'kqlf_parse_xml({0})' },
];
