import { layered, newId, refuseRows, rowScope } from '../context.ts';
import { convert } from '../convert.ts';
import { type Column, missing, type Relation } from '../relation.ts';
import { boundColumns, isTabular, kindOf, type Node, nameOf, need, textOf } from '../tree/syntax.ts';
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
  const positional = call.args.filter((a) => !named(a));
  const option = call.args.find(named);
  const [table, source, network, fourth] = positional;
  const flag = option ? need(option, 'Expression') : fourth;
  if (!table || !source || !network || positional.length > 4 || !isTabular(table))
    return refuseRows(scope, node, `evaluate ${name}`, 'with these arguments');
  if (option && (nameOf(need(option, 'Name')) !== 'return_unmatched' || fourth))
    return refuseRows(scope, node, `evaluate ${name}`, 'with further keys');
  const said = flag ? textOf(flag).toLowerCase() : 'false';
  if (said !== 'true' && said !== 'false') return refuseRows(scope, node, `evaluate ${name}`, 'with further keys');
  const right = ctx.rows(table, { ctx, env: scope.env, hoists: [] });
  const [left, other] = [rowScope(ctx, scope.env, input), rowScope(ctx, scope.env, right)];
  const address = convert(left, ctx.scalar(source, left), 'string').sql;
  const range = convert(other, ctx.scalar(network, other), 'string').sql;
  const [ip, low, high] = [newId(ctx, 'i'), newId(ctx, 'i'), newId(ctx, 'i')];
  const family = FAMILIES[name]!;
  const all = family.tableFirst ? [...right.columns, ...input.columns] : [...input.columns, ...right.columns];
  const bound = boundColumns(node.ResultType) ?? [];
  if (!family.tableFirst && bound.length !== all.length)
    return refuseRows(scope, node, `evaluate ${name}`, 'of columns that the binder does not know');
  if (family.tableFirst && new Set(all.map((c) => c.name)).size < all.length)
    return refuseRows(scope, node, `evaluate ${name}`, 'with columns of the same name on both sides');
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
    sql: `SELECT ${selected.join(', ')} FROM (${rows}) ${join} (${networks}) ON ${ip} >= ${low} AND ${ip} <= ${high}`,
    columns,
    order,
    serialized: false,
    sorted: false,
  };
}
