/** A macro of the engine: `sql` is text over the names in `takes`. */
export interface MacroRow {
  readonly name: string;
  readonly takes: readonly string[];
  readonly sql: string;
}

const EPOCH = '621355968000000000';
const DAY = '864000000000';
const MAX = '3155378975999999999';
/** Unicode letters and digits make terms; everything else, `_` too, parts them. */
const EDGE = '[^\\p{L}\\p{N}]';

/**
 * Times as logs write them: read in SQL; any other form goes to JavaScript, which costs a microsecond a row.
 */
const ISO = '\\d{4}-\\d\\d-\\d\\d[T ](?:[01]\\d|2[0-3]):\\d\\d:\\d\\d(?:\\.\\d{1,7})?Z';
const VALUE = '(?:["{\\[\\d-]|true|false|null)';
/** What JSON may hold that is not as it would be written again: blanks between tokens, other escapes, and what only DuckDB takes for JSON. */
const LOOSE = [
  ...['^\\s', '\\s$', `[,:]\\s+${VALUE}`, '\\{\\s', '\\[\\s', '\\s[}\\]]', '"\\s+[:,]', '[}\\]]\\s', '[\\del]\\s+,'],
  ...[',[}\\]]', '\\\\[^"\\\\nrtbf]', '(?:^|[:,\\[-])(?i:nan|inf)'],
].join('|');

/** The lowest bin may begin below the least long; what the engine gives there is not known. */
const BEYOND = "CASE WHEN x IS NOT NULL THEN error('a bin that begins below the least long is not supported')::BIGINT END";

/** A real in JSON that the engine may write in another way: zeros at its end, an exponent, more than 15 digits. */
const UNUSUAL_REAL =
  '(?:^|[\\[:,])-?(?:\\d+\\.\\d+0(?:[,}\\]]|$)|\\d+(?:\\.\\d+)?[eE]|\\d{1,3}\\.\\d{13}|\\d{4,9}\\.\\d{7}|\\d{10,}\\.\\d)';

