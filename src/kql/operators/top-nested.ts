import { type AggregateSink, layered, newId, refuseRows, rowScope, type Scope } from '../context.ts';
import { convert } from '../convert.ts';
import { type Column, missing, orderClause, type Relation } from '../relation.ts';
import type { Scalar } from '../scalar.ts';
import { boundColumns, child, kindOf, list, type Node, need, textOf } from '../tree/syntax.ts';
import type { OperatorRow } from './row.ts';

interface Level {
  readonly value: Scalar;
  /** How many are kept of each group above; undefined keeps all. */
  readonly count: string | undefined;
  readonly by: Node;
  readonly desc: boolean;
}

function bare(node: Node): Node {
  return kindOf(node) === 'SimpleNamedExpression' ? need(node, 'Expression') : node;
}

function levelOf(clause: Node, row: Scope): Level {
  const { ctx } = row;
  const by = need(clause, 'ByExpression');
  const ordering = kindOf(by) === 'OrderedExpression' ? child(by, 'Ordering') : undefined;
  const word = ordering && child(ordering, 'AscOrDescKeyword') ? textOf(need(ordering, 'AscOrDescKeyword')).toLowerCase() : 'desc';
  const count = child(clause, 'Expression');
  return {
    value: ctx.scalar(bare(need(clause, 'OfExpression')), row),
    count: count && count.Width > 0 ? convert(row, ctx.scalar(count, { ...row, rows: undefined }), 'long').sql : undefined,
    by: bare(kindOf(by) === 'OrderedExpression' ? need(by, 'Expression') : by),
    desc: word !== 'asc',
  };
}

/** The groups of one level: each with its aggregate, and ranked inside the group above. */
function groupsOf(level: Level, depth: number, keys: readonly string[], rows: string, scope: Scope, input: Relation) {
  const { ctx } = scope;
  const inner: Scope = { ...rowScope(ctx, scope.env, input), hoists: [] };
  const aggregates: string[] = [];
  const sink: AggregateSink = {
    inner,
    add: (sql, type) => {
      const id = newId(ctx, 'a');
      aggregates.push(`${sql} AS ${id}`);
      return { sql: id, type };
    },
  };
  const outer: Scope = {
    ctx,
    env: scope.env,
    rows: { sql: '', columns: [], order: [], serialized: false, sorted: false },
    hoists: [],
    aggregates: sink,
  };
  const value = ctx.scalar(level.by, outer);
  const above = keys.slice(0, depth);
  const own = keys.slice(0, depth + 1);
  const first = newId(ctx, 'n');
  const place = newId(ctx, 'n');
  const numbered = `SELECT *, ${input.order.length > 0 ? `row_number() OVER (${orderClause(input.order)})` : '0'} AS ${place} FROM (${layered(inner, rows)})`;
  const grouped = `SELECT ${[...own, ...aggregates, `min(${place}) AS ${first}`].join(', ')} FROM (${numbered}) GROUP BY ${own.join(', ')}`;
  const id = newId(ctx);
  const valued = `SELECT ${[...own, first, `${value.sql} AS ${id}`].join(', ')} FROM (${layered(outer, grouped)})`;
  const rank = `row_number() OVER (${above.length > 0 ? `PARTITION BY ${above.join(', ')} ` : ''}ORDER BY ${id} ${level.desc ? 'DESC NULLS LAST' : 'ASC NULLS FIRST'}, ${first})`;
  const kept = level.count === undefined ? valued : `${valued} QUALIFY ${rank} <= ${level.count}`;
  return { sql: `SELECT ${[...own, id].join(', ')} FROM (${kept})`, id, type: value.type };
}

/** The best groups of the first level, in each of them the best of the second, and so on. */
function topNested(node: Node, input: Relation, scope: Scope): Relation {
  const { ctx } = scope;
  if (input.parts) return refuseRows(scope, node, 'top-nested', 'inside mv-apply or partition');
  const clauses = list(node, 'Clauses');
  if (clauses.some((c) => child(c, 'WithOthersClause'))) return refuseRows(scope, node, 'top-nested with others');
  const row = rowScope(ctx, scope.env, input);
  const levels = clauses.map((clause) => levelOf(clause, row));
  const keys = levels.map(() => newId(ctx, 'n'));
  const base = newId(ctx, 's');
  ctx.ctes.push({
    name: base,
    sql: `SELECT *, ${levels.map((l, i) => `${l.value.sql} AS ${keys[i]}`).join(', ')} FROM (${layered(row, input.sql)})`,
  });
  const bound = boundColumns(node.ResultType) ?? [];
  const columns: Column[] = [];
  const selected: string[] = [];
  let rows = `SELECT * FROM ${base}`;
  let joined = '';
  let above = '';
  for (const [depth, level] of levels.entries()) {
    const groups = groupsOf(level, depth, keys, rows, scope, input);
    const name = newId(ctx, 's');
    ctx.ctes.push({ name, sql: groups.sql });
    const own = keys.slice(0, depth + 1);
    rows = `SELECT * FROM (${rows}) AS r SEMI JOIN ${name} AS g ON ${own.map((k) => `r.${k} IS NOT DISTINCT FROM g.${k}`).join(' AND ')}`;
    const on = keys.slice(0, depth).map((k) => `${name}.${k} IS NOT DISTINCT FROM ${above}.${k}`);
    joined = depth === 0 ? name : `${joined} JOIN ${name} ON ${on.join(' AND ')}`;
    above = name;
    const [key, value] = [newId(ctx), newId(ctx)];
    columns.push({ id: key, name: bound[2 * depth]?.name ?? `Column${2 * depth + 1}`, type: level.value.type });
    columns.push({ id: value, name: bound[2 * depth + 1]?.name ?? `Column${2 * depth + 2}`, type: groups.type });
    selected.push(
      `${name}.${keys[depth]} AS ${key}`,
      `${groups.type === 'string' ? `coalesce(${name}.${groups.id}, ${missing('string')})` : `${name}.${groups.id}`} AS ${value}`,
    );
  }
  return { sql: `SELECT ${selected.join(', ')} FROM ${joined}`, columns, order: [], serialized: false, sorted: false };
}

export const nesting: readonly OperatorRow[] = [{ name: 'top-nested', kinds: ['TopNestedOperator'], emit: topNested }];
