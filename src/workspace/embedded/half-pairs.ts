/**
 * JSON text whose escapes of half a surrogate pair (`\ud83d` alone, from text that an exporter has cut) became U+FFFD: DuckDB refuses the whole
 * value, and with it every query that looks into the column. An even number of backslashes before the `u` is no escape.
 */
export function withoutHalfPairs(json: string): string {
  return json.replace(
    /(\\\\)|(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}/g,
    (all, backslashes, pair) => (backslashes === undefined && pair === undefined ? '\\ufffd' : all),
  );
}
