import type { KqlValue } from '../../core/kql-types.ts';
import { alone, aloneOf, layered, newId, refuseRows, reject, rowScope, type Scope } from '../context.ts';
import { convert } from '../convert.ts';
import { inlineRows } from '../expressions/user-function.ts';
import { type Column, type OrderKey, orderClause, type Relation, sortClause } from '../relation.ts';
import { boundColumns, boundType, child, kindOf, list, type Node, nameOf, need, parameters, symbolKind, textOf } from '../tree/syntax.ts';
import type { OperatorRow } from './row.ts';

function where(node: Node, input: Relation, scope: Scope): Relation {
  const filtered = (rows: Relation): string => {
    const row = rowScope(scope.ctx, scope.env, rows);
    const condition = scope.ctx.predicate(need(node, 'Condition'), row);
    return `SELECT * FROM (${layered(row, rows.sql)}) WHERE ${condition}`;
  };
  const pushed = input.refilter?.(filtered, columnNames(need(node, 'Condition')));
  return pushed ?? { ...input, sql: filtered(input) };
}

/** Names of the columns that an expression reads. */
export function columnNames(node: Node): string[] {
  const own = kindOf(node) === 'NameReference' && node.ReferencedSymbol && /Column/.test(symbolKind(node)) ? [nameOf(node)] : [];
  for (let i = 0; i < node.ChildCount; i++) {
    const inner = node.GetChild(i);
    if (inner) own.push(...columnNames(inner));
  }
  return own;
}

/** First rows of each part in order; without parts a plain LIMIT. */
function limit(input: Relation, count: string): Relation {
  if (!input.parts) return { ...input, sql: `SELECT * FROM (${input.sql})${sortClause(input)} LIMIT ${count}` };
  const window = `row_number() OVER (PARTITION BY ${input.parts.join(', ')}${orderClause(input.order)})`;
  return { ...input, sql: `SELECT * FROM (${input.sql}) QUALIFY ${window} <= ${count}` };
}

/** How many rows an operator is asked for, as SQL. */
export function rowCount(node: Node, scope: Scope): string {
  const count = aloneOf(need(node, 'Expression'), scope);
  const given = count.constant?.value;
  const less = (typeof given === 'bigint' && given < 0n) || (typeof given === 'number' && given < 0);
  if (less || given === null) reject(scope, node, 'take', 'the number of rows must not be negative');
  if (given !== undefined) return less ? '0' : `(${count.sql})`;
  const stop = "error('a number of rows that is negative or null is not supported')::BIGINT";
  return `(SELECT CASE WHEN n >= 0 THEN n ELSE ${stop} END FROM (SELECT ${count.sql} AS n))`;
}

function take(node: Node, input: Relation, scope: Scope): Relation {
  return limit(input, rowCount(node, scope));
}

/** Any rows are a right sample. */
function sample(node: Node, input: Relation, scope: Scope): Relation {
  return take(node, input, scope);
}

function sampleDistinct(node: Node, input: Relation, scope: Scope): Relation {
  const row = rowScope(scope.ctx, scope.env, input);
  const value = scope.ctx.scalar(need(node, 'OfExpression'), row);
  const count = rowCount(node, scope);
  const id = newId(scope.ctx);
  const columns: Column[] = [{ id, name: boundColumns(node.ResultType)?.[0]?.name ?? 'Column1', type: value.type }];
  const values = { ...input, columns, order: [], serialized: false, sorted: false, ingestion: false };
  const parts = (input.parts ?? []).map((p) => `, ${p}`).join('');
  return limit({ ...values, sql: `SELECT DISTINCT ${value.sql} AS ${id}${parts} FROM (${layered(row, input.sql)})` }, count);
}

/** Sort keys become columns, so that later operators can name them. */
export function orderBy(items: readonly Node[], input: Relation, scope: Scope): { row: Scope; keys: OrderKey[]; added: string[] } {
  const row = rowScope(scope.ctx, scope.env, input);
  const added: string[] = [];
  const keys = items.map((item): OrderKey => {
    const ordered = kindOf(item) === 'OrderedExpression';
    const clause = ordered ? child(item, 'Ordering') : undefined;
    const word = clause && child(clause, 'AscOrDescKeyword') ? textOf(need(clause, 'AscOrDescKeyword')).toLowerCase() : 'desc';
    const nulls =
      clause && child(clause, 'NullsClause') ? textOf(need(need(clause, 'NullsClause'), 'FirstOrLastKeyword')).toLowerCase() : undefined;
    const found = scope.ctx.scalar(ordered ? need(item, 'Expression') : item, row);
    const value = found.type === 'decimal' ? { ...found, sql: `kqlf_decimal_key(${found.sql})` } : found;
    const desc = word !== 'asc' && word !== 'granny-asc';
    const id = /^c\d+$/.test(value.sql) ? value.sql : newId(scope.ctx);
    if (id !== value.sql) added.push(`${value.sql} AS ${id}`);
    return { id, desc, nullsFirst: nulls ? nulls === 'first' : !desc, real: value.type === 'real' };
  });
  return { row, keys, added };
}

