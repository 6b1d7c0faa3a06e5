import type { KqlType } from '../../../core/kql-types.ts';
import { MAX_DATETIME_TICKS, UNIX_EPOCH_TICKS } from '../../../core/ticks.ts';

/** A date of ISO 8601 as log exporters write it: blank or T, seconds and zone may be missing. */
const ISO = '\\d{4}-\\d{2}-\\d{2}(?:[T ]\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?)?\\s*(?:[Zz]|[+-]\\d{2}(?::?\\d{2})?)?';
/** `4/28/2021, 2:08:45.221 PM`, the CSV export of Log Analytics; newer ones put U+202F before PM. */
const US = '\\d{1,2}/\\d{1,2}/\\d{4}(?:,?\\s+\\d{1,2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?[\\s\\x{202F}]*(?:[AaPp][Mm])?)?';
/** Numbers that DuckDB reads in JSON, in any case, and JSON does not know: in a dynamic column they would break every reader. */
const NOT_A_NUMBER = '(?i)(?:^|[:\\[,])-?(?:nan|inf(?:inity)?)(?:$|[,\\]}])';
const JSON_STRING = '"(?:[^"\\\\]|\\\\.)*"';

/** Escapes of half a surrogate pair as U+FFFD. Backslashes that are escaped and whole pairs are put aside as characters that JSON cannot hold. */
const WHOLE_PAIRS = [
  ['\\\\\\\\', '\u0001'],
  ['\\\\u([dD][89abAB][0-9a-fA-F]{2})\\\\u([dD][c-fC-F][0-9a-fA-F]{2})', '\u0002\\1\u0002\\2'],
  ['\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\ufffd'],
  ['\u0002', '\\\\u'],
  ['\u0001', '\\\\\\\\'],
].reduce((sql, [pattern, by]) => `regexp_replace(${sql}, '${pattern}', '${by}', 'g')`, 's');

/**
 * Macros of the import connection. TIMESTAMPTZ because a cast to TIMESTAMP ignores the offset, and TIMESTAMP_NS ends at 1677 and 2262;
 * it holds microseconds, so the seventh digit is read from the text.
 */
export const VALUE_MACROS: readonly string[] = [
  `CREATE MACRO fw_iso(s) AS epoch_us(try_cast(s AS TIMESTAMPTZ)) * 10 + ${UNIX_EPOCH_TICKS} + coalesce(try_cast(regexp_extract(s, '\\.\\d{6}(\\d)', 1) AS BIGINT), 0)`,
  `CREATE MACRO fw_iso_repaired(s) AS fw_iso(regexp_replace(regexp_replace(s, '^(.{10}[T ]\\d{2}:\\d{2})(\\s*(?:[Zz+-].*)?)$', '\\1:00\\2'), '\\s+([Zz+-][^ ]*)$', '\\1'))`,
  `CREATE MACRO fw_us_clock(s) AS epoch_us(coalesce(${['%m/%d/%Y %I:%M:%S %p', '%m/%d/%Y %I:%M %p', '%m/%d/%Y %H:%M:%S', '%m/%d/%Y %H:%M', '%m/%d/%Y'].map((format) => `try_strptime(s, '${format}')`).join(', ')})) * 10 + ${UNIX_EPOCH_TICKS}`,
  `CREATE MACRO fw_us(s) AS fw_us_clock(regexp_replace(regexp_replace(regexp_replace(s, '[\\s\\x{202F}]*([AaPp][Mm])$', ' \\1'), ',?\\s+', ' '), '\\.\\d+', '')) + coalesce(try_cast(rpad(regexp_extract(s, '\\.(\\d{1,7})', 1), 7, '0') AS BIGINT), 0)`,
  `CREATE MACRO fw_in_range(t) AS CASE WHEN t BETWEEN 0 AND ${MAX_DATETIME_TICKS} THEN t::BIGINT END`,
  `CREATE MACRO fw_ticks(s) AS CASE WHEN regexp_full_match(s, '${ISO}') THEN fw_in_range(coalesce(fw_iso(s), fw_iso_repaired(s))) WHEN regexp_full_match(trim(s), '${ISO}') THEN fw_in_range(fw_iso_repaired(trim(s))) WHEN regexp_full_match(trim(s), '${US}') THEN fw_in_range(fw_us(trim(s))) END`,
  "CREATE MACRO fw_long(s) AS CASE WHEN regexp_full_match(s, '\\s*[+-]?\\d+(?:\\.0*)?\\s*') THEN try_cast(split_part(s, '.', 1) AS BIGINT) END",
  "CREATE MACRO fw_bool(s) AS CASE lower(trim(s)) WHEN 'true' THEN true WHEN 'false' THEN false WHEN '1' THEN true WHEN '0' THEN false END",
  `CREATE MACRO fw_strict(v) AS CASE WHEN regexp_matches(v, '${NOT_A_NUMBER}') AND regexp_matches(regexp_replace(v, '${JSON_STRING}', '""', 'g'), '${NOT_A_NUMBER}') THEN to_json(v)::VARCHAR ELSE v END`,
  `CREATE MACRO fw_whole_pairs(s) AS CASE WHEN regexp_matches(s, '\\\\u[dD][89a-fA-F]') THEN ${WHOLE_PAIRS} ELSE s END`,
  "CREATE MACRO fw_unwrapped(v, inner_text) AS CASE WHEN inner_text = '' THEN NULL WHEN regexp_matches(inner_text, '^\\s*[\\[{]') AND json_valid(inner_text) THEN fw_strict(json(inner_text)::VARCHAR) ELSE v END",
  "CREATE MACRO fw_dynamic(v) AS CASE WHEN starts_with(v, '\"') THEN fw_unwrapped(v, fw_whole_pairs(json_extract_string(v, '$'))) ELSE fw_strict(v) END",
];

/** The stored value of a raw text; null where the text is empty or is no such value. */
const TYPED: Readonly<Record<KqlType, (raw: string) => string>> = {
  string: (raw) => `coalesce(${raw}, '')`,
  dynamic: (raw) => `fw_dynamic(${raw})`,
  datetime: (raw) => `fw_ticks(${raw})`,
  timespan: (raw) => `fw_long(${raw})`,
  long: (raw) => `fw_long(${raw})`,
  int: (raw) => `try_cast(fw_long(${raw}) AS INTEGER)`,
  real: (raw) => `try_cast(${raw} AS DOUBLE)`,
  bool: (raw) => `fw_bool(${raw})`,
  decimal: (raw) => `try_cast(${raw} AS DECIMAL(38, 17))::VARCHAR`,
  guid: (raw) => `nullif(${raw}, '')`,
};

export function typedSql(type: KqlType, raw: string): string {
  return TYPED[type](raw);
}

/** Whether a text that is not empty can fail to be a value of the type. */
export function canFail(type: KqlType): boolean {
  return type !== 'string' && type !== 'dynamic' && type !== 'guid';
}
