import { fill, hoist, newId, refuse, type Scope } from '../context.ts';
import { convert } from '../convert.ts';
import type { Relation } from '../relation.ts';
import { constantItems, constantText, type Scalar } from '../scalar.ts';
import { isTabular, kindOf, list, type Node, need } from '../tree/syntax.ts';
import { dependsOnRow } from './names.ts';
import { anyTerm, hasTerm } from './text.ts';

/** Kusto.Language names the case-insensitive `in~` InCsExpression. */
const IN: Readonly<Record<string, { readonly not: boolean; readonly fold: boolean }>> = {
  InExpression: { not: false, fold: false },
  NotInExpression: { not: true, fold: false },
  InCsExpression: { not: false, fold: true },
  NotInCsExpression: { not: true, fold: true },
};
export const IN_KINDS = Object.keys(IN);

export function membership(node: Node, scope: Scope): Scalar {
  const { not, fold } = IN[kindOf(node)]!;
  let value = scope.ctx.scalar(need(node, 'Left'), scope);
  if (value.type === 'dynamic') value = convert(scope, value, 'string');
  const lower = (sql: string) => (fold && value.type === 'string' ? `lower(${sql})` : sql);
  const left = lower(value.sql);
  const items = candidates(node, scope);
  const tests = items.flatMap((item) => {
    if ('relation' in item) return [subquery(item.relation, { ...value, sql: left }, lower, scope)];
    if (item.value.type !== 'dynamic') return [];
    const v = newId(scope.ctx, 'v');
    const text = convert(scope, value, 'string');
    const array = `list_transform(kql_items(${hoist(scope, item.value.sql)}), lambda ${v}: ${lowerOf(fold, `json_extract_string(${v}, '$')`)})`;
    return [`coalesce(list_contains(${array}, ${lowerOf(fold, text.sql)}), false)`];
  });
  const plain = items.flatMap((item) =>
    'value' in item && item.value.type !== 'dynamic' ? [lower(convert(scope, item.value, value.type).sql)] : [],
  );
  if (plain.length > 0) {
    const nulls = value.type === 'string' || (value.constant && value.constant.value !== null && !plain.some((p) => /NULL/.test(p)));
    tests.push(nulls ? `(${left} IN (${plain.join(', ')}))` : `coalesce(${left} IN (${plain.join(', ')}), false)`);
  }
  const sql = tests.length === 0 ? 'false' : `(${tests.join(' OR ')})`;
  return { sql: not ? `(NOT ${sql})` : sql, type: 'bool' };
}

function lowerOf(fold: boolean, sql: string): string {
  return fold ? `lower(${sql})` : sql;
}

type Candidate = { readonly value: Scalar } | { readonly relation: Relation };

/** What stands right of in or has_any: values, the items of constant arrays, and tables. */
function candidates(node: Node, scope: Scope): Candidate[] {
  return list(need(node, 'Right'), 'Expressions').flatMap((item): Candidate[] => {
    if (isTabular(item)) {
      const relation = scope.ctx.rows(item, { ...scope, rows: undefined });
      if (dependsOnRow(relation, scope)) return [{ value: refuse(scope, item, 'in', 'a table that depends on the row') }];
      return [{ relation }];
    }
    const value = scope.ctx.scalar(item, scope);
    return (constantItems(value) ?? [value]).map((v) => ({ value: v }));
  });
}

function subquery(relation: Relation, left: Scalar, lower: (sql: string) => string, scope: Scope): string {
  const column = relation.columns[0];
  if (!column) return 'false';
  const item = convert(scope, { sql: column.id, type: column.type }, left.type);
  return `coalesce(${left.sql} IN (SELECT ${lower(item.sql)} FROM (${relation.sql})), false)`;
}

/** More terms than this are looked for by one pattern. */
const FEW_TERMS = 24;

/** has_any and has_all. */
export function hasSeveral(node: Node, scope: Scope): Scalar {
  const all = kindOf(node) === 'HasAllExpression';
  const text = convert(scope, scope.ctx.scalar(need(node, 'Left'), scope), 'string');
  const lowered = hoist(scope, `lower(${text.sql})`);
  const known = (item: Candidate) =>
    'value' in item && item.value.type !== 'dynamic' ? constantText(convert(scope, item.value, 'string')) : undefined;
  const items = candidates(node, scope);
  const many = all || items.length <= FEW_TERMS ? [] : items.filter((item) => known(item) !== undefined);
  const rest = items.filter((item) => !many.includes(item));
  const together = many.length > 0 ? anyTerm(lowered, many.map(known) as string[]) : [];
  const tests = rest.map((item) => {
    if ('relation' in item) {
      if (all) return refuse(scope, node, 'has_all', 'over a table').sql;
      const column = item.relation.columns[0]!;
      const term = convert(scope, { sql: column.id, type: column.type }, 'string');
      const terms = `(SELECT list(lower(${term.sql})) FROM (${item.relation.sql}))`;
      return hasInList(scope, lowered, terms, false);
    }
    const term = known(item);
    if (term !== undefined) return hasTerm(scope, lowered, term);
    if (item.value.type !== 'dynamic')
      return fill(scope, 'kql_has_text({0}, {1})', [lowered, `lower(${convert(scope, item.value, 'string').sql})`]);
    const v = newId(scope.ctx, 'v');
    return hasInList(
      scope,
      lowered,
      `list_transform(kql_items(${hoist(scope, item.value.sql)}), lambda ${v}: coalesce(lower(json_extract_string(${v}, '$')), ''))`,
      all,
    );
  });
  return { sql: `(${[...tests, ...together].join(all ? ' AND ' : ' OR ') || String(all)})`, type: 'bool' };
}

function hasInList(scope: Scope, text: string, terms: string, all: boolean): string {
  const v = newId(scope.ctx, 'v');
  const found = (wanted: string) => `list_filter(${terms}, lambda ${v}: ${wanted}coalesce(kql_has_text(${text}, ${v}), false))`;
  if (!all) return `coalesce(len(${found('')}) > 0, false)`;
  return `coalesce(len(${found('NOT ')}) = 0, false)`;
}