function sorted(items: readonly Node[], input: Relation, scope: Scope): Relation {
  const { row, keys, added } = orderBy(items, input, scope);
  const base = layered(row, input.sql);
  const sql = added.length > 0 ? `SELECT *, ${added.join(', ')} FROM (${base})` : base;
  return {
    ...input,
    sql,
    order: [...keys, ...input.order.filter((k) => !keys.some((n) => n.id === k.id))],
    serialized: true,
    sorted: true,
  };
}

/** A limit of which fewer than none are none. A constant stands as it is: DuckDB sorts all rows for any other limit (5 million: 385 ms instead of 15). */
function mostRows(asked: string, given: KqlValue | undefined): string {
  if (given === undefined) return `(SELECT greatest(${asked}, 0))`;
  const isNone = given === null || ((typeof given === 'bigint' || typeof given === 'number') && given < 0);
  return isNone ? '0' : `(${asked})`;
}

function top(node: Node, input: Relation, scope: Scope): Relation {
  const count = aloneOf(need(node, 'Expression'), scope);
  const by = need(node, 'ByExpression');
  const key = kindOf(by) === 'OrderedExpression' ? need(by, 'Expression') : by;
  if (boundType(key) === 'dynamic') reject(scope, key, 'top', 'rows are not sorted by a dynamic value: cast it, as in tostring(x)');
  const asked = alone(scope, (own) => convert(own, count, 'long')).sql;
  return limit(sorted([need(node, 'ByExpression')], input, scope), mostRows(asked, count.constant?.value));
}

function distinct(node: Node, input: Relation, scope: Scope): Relation {
  const row = rowScope(scope.ctx, scope.env, input);
  const names = boundColumns(node.ResultType) ?? [];
  const items = list(node, 'Expressions');
  const star = items.some((i) => kindOf(i) === 'StarExpression');
  const values = star ? input.columns.map((c) => ({ sql: c.id, type: c.type })) : items.map((i) => scope.ctx.scalar(i, row));
  const columns: Column[] = values.map((v, i) => ({ id: newId(scope.ctx), type: v.type, name: names[i]?.name ?? `Column${i + 1}` }));
  const parts = input.parts ?? [];
  const first = input.order.length === 1 && !input.order[0]!.desc ? newId(scope.ctx) : undefined;
  const selected = [
    ...values.map((v, i) => `${v.sql} AS ${columns[i]!.id}`),
    ...parts,
    ...(first ? [`min(${input.order[0]!.id}) AS ${first}`] : []),
  ];
  const groups = [...values.map((v) => v.sql), ...parts];
  return {
    sql: `SELECT ${selected.join(', ')} FROM (${layered(row, input.sql)}) GROUP BY ${groups.join(', ')}`,
    columns,
    order: first ? [{ id: first, desc: false, nullsFirst: true }] : [],
    serialized: false,
    sorted: false,
    parts: input.parts,
  };
}

/** An answer for each part; whether a part that has lost its rows is answered is not known, so that then the query stops. */
export function eachPart(sql: string, parts: readonly string[] | undefined, name: string, scope: Scope): string {
  const [part] = parts ?? [];
  const domain = part === undefined ? undefined : scope.ctx.domains.get(part);
  if (!domain) return sql;
  const mark = newId(scope.ctx, 'p');
  const stop = `error('${name} of no rows inside mv-apply or partition is not supported' || left(d.${part}::VARCHAR, 0))::BOOLEAN`;
  return `SELECT r.* EXCLUDE (${mark}) FROM (${domain}) AS d LEFT JOIN (SELECT *, 1 AS ${mark} FROM (${sql})) AS r ON r.${part} IS NOT DISTINCT FROM d.${part} WHERE CASE WHEN r.${mark} IS NULL THEN ${stop} ELSE true END`;
}

