import { MACROS } from './macro-rows.ts';

/** DuckDB's macros are text: an argument that is used twice is computed twice, and nested ones multiply. */
const multi = new Set<string>();
for (const row of MACROS) {
  const twice = row.takes.some((p) => (row.sql.match(new RegExp(`\\b${p}\\b`, 'g'))?.length ?? 0) > 1);
  const nested = (row.sql.match(/\bkql_\w+/g) ?? []).some((name) => multi.has(name));
  if (twice || nested) multi.add(row.name);
}

/** Whether a template calls a macro that uses an argument more than once. */
export function macroUses(template: string): boolean {
  return (template.match(/\bkql_\w+/g) ?? []).some((name) => multi.has(name));
}

/** To be run once on each connection (TEMP: nothing of them stays in a file), in this order. */
export const runtimeMacros: readonly string[] = MACROS.map(
  (row) => `CREATE OR REPLACE TEMP MACRO ${row.name}(${row.takes.join(', ')}) AS (${row.sql})`,
);
