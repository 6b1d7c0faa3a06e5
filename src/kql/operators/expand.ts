import type { KqlType } from '../../core/kql-types.ts';
import { hoist, layered, newId, refuse, refuseRows, reject, rowScope, type Scope } from '../context.ts';
import { convert } from '../convert.ts';
import { type Column, orderClause, type Relation } from '../relation.ts';
import {
  boundColumns,
  child,
  declaredType,
  kindOf,
  list,
  type Node,
  nameOf,
  need,
  parameters,
  resultColumns,
  resultName,
  textOf,
} from '../tree/syntax.ts';
import type { OperatorRow } from './row.ts';

interface Item {
  readonly name: string;
  readonly type: KqlType;
  readonly list: string;
  readonly id: string;
  readonly raw: string;
}

/** Which values are taken apart, and under which names and types. */
function itemsOf(nodes: readonly Node[], row: Scope, arrays: boolean): Item[] {
  return nodes.map((node) => {
    const named = need(node, 'Expression');
    const expression = kindOf(named) === 'SimpleNamedExpression' ? need(named, 'Expression') : named;
    const name = kindOf(named) === 'SimpleNamedExpression' ? nameOf(need(named, 'Name')) : resultName(named, 'Column1');
    const value = row.ctx.scalar(expression, row);
    const clause = child(node, 'ToTypeOf');
    const type = clause ? (declaredType(child(clause, 'TypeOf')) ?? 'dynamic') : 'dynamic';
    if (type === 'timespan' || type === 'decimal') refuse(row, node, `typeof(${type})`, 'the engine gives nulls for it');
    const json = hoist(row, convert(row, value, 'dynamic').sql);
    return { name, type, list: `${arrays ? 'kql_expand_pairs' : 'kql_expand'}(${json})`, id: newId(row.ctx), raw: newId(row.ctx) };
  });
}

/** An item under its type: a number is read from numbers alone, not from texts or truth values as to<type>() would. */
function typed(row: Scope, raw: string, type: KqlType): string {
  const value = convert(row, { sql: `nullif(${raw}, 'null')`, type: 'dynamic' }, type).sql;
  if (type === 'bool') return `CASE WHEN ${raw} IN ('true', 'false') OR regexp_full_match(${raw}, '-?\\d+') THEN ${value} END`;
  if (!/^(?:int|long|real)$/.test(type)) return value;
  return `CASE WHEN (${raw})[1] <> '"' AND ${raw} NOT IN ('true', 'false') THEN ${value} END`;
}

/** Rows times items; the lists of several columns go side by side, the shorter filled with nulls. */
function unnested(input: Relation, row: Scope, items: readonly Item[], size: string | undefined, indexName: string | undefined): Relation {
  const { ctx } = row;
  const place = newId(ctx);
  const take = (sql: string) => (size ? `list_slice(${sql}, 1, ${size})` : sql);
  const longest = hoist(row, `greatest(${items.map((i) => `len(${i.list})`).join(', ')})`);
  const lists = items.map((i) => `unnest(${take(i.list)}) AS ${i.raw}`);
  const base = `SELECT *, ${lists.join(', ')}, unnest(${take(`range(0, ${longest})`)}) AS ${place} FROM (${layered(row, input.sql)})`;
  const inner: Scope = { ...row, hoists: [] };
  const values = items.map((i) => `${typed(inner, i.raw, i.type)} AS ${i.id}`);
  const columns: Column[] = [...input.columns];
  for (const item of items) {
    const at = columns.findIndex((c) => c.name === item.name);
    const column: Column = { id: item.id, name: item.name, type: item.type };
    if (at >= 0) columns[at] = column;
    else columns.push(column);
  }
  if (indexName !== undefined) {
    let name = indexName;
    for (let n = 1; columns.some((c) => c.name === name); n++) name = `${indexName}${n}`;
    columns.push({ id: place, name, type: 'long' });
  }
  return {
    ...input,
    sql: `SELECT *, ${values.join(', ')} FROM (${layered(inner, base)})`,
    columns,
    order: [...input.order, { id: place, desc: false, nullsFirst: true }],
  };
}

function limitOf(node: Node, row: Scope): string | undefined {
  const clause = child(node, 'RowLimitClause');
  const given = clause && row.ctx.scalar(need(clause, 'RowLimit'), { ...row, rows: undefined });
  if (given?.constant && (given.constant.value === null || Number(given.constant.value) < 0))
    reject(row, node, 'mv-expand', 'the limit of rows must not be negative');
  return given?.sql;
}

