import { layered, newId, refuseRows, rowScope } from '../context.ts';
import { convert } from '../convert.ts';
import { type Column, findColumn, missing, type Relation } from '../relation.ts';
import { boundColumns, boundType, isTabular, kindOf, type Node, nameOf, need, textOf } from '../tree/syntax.ts';
import type { PluginCall } from './row.ts';

/** The columns of the looked-up table stand behind those of the rows, or before them; how the bounds of a network are told. */
interface Family {
  readonly tableFirst: boolean;
  readonly bound: string;
}
const FAMILIES: Readonly<Record<string, Family>> = {
  ipv4_lookup: { tableFirst: false, bound: 'kqlf_ipv4_bound' },
  ipv6_lookup: { tableFirst: true, bound: 'kqlf_ipv6_bound' },
};

/** Rows beside those of a table whose network holds their address. */
export function ipLookup(call: PluginCall): Relation {
  const { node, name, input, scope } = call;
  const { ctx } = scope;
  const named = (n: Node) => kindOf(n) === 'SimpleNamedExpression';
  const refuse = (why: string) => refuseRows(scope, node, `evaluate ${name}`, why);
  const option = call.args.find(named);
  const [table, source, network, ...more] = call.args.filter((a) => !named(a));
  const last = more.at(-1);
  const flag = option
    ? need(option, 'Expression')
    : last && boundType(last) === 'bool' && kindOf(last) !== 'NameReference'
      ? last
      : undefined;
  const keys = more.filter((n) => n !== flag);
  if (!table || !source || !network || !isTabular(table)) return refuse('with these arguments');
  if (option && nameOf(need(option, 'Name')) !== 'return_unmatched') return refuse('with these arguments');
  const said = flag ? textOf(flag).toLowerCase() : 'false';
  if (said !== 'true' && said !== 'false') return refuse('with these arguments');
  const right = ctx.rows(table, { ctx, env: scope.env, hoists: [] });
  const equal: string[] = [];
  for (const key of keys) {
    const [l, r] = [input, right].map((side) => (kindOf(key) === 'NameReference' ? findColumn(side, nameOf(key)) : undefined));
    if (!l || !r || l.type !== r.type || l.type === 'dynamic')
      return refuse('with further keys that are no columns of one type on both sides');
    equal.push(` AND ${l.id} IS NOT DISTINCT FROM ${r.id}`);
  }
  const rightColumns = right.columns.filter((c) => !keys.some((key) => nameOf(key) === c.name));
  const [left, other] = [rowScope(ctx, scope.env, input), rowScope(ctx, scope.env, right)];
  const address = convert(left, ctx.scalar(source, left), 'string').sql;
  const range = convert(other, ctx.scalar(network, other), 'string').sql;
  const [ip, low, high] = [newId(ctx, 'i'), newId(ctx, 'i'), newId(ctx, 'i')];
  const family = FAMILIES[name]!;
  const all = family.tableFirst ? [...rightColumns, ...input.columns] : [...input.columns, ...rightColumns];
  const bound = boundColumns(node.ResultType) ?? [];
  if (!family.tableFirst && bound.length !== all.length) return refuse('of columns that the binder does not know');
  if (family.tableFirst && new Set(all.map((c) => c.name)).size < all.length) return refuse('with columns of the same name on both sides');
  const selected: string[] = [];
  const columns = all.map((c, i): Column => {
    const id = newId(ctx);
    const absent = right.columns.includes(c) && c.type === 'string';
    selected.push(`${absent ? `coalesce(${c.id}, ${missing('string')})` : c.id} AS ${id}`);
    return { id, name: family.tableFirst ? c.name : bound[i]!.name, type: c.type };
  });
  const order = input.order.map((k) => {
    const id = newId(ctx);
    selected.push(`${k.id} AS ${id}`);
    return { ...k, id };
  });
  const rows = `SELECT *, ${family.bound}(${address}, false, false) AS ${ip} FROM (${layered(left, input.sql)})`;
  const networks = `SELECT *, ${family.bound}(${range}, true, false) AS ${low}, ${family.bound}(${range}, true, true) AS ${high} FROM (${layered(other, right.sql)})`;
  const join = said === 'true' ? 'LEFT JOIN' : 'JOIN';
  return {
    sql: `SELECT ${selected.join(', ')} FROM (${rows}) ${join} (${networks}) ON ${ip} >= ${low} AND ${ip} <= ${high}${equal.join('')}`,
    columns,
    order,
    serialized: false,
    sorted: false,
  };
}