/** SQL macros that the templates use, each after those it calls. Dates: BIGINT ticks; dynamic: JSON text. */
export const MACROS: readonly MacroRow[] = [
  // numbers: Kusto wraps modulo 2^64 where DuckDB raises
  {
    name: 'kql_wrap',
    takes: ['h'],
    sql: '(((h + 9223372036854775808) % 18446744073709551616 + 18446744073709551616) % 18446744073709551616 - 9223372036854775808)::BIGINT',
  },
  { name: 'kql_add', takes: ['a', 'b'], sql: 'kql_wrap(a::HUGEINT + b::HUGEINT)' },
  { name: 'kql_sub', takes: ['a', 'b'], sql: 'kql_wrap(a::HUGEINT - b::HUGEINT)' },
  { name: 'kql_mul', takes: ['a', 'b'], sql: 'kql_wrap(a::HUGEINT * b::HUGEINT)' },
  { name: 'kql_div', takes: ['a', 'b'], sql: 'CASE WHEN b = -1 THEN kql_wrap(-(a::HUGEINT)) ELSE a // b END' },
  {
    name: 'kql_mod',
    takes: ['a', 'b'],
    sql: 'CASE WHEN b = 0 THEN NULL ELSE ((a::HUGEINT % b) + abs(b::HUGEINT)) % abs(b::HUGEINT) END::BIGINT',
  },
  {
    name: 'kql_fmod',
    takes: ['a', 'b'],
    sql: "CASE WHEN b = 0 OR isinf(b) THEN error('the rest of a real divided by zero or by infinity is not supported')::DOUBLE ELSE ((a % b) + abs(b)) % abs(b) END",
  },
  {
    name: 'kql_long_of_real',
    takes: ['x'],
    sql: "CASE WHEN isnan(x) OR isinf(x) THEN NULL WHEN x >= 9223372036854775807 THEN 9223372036854775807::BIGINT WHEN x <= -9223372036854775808 THEN '-9223372036854775808'::BIGINT ELSE trunc(x)::BIGINT END",
  },
  {
    name: 'kql_int_of_real',
    takes: ['x'],
    sql: 'CASE WHEN isnan(x) OR isinf(x) THEN NULL WHEN x >= 2147483647 THEN 2147483647 WHEN x <= -2147483648 THEN (-2147483648)::INTEGER ELSE trunc(x)::INTEGER END',
  },
  { name: 'kql_int_of_long', takes: ['x'], sql: '(((x % 4294967296 + 6442450944) % 4294967296) - 2147483648)::INTEGER' },
  {
    name: 'kql_long_of_text',
    takes: ['s'],
    sql: "CASE WHEN regexp_full_match(s, '\\s*[+-]?\\d+\\s*') THEN try_cast(trim(s) AS BIGINT) WHEN regexp_full_match(s, '\\s*0[xX][0-9a-fA-F]{1,16}\\s*') THEN kql_wrap(try_cast(('0x' || substr(trim(s), 3)) AS UBIGINT)::HUGEINT) END",
  },
  {
    name: 'kql_int_of_text',
    takes: ['s'],
    sql: "CASE WHEN regexp_full_match(s, '\\s*[+-]?\\d+\\s*') THEN try_cast(trim(s) AS INTEGER) WHEN regexp_full_match(s, '\\s*0[xX][0-9a-fA-F]{1,8}\\s*') THEN kql_int_of_long(try_cast(('0x' || substr(trim(s), 3)) AS BIGINT)) END",
  },
  {
    name: 'kql_real_of_text',
    takes: ['s'],
    sql: "CASE WHEN regexp_full_match(s, '\\s*[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?\\s*') THEN try_cast(trim(s) AS DOUBLE) WHEN regexp_full_match(s, '\\s*[+-]?([iI]nf|Infinity)\\s*') THEN CASE WHEN contains(s, '-') THEN '-inf'::DOUBLE ELSE 'inf'::DOUBLE END WHEN regexp_full_match(s, '\\s*(nan|NaN)\\s*') THEN 'nan'::DOUBLE END",
  },
  {
    name: 'kql_bool_of_text',
    takes: ['s'],
    sql: "CASE WHEN lower(s) = 'true' THEN true WHEN lower(s) = 'false' THEN false WHEN regexp_full_match(s, '\\s*[+-]?\\d+\\s*') THEN try_cast(trim(s) AS BIGINT) <> 0 ELSE kql_long_of_text(s) <> 0 END",
  },
  {
    name: 'kql_guid_of_text',
    takes: ['s'],
    sql: "nullif(regexp_replace(regexp_extract(lower(s), '^\\s*[{(]?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}'), '^\\s*[{(]?(.{8})-?(.{4})-?(.{4})-?(.{4})-?(.{12})', '\\1-\\2-\\3-\\4-\\5'), '')",
  },
  // comparison: total on null but for both sides null
  { name: 'kql_eq', takes: ['a', 'b'], sql: 'CASE WHEN a IS NULL AND b IS NULL THEN NULL ELSE a IS NOT DISTINCT FROM b END' },
  {
    name: 'kql_eq_real',
    takes: ['a', 'b'],
    sql: 'CASE WHEN a IS NULL AND b IS NULL THEN NULL ELSE a IS NOT DISTINCT FROM b AND coalesce(NOT isnan(a), true) END',
  },
  { name: 'kql_lt_real', takes: ['a', 'b'], sql: 'a < b AND NOT isnan(a) AND NOT isnan(b)' },
  { name: 'kql_le_real', takes: ['a', 'b'], sql: 'a <= b AND NOT isnan(a) AND NOT isnan(b)' },
  // datetime, timespan
  { name: 'kql_in_range', takes: ['x'], sql: `CASE WHEN x BETWEEN 0 AND ${MAX} THEN x::BIGINT END` },
  { name: 'kql_ts', takes: ['x'], sql: 'make_timestamp(x // 10 - 62135596800000000)' },
  { name: 'kql_ticks', takes: ['t'], sql: `kql_in_range(epoch_us(t) * 10 + ${EPOCH})` },
  { name: 'kql_datetime_text', takes: ['x'], sql: "coalesce(strftime(kql_ts(x), '%Y-%m-%dT%H:%M:%S.%f') || (x % 10) || 'Z', '')" },
  {
    name: 'kql_datetime_of_text',
    takes: ['s'],
    sql: `CASE WHEN regexp_full_match(s, '${ISO}') THEN kql_in_range(epoch_us(try_cast(substr(s, 1, 19) AS TIMESTAMP)) * 10 + ${EPOCH} + try_cast(rpad(replace(substr(s, 21), 'Z', ''), 7, '0') AS BIGINT)) ELSE kqlf_datetime(s) END`,
  },
  {
    name: 'kql_parse_json',
    takes: ['s'],
    sql: `CASE WHEN s <> 'null' AND json_valid(s) AND NOT regexp_matches(s, '${LOOSE}') THEN s ELSE kqlf_parse_json(s) END`,
  },
  { name: 'kql_two', takes: ['n'], sql: "lpad(n::VARCHAR, 2, '0')" },
  {
    name: 'kql_timespan_text',
    takes: ['x'],
    sql: `coalesce(CASE WHEN x < 0 THEN '-' ELSE '' END || CASE WHEN abs(x::HUGEINT) >= ${DAY} THEN (abs(x::HUGEINT) // ${DAY})::VARCHAR || '.' ELSE '' END || kql_two(abs(x::HUGEINT) // 36000000000 % 24) || ':' || kql_two(abs(x::HUGEINT) // 600000000 % 60) || ':' || kql_two(abs(x::HUGEINT) // 10000000 % 60) || CASE WHEN abs(x::HUGEINT) % 10000000 > 0 THEN '.' || lpad((abs(x::HUGEINT) % 10000000)::VARCHAR, 7, '0') ELSE '' END, '')`,
  },
  {
    name: 'kql_bin',
    takes: ['x', 's'],
    sql: `CASE WHEN s > 0 THEN coalesce(try_cast(x::HUGEINT - ((x % s) + s) % s AS BIGINT), ${BEYOND}) END`,
  },
  { name: 'kql_bin_real', takes: ['x', 's'], sql: 'CASE WHEN s > 0 THEN floor(x / s) * s END' },
  {
    name: 'kql_bin_at',
    takes: ['x', 's', 'o'],
    sql: `CASE WHEN s > 0 THEN coalesce(try_cast(o::HUGEINT + (x::HUGEINT - o) - (((x::HUGEINT - o) % s) + s) % s AS BIGINT), ${BEYOND}) END`,
  },
  { name: 'kql_startofday', takes: ['x'], sql: `x - x % ${DAY}` },
  { name: 'kql_startofweek', takes: ['x'], sql: `greatest(x - (x + ${DAY}) % 6048000000000, 0)` },
  { name: 'kql_startofmonth', takes: ['x'], sql: "kql_ticks(date_trunc('month', kql_ts(x)))" },
  { name: 'kql_startofyear', takes: ['x'], sql: "kql_ticks(date_trunc('year', kql_ts(x)))" },
  // text
  {
    // The letter has no capital of its own in Unicode's table of letters; DuckDB gives it one.
    name: 'kql_upper',
    takes: ['s'],
    sql: "CASE WHEN contains(s, 'ß') THEN array_to_string(list_transform(string_split(s, 'ß'), lambda t: upper(t)), 'ß') ELSE upper(s) END",
  },
  { name: 'kql_bool_text', takes: ['x'], sql: "CASE WHEN x THEN 'True' WHEN NOT x THEN 'False' ELSE '' END" },
  {
    name: 'kql_real_text',
    takes: ['x'],
    sql: "CASE WHEN x IS NULL THEN '' WHEN isnan(x) THEN 'NaN' WHEN isinf(x) THEN CASE WHEN x < 0 THEN '-inf' ELSE 'inf' END WHEN length(x::VARCHAR) > 16 THEN kqlf_real_text(upper(x::VARCHAR)) ELSE upper(x::VARCHAR) END",
  },
  { name: 'kql_has', takes: ['s', 't', 're'], sql: 'CASE WHEN contains(s, t) THEN regexp_matches(s, re) ELSE false END' },
  { name: 'kql_quote', takes: ['t'], sql: "regexp_replace(t, '([\\\\^$.|?*+()\\[\\]{}])', '\\\\\\1', 'g')" },
  {
    name: 'kql_has_text',
    takes: ['s', 't'],
    sql: `CASE WHEN t = '' THEN true WHEN contains(s, t) THEN regexp_matches(s, CASE WHEN regexp_matches(t, '^[\\p{L}\\p{N}]') THEN '(?:^|${EDGE})' ELSE '' END || kql_quote(t) || CASE WHEN regexp_matches(t, '[\\p{L}\\p{N}]$') THEN '(?:$|${EDGE})' ELSE '' END) ELSE false END`,
  },
  {
    name: 'kql_hasprefix',
    takes: ['s', 't'],
    sql: `CASE WHEN t = '' THEN true WHEN contains(s, t) THEN regexp_matches(s, CASE WHEN regexp_matches(t, '^[\\p{L}\\p{N}]') THEN '(?:^|${EDGE})' ELSE '' END || kql_quote(t)) ELSE false END`,
  },
  {
    name: 'kql_hassuffix',
    takes: ['s', 't'],
    sql: `CASE WHEN t = '' THEN true WHEN contains(s, t) THEN regexp_matches(s, kql_quote(t) || CASE WHEN regexp_matches(t, '[\\p{L}\\p{N}]$') THEN '(?:$|${EDGE})' ELSE '' END) ELSE false END`,
  },
  {
    name: 'kql_substring',
    takes: ['s', 'a', 'n'],
    sql: "CASE WHEN n < 0 OR a >= length(s) THEN '' WHEN a < 0 AND a < -length(s) THEN '' WHEN a < 0 THEN substr(s, length(s) + a + 1, least(n, 2147483647)) ELSE substr(s, a + 1, least(n, 2147483647)) END",
  },
  // dynamic
  { name: 'kql_json', takes: ['s'], sql: 'to_json(s)::VARCHAR' },
  {
    name: 'kql_json_real',
    takes: ['x'],
    sql: 'CASE WHEN isnan(x) THEN \'"NaN"\' WHEN isinf(x) THEN CASE WHEN x < 0 THEN \'"-Infinity"\' ELSE \'"Infinity"\' END ELSE x::VARCHAR END',
  },
  { name: 'kql_json_bool', takes: ['x'], sql: "CASE WHEN x THEN 'true' WHEN NOT x THEN 'false' END" },
  { name: 'kql_path', takes: ['x', 'p'], sql: "nullif(json_extract(x, p)::VARCHAR, 'null')" },
  { name: 'kql_path_text', takes: ['x', 'p'], sql: "coalesce(json_extract_string(x, p), '')" },
  {
    // Only where a number could be written in another way than the engine does is it read again.
    name: 'kql_dynamic_text',
    takes: ['x'],
    sql: `coalesce(CASE WHEN x[1] = '"' THEN json_extract_string(x, '$') WHEN regexp_matches(x, '${UNUSUAL_REAL}') THEN kqlf_json_text(x) ELSE x END, '')`,
  },
  {
    name: 'kql_at',
    takes: ['x', 'k'],
    sql: "nullif(json_extract(x, CASE WHEN k < 0 THEN '$[#' || k || ']' ELSE '$[' || k || ']' END)::VARCHAR, 'null')",
  },
  {
    name: 'kql_get',
    takes: ['x', 'k'],
    sql: "CASE WHEN x[1] = '{' THEN nullif(json_extract(x, '/' || replace(replace(k, '~', '~0'), '/', '~1'))::VARCHAR, 'null') END",
  },
  {
    name: 'kql_long_of_dynamic',
    takes: ['x'],
    sql: "CASE WHEN x[1] = '\"' THEN kql_long_of_text(json_extract_string(x, '$')) WHEN x = 'true' THEN 1 WHEN x = 'false' THEN 0 WHEN regexp_full_match(x, '-?\\d+') THEN coalesce(try_cast(x AS BIGINT), kql_long_of_real(try_cast(x AS DOUBLE))) ELSE kql_long_of_real(try_cast(x AS DOUBLE)) END",
  },
  {
    name: 'kql_whole_of_dynamic',
    takes: ['x'],
    sql: "CASE WHEN regexp_full_match(x, '-?\\d+') THEN kql_long_of_dynamic(x) WHEN x[1] <> '\"' AND try_cast(x AS DOUBLE) <> trunc(try_cast(x AS DOUBLE)) THEN error('arithmetic of a dynamic with a fraction and a long (say which by toreal() or tolong()) is not supported')::BIGINT ELSE kql_long_of_dynamic(x) END",
  },
  {
    name: 'kql_int_of_dynamic',
    takes: ['x'],
    sql: "CASE WHEN x[1] = '\"' THEN kql_int_of_text(json_extract_string(x, '$')) WHEN x = 'true' THEN 1 WHEN x = 'false' THEN 0 WHEN regexp_full_match(x, '-?\\d+') THEN kql_int_of_long(try_cast(x AS BIGINT)) ELSE kql_int_of_real(try_cast(x AS DOUBLE)) END",
  },
  {
    name: 'kql_real_of_dynamic',
    takes: ['x'],
    sql: "CASE WHEN x[1] = '\"' THEN kql_real_of_text(json_extract_string(x, '$')) WHEN x = 'true' THEN 1.0 WHEN x = 'false' THEN 0.0 ELSE try_cast(x AS DOUBLE) END",
  },
  {
    name: 'kql_bool_of_dynamic',
    takes: ['x'],
    sql: "CASE WHEN x[1] = '\"' THEN kql_bool_of_text(json_extract_string(x, '$')) WHEN x = 'true' THEN true WHEN x = 'false' THEN false ELSE try_cast(x AS DOUBLE) <> 0 END",
  },
  { name: 'kql_items', takes: ['x'], sql: "CASE WHEN x[1] = '[' THEN json_extract(x, '$[*]')::VARCHAR[] END" },
  {
    name: 'kql_expand',
    takes: ['x'],
    sql: "CASE x[1] WHEN '[' THEN json_extract(x, '$[*]')::VARCHAR[] WHEN '{' THEN list_transform(json_keys(x), lambda k: '{' || to_json(k) || ':' || json_extract(x, '/' || replace(replace(k, '~', '~0'), '/', '~1')) || '}') ELSE [x] END",
  },
  {
    name: 'kql_expand_pairs',
    takes: ['x'],
    sql: "CASE x[1] WHEN '[' THEN json_extract(x, '$[*]')::VARCHAR[] WHEN '{' THEN list_transform(json_keys(x), lambda k: '[' || to_json(k) || ',' || json_extract(x, '/' || replace(replace(k, '~', '~0'), '/', '~1')) || ']') ELSE [x] END",
  },
  // a list of constants is made while the query is planned, where nothing can stop it
  {
    name: 'kql_size',
    takes: ['n'],
    sql: "CASE WHEN n > 1048576 THEN error('an array of more than 1048576 values is not supported')::BIGINT ELSE n::BIGINT END",
  },
  {
    name: 'kql_series',
    takes: ['a', 'b', 's'],
    sql: "generate_series(a, CASE WHEN (b::HUGEINT - a) // s >= 1048576 THEN (a + 1048575::HUGEINT * s)::BIGINT ELSE b END, CASE WHEN s = 0 THEN error('range() in steps of 0 is not supported')::BIGINT ELSE s END)",
  },
  { name: 'kql_array', takes: ['l'], sql: "'[' || array_to_string(l, ',') || ']'" },
  {
    name: 'kql_first_seen',
    takes: ['l'],
    sql: 'list_transform(list_sort(list_transform(list_distinct(l), lambda v: {p: list_position(l, v), v: v})), lambda r: r.v)',
  },
];
