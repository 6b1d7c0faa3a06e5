import { TICKS_PER_HOUR } from '../../core/ticks.ts';
import { fill, hoist, refuse, reject } from '../context.ts';
import { commonType, convert, isNumeric } from '../convert.ts';
import { quoteString } from '../quote.ts';
import type { Column } from '../relation.ts';
import { constant, type Scalar } from '../scalar.ts';
import { kindOf, nameOf } from '../tree/syntax.ts';
import type { Call, FunctionRow } from './row.ts';

/** A value as JSON text that is never SQL null, for the inside of arrays and bags. */
function json(call: Call, value: Scalar): string {
  return `coalesce(${convert(call.scope, value, 'dynamic').sql}, 'null')`;
}

function packArray(call: Call): Scalar {
  if (call.nodes.some((n) => kindOf(n) === 'StarExpression')) return refuse(call.scope, call.node, 'pack_array(*)');
  const items = call.args.map((a) => json(call, a));
  return { sql: items.length === 0 ? "'[]'" : `('[' || ${items.join(" || ',' || ")} || ']')`, type: 'dynamic' };
}

function bagPack(call: Call): Scalar {
  const pairs: string[] = [];
  for (let i = 0; i + 1 < call.args.length; i += 2)
    pairs.push(`kql_json(${convert(call.scope, call.args[i]!, 'string').sql}) || ':' || ${json(call, call.args[i + 1]!)}`);
  return { sql: pairs.length === 0 ? "'{}'" : `('{' || ${pairs.join(" || ',' || ")} || '}')`, type: 'dynamic' };
}

/** pack_all(true): nulls and empty texts are left out. */
function packFilled(call: Call, columns: readonly Column[]): Scalar {
  const pairs = columns.map((c) => {
    const value: Scalar = { sql: c.id, type: c.type };
    const there = c.type === 'string' ? `${c.id} <> ''` : `${c.id} IS NOT NULL`;
    return `CASE WHEN ${there} THEN ${quoteString(`${JSON.stringify(c.name)}:`)} || ${json(call, value)} END`;
  });
  return { sql: `('{' || concat_ws(',', ${pairs.join(', ')}) || '}')`, type: 'dynamic' };
}

function parseJson({ args, scope }: Call): Scalar {
  const value = args[0]!;
  if (value.type === 'dynamic')
    return { sql: fill(scope, 'kql_parse_json({0})', [`kql_dynamic_text(${hoist(scope, value.sql)})`]), type: 'dynamic' };
  if (value.type !== 'string') return convert(scope, value, 'dynamic');
  return { sql: fill(scope, 'kql_parse_json({0})', [value.sql]), type: 'dynamic' };
}

/** The text forms of array items, null items as empty text. */
const ITEM_TEXTS = "list_transform(kql_items({0}), lambda x: coalesce(json_extract_string(x, '$'), ''))";

function sorted(desc: boolean) {
  return ({ args, node, nodes, scope }: Call): Scalar => {
    const flag = args.length === 2 && args[1]!.type === 'bool' ? args[1] : undefined;
    if (nodes.length > 1 && !flag)
      return refuse(scope, node, desc ? 'array_sort_desc' : 'array_sort_asc', 'of several arrays inside an expression');
    if (!flag) return { sql: `kqlf_array_sort(${args[0]!.sql}, ${desc})`, type: 'dynamic' };
    return { sql: `kql_path(kqlf_sort_together('[' || ${args[0]!.sql} || ']', ${desc}, ${flag.sql}), '$[0]')`, type: 'dynamic' };
  };
}

