import type { KqlType } from '../../core/kql-types.ts';
import { layered, newId, refuseRows, rowScope, type Scope } from '../context.ts';
import { convert } from '../convert.ts';
import { grouping } from '../grouping.ts';
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
  /** What the row of all other groups is called; undefined where there is no such row. */
  readonly others: Scalar | undefined;
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
  const others = child(clause, 'WithOthersClause');
  return {
    value: ctx.scalar(bare(need(clause, 'OfExpression')), row),
    count: count && count.Width > 0 ? convert(row, ctx.scalar(count, { ...row, rows: undefined }), 'long').sql : undefined,
    by: bare(kindOf(by) === 'OrderedExpression' ? need(by, 'Expression') : by),
    desc: word !== 'asc',
    others: others && ctx.scalar(need(others, 'Expression'), { ...row, rows: undefined }),
  };
}

interface Groups {
  readonly sql: string;
  /** The aggregate, and where the group was first seen. */
  readonly id: string;
  readonly first: string;
  readonly type: KqlType;
}

/** The aggregate of each group of rows. */
function aggregated(level: Level, own: readonly string[], rows: string, scope: Scope, input: Relation): Groups {
  const { ctx } = scope;
  const inner = rowScope(ctx, scope.env, input);
  const { aggregates, outer } = grouping(inner);
  const value = ctx.scalar(level.by, outer);
  const [first, place, id] = [newId(ctx, 'n'), newId(ctx, 'n'), newId(ctx)];
  const numbered = `SELECT *, ${input.order.length > 0 ? `row_number() OVER (${orderClause(input.order)})` : '0'} AS ${place} FROM (${layered(inner, rows)})`;
  const grouped = `SELECT ${[...own, ...aggregates, `min(${place}) AS ${first}`].join(', ')} FROM (${numbered}) GROUP BY ${own.join(', ')}`;
  const sql = `SELECT ${[...own, first, `${value.sql} AS ${id}`].join(', ')} FROM (${layered(outer, grouped)})`;
  return { sql, id, first, type: value.type };
}

/** The best groups inside each group above. */
function best(level: Level, groups: Groups, above: readonly string[]): string {
  if (level.count === undefined) return groups.sql;
  const rank = `row_number() OVER (${above.length > 0 ? `PARTITION BY ${above.join(', ')} ` : ''}ORDER BY ${groups.id} ${level.desc ? 'DESC NULLS LAST' : 'ASC NULLS FIRST'}, ${groups.first})`;
  return `${groups.sql} QUALIFY ${rank} <= ${level.count}`;
}

/** The best groups of the first level, in each of them the best of the second, and so on. */
function topNested(node: Node, input: Relation, scope: Scope): Relation {
  const { ctx } = scope;
  if (input.parts) return refuseRows(scope, node, 'top-nested', 'inside mv-apply or partition');
  const row = rowScope(ctx, scope.env, input);
  const levels = list(node, 'Clauses').map((clause) => levelOf(clause, row));
  if (levels.some((l) => l.others && l.others.type !== l.value.type))
    return refuseRows(scope, node, 'top-nested with others', 'of another type than the values');
  const deepest = levels.findLastIndex((l) => l.others);
  if (deepest >= 0 && deepest < levels.length - 1)
    return refuseRows(scope, node, 'top-nested with others', 'where the last level has none');
  const keys = levels.map(() => newId(ctx, 'n'));
  // True for the rows of a level that did not make it to the top: they go on together where this level or one below it has others.
  const rests = levels.map(() => newId(ctx, 'n'));
  const base = newId(ctx, 's');
  ctx.ctes.push({
    name: base,
    sql: `SELECT *, ${levels.map((l, i) => `${l.value.sql} AS ${keys[i]}`).join(', ')} FROM (${layered(row, input.sql)})`,
  });
  const bound = boundColumns(node.ResultType) ?? [];
  if (levels.some((l) => l.value.type === 'dynamic')) return refuseRows(scope, node, 'top-nested', 'of dynamic values');
  if (bound.some((c) => c.name === '')) return refuseRows(scope, node, 'top-nested', 'of an expression without a name');
  const columns: Column[] = [];
  const selected: string[] = [];
  let rows = `SELECT * FROM ${base}`;
  let joined = '';
  let above = '';
  let inRest = 'false';
  for (const [depth, level] of levels.entries()) {
    const outerKeys = levels.slice(0, depth).flatMap((_, i) => [keys[i]!, rests[i]!]);
    const [key, rest] = [keys[depth]!, rests[depth]!];
    const own = [...outerKeys, key, rest];
    const candidates = aggregated(level, [...outerKeys, key], `SELECT * FROM (${rows}) WHERE NOT ${inRest}`, scope, input);
    if (candidates.type === 'dynamic') return refuseRows(scope, level.by, 'top-nested', 'by a dynamic value');
    const [top, cells] = [newId(ctx, 's'), newId(ctx, 's')];
    ctx.ctes.push({ name: top, sql: `SELECT *, true AS ${top}_in FROM (${best(level, candidates, outerKeys)})` });
    const same = [...outerKeys, key].map((k) => `r.${k} IS NOT DISTINCT FROM g.${k}`).join(' AND ');
    const isTop = `g.${top}_in IS NOT NULL`;
    const r = (id: string) => (id === 'false' ? id : `r.${id}`);
    rows = `SELECT r.* EXCLUDE (${key}), CASE WHEN ${isTop} THEN r.${key} END AS ${key}, NOT (${isTop}) AS ${rest} FROM (${rows}) AS r LEFT JOIN ${top} AS g ON ${same} AND NOT ${r(inRest)}${depth <= deepest ? '' : ` WHERE ${isTop} OR ${r(inRest)}`}`;
    const groups = aggregated(level, own, rows, scope, input);
    ctx.ctes.push({ name: cells, sql: groups.sql });
    const on = outerKeys.map((k) => `${cells}.${k} IS NOT DISTINCT FROM ${above}.${k}`);
    joined = depth === 0 ? cells : `${joined} JOIN ${cells} ON ${on.join(' AND ')}`;
    above = cells;
    inRest = rest;
    const [shownKey, shownValue] = [newId(ctx), newId(ctx)];
    columns.push({ id: shownKey, name: bound[2 * depth]?.name ?? `Column${2 * depth + 1}`, type: level.value.type });
    columns.push({ id: shownValue, name: bound[2 * depth + 1]?.name ?? `Column${2 * depth + 2}`, type: groups.type });
    const [name, value] = [level.others?.sql ?? missing(level.value.type), `${cells}.${groups.id}`];
    const none = missing(groups.type);
    selected.push(
      `CASE WHEN ${cells}.${rest} THEN ${name} ELSE ${cells}.${key} END AS ${shownKey}`,
      `CASE WHEN ${cells}.${rest} AND ${level.others ? 'false' : 'true'} THEN ${none} ELSE ${groups.type === 'string' ? `coalesce(${value}, '')` : value} END AS ${shownValue}`,
    );
  }
  return { sql: `SELECT ${selected.join(', ')} FROM ${joined}`, columns, order: [], serialized: false, sorted: false };
}

export const nesting: readonly OperatorRow[] = [{ name: 'top-nested', kinds: ['TopNestedOperator'], emit: topNested }];
