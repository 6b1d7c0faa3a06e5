import { hoist, layered, newId, refuse, refuseRows, rowScope, type Scope } from '../context.ts';
import { convert } from '../convert.ts';
import { termSql } from '../expressions/term.ts';
import { quoteString } from '../quote.ts';
import type { Column, Relation } from '../relation.ts';
import type { Scalar } from '../scalar.ts';
import { literalOf } from '../tree/literal.ts';
import { child, kindOf, list, type Node, nameOf, need, parameters, symbolKind, textOf } from '../tree/syntax.ts';
import type { OperatorRow } from './row.ts';
import { asName, combined, type Named, namedSources } from './union.ts';

interface Search {
  readonly row: Scope;
  readonly columns: readonly Column[];
  readonly exact: boolean;
}

function holds(value: Scalar, term: string, node: Node, { row, exact }: Search): string {
  if (term.includes('\u0001')) return refuse(row, node, 'search', 'a term with control characters').sql;
  if (/[^*]\*[^*]/.test(term)) return refuse(row, node, 'search', 'a term with * inside').sql;
  const text = convert(row, value, 'string').sql;
  return termSql(exact ? text : hoist(row, `lower(${text})`), exact ? term : term.toLowerCase());
}

/**
 * All columns as one text, parted by a sign that no term has: a test of each of several hundred columns takes DuckDB longer to plan than to
 * run.
 */
function together({ row, columns }: Search): Scalar {
  const texts = columns.map((c) => convert(row, { sql: c.id, type: c.type }, 'string').sql);
  return { sql: hoist(row, `concat_ws(chr(1), ${texts.join(', ')})`), type: 'string' };
}

/** Text by itself is a term that any column may hold; everything else is a condition like that of where. */
export function condition(node: Node, search: Search): string {
  const { row, columns } = search;
  const kind = kindOf(node);
  if (kind === 'ParenthesizedExpression') return `(${condition(need(node, 'Expression'), search)})`;
  if (kind === 'AndExpression' || kind === 'OrExpression')
    return `(${condition(need(node, 'Left'), search)} ${kind === 'AndExpression' ? 'AND' : 'OR'} ${condition(need(node, 'Right'), search)})`;
  if (kind === 'StarExpression') return 'true';
  if (kind === 'FunctionCallExpression' && nameOf(need(node, 'Name')) === 'not')
    return `(NOT coalesce(${list(need(node, 'ArgumentList'), 'Expressions').map((n) => condition(n, search))[0] ?? 'NULL'}, false))`;
  const literal = literalOf(node);
  if (literal?.type === 'string') return columns.length === 0 ? 'false' : holds(together(search), String(literal.value), node, search);
  if (kind === 'SearchExpression') {
    const term = literalOf(need(node, 'Right'));
    if (term?.type !== 'string') return refuse(row, node, 'search', 'a column with a term that is no text').sql;
    return holds(row.ctx.scalar(need(node, 'Left'), row), String(term.value), node, search);
  }
  return row.ctx.predicate(node, row);
}

/** Columns without which no row can meet the condition: a table that lacks one is not searched. */
function required(node: Node): string[] {
  const kind = kindOf(node);
  if (kind === 'ParenthesizedExpression') return required(need(node, 'Expression'));
  if (kind === 'AndExpression') return [...required(need(node, 'Left')), ...required(need(node, 'Right'))];
  if (kind === 'OrExpression') {
    const other = required(need(node, 'Right'));
    return required(need(node, 'Left')).filter((name) => other.includes(name));
  }
  const left = child(node, 'Left');
  return left && kindOf(left) === 'NameReference' && /Column/.test(symbolKind(left)) ? [nameOf(left)] : [];
}

function filtered(node: Node, rows: Relation, exact: boolean, scope: Scope): Relation {
  const row = rowScope(scope.ctx, scope.env, rows);
  const test = condition(need(node, 'Condition'), { row, columns: rows.columns.slice(1), exact });
  return { ...rows, sql: `SELECT * FROM (${layered(row, rows.sql)}) WHERE ${test}` };
}

export function search(node: Node, input: Relation | undefined, scope: Scope): Relation {
  const { ctx } = scope;
  const kind = parameters(node).get('kind');
  const exact = kind !== undefined && textOf(kind) === 'case_sensitive';
  if (input) {
    const piped = node.Parent ? child(node.Parent, 'Expression') : undefined;
    const id = newId(ctx);
    const columns: Column[] = [{ id, name: '$table', type: 'string' }, ...input.columns];
    const marked = `SELECT *, ${quoteString(asName(piped) ?? 'search_arg0')} AS ${id} FROM (${input.sql})`;
    return filtered(node, { ...input, columns, sql: marked }, exact, scope);
  }
  const within = child(node, 'InClause');
  const sources: Named[] = within
    ? list(within, 'Expressions').flatMap((item, i) => namedSources(item, i, false, scope))
    : namedSources(undefined, 0, false, scope).filter(({ relation }) =>
        required(need(node, 'Condition')).every((name) => relation.columns.some((c) => c.name === name)),
      );
  if (sources.length === 0) return refuseRows(scope, node, 'search', 'there is no table to search');
  return filtered(node, combined(sources, { inner: false, source: '$table' }, scope), exact, scope);
}

export const searching: readonly OperatorRow[] = [{ name: 'search', kinds: ['SearchOperator'], emit: search }];
