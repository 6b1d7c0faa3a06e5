import { unify } from '../compare.ts';
import { layered, newId, refuse, refuseRows, reject, rowScope, type Scope } from '../context.ts';
import { type Column, findColumn, missing, type OrderKey, orderClause, type Relation } from '../relation.ts';
import type { Scalar } from '../scalar.ts';
import { bare, child, kindOf, list, type Node, nameOf, need, parameters, resultColumns, textOf } from '../tree/syntax.ts';
import type { OperatorRow } from './row.ts';

interface Kind {
  readonly sql: string;
  /** Whose columns come out. */
  readonly sides: 'both' | 'left' | 'right';
  readonly unique?: boolean;
}
const KINDS: Readonly<Record<string, Kind>> = {
  innerunique: { sql: 'INNER', sides: 'both', unique: true },
  inner: { sql: 'INNER', sides: 'both' },
  leftouter: { sql: 'LEFT', sides: 'both' },
  rightouter: { sql: 'RIGHT', sides: 'both' },
  fullouter: { sql: 'FULL', sides: 'both' },
  leftsemi: { sql: 'SEMI', sides: 'left' },
  rightsemi: { sql: 'SEMI', sides: 'right' },
  leftanti: { sql: 'ANTI', sides: 'left' },
  anti: { sql: 'ANTI', sides: 'left' },
  leftantisemi: { sql: 'ANTI', sides: 'left' },
  rightanti: { sql: 'ANTI', sides: 'right' },
  rightantisemi: { sql: 'ANTI', sides: 'right' },
};

interface Keys {
  readonly left: Scalar[];
  readonly right: Scalar[];
  readonly leftScope: Scope;
  readonly rightScope: Scope;
  /** Names of right columns that are keys. */
  readonly rightNames: Set<string>;
}

