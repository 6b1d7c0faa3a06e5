import type { KqlType } from '../../core/kql-types.ts';
import { type Binding, newId, refuse, refuseRows, reject, type Scope } from '../context.ts';
import { declareLets } from '../expressions/user-function.ts';
import { quoteString } from '../quote.ts';
import { type Column, emptyOf, findColumn, missing, orderClause, type Relation } from '../relation.ts';
import { sqlType } from '../scalar.ts';
import { literalOf } from '../tree/literal.ts';
import { child, kindOf, list, type Node, nameOf, need, parameters, textOf } from '../tree/syntax.ts';
import type { OperatorRow } from './row.ts';
import { isLike } from './wildcard.ts';

interface Target {
  readonly name: string;
  readonly type: KqlType;
  /** Which column of an input feeds it. */
  readonly of: (input: Relation) => Column | undefined;
}

/** A let function that union's wildcards see. */
function isView(binding: Binding): binding is Extract<Binding, { kind: 'function' }> {
  return binding.kind === 'function' && child(binding.node, 'ViewKeyword') !== undefined;
}

/** What withsource says of a branch: the table or view, or the name that `as` gives it; a let table has none. */
function sourceName(node: Node, index: number, scope: Scope): string {
  if (kindOf(node) === 'NameReference') {
    const binding = scope.env.get(nameOf(node));
    // A let that only names a table is that table.
    if (binding?.kind === 'tabular' && kindOf(binding.node) === 'NameReference') {
      const behind = sourceName(binding.node, index, { ...scope, env: binding.env });
      if (scope.ctx.catalog.tables.has(behind)) return behind;
    }
    if ((binding && isView(binding)) || (!binding && scope.ctx.catalog.tables.has(nameOf(node)))) return nameOf(node);
  }
  return asName(node) ?? `union_arg${index}`;
}

export function asName(node: Node | undefined): string | undefined {
  let at = node;
  while (at && kindOf(at) === 'ParenthesizedExpression') at = child(at, 'Expression');
  if (!at || kindOf(at) !== 'PipeExpression') return undefined;
  const last = child(at, 'Operator');
  return last && kindOf(last) === 'AsOperator' ? nameOf(need(last, 'Name')) : undefined;
}

/** The expression whose rows come down the pipe into this operator. */
function pipedInto(node: Node): Node | undefined {
  return node.Parent && kindOf(node.Parent) === 'PipeExpression' ? child(node.Parent, 'Expression') : undefined;
}

/** Columns of the same name and type meet; of the same name and several types each get the type as suffix. */
function targets(inputs: readonly Relation[], inner: boolean): Target[] {
  const types = new Map<string, KqlType[]>();
  for (const input of inputs)
    for (const { name, type } of input.columns) {
      const seen = types.get(name) ?? [];
      if (!seen.includes(type)) types.set(name, [...seen, type]);
    }
  const out: Target[] = [];
  const taken = new Set([...types].flatMap(([name, seen]) => (seen.length > 1 ? [] : [name])));
  /** A name that is made up gives way to a column that is called so. */
  const free = (name: string): string => {
    let found = name;
    for (let n = 1; taken.has(found); n++) found = `${name}${n}`;
    taken.add(found);
    return found;
  };
  for (const [name, seen] of types)
    for (const type of seen) {
      const of = (input: Relation) => input.columns.find((c) => c.name === name && c.type === type);
      if (inner && !inputs.every(of)) continue;
      out.push({ name: seen.length > 1 ? free(`${name}_${type}`) : name, type, of });
    }
  return out;
}

/** Whether all have a column of a name whose types differ: kind=inner may keep it or not. */
function withSeveralTypes(inputs: readonly Relation[]): boolean {
  return inputs[0]!.columns.some(({ name, type }) => {
    const others = inputs.map((input) => findColumn(input, name));
    return others.every((c) => c !== undefined) && others.some((c) => c?.type !== type);
  });
}

/** Rows with the name that withsource says of them. */
export interface Named {
  readonly name: string;
  readonly relation: Relation;
}