/** Whether a bag comes apart into [key, value] and not into bags of one key. */
function asArrays(said: ReadonlyMap<string, Node>): boolean {
  const kind = said.get('kind') ?? said.get('bagexpansion');
  return kind !== undefined && textOf(kind) === 'array';
}

function mvExpand(node: Node, input: Relation, scope: Scope): Relation {
  const said = parameters(node);
  const row = rowScope(scope.ctx, scope.env, input);
  const items = itemsOf(list(node, 'Expressions'), row, asArrays(said));
  const index = said.get('with_itemindex');
  const out = unnested(input, row, items, limitOf(node, row), index && nameOf(index));
  const bound = boundColumns(node.ResultType);
  return bound?.length === out.columns.length ? reordered(out, bound) : out;
}

/** The binder's order of columns, where it differs (the item index stands in front). */
function reordered(relation: Relation, bound: readonly { name: string }[]): Relation {
  const columns = bound.flatMap((b) => relation.columns.find((c) => c.name === b.name) ?? []);
  return columns.length === relation.columns.length ? { ...relation, columns } : relation;
}

/** Each row's items go through the subquery by themselves, and come back beside the row. */
function mvApply(node: Node, input: Relation, scope: Scope): Relation {
  const { ctx } = scope;
  if (child(node, 'ContextIdClause')) return refuseRows(scope, node, 'mv-apply id');
  const part = newId(ctx);
  const source = newId(ctx, 's');
  ctx.ctes.push({ name: source, sql: `SELECT *, row_number() OVER (${orderClause(input.order)}) AS ${part} FROM (${input.sql})` });
  const numbered: Relation = {
    ...input,
    sql: `SELECT * FROM ${source}`,
    parts: [part],
    order: [{ id: part, desc: false, nullsFirst: true }],
  };
  const row = rowScope(ctx, scope.env, numbered);
  const said = parameters(node);
  const index = said.get('with_itemindex');
  if (asArrays(said)) reject(scope, node, 'mv-apply', 'mv-apply takes no bags apart into arrays: use mv-expand inside of it');
  const items = itemsOf(list(node, 'Expressions'), row, false);
  const expanded = unnested(numbered, row, items, limitOf(node, row), index && nameOf(index));
  // A row with nothing to take apart gives the subquery nothing, not even an empty table to count.
  const some = items.map((i) => `len(${i.list}) > 0`).join(' OR ');
  ctx.domains.set(part, `SELECT ${part} FROM (${layered(row, numbered.sql)}) WHERE ${some}`);
  const body = ctx.pipe(need(need(node, 'Subquery'), 'Expression'), { ...expanded, serialized: true }, scope);
  const bound = resultColumns(node, [...input.columns, ...body.columns]) ?? body.columns;
  const left = newId(ctx, 's');
  const right = newId(ctx, 's');
  const used = new Set<string>();
  const selected: string[] = [];
  const columns: Column[] = bound.map((b) => {
    const fromBody = body.columns.find((c) => c.name === b.name && !used.has(c.id));
    const column = fromBody ?? input.columns.find((c) => c.name === b.name);
    const id = newId(ctx);
    if (!column) refuse(scope, node, 'mv-apply', `the column '${b.name}' of its result`);
    if (fromBody) used.add(fromBody.id);
    selected.push(`${column ? `${fromBody ? right : left}.${column.id}` : 'NULL'} AS ${id}`);
    return { id, name: b.name, type: column?.type ?? b.type };
  });
  const order = [`${left}.${part}`, ...body.order.filter((k) => k.id !== part).map((k) => `${right}.${k.id}`)].map((sql, i) => {
    const id = newId(ctx);
    selected.push(`${sql} AS ${id}`);
    const key = i === 0 ? { desc: false, nullsFirst: true } : body.order.filter((k) => k.id !== part)[i - 1]!;
    return { ...key, id };
  });
  for (const outer of input.parts ?? []) selected.push(`${left}.${outer} AS ${outer}`);
  return {
    sql: `SELECT ${selected.join(', ')} FROM ${source} AS ${left} JOIN (${body.sql}) AS ${right} ON ${left}.${part} = ${right}.${part}`,
    columns,
    order,
    serialized: false,
    sorted: false,
    parts: input.parts,
  };
}

export const expansion: readonly OperatorRow[] = [
  { name: 'mv-expand', kinds: ['MvExpandOperator'], emit: mvExpand },
  { name: 'mv-apply', kinds: ['MvApplyOperator'], emit: mvApply },
];
