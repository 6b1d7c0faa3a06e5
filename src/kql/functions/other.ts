import { hoist, refuse, reject } from '../context.ts';
import { convert, pathText } from '../convert.ts';
import { quoteString } from '../quote.ts';
import { constant, constantText, type Scalar } from '../scalar.ts';
import { declaredType, kindOf } from '../tree/syntax.ts';
import type { Call, FunctionRow } from './row.ts';

/** `$.a[0]['b']` as steps; undefined where it asks for more than one place. */
function stepsOf(path: string): (string | number)[] | undefined {
  const steps: (string | number)[] = [];
  let rest = path.replace(/^\$/, '');
  while (rest !== '') {
    const m = /^(?:\.([A-Za-z_][\w-]*)|\[(\d+)\]|\[(['"])([^'"\]]*)\3\])/.exec(rest);
    if (!m) return undefined;
    steps.push(m[2] === undefined ? (m[1] ?? m[4]!) : Number(m[2]));
    rest = rest.slice(m[0].length);
  }
  return path.startsWith('$') ? steps : undefined;
}

function extractJson(call: Call): Scalar {
  const { args, nodes, node, scope } = call;
  const steps = stepsOf(constantText(args[0]) ?? '');
  if (!steps) return refuse(scope, node, 'extract_json', 'this path');
  const root = hoist(scope, `kqlf_parse_json(${convert(scope, args[1]!, 'string').sql})`);
  const found: Scalar = { sql: `kql_path(${root}, ${pathText(steps)})`, type: 'dynamic', path: { base: root, steps } };
  return convert(scope, found, (nodes[2] && declaredType(nodes[2])) ?? 'string');
}

const REPEATABLE: ReadonlySet<string> = new Set(['int', 'long', 'real', 'string', 'datetime', 'timespan']);

function repeated({ args, node, scope }: Call): Scalar {
  if (!REPEATABLE.has(args[0]!.type)) return reject(scope, node, 'repeat', `repeat() takes no ${args[0]!.type}`);
  const item = hoist(scope, `coalesce(${convert(scope, args[0]!, 'dynamic').sql}, 'null')`);
  return {
    sql: `CASE WHEN ${args[1]!.sql} >= 0 THEN kql_array(list_transform(range(0, kql_size(${args[1]!.sql})), lambda x: ${item})) END`,
    type: 'dynamic',
  };
}

function asserted({ args, node, scope }: Call): Scalar {
  const message = constantText(args[1]);
  if (message === undefined) return refuse(scope, node, 'assert', 'with a message that is not a constant');
  return {
    sql: `(CASE WHEN ${args[0]!.sql} THEN true ELSE error(${quoteString(`assert() failed: ${message}`)})::BOOLEAN END)`,
    type: 'bool',
  };
}

function exists({ args, node, scope }: Call): Scalar {
  const wanted = constantText(args[0]);
  if (wanted === undefined) return refuse(scope, node, 'iscolumnexists', 'with a name that is not a constant');
  return constant('bool', scope.rows?.columns.some((c) => c.name === wanted) ?? false);
}

/** The bytes of values, by the example of the documentation: 8 for a long, and those of a text. */
const BYTES: Readonly<Partial<Record<Scalar['type'], (sql: string) => string>>> = { long: () => '8', string: (sql) => `strlen(${sql})` };

function dataSize({ args, node, nodes, scope }: Call): Scalar {
  const all = nodes.flatMap((n, i): { sql: string; type: Scalar['type'] }[] =>
    kindOf(n) === 'StarExpression' ? (scope.rows?.columns ?? []).map((c) => ({ sql: c.id, type: c.type })) : [args[i]!],
  );
  const unknown = all.find(({ type }) => BYTES[type] === undefined);
  if (unknown) return refuse(scope, node, 'estimate_data_size', `of a ${unknown.type}: how Kusto stores it is not published`);
  return { sql: `(${all.map(({ sql, type }) => BYTES[type]!(sql)).join(' + ')})::BIGINT`, type: 'long' };
}

function refused(names: readonly string[], reason: string): FunctionRow[] {
  return names.map((name) => ({ name, takes: ['any*'], returns: 'bound', refuse: reason }));
}

/** What fits nowhere else, and what a workspace here does not have. */
export const other: readonly FunctionRow[] = [
  { name: 'extract_json', takes: ['string', 'any', 'any?'], returns: 'bound', emit: extractJson },
  { name: 'repeat', takes: ['any', 'long'], returns: 'dynamic', emit: repeated },
  { name: 'assert', takes: ['bool', 'string'], returns: 'bool', emit: asserted },
  { name: 'iscolumnexists', takes: ['string'], returns: 'bool', emit: exists },
  { name: 'new_guid', takes: [], returns: 'guid', sql: 'uuid()::VARCHAR' },
  ...refused(['hash_combine', 'hash_many'], 'how Kusto combines hashes is not published'),
  ...refused(['cursor_after', 'cursor_before_or_at', 'cursor_current', 'current_cursor'], 'there are no database cursors'),
  ...refused(
    [
      ...[
        'current_cluster_endpoint',
        'current_database',
        'current_principal',
        'current_principal_details',
        'current_principal_is_member_of',
      ],
      ...['extent_id', 'extentid', 'extent_tags', 'current_node_id', 'row_id', 'rowstore_ordinal_range'],
    ],
    'there is no cluster',
  ),
  { name: 'estimate_data_size', takes: ['any', 'any*'], returns: 'long', emit: dataSize },
  ...refused(['datetime_list_timezones'], 'it is not translated'),
  ...refused(['tdigest_isvalid', 'hll_isvalid'], 'the inner form of sketches is not published'),
  ...refused(
    ['all', 'any', 'map', 'inner_nodes', 'node_id', 'node_degree_in', 'node_degree_out', 'labels'],
    'nothing is computed over a graph',
  ),
];

/** Old and second spellings. */
export const ALIASES: Readonly<Record<string, string>> = {
  array_strcat: 'strcat_array',
  arraylength: 'array_length',
  base64_decodestring: 'base64_decode_tostring',
  base64_encodestring: 'base64_encode_tostring',
  columnifexists: 'column_ifexists',
  datepart: 'datetime_part',
  extractjson: 'extract_json',
  notnull: 'isnotnull',
  parsejson: 'parse_json',
  parseurl: 'parse_url',
  parseurlquery: 'parse_urlquery',
  totime: 'totimespan',
};
