import { type Binding, layered, newId, refuseRows, reject, rowScope, type Scope } from '../context.ts';
import { type Column, findColumn, type Relation } from '../relation.ts';
import type { Scalar } from '../scalar.ts';
import { bare, child, kindOf, type Node, nameOf, need, parameters, resultColumns, textOf } from '../tree/syntax.ts';
import type { OperatorRow } from './row.ts';

const STRATEGIES: ReadonlySet<string> = new Set(['native', 'shuffle', 'legacy']);
/** Values that the legacy strategy, which is that of a query without one, takes at most. */
const MOST_LEGACY = 64;

/** Operators of a query in braces; each works on the rows that come down and on nothing else. */
const IN_BRACES: ReadonlySet<string> = new Set(
  ['Filter', 'Extend', 'Project', 'ProjectAway', 'ProjectKeep', 'ProjectRename', 'ProjectReorder', 'Summarize', 'Distinct', 'Count']
    .concat(['Sort', 'Top', 'Take', 'Serialize', 'MvExpand', 'Parse', 'ParseWhere'])
    .map((name) => `${name}Operator`),
);

/** A query in braces has rows of its own, the same for each part, and sees of the part its value alone, as toscalar(column). */
function inBraces(query: Node, key: Scalar, name: string | undefined, domain: string, part: string, scope: Scope): Relation {
  const { ctx } = scope;
  if (name === undefined) return refuseRows(scope, query, 'partition', 'by what is no column, with a query in braces');
  const steps: Node[] = [];
  let source = bare(query);
  for (; kindOf(source) === 'PipeExpression'; source = bare(need(source, 'Expression'))) steps.unshift(need(source, 'Operator'));
  const other = steps.find((step) => !IN_BRACES.has(kindOf(step)));
  if (other) return refuseRows(scope, query, 'partition', 'another operator in braces than those that work on the rows before them alone');
  const values = newId(ctx, 's');
  ctx.ctes.push({ name: values, sql: `SELECT list(v ORDER BY ${part}) AS v FROM (SELECT DISTINCT ${part}, v FROM ${domain})` });
  const value: Binding = { kind: 'value', value: { sql: `(SELECT v FROM ${values})[${part}]`, type: key.type } };
  const inner: Scope = { ctx, env: new Map(scope.env).set(name, value), hoists: [] };
  const rows = ctx.rows(source, inner);
  if (findColumn(rows, name)) return refuseRows(scope, query, 'partition', 'a query in braces over rows with a column of that name');
  if (rows.sql.includes(values)) return refuseRows(scope, query, 'partition', 'a query in braces whose source depends on the part');
  const parted: Relation = {
    ...rows,
    sql: `SELECT * FROM (${rows.sql}), (SELECT DISTINCT ${part} FROM ${domain})`,
    parts: [part],
    ingestion: false,
    streamed: undefined,
    refilter: undefined,
  };
  return steps.reduce((before, step) => ctx.pipe(step, before, inner), parted);
}

/** Each value's rows go through the subquery by themselves; the answers come one after the other. */
function partition(node: Node, input: Relation, scope: Scope): Relation {
  const { ctx } = scope;
  const operand = need(node, 'Operand');
  const strategy = parameters(node).get('hint.strategy');
  if (strategy && !STRATEGIES.has(textOf(strategy)))
    reject(scope, strategy, 'partition', `no strategy '${textOf(strategy)}': native, shuffle or legacy`);
  if (child(node, 'Scope') && need(node, 'Scope').Width > 0) return refuseRows(scope, node, 'partition', 'with a scope');
  if (input.parts) return refuseRows(scope, node, 'partition', 'inside mv-apply or partition');
  const row = rowScope(ctx, scope.env, input);
  const by = need(node, 'ByExpression');
  const key = ctx.scalar(by, row);
  const part = newId(ctx);
  const source = newId(ctx, 's');
  const faults = ctx.faults.length;
  const braces = kindOf(operand) !== 'PartitionSubquery';
  const place = `dense_rank() OVER (ORDER BY ${key.sql})`;
  const legacy = !strategy || textOf(strategy) === 'legacy';
  const stop = `error('partition by more than ${MOST_LEGACY} values needs hint.strategy=native or shuffle')`;
  const rank = `${legacy ? `CASE WHEN ${place} > ${MOST_LEGACY} THEN ${stop}::BIGINT ELSE ${place} END` : place} AS ${part}`;
  ctx.ctes.push({ name: source, sql: `SELECT *, ${rank}${braces ? `, ${key.sql} AS v` : ''} FROM (${layered(row, input.sql)})` });
  ctx.domains.set(part, `SELECT DISTINCT ${part} FROM ${source}`);
  const body = braces
    ? inBraces(need(operand, 'Query'), key, kindOf(by) === 'NameReference' ? nameOf(by) : undefined, source, part, scope)
    : ctx.pipe(need(operand, 'Subquery'), { ...input, sql: `SELECT * FROM ${source}`, parts: [part] }, scope);
  if (ctx.faults.length > faults) return { ...body, parts: undefined };
  const bound = resultColumns(node, body.columns) ?? body.columns;
  if (bound.length !== body.columns.length || body.parts?.length !== 1)
    return refuseRows(scope, node, 'partition', 'a subquery that mixes the parts');
  const columns: Column[] = body.columns.map((c, i) => ({ ...c, name: bound[i]!.name }));
  return {
    ...body,
    columns,
    parts: undefined,
    order: [{ id: body.parts[0]!, desc: false, nullsFirst: true }, ...body.order],
    serialized: false,
    sorted: false,
    refilter: undefined,
  };
}

export const partitions: readonly OperatorRow[] = [{ name: 'partition', kinds: ['PartitionOperator'], emit: partition }];
