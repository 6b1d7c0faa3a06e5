import { newId, refuseRows, rowScope } from '../context.ts';
import type { Column, Relation } from '../relation.ts';
import { findColumn } from '../relation.ts';
import { kindOf, nameOf, need } from '../tree/syntax.ts';
import type { PluginCall } from './row.ts';

/** What a column is called that does not stand in the same place everywhere. */
const OUT_OF_ORDER = 'ERROR(columns are out of order)';

/** schema_merge([PreserveOrder]): the union of schemas as getschema gives them. Types that differ, or two columns in one place, are refused. */
export function schemaMerge({ node, args, input, scope }: PluginCall): Relation {
  const { ctx } = scope;
  const refuse = (why: string) => refuseRows(scope, node, 'evaluate schema_merge', why);
  const named = args[0] && kindOf(args[0]) === 'SimpleNamedExpression';
  if (args.length > 1 || (named && nameOf(need(args[0]!, 'Name')) !== 'PreserveOrder')) return refuse('with these arguments');
  const flag = args[0] && ctx.scalar(named ? need(args[0], 'Expression') : args[0], rowScope(ctx, scope.env)).constant?.value;
  if (args[0] && typeof flag !== 'boolean') return refuse('with a flag that is not a constant');
  const [name, ordinal, system, type] = ['ColumnName', 'ColumnOrdinal', 'DataType', 'ColumnType'].map((c) => findColumn(input, c));
  if (!name || !ordinal || !system || !type || input.columns.length !== 4) return refuse('over what is no schema');
  const columns = [name, ordinal, system, type].map((c): Column => ({ ...c, id: newId(ctx) }));
  const [n, o, s, t] = columns.map((c) => c.id);
  const [moved, place, number, shared] = [newId(ctx, 'm'), newId(ctx, 'm'), newId(ctx, 'm'), newId(ctx, 'm')];
  const merged = `SELECT ${name.id} AS ${n}, max(${ordinal.id}) AS ${place}, count(DISTINCT ${ordinal.id}) > 1 AS ${moved}, any_value(${system.id}) AS ${s}, CASE WHEN count(DISTINCT ${type.id}) > 1 THEN error('schema_merge of types that differ is not supported') ELSE any_value(${type.id}) END AS ${t} FROM (${input.sql}) GROUP BY ${name.id}`;
  const numbered = `SELECT *, row_number() OVER (ORDER BY ${place}) - 1 AS ${number}, count(*) OVER (PARTITION BY ${place}) AS ${shared} FROM (${merged})`;
  const sure = `SELECT * FROM (${numbered}) WHERE CASE WHEN ${shared} > 1 OR ${number} <> ${place} THEN error('schema_merge of two columns in one place is not supported') ELSE true END`;
  const bad = flag === false ? 'false' : moved;
  const values = [
    n,
    `CASE WHEN ${bad} THEN -1 ELSE ${number} END::BIGINT`,
    `CASE WHEN ${bad} THEN 'ERROR(unknown CSL type:${OUT_OF_ORDER})' ELSE ${s} END`,
    `CASE WHEN ${bad} THEN '${OUT_OF_ORDER}' ELSE ${t} END`,
  ];
  return {
    sql: `SELECT ${values.map((v, i) => `${v} AS ${[n, o, s, t][i]}`).join(', ')}, ${number} FROM (${sure})`,
    columns: columns.map((c, i) => ({ ...c, type: i === 1 ? 'long' : 'string' })),
    order: [{ id: number, desc: false, nullsFirst: true }],
    serialized: false,
    sorted: false,
  };
}
