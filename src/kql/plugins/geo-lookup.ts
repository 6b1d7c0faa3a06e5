import { alone, layered, newId, refuseRows, rowScope, type Scope } from '../context.ts';
import { convert } from '../convert.ts';
import { type Column, missing, type Relation } from '../relation.ts';
import { boundColumns, isTabular, kindOf, type Node, nameOf, need, textOf } from '../tree/syntax.ts';
import type { PluginCall } from './row.ts';

/** What may follow the columns, in this order or by name. */
const OPTIONS = ['radius', 'return_unmatched', 'lookup_area_radius', 'return_lookup_key'] as const;
type Option = (typeof OPTIONS)[number];

/** Whether a point belongs to a shape: SQL over longitude, latitude, the shape and the radius. */
type Test = (lng: string, lat: string, shape: string, radius: string | undefined) => string;
const TESTS: Readonly<Record<string, Test>> = {
  geo_polygon_lookup: (lng, lat, shape, radius) =>
    radius
      ? `kqlf_geo_distance_point_to_polygon(${lng}, ${lat}, ${shape}) <= ${radius}`
      : `kqlf_geo_point_in_polygon(${lng}, ${lat}, ${shape})`,
  geo_line_lookup: (lng, lat, shape, radius) => `kqlf_geo_distance_point_to_line(${lng}, ${lat}, ${shape}) <= ${radius}`,
};

/** Rows beside those of a table whose polygon holds their place, or whose line is near. */
export function geoLookup(call: PluginCall): Relation {
  const { node, name, args, input, scope } = call;
  const { ctx } = scope;
  const [table, key, longitude, latitude, ...rest] = args;
  const options = optionsOf(rest);
  const refuse = (why: string) => refuseRows(scope, node, `evaluate ${name}`, why);
  if (!table || !key || !longitude || !latitude || !isTabular(table) || !options) return refuse('with these arguments');
  if (kindOf(key) !== 'NameReference') return refuse('by a key that is no column');
  if (name === 'geo_line_lookup' && !options.radius) return refuse('without a radius');
  const [unmatched, keyed] = [flag(options.return_unmatched), flag(options.return_lookup_key)];
  if (unmatched === undefined || keyed === undefined) return refuse('with a flag that is not a constant');
  const right = ctx.rows(table, { ctx, env: scope.env, hoists: [] });
  const [left, other] = [rowScope(ctx, scope.env, input), rowScope(ctx, scope.env, right)];
  const real = (n: Node, of: Scope) => convert(of, ctx.scalar(n, of), 'real').sql;
  const [lng, lat, radius] = [
    real(longitude, left),
    real(latitude, left),
    options.radius && alone(scope, (own) => convert(own, ctx.scalar(options.radius!, own), 'real')).sql,
  ];
  const shape = convert(other, ctx.scalar(key, other), 'dynamic').sql;
  const [x, y, s] = [newId(ctx, 'i'), newId(ctx, 'i'), newId(ctx, 'i')];
  const kept = right.columns.filter((c) => keyed || c.name !== nameOf(key));
  const all = [...input.columns, ...kept];
  const bound = boundColumns(node.ResultType);
  if (bound && bound.length === all.length && bound.some((b, i) => b.type !== all[i]!.type)) return refuse('of such columns');
  const taken = new Set<string>();
  const selected: string[] = [];
  const columns = all.map((c): Column => {
    const id = newId(ctx);
    const absent = kept.includes(c) && c.type === 'string';
    selected.push(`${absent ? `coalesce(${c.id}, ${missing('string')})` : c.id} AS ${id}`);
    let unique = c.name;
    for (let n = 1; taken.has(unique); n++) unique = `${c.name}${n}`;
    taken.add(unique);
    return { id, name: unique, type: c.type };
  });
  const places = `SELECT *, ${lng} AS ${x}, ${lat} AS ${y} FROM (${layered(left, input.sql)})`;
  const shapes = `SELECT *, ${shape} AS ${s} FROM (${layered(other, right.sql)})`;
  const test = TESTS[name]!(x, y, s, radius);
  return {
    sql: `SELECT ${selected.join(', ')} FROM (${places}) ${unmatched ? 'LEFT JOIN' : 'JOIN'} (${shapes}) ON ${test}`,
    columns,
    order: [],
    serialized: false,
    sorted: false,
  };
}

function optionsOf(rest: readonly Node[]): Partial<Record<Option, Node>> | undefined {
  const out: Partial<Record<Option, Node>> = {};
  for (const [i, node] of rest.entries()) {
    const named = kindOf(node) === 'SimpleNamedExpression';
    const option = named ? OPTIONS.find((o) => o === nameOf(need(node, 'Name')).toLowerCase()) : OPTIONS[i];
    if (!option || out[option]) return undefined;
    out[option] = named ? need(node, 'Expression') : node;
  }
  return out;
}

function flag(node: Node | undefined): boolean | undefined {
  const text = node ? textOf(node).toLowerCase() : 'false';
  return text === 'true' || text === 'false' ? text === 'true' : undefined;
}