function count(node: Node, input: Relation, scope: Scope): Relation {
  const id = newId(scope.ctx);
  const name = boundColumns(node.ResultType)?.[0]?.name ?? 'Count';
  const parts = input.parts ? `, ${input.parts.join(', ')}` : '';
  const counted = `SELECT count(*) AS ${id}${parts} FROM (${input.sql})${input.parts ? ` GROUP BY ${input.parts.join(', ')}` : ''}`;
  return {
    sql: eachPart(counted, input.parts, 'count', scope),
    columns: [{ id, name, type: 'long' }],
    order: [],
    serialized: false,
    sorted: false,
    parts: input.parts,
  };
}

function render(node: Node, input: Relation, scope: Scope): Relation {
  const out: Record<string, string> = { visualization: textOf(need(node, 'ChartType')) };
  for (const [name, value] of parameters(node)) out[name] = textOf(value);
  const clause = child(node, 'WithClause');
  if (clause) for (const [name, value] of parameters(clause, 'Properties')) out[name] = textOf(value).replace(/^["']|["']$/g, '');
  scope.ctx.render = out;
  return input;
}

function getSchema(_node: Node, input: Relation, scope: Scope): Relation {
  const ids = [0, 1, 2, 3].map(() => newId(scope.ctx));
  const system: Record<string, string> = {
    bool: 'System.SByte',
    int: 'System.Int32',
    long: 'System.Int64',
    real: 'System.Double',
    decimal: 'System.Data.SqlTypes.SqlDecimal',
    string: 'System.String',
    datetime: 'System.DateTime',
    timespan: 'System.TimeSpan',
    guid: 'System.Guid',
    dynamic: 'System.Object',
  };
  const values = input.columns.map((c, i) => `('${c.name.replaceAll("'", "''")}', ${i}::BIGINT, '${system[c.type]}', '${c.type}')`);
  const columns = (['ColumnName', 'ColumnOrdinal', 'DataType', 'ColumnType'] as const).map(
    (name, i): Column => ({ id: ids[i]!, name, type: i === 1 ? 'long' : 'string' }),
  );
  return {
    sql: `SELECT * FROM (VALUES ${values.join(', ')}) AS t(${ids.join(', ')})`,
    columns,
    order: [{ id: ids[1]!, desc: false, nullsFirst: true }],
    serialized: true,
    sorted: false,
  };
}

function serialize(node: Node, input: Relation, scope: Scope): Relation {
  const done: Relation = { ...input, serialized: true };
  return list(node, 'Expressions').length > 0 ? scope.ctx.extend(node, done, scope) : done;
}

/** `as Name` binds the rows for what follows; by itself it changes nothing. */
function as(node: Node, input: Relation, scope: Scope): Relation {
  scope.ctx.rootEnv.set(nameOf(need(node, 'Name')), { kind: 'relation', relation: input });
  return input;
}

/** A function whose first argument are the rows. */
function invoke(node: Node, input: Relation, scope: Scope): Relation {
  const call = need(node, 'Function');
  const rows = input.parts ? undefined : inlineRows(call, scope, input);
  return rows ?? refuseRows(scope, node, 'invoke', 'of a function that is not known here, or inside mv-apply or partition');
}

export const filter: readonly OperatorRow[] = [
  { name: 'invoke', kinds: ['InvokeOperator'], emit: invoke },
  { name: 'where', kinds: ['FilterOperator'], emit: where },
  { name: 'take', kinds: ['TakeOperator'], emit: take },
  { name: 'sample', kinds: ['SampleOperator'], emit: sample },
  { name: 'sample-distinct', kinds: ['SampleDistinctOperator'], emit: sampleDistinct },
  { name: 'sort', kinds: ['SortOperator'], emit: (node, input, scope) => sorted(list(node, 'Expressions'), input, scope) },
  { name: 'top', kinds: ['TopOperator'], emit: top },
  { name: 'distinct', kinds: ['DistinctOperator'], emit: distinct },
  { name: 'count', kinds: ['CountOperator'], emit: count },
  { name: 'render', kinds: ['RenderOperator'], emit: render },
  { name: 'getschema', kinds: ['GetSchemaOperator'], emit: getSchema },
  { name: 'serialize', kinds: ['SerializeOperator'], emit: serialize },
  { name: 'as', kinds: ['AsOperator'], emit: as },
  { name: 'consume', kinds: ['ConsumeOperator'], emit: (_node, input) => input },
];
