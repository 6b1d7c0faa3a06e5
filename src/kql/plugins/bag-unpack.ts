import { hoist, layered, newId, refuseRows, reject, rowScope } from '../context.ts';
import { convert } from '../convert.ts';
import { needsPointer, pointerStep, quotePathStep, quoteString } from '../quote.ts';
import type { Column, Relation } from '../relation.ts';
import { constantText } from '../scalar.ts';
import { boundColumns, child, kindOf, nameOf, need } from '../tree/syntax.ts';
import { needProbe } from './probe.ts';
import type { PluginCall } from './row.ts';

/** The JSON kind of a value as the type of its column. */
const TYPE = `CASE v[1] WHEN '"' THEN CASE WHEN regexp_matches(v, '^"\\d{4}-\\d\\d-\\d\\dT') THEN 'texts that look like times' ELSE 'string' END WHEN '[' THEN 'dynamic' WHEN '{' THEN 'dynamic' WHEN 't' THEN 'bool' WHEN 'f' THEN 'bool' ELSE CASE WHEN regexp_full_match(v, '-?\\d+') THEN 'long' ELSE 'real' END END`;

interface Options {
  readonly prefix: string;
  readonly conflict: string;
  readonly ignored: readonly string[];
}

function optionsOf({ args, scope }: PluginCall): Options | undefined {
  const positional = ['prefix', 'conflict', 'ignored'];
  const names: Readonly<Record<string, string>> = {
    OutputColumnPrefix: 'prefix',
    columnsConflict: 'conflict',
    ignoredProperties: 'ignored',
  };
  const said = new Map<string, string>();
  for (const [i, arg] of args.slice(1).entries()) {
    const named = kindOf(arg) === 'SimpleNamedExpression';
    const name = named ? names[nameOf(need(arg, 'Name'))] : positional[i];
    const scalar = scope.ctx.scalar(named ? need(arg, 'Expression') : arg, rowScope(scope.ctx, scope.env));
    const value = name === 'ignored' ? scalar.constant && String(scalar.constant.value) : constantText(scalar);
    if (name === undefined || value === undefined) return undefined;
    said.set(name, value);
  }
  const ignored: unknown = JSON.parse(said.get('ignored') ?? '[]');
  if (!Array.isArray(ignored) || ignored.some((key) => typeof key !== 'string')) return undefined;
  return { prefix: said.get('prefix') ?? '', conflict: said.get('conflict') ?? 'error', ignored };
}

function path(key: string): string {
  return quoteString(needsPointer(key) ? pointerStep(key) : `$${quotePathStep(key)}`);
}

/** Each key of a bag becomes a column. */
export function bagUnpack(call: PluginCall): Relation {
  const { node, args, input, scope } = call;
  const row = rowScope(scope.ctx, scope.env, input);
  const options = optionsOf(call);
  if (!args[0] || !options) return refuseRows(scope, node, 'evaluate bag_unpack', 'with these arguments');
  const { prefix, conflict, ignored } = options;
  if (conflict !== 'error' && conflict !== 'keep_source' && conflict !== 'replace_source')
    return refuseRows(scope, node, 'evaluate bag_unpack', `with columnsConflict='${conflict}'`);
  const bag = scope.ctx.scalar(args[0], row);
  if (bag.type !== 'dynamic') {
    reject(scope, node, 'bag_unpack', `bag_unpack() takes a dynamic, not a ${bag.type}`);
    return refuseRows(scope, node, 'evaluate bag_unpack');
  }
  const source = input.columns.filter((c) => c.id !== bag.sql);
  const declared = child(node, 'Schema') ? boundColumns(node.ResultType) : undefined;
  if (!declared) {
    const at = input.columns.findIndex((c) => c.id === bag.sql);
    const keys = `SELECT unnest(json_keys(b)) AS k, b FROM (SELECT ${bag.sql} AS b FROM (${layered(row, input.sql)})) WHERE b[1] = '{'`;
    const values = `SELECT k, nullif(json_extract(b, '/' || replace(replace(k, '~', '~0'), '/', '~1'))::VARCHAR, 'null') AS v FROM (${keys})`;
    const kept = ignored.length > 0 ? ` WHERE k NOT IN (${ignored.map(quoteString).join(', ')})` : '';
    const types = `SELECT k, v, ${TYPE} AS t FROM (${values})${kept}`;
    const sql = `SELECT k AS name, CASE WHEN count(v) = 0 THEN 'all null' WHEN count(DISTINCT t) FILTER (WHERE v IS NOT NULL) > 1 THEN 'dynamic' ELSE min(t) FILTER (WHERE v IS NOT NULL) END AS type FROM (${types}) GROUP BY k ORDER BY k`;
    return needProbe(call, { source, prefix, conflict, replaced: at < 0 ? undefined : { name: input.columns[at]!.name, at } }, sql);
  }
  const text = hoist(row, bag.sql);
  const added: string[] = [];
  const columns = declared.map((d): Column => {
    const own = source.find((c) => c.name === d.name && c.type === d.type);
    const key = d.name.startsWith(prefix) ? d.name.slice(prefix.length) : undefined;
    if (own && (conflict !== 'replace_source' || key === undefined || ignored.includes(key))) return own;
    const id = newId(scope.ctx);
    const found = key === undefined ? 'NULL' : `kql_path(${text}, ${path(key)})`;
    const value = key === undefined ? 'NULL' : convert(row, { sql: found, type: 'dynamic' }, d.type).sql;
    // A column gives way as a whole, as soon as one bag has its name.
    added.push(`${own ? `CASE WHEN bool_or(${found} IS NOT NULL) OVER () THEN ${value} ELSE ${own.id} END` : value} AS ${id}`);
    return { id, name: d.name, type: d.type };
  });
  return { ...input, columns, sql: `SELECT *${added.map((a) => `, ${a}`).join('')} FROM (${layered(row, input.sql)})` };
}
