import { newId } from '../context.ts';
import type { Column } from '../relation.ts';
import { sqlType } from '../scalar.ts';
import type { Declared, Source, Walk } from './scan-walk.ts';

/**
 * The table of walked rows: part, place, and for each step whether it matched, its match and the declared columns. Gives the text of a
 * WITH clause and the name of the table in it.
 */
export function walked(walk: Walk, rowColumns: readonly Column[], declared: readonly Declared[], source: Source): Table {
  const texts = walk.layers.flat().map(([, sql]) => sql);
  // A fold cannot hold a subquery, and what is written twice in it must be the same twice.
  const plain = texts.every((sql) => !/\b(SELECT|OVER|random|uuid)\b/.test(sql));
  return (plain ? folded(walk, rowColumns, declared, source) : undefined) ?? recursed(walk, declared, source);
}

interface Table {
  readonly sql: string;
  readonly name: string;
}

/** Rows that one step of the recursion folds: many, since a step costs milliseconds; few, since their results are copied with each row. */
const BLOCK = 256;
/** Every value is written out where it is used: to name one costs more than to compute it again, until there is too much text. */
const LONGEST = 60_000;

const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|(?<![.$\w])[a-z]+\d+\b/g;

function idsIn(sql: string): string[] {
  return (sql.match(TOKEN) ?? []).filter((t) => t[0] !== "'" && t[0] !== '"');
}

/** Each part is folded by list_reduce, a block of rows at a time: a tenth and less of what recursion by single rows costs. */
function folded(walk: Walk, rowColumns: readonly Column[], declared: readonly Declared[], source: Source): Table | undefined {
  const { ctx, part, place } = source;
  const id = (prefix: string) => newId(ctx, prefix);
  const [blocks, rec, name, block, list, state] = [id('s'), id('s'), id('s'), id('q'), id('q'), id('q')];
  const outputs = outputsOf(walk, declared);
  const used = new Set([...walk.layers.flat().map(([, sql]) => sql), ...outputs.map((o) => o.value)].flatMap(idsIn));
  const columns = [...new Set([...rowColumns, ...declared].map((c) => c.id))].filter((c) => used.has(c));
  const texts = new Map<string, string>([
    ...columns.map((c) => [c, `x.${c}`] as const),
    ...walk.carried.map((c) => [c.id, `a.${c.id}`] as const),
  ]);
  const expand = (sql: string) => sql.replace(TOKEN, (token) => texts.get(token) ?? token);
  for (const [value, sql] of walk.layers.flat()) {
    const text = `(${expand(sql)})`;
    if (text.length > LONGEST) return undefined;
    texts.set(value, text);
  }
  const next = walk.carried.map((c) => `${c.id}: (${expand(c.next)})::${sqlType(c.type)}`);
  const out = [`${place}: x.${place}`, ...outputs.map((o) => `${o.id}: (${expand(o.value)})::${o.type}`)];
  const body = `{${[...next, `o: list_append(a.o, {${out.join(', ')}})`].join(', ')}}`;
  if (body.length > LONGEST) return undefined;
  const empty = `[{${[`${place}: 0::BIGINT`, ...outputs.map((o) => `${o.id}: NULL::${o.type}`)].join(', ')}}][1:0]`;
  const seed = `{${[...walk.carried.map((c) => `${c.id}: ${c.start}`), `o: ${empty}`].join(', ')}}`;
  const again = `{${[...walk.carried.map((c) => `${c.id}: ${rec}.${state}.${c.id}`), `o: ${empty}`].join(', ')}}`;
  const rows = `list({${[`${place}: ${place}`, ...columns.map((c) => `${c}: ${c}`)].join(', ')}} ORDER BY ${place})`;
  const sql = [
    `WITH RECURSIVE ${blocks} AS MATERIALIZED (SELECT ${part}, (${place} - 1) // ${BLOCK} AS ${block}, ${rows} AS ${list} FROM ${source.name} GROUP BY ALL)`,
    `${rec} AS (SELECT DISTINCT ${part}, -1::BIGINT AS ${block}, ${seed} AS ${state} FROM (SELECT DISTINCT ${part} FROM ${source.name}) UNION ALL SELECT ${rec}.${part}, ${blocks}.${block}, list_reduce(${blocks}.${list}, lambda a, x: ${body}, ${again}) FROM ${rec} JOIN ${blocks} ON ${blocks}.${part} = ${rec}.${part} AND ${blocks}.${block} = ${rec}.${block} + 1)`,
    `${name} AS MATERIALIZED (SELECT ${part}, ${[place, ...outputs.map((o) => o.id)].map((o) => `u.${o} AS ${o}`).join(', ')} FROM (SELECT ${part}, unnest(${state}.o) AS u FROM ${rec}))`,
  ].join(', ');
  return { sql, name };
}

interface Output {
  /** The name that the walked table gives it. */
  readonly id: string;
  readonly value: string;
  readonly type: string;
}

/** Steps share values; each output is a column of its own all the same. */
function outputsOf(walk: Walk, declared: readonly Declared[]): Output[] {
  return walk.hits.flatMap((hit, k): Output[] => [
    { id: hit, value: hit, type: 'BOOLEAN' },
    { id: walk.ids[k]!, value: walk.ids[k]!, type: 'BIGINT' },
    ...walk.values[k]!.map((v, i): Output => ({ id: v, value: v, type: sqlType(declared[i]!.type) })),
  ]);
}

/** One row of each part at a time, by recursion: for what a fold cannot hold. */
function recursed(walk: Walk, declared: readonly Declared[], source: Source): Table {
  const { ctx, part, place } = source;
  const name = newId(ctx, 's');
  const outputs = outputsOf(walk, declared);
  const seed = [
    `0::BIGINT AS ${place}`,
    ...walk.carried.map((c) => `${c.start} AS ${c.id}`),
    ...outputs.map((o) => `NULL::${o.type} AS ${o.id}`),
  ];
  let row = `SELECT s.*, ${walk.carried.map((c) => `r.${c.id}`).join(', ')} FROM ${name} AS r JOIN ${source.name} AS s ON s.${part} = r.${part} AND s.${place} = r.${place} + 1`;
  for (const layer of walk.layers) row = `SELECT *, ${layer.map(([id, sql]) => `${sql} AS ${id}`).join(', ')} FROM (${row})`;
  const next = walk.carried.map((c) => `${c.next}::${sqlType(c.type)} AS ${c.id}`);
  const step = `SELECT ${[part, place, ...next, ...outputs.map((o) => `${o.value}::${o.type} AS ${o.id}`)].join(', ')} FROM (${row})`;
  const first = `SELECT DISTINCT ${part}, ${seed.join(', ')} FROM (SELECT DISTINCT ${part} FROM ${source.name})`;
  return { sql: `WITH RECURSIVE ${name} AS (${first} UNION ALL ${step})`, name };
}
