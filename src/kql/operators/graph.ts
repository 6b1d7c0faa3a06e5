import type { KqlType } from '../../core/kql-types.ts';
import { layered, newId, refuse, rowScope, type Scope } from '../context.ts';
import { type Column, missing } from '../relation.ts';
import { type Scalar, sqlType } from '../scalar.ts';
import { bare, child, kindOf, list, type Node, nameOf, need } from '../tree/syntax.ts';

/** Edges and nodes, each in a table of its own that is computed once. */
export interface Graph {
  readonly idType: KqlType;
  readonly edges: { readonly table: string; readonly columns: readonly Column[]; readonly from: string; readonly to: string };
  readonly nodes: { readonly table: string; readonly columns: readonly Column[]; readonly id: string };
  /** Of each edge, its number. */
  readonly number: string;
}

function stop(what: string): string {
  return `error('make-graph ${what} is not supported')`;
}

/** A graph where it is made, or by the name that let gave it. */
export function graphOf(node: Node, scope: Scope): Graph | undefined {
  const at = bare(node);
  const binding = kindOf(at) === 'NameReference' ? scope.env.get(nameOf(at)) : undefined;
  if (binding?.kind === 'scalar') return graphOf(binding.node, { ...scope, env: binding.env });
  const maker = kindOf(at) === 'PipeExpression' ? need(at, 'Operator') : undefined;
  return maker && kindOf(maker) === 'MakeGraphOperator' ? makeGraph(maker, need(at, 'Expression'), scope) : undefined;
}

function makeGraph(node: Node, source: Node, scope: Scope): Graph | undefined {
  const { ctx } = scope;
  const refused = (why: string) => {
    refuse(scope, node, 'make-graph', why);
    return undefined;
  };
  if (child(node, 'PartitionedByClause')) return refused('partitioned-by');
  const rows = ctx.rows(source, { ctx, env: scope.env, hoists: [] });
  const row = rowScope(ctx, scope.env, rows);
  const [a, b] = [ctx.scalar(need(node, 'SourceColumn'), row), ctx.scalar(need(node, 'TargetColumn'), row)];
  const idType = a.type;
  if (b.type !== idType || idType === 'dynamic' || idType === 'real' || idType === 'decimal')
    return refused('of ids of several types, or of dynamics or fractions');
  const ids = { from: newId(ctx), to: newId(ctx), number: newId(ctx) };
  const named = (value: Scalar) =>
    `CASE WHEN ${value.sql} IS NULL OR ${value.sql}::VARCHAR = '' THEN ${stop('over edges without a node')}::${sqlType(idType)} ELSE ${value.sql} END`;
  const table = newId(ctx, 's');
  ctx.ctes.push({
    name: table,
    sql: `SELECT *, ${named(a)} AS ${ids.from}, ${named(b)} AS ${ids.to}, row_number() OVER () AS ${ids.number} FROM (${layered(row, rows.sql)})`,
  });
  const nodes = nodesOf(child(node, 'WithClause'), { table, ...ids }, idType, scope);
  if (typeof nodes === 'string') return refused(nodes);
  return { idType, edges: { table, columns: rows.columns, ...ids }, nodes, number: ids.number };
}

/** The nodes that are given, and those that only edges name: of them nothing is known but the id. */
function nodesOf(
  clause: Node | undefined,
  edges: { readonly table: string; readonly from: string; readonly to: string },
  idType: KqlType,
  scope: Scope,
): Graph['nodes'] | string {
  const { ctx } = scope;
  const [table, id] = [newId(ctx, 's'), newId(ctx)];
  const ends = `SELECT ${edges.from} AS ${id} FROM ${edges.table} UNION SELECT ${edges.to} FROM ${edges.table}`;
  const name = clause && child(clause, 'Name');
  if (!clause || name) {
    const columns: Column[] = name ? [{ id: newId(ctx), name: nameOf(name), type: idType }] : [];
    ctx.ctes.push({ name: table, sql: `SELECT ${id}${columns.map((c) => `, ${id} AS ${c.id}`).join('')} FROM (${ends})` });
    return { table, columns, id };
  }
  const [given, ...more] = list(clause, 'TablesAndKeys');
  if (!given || more.length > 0) return 'with several tables of nodes';
  const rows = ctx.rows(need(given, 'Table'), { ctx, env: scope.env, hoists: [] });
  const key = rows.columns.find((c) => c.name === nameOf(need(given, 'Column')));
  if (!key || key.type !== idType) return 'of ids of several types, or of dynamics or fractions';
  const whole = newId(ctx, 's');
  const once = `CASE WHEN count(*) OVER (PARTITION BY ${key.id}) > 1 THEN ${stop('over several nodes of one id')}::${sqlType(idType)} ELSE ${key.id} END`;
  ctx.ctes.push({ name: whole, sql: `SELECT ${[`${once} AS ${id}`, ...rows.columns.map((c) => c.id)].join(', ')} FROM (${rows.sql})` });
  const others = rows.columns.map((c) => (c === key ? `e.${id}` : missing(c.type)));
  ctx.ctes.push({
    name: table,
    sql: `SELECT * FROM ${whole} UNION ALL SELECT ${[`e.${id}`, ...others].join(', ')} FROM (${ends}) AS e WHERE NOT EXISTS (SELECT 1 FROM ${whole} AS n WHERE n.${id} = e.${id})`,
  });
  return { table, columns: rows.columns, id };
}