/** `on k`, `on $left.a == $right.b`, several of them with a comma or and. */
function joinKeys(conditions: readonly Node[], left: Relation, right: Relation, scope: Scope): Keys {
  const keys: Keys = {
    left: [],
    right: [],
    leftScope: rowScope(scope.ctx, scope.env, left),
    rightScope: rowScope(scope.ctx, scope.env, right),
    rightNames: new Set(),
  };
  const add = (node: Node): void => {
    const condition = bare(node);
    if (kindOf(condition) === 'AndExpression') {
      add(need(condition, 'Left'));
      add(need(condition, 'Right'));
    } else if (kindOf(condition) === 'NameReference') {
      const name = nameOf(condition);
      const [l, r] = [findColumn(left, name), findColumn(right, name)];
      if (!l || !r) reject(scope, condition, name, `both sides of the join need the column '${name}'`);
      else if (l.type === 'dynamic' || r.type === 'dynamic')
        reject(scope, condition, name, `the key '${name}' of the join is dynamic: bring it to another type, as tostring() does`);
      else pair({ sql: l.id, type: l.type }, { sql: r.id, type: r.type }, condition);
      keys.rightNames.add(name);
    } else if (kindOf(condition) === 'EqualExpression') {
      const sides = [need(condition, 'Left'), need(condition, 'Right')];
      const onRight = (n: Node) => /^\s*\(*\s*\$right\b/.test(textOf(n));
      const [l, r] = onRight(sides[0]!) ? [sides[1]!, sides[0]!] : [sides[0]!, sides[1]!];
      const both = { left, right };
      pair(scope.ctx.scalar(l, { ...keys.leftScope, sides: both }), scope.ctx.scalar(r, { ...keys.rightScope, sides: both }), condition);
      if (kindOf(bare(r)) === 'PathExpression') keys.rightNames.add(nameOf(need(bare(r), 'Selector')));
    } else refuse(scope, condition, textOf(condition), 'as a join condition');
  };
  const pair = (l: Scalar, r: Scalar, node: Node): void => {
    const same = unify(scope, l, r);
    if (!same) {
      reject(scope, node, 'join', `join keys of type ${l.type} and ${r.type} cannot be compared`);
      return;
    }
    keys.left.push(same[0]);
    keys.right.push(same[1]);
  };
  for (const condition of conditions) add(condition);
  return keys;
}

function build(
  kind: Kind,
  left: Relation,
  right: Relation,
  keys: Keys,
  dropRight: ReadonlySet<string>,
  names: readonly { name: string }[],
  node: Node,
  scope: Scope,
): Relation {
  const { ctx } = scope;
  let leftSql = layered(keys.leftScope, left.sql);
  const rightSql = layered(keys.rightScope, right.sql);
  // The first row of each key survives; a window with the order is the fastest form that is right.
  if (kind.unique && keys.left.length > 0)
    leftSql = `SELECT * FROM (${leftSql}) QUALIFY row_number() OVER (PARTITION BY ${keys.left.map((k) => k.sql).join(', ')}${orderClause(left.order)}) = 1`;
  const on = keys.left.map((l, i) => `${l.sql} ${l.type === 'string' ? '=' : 'IS NOT DISTINCT FROM'} ${keys.right[i]!.sql}`);
  for (const part of left.parts ?? []) if (right.parts?.includes(part)) on.push('true');
  const condition = on.join(' AND ') || 'true';
  if (kind.sides !== 'both') {
    const [kept, other] = kind.sides === 'left' ? [left, rightSql] : [right, leftSql];
    const keptSql = kind.sides === 'left' ? leftSql : rightSql;
    return { ...kept, sql: `SELECT * FROM (${keptSql}) ${kind.sql} JOIN (${other}) ON ${condition}`, serialized: false };
  }
  const nullable = { LEFT: [false, true], RIGHT: [true, false], FULL: [true, true] }[kind.sql] ?? [false, false];
  const rightColumns = right.columns.filter((c) => !dropRight.has(c.name));
  if (names.length !== left.columns.length + rightColumns.length)
    return refuseRows(scope, node, 'join', 'of columns that the binder does not know');
  const selected: string[] = [];
  const side = (columns: readonly Column[], mayMiss: boolean): Column[] =>
    columns.map((c) => {
      const id = newId(ctx);
      selected.push(`${mayMiss && c.type === 'string' ? `coalesce(${c.id}, ${missing('string')})` : c.id} AS ${id}`);
      return { ...c, id };
    });
  const columns = [...side(left.columns, nullable[0]!), ...side(rightColumns, nullable[1]!)].map((c, i) => ({
    ...c,
    name: names[i]?.name ?? c.name,
  }));
  const order: OrderKey[] = [...left.order, ...right.order].map((k) => {
    const id = newId(ctx);
    selected.push(`${k.id} AS ${id}`);
    return { ...k, id };
  });
  const parts = left.parts?.map((p) => {
    const id = newId(ctx);
    selected.push(`${p} AS ${id}`);
    const domain = ctx.domains.get(p);
    if (domain) ctx.domains.set(id, `SELECT ${p} AS ${id} FROM (${domain})`);
    return id;
  });
  return {
    sql: `SELECT ${selected.join(', ') || '1 AS nothing'} FROM (${leftSql}) ${kind.sql} JOIN (${rightSql}) ON ${condition}`,
    columns,
    order,
    parts,
    serialized: false,
    sorted: false,
  };
}

function rightSide(node: Node, scope: Scope): Relation {
  return scope.ctx.rows(need(node, 'Expression'), { ctx: scope.ctx, env: scope.env, hoists: [] });
}

function join(node: Node, input: Relation, scope: Scope): Relation {
  const said = parameters(node).get('kind');
  const name = said ? textOf(said) : 'innerunique';
  const kind = KINDS[name];
  if (!kind) return refuseRows(scope, node, `join kind=${name}`);
  const clause = child(node, 'ConditionClause');
  if (clause && kindOf(clause) === 'JoinWhereClause') return refuseRows(scope, node, 'join where');
  const right = rightSide(node, scope);
  const names = resultColumns(node, [...input.columns, ...right.columns]) ?? [];
  const joined = (left: Relation) =>
    build(kind, left, right, joinKeys(list(clause, 'Expressions'), left, right, scope), new Set(), names, node, scope);
  const out = joined(input);
  if (!kind.unique) return out;
  return {
    ...out,
    refilter: (condition, used) => {
      if (!used.every((name) => findColumn(input, name))) return undefined;
      return joined({ ...input, sql: condition(input) });
    },
  };
}

/** lookup is a left outer (or inner) join whose right keys stay away. */
function lookup(node: Node, input: Relation, scope: Scope): Relation {
  const given = parameters(node);
  const shuffle = given.get('hint.shufflekey');
  if (shuffle) reject(scope, shuffle, 'lookup', 'lookup takes no hint.shufflekey: its right side goes to every node. Use join');
  const said = given.get('kind');
  const kind = KINDS[said ? textOf(said) : 'leftouter'];
  if (!kind) return refuseRows(scope, node, 'lookup kind');
  const right = rightSide(node, scope);
  const keys = joinKeys(list(child(node, 'LookupClause'), 'Expressions'), input, right, scope);
  return build(kind, input, right, keys, keys.rightNames, resultColumns(node, [...input.columns, ...right.columns]) ?? [], node, scope);
}

export const joins: readonly OperatorRow[] = [
  { name: 'join', kinds: ['JoinOperator'], emit: join },
  { name: 'lookup', kinds: ['LookupOperator'], emit: lookup },
];
