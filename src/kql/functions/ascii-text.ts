import { fill, type Scope } from '../context.ts';
import type { Pattern } from '../text/pattern.ts';

/** The text for a pattern: where RE2 would see other words than Kusto, the query stops. */
export function asciiText(scope: Scope, sql: string, pattern: Pattern): string {
  if (!pattern.asciiOnly) return sql;
  const stop = "error('\\b in a pattern over text beyond ASCII is not supported' || left({0}, 0))::VARCHAR";
  return fill(scope, `(CASE WHEN strlen({0}) = length({0}) THEN {0} ELSE ${stop} END)`, [sql]);
}