/** What one item of union (or of search in) means: a table, or every table and view that a wildcard matches. */
export function namedSources(item: Node | undefined, index: number, fuzzy: boolean, scope: Scope): Named[] {
  const { ctx } = scope;
  const wildcard = !item || kindOf(item) === 'StarExpression' ? '*' : kindOf(item) === 'NameReference' ? nameOf(item) : '';
  if (item && !wildcard.includes('*')) {
    if (fuzzy && ctx.isMissing(item, scope)) return [];
    return [{ name: sourceName(item, index, scope), relation: ctx.rows(item, { ctx, env: scope.env, hoists: [] }) }];
  }
  const out: Named[] = [];
  for (const table of ctx.catalog.tables.values())
    if (isLike(table.name, wildcard)) out.push({ name: table.name, relation: ctx.table(table, scope) });
  for (const [view, binding] of scope.env) {
    if (!isLike(view, wildcard) || !isView(binding)) continue;
    const body = need(binding.node, 'Body');
    const env = declareLets(list(body, 'Statements'), binding.env);
    out.push({ name: view, relation: ctx.rows(need(body, 'Expression'), { ctx, env, hoists: [] }) });
  }
  return out;
}

export function union(node: Node, input: Relation | undefined, scope: Scope): Relation {
  const said = parameters(node);
  const inner = said.has('kind') && textOf(said.get('kind')!) === 'inner';
  const withSource = said.get('withsource') ?? said.get('with_source');
  const fuzzy = said.has('isfuzzy') && textOf(said.get('isfuzzy')!).toLowerCase() === 'true';
  const sources: Named[] = input ? [{ name: asName(pipedInto(node)) ?? 'union_arg0', relation: input }] : [];
  for (const item of list(node, 'Expressions')) sources.push(...namedSources(item, sources.length, fuzzy, scope));
  if (sources.length === 0) {
    if (fuzzy) reject(scope, node, 'union', 'none of the sources of this union exists');
    else refuse(scope, node, 'union', 'of nothing');
    return emptyOf([]);
  }
  const source = withSource && (literalOf(withSource)?.value?.toString() ?? nameOf(withSource));
  if (inner && withSeveralTypes(sources.map((s) => s.relation)))
    return refuseRows(scope, node, 'union kind=inner', 'of columns of one name and several types');
  if (source !== undefined && sources.some(({ relation }) => findColumn(relation, source)))
    return refuseRows(scope, node, 'union', `withsource by the name of a column that is there, '${source}'`);
  return combined(sources, { inner, source }, scope);
}

/** The rows of several sources under the columns that they have together. */
export function combined(
  sources: readonly Named[],
  { inner, source }: { inner: boolean; source: string | undefined },
  scope: Scope,
): Relation {
  const { ctx } = scope;
  const wanted = targets(
    sources.map((s) => s.relation),
    inner,
  );
  const columns: Column[] = wanted.map((t) => ({ id: newId(ctx), name: t.name, type: t.type }));
  const origin: Column | undefined = source === undefined ? undefined : { id: newId(ctx), name: source, type: 'string' };
  const branch = newId(ctx);
  const place = newId(ctx);
  const ordered = sources.some((s) => s.relation.order.length > 0);
  const selects = sources.map(({ name, relation }, i) => {
    const items = wanted.map((t, j) => `${t.of(relation)?.id ?? missing(t.type)}::${sqlType(t.type)} AS ${columns[j]!.id}`);
    if (origin) items.unshift(`${quoteString(name)} AS ${origin.id}`);
    if (ordered)
      items.push(
        `${i} AS ${branch}`,
        `${relation.order.length > 0 ? `row_number() OVER (${orderClause(relation.order)})` : '0'} AS ${place}`,
      );
    return `SELECT ${items.join(', ') || '1 AS nothing'} FROM (${relation.sql})`;
  });
  const key = (id: string) => ({ id, desc: false, nullsFirst: true });
  return {
    sql: selects.join(' UNION ALL '),
    columns: origin ? [origin, ...columns] : columns,
    order: ordered ? [key(branch), key(place)] : [],
    serialized: false,
    sorted: false,
  };
}

export const unions: readonly OperatorRow[] = [{ name: 'union', kinds: ['UnionOperator'], emit: union }];
