import { fill, hoist, newId, refuse } from '../context.ts';
import { convert } from '../convert.ts';
import { quoteString } from '../quote.ts';
import type { Scalar } from '../scalar.ts';
import { kindOf, nameOf } from '../tree/syntax.ts';
import type { Call, FunctionRow, Take } from './row.ts';

/** A value as JSON text that is never SQL null. */
function json({ scope }: Call, value: Scalar | undefined): string {
  return value ? `coalesce(${convert(scope, value, 'dynamic').sql}, 'null')` : "'null'";
}

function iff(call: Call): Scalar {
  const [condition, yes, no] = call.args.map((a) => json(call, a));
  return { sql: `kqlf_array_iff(${condition}, ${yes}, ${no})`, type: 'dynamic' };
}

function shift(name: string, sign: string): FunctionRow {
  const emit = (call: Call): Scalar => {
    const [items, by, filler] = call.args;
    return { sql: `kqlf_array_shift(${items!.sql}, ${sign}(${by!.sql}), ${filler ? json(call, filler) : "''"})`, type: 'dynamic' };
  };
  return { name, takes: ['dynamic', 'long', 'any?'], returns: 'dynamic', emit };
}

function packColumns(call: Call): Scalar {
  const { scope, node } = call;
  const pairs: string[] = [];
  for (const [i, item] of call.nodes.entries()) {
    if (kindOf(item) !== 'NameReference') return refuse(scope, node, 'bag_pack_columns', 'of what is not a column');
    pairs.push(`${quoteString(`${JSON.stringify(nameOf(item))}:`)} || ${json(call, call.args[i])}`);
  }
  return { sql: `('{' || ${pairs.join(" || ',' || ")} || '}')`, type: 'dynamic' };
}

function hasAnyIndex({ args, scope }: Call): Scalar {
  const v = newId(scope.ctx, 'v');
  const text = hoist(scope, `lower(${args[0]!.sql})`);
  const items = `kql_items(${hoist(scope, convert(scope, args[1]!, 'dynamic').sql)})`;
  const found = `list_transform(${items}, lambda ${v}: kql_has_text(${text}, lower(json_extract_string(${v}, '$'))))`;
  return { sql: `(coalesce(list_position(${found}, true), 0) - 1)::BIGINT`, type: 'long' };
}

function row(name: string, takes: readonly Take[], sql: string): FunctionRow {
  return { name, takes, returns: 'dynamic', sql };
}

/** Functions over arrays and bags whose work is done in JavaScript. */
export const collections: readonly FunctionRow[] = [
  { name: 'array_iff', takes: ['any', 'any', 'any'], returns: 'dynamic', emit: iff },
  { name: 'array_iif', takes: ['any', 'any', 'any'], returns: 'dynamic', emit: iff },
  row('array_rotate_left', ['dynamic', 'long'], 'kqlf_array_rotate({0}, {1})'),
  row('array_rotate_right', ['dynamic', 'long'], 'kqlf_array_rotate({0}, -({1}))'),
  shift('array_shift_left', ''),
  shift('array_shift_right', '-'),
  {
    name: 'array_split',
    takes: ['dynamic', 'any'],
    returns: 'dynamic',
    emit: (call) => ({ sql: `kqlf_array_split(${call.args[0]!.sql}, ${json(call, call.args[1])})`, type: 'dynamic' }),
  },
  {
    name: 'zip',
    takes: ['dynamic', 'dynamic', 'dynamic*'],
    returns: 'dynamic',
    emit: (call) => ({
      sql: `kqlf_zip('[' || ${call.args.map((a) => json(call, a)).join(" || ',' || ")} || ']')`,
      type: 'dynamic',
    }),
  },
  { name: 'jaccard_index', takes: ['dynamic', 'dynamic'], returns: 'real', sql: 'kqlf_jaccard({0}, {1})' },
  {
    name: 'set_equals',
    takes: ['dynamic', 'dynamic'],
    returns: 'bool',
    emit: ({ args, scope }) => ({
      sql: fill(
        scope,
        "(kqlf_jaccard({0}, {1}) IS NOT DISTINCT FROM 1.0 OR ({0} = '[]' AND {1} = '[]'))",
        args.map((a) => a.sql),
      ),
      type: 'bool',
    }),
  },
  row('bag_zip', ['dynamic', 'dynamic'], 'kqlf_bag_zip({0}, {1})'),
  row('bag_remove_keys', ['dynamic', 'dynamic'], 'kqlf_bag_remove_keys({0}, {1})'),
  {
    name: 'bag_set_key',
    takes: ['dynamic', 'string', 'any'],
    returns: 'dynamic',
    emit: (call) => ({
      sql: `kqlf_bag_set_key(${call.args[0]!.sql}, ${call.args[1]!.sql}, ${json(call, call.args[2])})`,
      type: 'dynamic',
    }),
  },
  { name: 'bag_pack_columns', takes: ['any', 'any*'], returns: 'dynamic', emit: packColumns },
  row('treepath', ['dynamic'], 'kqlf_treepath({0})'),
  { name: 'has_any_index', takes: ['string', 'any'], returns: 'long', emit: hasAnyIndex },
];
