import { fill, hoist, newId, refuse, reject } from '../context.ts';
import { convert } from '../convert.ts';
import { quoteString } from '../quote.ts';
import { constantText, nullOf, type Scalar } from '../scalar.ts';
import { type Pattern, patternOf } from '../text/pattern.ts';
import { nameOf, need, declaredType as typeOfLiteral } from '../tree/syntax.ts';
import { asciiText } from './ascii-text.ts';
import type { Call, FunctionRow } from './row.ts';

/** A constant pattern and the text it is laid over, as DuckDB takes them; undefined (and refused) when it has no such form. */
function regex(call: Call, pattern: Scalar | undefined, text: Scalar): { readonly pattern: Pattern; readonly text: string } | undefined {
  const name = nameOf(need(call.node, 'Name'));
  const known = constantText(pattern);
  const found = known === undefined ? undefined : patternOf(known);
  if (found) return { pattern: found, text: asciiText(call.scope, text.sql, found) };
  refuse(call.scope, call.node, name, known === undefined ? 'a pattern that is not a constant' : 'what this pattern holds');
  return undefined;
}

/** trim(regex, text) takes one match off each end. */
function trim(start: boolean, end: boolean) {
  return (call: Call): Scalar => {
    const found = regex(call, call.args[0], call.args[1]!);
    if (!found) return nullOf('string');
    let sql = found.text;
    if (start) sql = `regexp_replace(${sql}, ${quoteString(`^(?:${found.pattern.text})`)}, '')`;
    if (end) sql = `regexp_replace(${sql}, ${quoteString(`(?:${found.pattern.text})$`)}, '')`;
    return { sql, type: 'string' };
  };
}

