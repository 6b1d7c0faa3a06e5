import type { KqlColumn, KqlType } from '../../../core/kql-types.ts';
import type { Importer } from './importer.ts';

const NAME = /^[^\p{C}]{1,128}$/u;
const MAX_COLUMNS = 500;

/** The columns of a custom table from the records that it is made for: names in the order in which they come, types that hold all values. */
export async function inferColumns(
  importer: Importer,
  lines: string,
  { textOnly }: { readonly textOnly: boolean },
): Promise<readonly KqlColumn[]> {
  const value = "(e.atom ->> '$')";
  const texts = `e.type = 'VARCHAR' AND ${value} <> ''`;
  const rows = await importer.rows<[string, string[], boolean | null, boolean | null, boolean | null, boolean | null, boolean | null]>(
    `SELECT e.key, list(DISTINCT e.type), bool_and(fw_ticks(${value}) IS NOT NULL) FILTER (${texts}),
       bool_and(regexp_full_match(${value}, '-?(?:0|[1-9]\\d{0,17})')) FILTER (${texts}),
       bool_and(regexp_full_match(${value}, '-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?')) FILTER (${texts}),
       bool_and(lower(${value}) IN ('true', 'false')) FILTER (${texts}),
       bool_and(try_cast(${value} AS BIGINT) IS NOT NULL) FILTER (e.type IN ('BIGINT', 'UBIGINT'))
     FROM (SELECT row_number() OVER () AS n, l FROM (${lines}) WHERE TRY(json_type(l)) = 'OBJECT') r, json_each(r.l) e
     GROUP BY e.key ORDER BY min(r.n), min(e.id)`,
  );
  const columns: KqlColumn[] = [];
  for (const [name, types, dates, longs, reals, bools, fits] of rows) {
    if (name === '_IngestionTime' || !NAME.test(name) || columns.length >= MAX_COLUMNS) continue;
    const kinds = types.filter((type) => type !== 'NULL');
    const text: KqlType = dates ? 'datetime' : !textOnly ? 'string' : longs ? 'long' : reals ? 'real' : bools ? 'bool' : 'string';
    columns.push({ name, type: name === 'TimeGenerated' ? 'datetime' : typeOf(kinds, text, fits === false ? 'string' : 'long') });
  }
  return columns.some((column) => column.name === 'TimeGenerated') ? columns : [{ name: 'TimeGenerated', type: 'datetime' }, ...columns];
}

const JSON_TYPES: Readonly<Record<string, KqlType>> = { DOUBLE: 'real', BOOLEAN: 'bool', OBJECT: 'dynamic', ARRAY: 'dynamic' };

/** DuckDB calls an integer UBIGINT unless it is negative. */
const INTEGERS = new Set(['BIGINT', 'UBIGINT']);

function typeOf(kinds: readonly string[], text: KqlType, integer: KqlType): KqlType {
  const types = new Set(kinds.map((kind) => (INTEGERS.has(kind) ? integer : kind === 'VARCHAR' ? text : (JSON_TYPES[kind] ?? 'string'))));
  if (types.size === 0) return 'string';
  if (types.size === 1) return [...types][0] as KqlType;
  if (types.has('dynamic')) return 'dynamic';
  return [...types].every((type) => type === 'long' || type === 'real') ? 'real' : 'string';
}
