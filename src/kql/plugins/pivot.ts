import { layered, newId, refuseRows, rowScope } from '../context.ts';
import { grouping } from '../grouping.ts';
import { quoteString } from '../quote.ts';
import { type Column, findColumn, missing, type Relation } from '../relation.ts';
import type { Scalar } from '../scalar.ts';
import { boundColumns, child, kindOf, nameOf, need } from '../tree/syntax.ts';
import { needProbe } from './probe.ts';
import type { PluginCall } from './row.ts';

/** Aggregates that are 0 where there are no rows. */
const ZERO: ReadonlySet<string> = new Set(['count', 'sum', 'dcount', 'countif', 'count_distinct']);
/** Those that are null there, and those of which that is not known. */
const NULL: ReadonlySet<string> = new Set(['min', 'max', 'take_any', 'any']);
const UNKNOWN: ReadonlySet<string> = new Set(['avg', 'stdev', 'variance', 'make_list', 'make_set', 'make_bag']);

function unsure(aggregate: string): string {
  return `error('evaluate pivot with ${aggregate} over no rows is not supported')`;
}

/** Each value of a column becomes a column of its own, with the aggregate of its rows. */
export function pivot(call: PluginCall): Relation {
  const { node, args, input, scope } = call;
  const { ctx } = scope;
  const refuse = (why: string) => refuseRows(scope, node, 'evaluate pivot', why);
  const named = (i: number) => (args[i] && kindOf(args[i]) === 'NameReference' ? findColumn(input, nameOf(args[i])) : undefined);
  const key = named(0);
  if (key?.type !== 'string') return refuse('of anything but a string column');
  const aggregateNode = args[1];
  const aggregate = !aggregateNode || kindOf(aggregateNode) !== 'FunctionCallExpression' ? 'count' : nameOf(need(aggregateNode, 'Name'));
  const known = ZERO.has(aggregate) || NULL.has(aggregate) || UNKNOWN.has(aggregate);
  if (aggregateNode && (kindOf(aggregateNode) !== 'FunctionCallExpression' || !known)) return refuse('with this aggregate');
  const inner = rowScope(ctx, scope.env, input);
  const { sink, aggregates, outer } = grouping(inner);
  const value: Scalar = aggregateNode ? ctx.scalar(aggregateNode, outer) : sink.add('count(*)', 'long');
  const argument = new RegExp(`\\b(${input.columns.map((c) => c.id).join('|')})\\b`, 'g');
  // Text of the query may look like the name of a column.
  const used = new Set(aggregates.flatMap((a) => a.replace(/'(?:[^']|'')*'/g, "''").match(argument) ?? []));
  if (inner.hoists.length > 0) return refuse('with an aggregate over an expression');
  const chosen = args.slice(2).map((_, i) => named(i + 2));
  if (chosen.includes(undefined)) return refuse('with anything but columns');
  const rest = chosen.length > 0 ? (chosen as Column[]) : input.columns.filter((c) => c.id !== key.id && !used.has(c.id));
  const base = layered(inner, input.sql);
  const declared = child(node, 'Schema') ? boundColumns(node.ResultType) : undefined;
  if (!declared) {
    const sql = `SELECT DISTINCT ${key.id} AS name, '${value.type}' AS type FROM (${base}) ORDER BY 1`;
    return needProbe(call, { source: rest, prefix: '', conflict: 'error', replaced: undefined }, sql);
  }
  const groups = [...rest.map((c) => c.id), key.id];
  const long = `SELECT ${[...groups, ...aggregates].join(', ')} FROM (${base}) GROUP BY ${groups.join(', ')}`;
  const cell = newId(ctx);
  const valued = `SELECT ${[...groups, `${value.sql} AS ${cell}`].join(', ')} FROM (${layered(outer, long)})`;
  const columns = declared.map(
    (d): Column => rest.find((c) => c.name === d.name && c.type === d.type) ?? { id: newId(ctx), name: d.name, type: d.type },
  );
  const absent = ZERO.has(aggregate) ? '0' : NULL.has(aggregate) ? missing(value.type) : unsure(aggregate);
  const selected = columns.map((c) => {
    if (rest.includes(c)) return c.id;
    const here = `FILTER (WHERE ${key.id} = ${quoteString(c.name)})`;
    return `CASE WHEN count(*) ${here} = 0 THEN ${absent} ELSE max(${cell}) ${here} END AS ${c.id}`;
  });
  const by = rest.length > 0 ? ` GROUP BY ${rest.map((c) => c.id).join(', ')}` : ' HAVING count(*) > 0';
  return { sql: `SELECT ${selected.join(', ')} FROM (${valued})${by}`, columns, order: [], serialized: false, sorted: false };
}