function replaceRegex(call: Call): Scalar {
  const found = regex(call, call.args[1], call.args[0]!);
  const by = constantText(call.args[2]);
  if (by === undefined) return refuse(call.scope, call.node, 'replace_regex', 'a replacement that is not a constant');
  const groups = found?.pattern.groups.length ?? 0;
  // Whether the engine takes $1 of Rust's replacements for a group, and what it makes of a group that there is not, is not known.
  if (/\$[\w{$]|\\/.test(by.replace(/\\[\d\\]/g, '')) || [...by.matchAll(/\\(\d)/g)].some((m) => Number(m[1]) > groups))
    return refuse(call.scope, call.node, 'replace_regex', 'a $ or a backslash in the replacement that names no group of the pattern');
  return found
    ? { sql: `regexp_replace(${found.text}, ${quoteString(found.pattern.text)}, ${quoteString(by)}, 'g')`, type: 'string' }
    : nullOf('string');
}

/** All matches: an array of what the group caught, or of arrays where there are several groups. */
function extractAll(call: Call): Scalar {
  const { args, node, scope } = call;
  const found = regex(call, args[0], args.at(-1)!);
  if (!found) return nullOf('dynamic');
  const { groups, text } = found.pattern;
  if (groups.length === 0) return reject(scope, node, 'extract_all', 'extract_all() needs a pattern with a group');
  if (groups.length > 16) return reject(scope, node, 'extract_all', 'extract_all() takes a pattern with 16 groups at most');
  const wanted = args.length === 3 ? chosenGroups(args[1]!, groups) : groups.map((_, i) => i + 1);
  if (!wanted || wanted.length === 0) return refuse(scope, node, 'extract_all', 'these groups');
  const source = hoist(scope, convert(scope, { sql: found.text, type: args.at(-1)!.type }, 'string').sql);
  const v = newId(scope.ctx, 'v');
  const caught = wanted.map((g) =>
    hoist(scope, `list_transform(regexp_extract_all(${source}, ${quoteString(text)}, ${g}), lambda ${v}: coalesce(${v}, ''))`),
  );
  const rows =
    wanted.length === 1
      ? caught[0]!
      : `list_transform(range(1, len(${caught[0]}) + 1), lambda ${v}: [${caught.map((c) => `${c}[${v}]`).join(', ')}])`;
  return { sql: `CASE WHEN len(${caught[0]}) > 0 THEN to_json(${rows})::VARCHAR END`, type: 'dynamic' };
}

function chosenGroups(given: Scalar, groups: Pattern['groups']): number[] | undefined {
  const value = given.constant?.value;
  const items: unknown = given.type === 'dynamic' && typeof value === 'string' ? JSON.parse(value) : undefined;
  if (!Array.isArray(items)) return undefined;
  const numbers = items.map((i) => (typeof i === 'string' ? groups.indexOf(i) + 1 : Number(i)));
  if (!items.every((item, i) => (typeof item === 'string' ? numbers[i]! > 0 : Number.isInteger(item)))) return undefined;
  // Numbers of groups that there are not are passed over; where none is left, all are meant.
  const there = numbers.filter((n) => n >= 1 && n <= groups.length);
  return there.length > 0 ? there : groups.map((_, i) => i + 1);
}

/** The place of a match: matches do not overlap, and those before are measured with what parts them. */
function indexOfRegex(call: Call): Scalar {
  const { args, scope } = call;
  const found = regex(call, args[1], args[0]!);
  if (!found) return nullOf('long');
  if (found.pattern.text === '') return refuse(scope, call.node, 'indexof_regex', 'an empty pattern');
  const [start, length, nth] = [args[2]?.sql ?? '0', args[3]?.sql ?? '-1', args[4]?.sql ?? '1'].map((a) => hoist(scope, a));
  const part = hoist(scope, `substr(${found.text}, ${start} + 1)`);
  const spaced = quoteString(`((?s:.*?))(?:${found.pattern.text})`);
  const whole = hoist(scope, `list_transform(regexp_extract_all(${part}, ${spaced}, 0), lambda x: length(x))`);
  const gaps = hoist(scope, `list_transform(regexp_extract_all(${part}, ${spaced}, 1), lambda x: length(x))`);
  const before = `coalesce(list_sum(${whole}[1:${nth} - 1]), 0)`;
  // Whether a match must end, or only start, inside the length is not known.
  const stop = "error('indexof_regex of a match that passes the length is not supported')::BIGINT";
  const sql = `CASE WHEN ${start} < 0 OR ${nth} < 1 THEN NULL WHEN len(${whole}) < ${nth} THEN -1 WHEN ${length} >= 0 AND ${before} + ${whole}[${nth}] > ${length} THEN ${stop} ELSE ${start} + ${before} + ${gaps}[${nth}] END`;
  return { sql: `(${sql})::BIGINT`, type: 'long' };
}

function texts({ args, scope }: Call): string[] {
  return args.map((a) => convert(scope, a, 'string').sql);
}

/** The digest of a value's text; of an empty text it is empty. */
function digest(name: string): FunctionRow {
  const emit = (call: Call): Scalar => {
    const text = texts(call)[0]!;
    return { sql: fill(call.scope, `(CASE WHEN {0} = '' THEN '' ELSE ${name}({0}) END)`, [text]), type: 'string' };
  };
  return { name: `hash_${name}`, takes: ['any'], returns: 'string', emit };
}

const REVERSED =
  "(CASE WHEN strlen({0}) = length({0}) THEN reverse({0}) ELSE array_to_string(list_reverse(regexp_extract_all({0}, '(?s).')), '') END)";

export const string: readonly FunctionRow[] = [
  { name: 'strlen', takes: ['string'], returns: 'long', sql: 'length({0})' },
  { name: 'string_size', takes: ['string'], returns: 'long', sql: 'strlen({0})' },
  { name: 'tolower', takes: ['string'], returns: 'string', sql: 'lower({0})' },
  { name: 'toupper', takes: ['string'], returns: 'string', sql: 'kql_upper({0})' },
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
      const count = `least(coalesce(${args[1]!.sql}, 0), 1024)`;
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
      sql: fill(scope, "coalesce(kql_substring({0}, {1}, {2}), '')", [args[0]!.sql, args[1]!.sql, args[2]?.sql ?? '2147483647']),
      type: 'string',
    }),
  },
  {
    name: 'indexof',
    takes: ['any', 'any', 'long?', 'long?', 'long?'],
    returns: 'long',
    emit: (call) => {
      const [text, term] = texts(call);
      if (call.args.length === 2) return { sql: `(instr(${text}, nullif(${term}, '')) - 1)`, type: 'long' };
      const [start, length, nth] = [2, 3, 4].map((i) => call.args[i]?.sql ?? (i === 4 ? '1' : '-1'));
      return { sql: `kqlf_indexof(${text}, ${term}, ${start}, ${length}, ${nth})`, type: 'long' };
    },
  },
  {
    name: 'indexof_regex',
    takes: ['string', 'string', 'long?', 'long?', 'long?'],
    returns: 'long',
    emit: indexOfRegex,
  },
  { name: 'extract_all', takes: ['string', 'any', 'string?'], returns: 'dynamic', emit: extractAll },
  { name: 'extractall', takes: ['string', 'any', 'string?'], returns: 'dynamic', emit: extractAll },
  {
    name: 'reverse',
    takes: ['any'],
    returns: 'string',
    // DuckDB keeps together what is seen as one letter; Kusto counts code points, as strlen shows.
    emit: (call) => ({
      sql: fill(call.scope, REVERSED, [texts(call)[0]!]),
      type: 'string',
    }),
  },
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
      const at = hoist(scope, `(${parts})[least(${args[2].sql}, 2147483646) + 1]`);
      return { sql: `CASE WHEN ${at} IS NULL THEN NULL ELSE to_json([${at}])::VARCHAR END`, type: 'dynamic' };
    },
  },
  {
    name: 'extract',
    takes: ['string', 'long', 'string', 'any?'],
    returns: 'bound',
    emit: (call) => {
      const { args, nodes, scope, node } = call;
      const found = regex(call, args[0], args[2]!);
      const group = args[1]!.constant?.value;
      if (!found || typeof group !== 'bigint' || group < 0n)
        return refuse(scope, node, 'extract', 'a pattern or group that is not a constant');
      const groups = found.pattern.groups.length;
      // DuckDB counts groups up to 9.
      if (group > 9n && group <= groups) return refuse(scope, node, 'extract', 'a group beyond the ninth');
      const caught = group > groups ? "''" : `regexp_extract(${found.text}, ${quoteString(found.pattern.text)}, ${group})`;
      const text: Scalar = { sql: `coalesce(${caught}, '')`, type: 'string' };
      const type = nodes[3] ? typeOfLiteral(nodes[3]) : undefined;
      return type ? convert(scope, text, type) : text;
    },
  },
  {
    name: 'countof',
    takes: ['string', 'string', 'string?'],
    returns: 'long',
    emit: (call) => {
      const { args, scope, node } = call;
      if (!args[1]!.constant) return reject(scope, node, 'countof', 'the text that countof() looks for must be a constant');
      if (args[2] && constantText(args[2]) === 'regex') {
        const found = regex(call, args[1], args[0]!);
        return found ? { sql: `len(regexp_extract_all(${found.text}, ${quoteString(found.pattern.text)}))`, type: 'long' } : nullOf('long');
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
  { name: 'url_encode', takes: ['string'], returns: 'string', sql: 'kqlf_url_encode({0}, false)' },
  { name: 'url_encode_component', takes: ['string'], returns: 'string', sql: 'kqlf_url_encode({0}, true)' },
  { name: 'url_decode', takes: ['string'], returns: 'string', sql: 'kqlf_url_decode({0})' },
  { name: 'regex_quote', takes: ['string'], returns: 'string', sql: 'kqlf_regex_quote({0})' },
  digest('md5'),
  digest('sha1'),
  digest('sha256'),
  { name: 'ascii', takes: ['string'], returns: 'long', sql: 'ascii({0})::BIGINT' },
];