export const dynamic: readonly FunctionRow[] = [
  { name: 'parse_json', takes: ['any'], returns: 'dynamic', emit: parseJson },
  { name: 'todynamic', takes: ['any'], returns: 'dynamic', emit: parseJson },
  { name: 'toobject', takes: ['any'], returns: 'dynamic', emit: parseJson },
  { name: 'dynamic_to_json', takes: ['dynamic'], returns: 'string', sql: "coalesce(kqlf_sorted_json({0}), '')" },
  { name: 'array_length', takes: ['dynamic'], returns: 'long', sql: "CASE WHEN ({0})[1] = '[' THEN json_array_length({0})::BIGINT END" },
  { name: 'pack_array', takes: ['any*'], returns: 'dynamic', emit: packArray },
  { name: 'bag_pack', takes: ['any*'], returns: 'dynamic', emit: bagPack },
  { name: 'pack', takes: ['any*'], returns: 'dynamic', emit: bagPack },
  { name: 'pack_dictionary', takes: ['any*'], returns: 'dynamic', emit: bagPack },
  {
    name: 'pack_all',
    takes: ['bool?'],
    returns: 'dynamic',
    emit: (call) => {
      const columns = call.scope.rows?.columns ?? [];
      const filled = call.args[0]?.constant?.value;
      if (call.args[0] && typeof filled !== 'boolean')
        return refuse(call.scope, call.node, 'pack_all', 'with a flag that is not a constant');
      if (filled) return packFilled(call, columns);
      const args = columns.flatMap((c): Scalar[] => [constant('string', c.name), { sql: c.id, type: c.type }]);
      return bagPack({ ...call, args });
    },
  },
  { name: 'bag_keys', takes: ['dynamic'], returns: 'dynamic', sql: "CASE WHEN ({0})[1] = '{' THEN to_json(json_keys({0}))::VARCHAR END" },
  {
    name: 'bag_has_key',
    takes: ['dynamic', 'string'],
    returns: 'bool',
    sql: 'kqlf_bag_has_key({0}, {1})',
  },
  {
    name: 'array_concat',
    takes: ['dynamic', 'dynamic*'],
    returns: 'dynamic',
    emit: ({ args, scope }) => ({
      sql: `kql_array(flatten([${args.map((a) => fill(scope, 'coalesce(kql_items({0}), [])', [a.sql])).join(', ')}]))`,
      type: 'dynamic',
    }),
  },
  { name: 'array_slice', takes: ['dynamic', 'long', 'long'], returns: 'dynamic', sql: 'kqlf_array_slice({0}, {1}, {2})' },
  {
    name: 'array_index_of',
    takes: ['dynamic', 'any', 'long?', 'long?', 'long?'],
    returns: 'long',
    emit: ({ args, scope }) => {
      if (args[2]) {
        const wanted = `coalesce(${convert(scope, args[1]!, 'dynamic').sql}, 'null')`;
        const [length, nth] = [args[3]?.sql ?? '-1', args[4]?.sql ?? '1'];
        return { sql: `kqlf_array_index_of(${args[0]!.sql}, ${wanted}, ${args[2].sql}, ${length}, ${nth})`, type: 'long' };
      }
      if (isNumeric(args[1]!.type))
        return {
          sql: fill(
            scope,
            `CASE WHEN ({0})[1] = '[' THEN coalesce(list_position(list_transform(kql_items({0}), lambda x: CASE WHEN x[1] <> '"' THEN try_cast(x AS DOUBLE) END), {1}), 0) - 1 END`,
            [args[0]!.sql, convert(scope, args[1]!, 'real').sql],
          ),
          type: 'long',
        };
      return {
        sql: fill(scope, "CASE WHEN ({0})[1] = '[' THEN coalesce(list_position(kql_items({0}), {1}), 0) - 1 END", [
          args[0]!.sql,
          convert(scope, args[1]!, 'dynamic').sql,
        ]),
        type: 'long',
      };
    },
  },
  {
    name: 'strcat_array',
    takes: ['dynamic', 'string'],
    returns: 'string',
    emit: ({ args, scope }) => {
      if (args[0]!.constant && typeof args[0]!.constant.value === 'string' && !args[0]!.constant.value.startsWith('['))
        return convert(scope, args[0]!, 'string');
      const items = fill(scope, ITEM_TEXTS, [args[0]!.sql]);
      if (args[1]!.constant) return { sql: `coalesce(array_to_string(${items}, ${args[1]!.sql}), '')`, type: 'string' };
      const [list, by] = [hoist(scope, items), hoist(scope, args[1]!.sql)];
      const joined = `CASE WHEN len(${list}) > 0 THEN list_reduce(${list}, lambda a, b: a || ${by} || b) END`;
      return { sql: `coalesce(${joined}, '')`, type: 'string' };
    },
  },
  {
    name: 'set_has_element',
    takes: ['dynamic', 'any'],
    returns: 'bool',
    emit: ({ args, scope }) => ({
      sql: fill(scope, "CASE WHEN ({0})[1] = '[' THEN list_contains(kql_items({0}), {1}) END", [
        args[0]!.sql,
        convert(scope, args[1]!, 'dynamic').sql,
      ]),
      type: 'bool',
    }),
  },
  {
    name: 'set_union',
    takes: ['dynamic', 'dynamic*'],
    returns: 'dynamic',
    emit: ({ args, scope }) => ({
      sql: `kql_array(kql_first_seen(${hoist(scope, `flatten([${args.map((a) => fill(scope, 'coalesce(kql_items({0}), [])', [a.sql])).join(', ')}])`)}))`,
      type: 'dynamic',
    }),
  },
  {
    name: 'set_difference',
    takes: ['dynamic', 'dynamic', 'dynamic*'],
    returns: 'dynamic',
    emit: ({ args, scope }) => {
      const others = `flatten([${args
        .slice(1)
        .map((a) => fill(scope, 'coalesce(kql_items({0}), [])', [a.sql]))
        .join(', ')}])`;
      const rest = fill(scope, 'list_filter(kql_items({0}), lambda x: NOT list_contains({1}, x))', [args[0]!.sql, hoist(scope, others)]);
      return { sql: `kql_array(kql_first_seen(${hoist(scope, rest)}))`, type: 'dynamic' };
    },
  },
  {
    name: 'set_intersect',
    takes: ['dynamic', 'dynamic', 'dynamic*'],
    returns: 'dynamic',
    emit: ({ args, scope }) => {
      const tests = args
        .slice(1)
        .map((a) => `list_contains(coalesce(kql_items(${hoist(scope, a.sql)}), []), x)`)
        .join(' AND ');
      const rest = fill(scope, `list_filter(kql_items({0}), lambda x: ${tests})`, [args[0]!.sql]);
      return { sql: `kql_array(kql_first_seen(${hoist(scope, rest)}))`, type: 'dynamic' };
    },
  },
  {
    name: 'array_sum',
    takes: ['dynamic'],
    returns: 'real',
    sql: "CASE WHEN ({0})[1] = '[' THEN list_sum(list_transform(kql_items({0}), lambda x: coalesce(try_cast(x AS DOUBLE), 0.0))) END",
  },
  { name: 'array_reverse', takes: ['dynamic'], returns: 'dynamic', sql: 'kql_array(list_reverse(kql_items({0})))' },
  {
    name: 'bag_merge',
    takes: ['dynamic', 'dynamic*'],
    returns: 'dynamic',
    emit: ({ args }) => ({
      sql: args.map((a) => `coalesce(${a.sql}, '{}')`).reduce((a, b) => `kqlf_bag_merge(${a}, ${b})`),
      type: 'dynamic',
    }),
  },
  { name: 'array_sort_asc', takes: ['dynamic', 'any*'], returns: 'dynamic', emit: sorted(false) },
  { name: 'array_sort_desc', takes: ['dynamic', 'any*'], returns: 'dynamic', emit: sorted(true) },
  {
    name: 'range',
    takes: ['any', 'any', 'any?'],
    returns: 'dynamic',
    emit: ({ args, scope, node }) => {
      const first = args[0]!.type;
      const type = isNumeric(first) ? commonType(args.map((a) => a.type)) : first;
      const timed = type === 'datetime' || type === 'timespan';
      const step = args[2] ?? (timed ? constant('timespan', TICKS_PER_HOUR) : constant('long', 1n));
      if (timed && (args[1]!.type !== type || step.type !== 'timespan'))
        return reject(scope, node, 'range', `range() of ${type}s ends at a ${type} and goes in steps of a timespan`);
      if (isNumeric(type) && !args.every((a) => isNumeric(a.type) || a.type === 'dynamic'))
        return reject(scope, node, 'range', 'range() of numbers ends at a number and goes in steps of a number');
      if (type === 'int' || type === 'long')
        return { sql: fill(scope, 'kql_array(kql_series({0}, {1}, {2}))', [args[0]!.sql, args[1]!.sql, step.sql]), type: 'dynamic' };
      if (timed) {
        const text = type === 'datetime' ? 'kql_datetime_text(x)' : 'kql_timespan_text(x)';
        const list = fill(scope, 'kql_series({0}, {1}, {2})', [args[0]!.sql, args[1]!.sql, step.sql]);
        return { sql: `kql_array(list_transform(${list}, lambda x: '"' || ${text} || '"'))`, type: 'dynamic' };
      }
      const [a, b, s] = [args[0]!, args[1]!, step].map((v) => convert(scope, v, 'real').sql);
      if (type === 'real')
        return {
          sql: fill(
            scope,
            'kql_array(list_transform(generate_series(0, least(floor(({1} - {0}) / {2}), 1048575)::BIGINT), lambda i: ({0} + i * {2})::VARCHAR))',
            [a!, b!, s!],
          ),
          type: 'dynamic',
        };
      return refuse(scope, node, 'range', `of ${type}`);
    },
  },
  {
    name: 'column_ifexists',
    takes: ['any', 'any'],
    returns: 'bound',
    emit: ({ args, scope, nodes, node }) => {
      const wanted = args[0]!.constant?.value;
      if (typeof wanted !== 'string')
        return refuse(scope, node, 'column_ifexists', `with a name that is not a constant (${nameOf(nodes[0]!)})`);
      const column = scope.rows?.columns.find((c) => c.name === wanted);
      return column ? { sql: column.id, type: column.type } : args[1]!;
    },
  },
];
