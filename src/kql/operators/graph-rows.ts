import { layered, newId, refuse, refuseRows, rowScope, type Scope } from '../context.ts';
import type { Column } from '../relation.ts';
import type { Scalar } from '../scalar.ts';
import { boundColumns, child, kindOf, list, type Node, nameOf, need, textOf } from '../tree/syntax.ts';
import { type Graph, graphOf } from './graph.ts';
import type { OperatorRow } from './row.ts';

function unordered(sql: string, columns: readonly Column[]) {
  return { sql, columns, order: [], serialized: false, sorted: false };
}

/** The number that a node has outside: the hash of its id. */
function nodeHash(id: string): string {
  return `kqlf_hash_text(${id})`;
}

function toTable(node: Node, graph: Graph, scope: Scope) {
  const [output, ...more] = list(node, 'OutputClause');
  if (!output || more.length > 0 || child(output, 'AsClause'))
    return refuseRows(scope, node, 'graph-to-table', 'into tables with names: a text gives one table');
  const named = new Map(list(output, 'Parameters').map((p) => [nameOf(need(p, 'Name')), nameOf(need(p, 'Expression'))]));
  if (named.size > 0 && graph.idType !== 'string') return refuseRows(scope, node, 'graph-to-table', 'the hash of ids that are no texts');
  const edges = kindOf(need(output, 'EntityKeyword')) !== 'NodesKeyword';
  const from = edges ? graph.edges : graph.nodes;
  const hashes: (readonly [name: string | undefined, id: string])[] = edges
    ? [
        [named.get('with_source_id'), graph.edges.from],
        [named.get('with_target_id'), graph.edges.to],
      ]
    : [[named.get('with_node_id'), graph.nodes.id]];
  const items = hashes.flatMap(([name, id]) => (name === undefined ? [] : [{ column: newId(scope.ctx), name, id }]));
  const columns: Column[] = [...items.map((i): Column => ({ id: i.column, name: i.name, type: 'long' })), ...from.columns];
  if (columns.length === 0 || new Set(columns.map((c) => c.name)).size < columns.length)
    return refuseRows(scope, node, 'graph-to-table', 'of nodes without properties, or with an id of the same name');
  const selected = [...items.map((i) => `${nodeHash(i.id)} AS ${i.column}`), ...from.columns.map((c) => c.id)];
  return unordered(`SELECT ${selected.join(', ')} FROM ${from.table}`, columns);
}

/** What a part of the pattern stands for: its columns, by name. */
type Parts = ReadonlyMap<string, ReadonlyMap<string, Scalar>>;

/** `(a)-[e]->(b)`: the rows of nodes and edges that hang together so, no edge twice. */
function match(node: Node, graph: Graph, scope: Scope) {
  const { ctx } = scope;
  const [pattern, ...more] = list(node, 'Patterns');
  const cycles = list(node, 'Parameters')
    .map((p) => textOf(need(p, 'Expression')))
    .at(0);
  if (!pattern || more.length > 0) return refuseRows(scope, node, 'graph-match', 'several sequences');
  if (cycles !== undefined && !['all', 'none', 'unique_edges'].includes(cycles))
    return refuseRows(scope, node, 'graph-match', `cycles=${cycles}`);
  const parts = new Map<string, ReadonlyMap<string, Scalar>>();
  const items: string[] = [];
  const tables: string[] = [];
  const tests: string[] = [];
  const nodes: string[] = [];
  const edges: string[] = [];
  let way: { readonly alias: string; readonly forward: boolean } | undefined;
  for (const element of list(pattern, 'PatternElements')) {
    const isNode = kindOf(element) === 'GraphMatchPatternNode';
    const alias = newId(ctx, 'g');
    const written = child(element, 'Name');
    const name = written ? nameOf(written) : undefined;
    if (name !== undefined && parts.has(name)) return refuseRows(scope, node, 'graph-match', 'a name that stands twice');
    if (!isNode) {
      const first = textOf(need(element, 'FirstToken'));
      const end = child(element, 'LastToken');
      const last = end ? textOf(end) : first;
      if (child(element, 'Range')) return refuseRows(scope, node, 'graph-match', 'an edge of variable length');
      const [left, right] = [first.startsWith('<'), last.endsWith('>')];
      if (left === right) return refuseRows(scope, node, 'graph-match', 'an edge of any direction');
      way = { alias, forward: right };
    } else if (way) {
      const [near, far] = way.forward ? [graph.edges.from, graph.edges.to] : [graph.edges.to, graph.edges.from];
      tests.push(`${way.alias}.${near} = ${nodes.at(-1)}.${graph.nodes.id}`, `${way.alias}.${far} = ${alias}.${graph.nodes.id}`);
    }
    (isNode ? nodes : edges).push(alias);
    const { table, columns } = isNode ? graph.nodes : graph.edges;
    tables.push(`${table} AS ${alias}`);
    const values = columns.map((c) => ({ ...c, as: newId(ctx) }));
    items.push(...values.map((c) => `${alias}.${c.id} AS ${c.as}`));
    if (name !== undefined) parts.set(name, new Map(values.map((c) => [c.name, { sql: c.as, type: c.type }])));
  }
  const apart = (aliases: readonly string[], id: string) =>
    aliases.flatMap((a, i) => aliases.slice(i + 1).map((b) => `${a}.${id} <> ${b}.${id}`));
  if (cycles !== 'all') tests.push(...apart(edges, graph.number));
  if (cycles === 'none') tests.push(...apart(nodes, graph.nodes.id));
  const where = tests.length > 0 ? ` WHERE ${tests.join(' AND ')}` : '';
  return projected(node, `SELECT ${items.join(', ') || '1 AS nothing'} FROM ${tables.join(', ')}${where}`, parts, scope);
}

