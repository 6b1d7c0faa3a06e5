import { layered, newId, refuseRows, reject, rowScope, type Scope } from '../context.ts';
import { tupleOf } from '../functions/tuples.ts';
import { type Column, findColumn, hiddenIds, type Relation, select } from '../relation.ts';
import type { Scalar } from '../scalar.ts';
import { boundColumns, kindOf, list, type Node, nameOf, need, resultName } from '../tree/syntax.ts';
import type { OperatorRow } from './row.ts';
import { isLike } from './wildcard.ts';

/** Stands for a name that only the binder knows. */
const UNNAMED = '\0';

interface Named {
  readonly name: string;
  /** The name was written, or is that of the column itself. */
  readonly given: boolean;
  readonly value: Scalar;
}

/** `(a, b) = expr` takes the items of an array apart. */
function valuesOf(node: Node, scope: Scope): Named[] {
  if (kindOf(node) === 'CompoundNamedExpression') {
    const tuple = tupleOf(need(node, 'Expression'), scope);
    const names = list(need(node, 'Names'), 'Names');
    if (tuple && tuple.length >= names.length) return names.map((name, i) => ({ name: nameOf(name), given: true, value: tuple[i]! }));
    const value = scope.ctx.scalar(need(node, 'Expression'), scope);
    return names.map((name, i) => ({
      name: nameOf(name),
      given: true,
      value: { sql: `kql_path(${value.sql}, '$[${i}]')`, type: 'dynamic' as const },
    }));
  }
  if (kindOf(node) === 'SimpleNamedExpression')
    return [{ name: nameOf(need(node, 'Name')), given: true, value: scope.ctx.scalar(need(node, 'Expression'), scope) }];
  const tuple = tupleOf(node, scope);
  if (tuple) return tuple.map((value) => ({ name: '', given: false, value }));
  const name = resultName(node, '');
  return [{ name, given: false, value: scope.ctx.scalar(node, scope) }];
}

export function extend(node: Node, input: Relation, scope: Scope): Relation {
  const row = rowScope(scope.ctx, scope.env, input);
  const columns: Column[] = [...input.columns];
  const bound = boundColumns(node.ResultType) ?? [];
  const added: string[] = [];
  for (const { name, given, value } of list(node, 'Expressions').flatMap((e) => valuesOf(e, row))) {
    const id = newId(scope.ctx);
    added.push(`${value.sql} AS ${id}`);
    const at = name === '' ? -1 : columns.findIndex((c) => c.name === name);
    if (at >= 0) columns[at] = { id, type: value.type, name };
    else columns.push({ id, type: value.type, name: given || name !== '' ? name : UNNAMED });
  }
  // Counted from the end: the binder may see columns in front that the engine does not give.
  const named = columns.map((c, i) =>
    c.name === UNNAMED ? { ...c, name: bound[bound.length - columns.length + i]?.name ?? 'Column1' } : c,
  );
  return { ...input, columns: named, sql: `SELECT *, ${added.join(', ')} FROM (${layered(row, input.sql)})` };
}

function project(node: Node, input: Relation, scope: Scope): Relation {
  const row = rowScope(scope.ctx, scope.env, input);
  const bound = boundColumns(node.ResultType) ?? [];
  const columns: Column[] = [];
  const added: string[] = [];
  for (const expression of list(node, 'Expressions')) {
    if (kindOf(expression) === 'StarExpression') {
      columns.push(...input.columns);
      continue;
    }
    for (const { name, value } of valuesOf(expression, row)) {
      const plain = input.columns.some((c) => c.id === value.sql) && !columns.some((c) => c.id === value.sql);
      const id = plain ? value.sql : newId(scope.ctx);
      if (!plain) added.push(`${value.sql} AS ${id}`);
      columns.push({ id, type: value.type, name: bound[columns.length]?.name ?? (name || `Column${columns.length + 1}`) });
    }
  }
  const kept = columns.filter((c) => input.columns.some((i) => i.id === c.id)).map((c) => c.id);
  const hidden = hiddenIds(input, columns);
  return {
    ...input,
    columns,
    sql: `SELECT ${[...new Set([...kept, ...hidden]), ...added].join(', ') || '1 AS nothing'} FROM (${layered(row, input.sql)})`,
  };
}

/** Columns that a list of names and wildcards means. */
function matching(node: Node, input: Relation): Column[] {
  const name = nameOf(kindOf(node) === 'OrderedExpression' ? need(node, 'Expression') : node);
  if (kindOf(node) === 'StarExpression') return [...input.columns];
  if (!name.includes('*')) return input.columns.filter((c) => c.name === name);
  return input.columns.filter((c) => isLike(c.name, name));
}

function projectAway(node: Node, input: Relation): Relation {
  const gone = new Set(
    list(node, 'Expressions')
      .flatMap((e) => matching(e, input))
      .map((c) => c.id),
  );
  return select(
    input,
    input.columns.filter((c) => !gone.has(c.id)),
  );
}

function projectKeep(node: Node, input: Relation): Relation {
  const kept = new Set(
    list(node, 'Expressions')
      .flatMap((e) => matching(e, input))
      .map((c) => c.id),
  );
  return select(
    input,
    input.columns.filter((c) => kept.has(c.id)),
  );
}

function projectRename(node: Node, input: Relation, scope: Scope): Relation {
  const names = new Map<string, string>();
  for (const item of list(node, 'Expressions')) {
    if (kindOf(item) !== 'SimpleNamedExpression') return refuseRows(scope, node, 'project-rename', 'several names at once');
    const old = nameOf(need(item, 'Expression'));
    if (names.has(old)) reject(scope, item, 'project-rename', `the column '${old}' is renamed twice`);
    names.set(old, nameOf(need(item, 'Name')));
  }
  const bound = boundColumns(node.ResultType);
  return { ...input, columns: input.columns.map((c, i) => ({ ...c, name: names.get(c.name) ?? bound?.[i]?.name ?? c.name })) };
}

function projectReorder(node: Node, input: Relation): Relation {
  const bound = boundColumns(node.ResultType) ?? [];
  const ordered = bound.flatMap((b) => findColumn(input, b.name) ?? []);
  return ordered.length === input.columns.length ? select(input, ordered) : input;
}

export const projection: readonly OperatorRow[] = [
  { name: 'extend', kinds: ['ExtendOperator'], emit: extend },
  { name: 'project', kinds: ['ProjectOperator'], emit: project },
  { name: 'project-away', kinds: ['ProjectAwayOperator'], emit: projectAway },
  { name: 'project-keep', kinds: ['ProjectKeepOperator'], emit: projectKeep },
  { name: 'project-rename', kinds: ['ProjectRenameOperator'], emit: projectRename },
  { name: 'project-reorder', kinds: ['ProjectReorderOperator'], emit: projectReorder },
];
