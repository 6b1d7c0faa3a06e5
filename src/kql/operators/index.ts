import { refuseRows, rowScope, type Scope } from '../context.ts';
import { evaluate } from '../plugins/index.ts';
import type { Relation } from '../relation.ts';
import { kindOf, type Node, need } from '../tree/syntax.ts';
import { expansion } from './expand.ts';
import { filter } from './filter.ts';
import { find } from './find.ts';
import { graphRows, graphs } from './graph-rows.ts';
import { joins } from './join.ts';
import { series } from './make-series.ts';
import { parsing } from './parse.ts';
import { keyValues } from './parse-kv.ts';
import { partitions } from './partition.ts';
import { projection } from './project.ts';
import { byNames } from './project-by-names.ts';
import type { OperatorRow } from './row.ts';
import { scanning } from './scan.ts';
import { search, searching } from './search.ts';
import { SOURCES } from './source.ts';
import { aggregation } from './summarize.ts';
import { hitters } from './top-hitters.ts';
import { nesting } from './top-nested.ts';
import { union, unions } from './union.ts';

/** Every tabular operator that is known. */
export const OPERATORS: readonly OperatorRow[] = [
  ...filter,
  ...projection,
  ...byNames,
  ...aggregation,
  ...joins,
  ...unions,
  ...expansion,
  ...parsing,
  ...series,
  ...keyValues,
  ...searching,
  ...scanning,
  ...nesting,
  ...hitters,
  { name: 'find', kinds: ['FindOperator'], emit: (node, _input, scope) => refuseRows(scope, node, 'find', 'behind a pipe') },
  ...partitions,
  ...graphs,
  { name: 'evaluate', kinds: ['EvaluateOperator'], emit: evaluate },
];
const BY_KIND = new Map(OPERATORS.flatMap((row) => row.kinds.map((kind) => [kind, row] as const)));

/** Operators that let the rows through one by one, as they come. */
const IN_STEP: ReadonlySet<string> = new Set([
  'where',
  'take',
  'extend',
  'project',
  'project-away',
  'project-keep',
  'serialize',
  'as',
  'render',
]);

/** What may change the order of rows all the same: windows, and subqueries and long lists of values, which DuckDB makes joins of. */
const SHUFFLES = /\b(?:OVER|JOIN|IN|EXISTS)\b|\(SELECT v FROM/;

/** Spells the kind of an operator that is in no table: MakeSeriesOperator is make-series. */
function spelling(kind: string): string {
  return kind
    .replace(/(Operator|Expression)$/, '')
    .replace(/(?<=[a-z])[A-Z]/g, (c) => `-${c}`)
    .toLowerCase();
}

/** One operator of a pipe over the rows that come down. */
function apply(node: Node, input: Relation, scope: Scope): Relation {
  const kind = kindOf(node);
  const row = BY_KIND.get(kind);
  if (!row?.emit) return refuseRows(scope, node, row?.name ?? spelling(kind), row?.refuse);
  const out = row.emit(node, input, rowScope(scope.ctx, scope.env));
  if (input.parts && !out.parts) return refuseRows(scope, node, row.name, 'inside mv-apply or partition');
  const streamed = input.streamed && IN_STEP.has(row.name) && !SHUFFLES.test(out.sql) ? input.streamed : undefined;
  return kind === 'JoinOperator' ? out : { ...out, streamed, refilter: undefined };
}

/** A tabular expression from its source on. */
export function translateRows(node: Node, scope: Scope): Relation {
  const kind = kindOf(node);
  if (kind === 'PipeExpression')
    return graphRows(node, scope) ?? apply(need(node, 'Operator'), scope.ctx.rows(need(node, 'Expression'), scope), scope);
  if (kind === 'UnionOperator') return union(node, undefined, scope);
  if (kind === 'SearchOperator') return search(node, undefined, scope);
  if (kind === 'FindOperator') return find(node, scope);
  const source = SOURCES.get(kind);
  return source ? source(node, scope) : refuseRows(scope, node, spelling(kind), BY_KIND.get(kind)?.refuse);
}

/** A pipe that starts with an operator, over rows that are given: the body of mv-apply. */
export function translatePipe(node: Node, input: Relation, scope: Scope): Relation {
  if (kindOf(node) === 'PipeExpression') return apply(need(node, 'Operator'), translatePipe(need(node, 'Expression'), input, scope), scope);
  return apply(node, input, scope);
}