function projected(node: Node, matches: string, parts: Parts, scope: Scope) {
  const { ctx } = scope;
  const inside = (): Scope => ({ ...rowScope(ctx, scope.env), states: (part, column) => parts.get(part)?.get(column) });
  const [where, project] = [child(node, 'WhereClause'), child(node, 'ProjectClause')];
  const bound = boundColumns(node.ResultType);
  if (!project || !bound) return refuseRows(scope, node, 'graph-match', 'without project');
  let sql = matches;
  if (where) {
    const row = inside();
    const condition = ctx.predicate(need(where, 'Condition'), row);
    sql = `SELECT * FROM (${layered(row, sql)}) WHERE ${condition}`;
  }
  const row = inside();
  const values = list(project, 'Expressions').map((e) =>
    ctx.scalar(kindOf(e) === 'SimpleNamedExpression' ? need(e, 'Expression') : e, row),
  );
  if (values.length !== bound.length) return refuseRows(scope, node, 'graph-match', 'an expression of several columns');
  const columns = values.map((v, i): Column => ({ id: newId(ctx), name: bound[i]!.name, type: v.type }));
  return unordered(`SELECT ${values.map((v, i) => `${v.sql} AS ${columns[i]!.id}`).join(', ')} FROM (${layered(row, sql)})`, columns);
}

/** Operators that make a table of a graph. */
const FROM_GRAPH = new Map([
  ['GraphToTableOperator', toTable],
  ['GraphMatchOperator', match],
]);

/** The rows that an operator makes of a graph; undefined when it is no such operator. */
export function graphRows(pipe: Node, scope: Scope) {
  const operator = need(pipe, 'Operator');
  const emit = FROM_GRAPH.get(kindOf(operator));
  if (!emit) return undefined;
  const faults = scope.ctx.faults.length;
  const graph = graphOf(need(pipe, 'Expression'), scope);
  if (graph) return emit(operator, graph, scope);
  if (scope.ctx.faults.length === faults) refuse(scope, operator, 'make-graph', 'of a graph that is not made here');
  return refuseRows(scope, operator, 'graph');
}

const noGraph: OperatorRow['emit'] = (node, _input, scope) =>
  refuseRows(scope, node, 'graph', 'a graph where rows are expected, or rows where a graph is');

export const graphs: readonly OperatorRow[] = [
  { name: 'make-graph', kinds: ['MakeGraphOperator'], emit: noGraph },
  { name: 'graph-match', kinds: ['GraphMatchOperator'], emit: noGraph },
  { name: 'graph-to-table', kinds: ['GraphToTableOperator'], emit: noGraph },
];
