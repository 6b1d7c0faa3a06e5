/** What is supported, written from the tables of the translator and from what its code says when it refuses. */
import { readdirSync, readFileSync } from 'node:fs';
import { KQL_TYPES } from '../../../src/core/kql-types.ts';
import { AGGREGATES } from '../../../src/kql/aggregates/index.ts';
import { ENGINE_ACCEPTS } from '../../../src/kql/binder/diagnostics.ts';
import { loadKusto } from '../../../src/kql/binder/kusto.ts';
import { FUNCTIONS } from '../../../src/kql/functions/index.ts';
import { TABULAR } from '../../../src/kql/functions/tabular.ts';
import { WINDOWS } from '../../../src/kql/functions/window.ts';
import { OPERATORS } from '../../../src/kql/operators/index.ts';
import { SOURCES } from '../../../src/kql/operators/source.ts';
import { SEVERAL } from '../../../src/kql/operators/summarize.ts';
import { PLUGINS } from '../../../src/kql/plugins/index.ts';

const SRC = new URL('../../../src/kql/', import.meta.url);

const HUNTING = new URL('../../../queries/hunting/', import.meta.url);
/** What makes such a query hard. */
const HARD =
  /\b(let (?=\w+ = \()|materialize|toscalar|union isfuzzy|union withsource|union|join kind=\w+|lookup|mv-expand|mv-apply|make_bag|make_set|arg_min|dcountif|set_difference|table\(|replace_regex|parse_json|todynamic|bag_keys)/g;

function huntingQueries(): string[] {
  return readdirSync(HUNTING)
    .sort()
    .map((file) => {
      const text = readFileSync(new URL(file, HUNTING), 'utf8');
      const about = /^\/\/ (.*)/.exec(text)?.[1] ?? '';
      const words = [...new Set(text.match(HARD))].map((word) =>
        word === 'let ' ? '`let` of a lambda' : `\`${word.replace('(', '()')}\``,
      );
      return `| [${file}](../queries/hunting/${file}) | ${about} | ${words.sort().join(', ')} |`;
    });
}

/** Where an answer may differ from Kusto's by design. */
const DIFFERENCES: readonly (readonly [name: string, how: string])[] = [
  ['dcount, dcountif, top-hitters', 'exact, where Kusto estimates'],
  [
    'hll, tdigest',
    'sketches of a form of their own, exact up to 16,384 different values; the answer of a query must not show them, and array_length or mv-expand of one tell nothing',
  ],
  [
    'geo_h3cell_neighbors, geo_s2cell_neighbors, geo_geohash_neighbors',
    'the same cells; in which order Kusto gives them is known of one cell each and may be another for others',
  ],
  [
    'parse_xml',
    'every value is a text, also one that looks like a number, as the table of the documentation has it; not compared with Kusto',
  ],
  ['percentile, percentiles', 'the exact nearest rank, where Kusto estimates over large sets'],
  [
    'series_decompose and its kin, series_seasonal',
    'a period is detected only where the series shows or lacks it beyond doubt, else refused',
  ],
  [
    'make-graph, graph-match',
    'a graph of edges and at most one table of nodes, by ids of one type, none of fractions or dynamics; a pattern is one sequence of directed edges, each gone once; else refused',
  ],
  [
    'series_fit_poly',
    'least squares to the last digits, of which Kusto may lose some; places count from 1 where no x is given, as the documentation says',
  ],
  ['series_decompose_forecast', 'the trend by default is linefit, as measured, though the documentation says avg'],
  ['tostring of a real in JSON', 'read by a path, as in tostring(d.x), a 17th digit may be another one than the engine writes'],
  [
    'externaldata',
    'reads files below the folders that external_data of an embedded target names, never a network: csv, tsv, psv, scsv, sohsv, txt, raw, json, multijson, packed (.gz) too; JSON by the names of the columns, without ingestionMapping',
  ],
  ['search', 'a term that is a bare number (search "a" or 42) is refused'],
  ['rand, new_guid, sample, take, take_any', 'chance, or the order of rows, decides; not the same as in Kusto'],
  ['has, contains and other text operators', 'letters are folded by Unicode rules of DuckDB; İ becomes i'],
  ['decimal', '34 significant digits; zeros at the end are not kept; a real that meets one is taken by its digits, up to 15'],
  ['format_datetime, format_timespan', 'only formats that are constants'],
  ['patterns', 'constants only; classes are Unicode, set operations inside [...] are refused'],
  ['bag keys written twice', 'a path reads the first one'],
  ['parse_path', 'of an empty text all parts are empty; not compared with Kusto'],
  [
    'activity_metrics, activity_engagement',
    "dimensions stand behind the time, as Kusto's parser has it; the documentation puts them last. Their names are the same",
  ],
  ['find', 'source_ of rows that are no table or view is as withsource of union has it (union_arg0); not compared with Kusto'],
  ['search, union *', 'over the tables of this workspace'],
  [
    'standard columns',
    'TenantId, Type, _ItemId, _TimeReceived, _ResourceId, _SubscriptionId, _IsBillable and _BilledSize are there for a query that names them, where a table does not store them; * stands for them only in such a query',
  ],
  [
    '_GetWatchlist',
    'a list that nobody filled has no rows and the columns of every list (_DTItemId, LastUpdatedTimeUTC, SearchKey, WatchlistItem); a fault behind one names it',
  ],
];

/** What a type is stored as. */
const TYPES: Readonly<Record<string, string>> = {
  bool: 'BOOLEAN',
  int: 'INTEGER; arithmetic gives long',
  long: 'BIGINT; arithmetic wraps modulo 2^64',
  real: 'DOUBLE, with NaN and infinities',
  decimal: 'text, computed exactly',
  string: 'VARCHAR, never null',
  datetime: 'BIGINT ticks of 100 ns since year 1',
  timespan: 'BIGINT ticks of 100 ns',
  guid: 'text in lower case',
  dynamic: 'JSON text, numbers as they were written',
};

function named(collection: string): string[] {
  const all = loadKusto().language[collection].All as unknown as readonly { readonly Name: string }[];
  return Array.from(all, (symbol) => symbol.Name).filter((name) => !name.startsWith('__'));
}

function sources(folder: string): string[] {
  return readdirSync(new URL(folder, SRC))
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => readFileSync(new URL(`${folder}/${file}`, SRC), 'utf8'));
}

/** Forms of a call that are refused, and values that stop a query, as the code words them. */
function refusals(): { readonly forms: string[]; readonly values: string[] } {
  const text = ['aggregates', 'expressions', 'functions', 'operators', 'plugins'].flatMap(sources).join('\n');
  const forms = [...text.matchAll(/refuse(?:Rows)?\(\s*[\w.]+,\s*[\w.]+,\s*'([^'$]+)',\s*(['"`])([^$]*?)\2\s*,?\s*\)/g)].map(
    (m) => `\`${m[1]}\`: ${m[3]}`,
  );
  const errors = sources('runtime').join('\n');
  const thrown = [...errors.matchAll(/new Error\(\s*['"`]((?:\$\{name\})?[^$]*?) (?:is|are) not supported/g)];
  const inSql = [...`${text}\n${errors}`.matchAll(/\berror\('((?:\$\{name\})?[^'$]*?),? (?:is|are) not supported/g)];
  const values = [...thrown, ...inSql].map((m) => m[1]!.replace(/^\$\{name\}/, 'a function'));
  return { forms: [...new Set(forms)].sort(), values: [...new Set(values)].sort() };
}

interface Row {
  readonly name: string;
  readonly refuse?: string | undefined;
}

function table(rows: readonly Row[], known: readonly string[]): string[] {
  const names = new Set(rows.map((r) => r.name));
  const good = rows.filter((r) => r.refuse === undefined).map((r) => r.name);
  const bad = rows.filter((r) => r.refuse !== undefined);
  const missing = known.filter((name) => !names.has(name));
  const list = (items: readonly string[]) =>
    [...new Set(items)]
      .sort()
      .map((n) => `\`${n}\``)
      .join(', ');
  const reasons = new Map<string, string[]>();
  for (const row of bad) reasons.set(row.refuse!, [...(reasons.get(row.refuse!) ?? []), row.name]);
  return [
    `Supported (${new Set(good).size}): ${list(good)}`,
    '',
    ...(bad.length + missing.length > 0 ? ['| refused | why |', '|---|---|'] : []),
    ...[...reasons].map(([why, names]) => `| ${list(names)} | ${why} |`).sort(),
    ...(missing.length > 0 ? [`| ${list(missing)} | not translated |`] : []),
    '',
  ];
}

/** The whole page. */
export function supportPage(): string {
  const { forms, values } = refusals();
  const operators = OPERATORS.map((row): Row => ({ name: row.name, refuse: row.emit ? undefined : (row.refuse ?? 'not translated') }));
  const kinds = new Set(OPERATORS.flatMap((row) => row.kinds));
  const unknown = Object.keys(loadKusto().language['Syntax'].SyntaxKind)
    .filter((kind) => /^[A-Z]\w+Operator$/.test(kind) && !kinds.has(kind) && !SOURCES.has(kind) && !/^(Bad|Unknown|Custom)/.test(kind))
    .map((kind) =>
      kind
        .replace(/Operator$/, '')
        .replace(/(?<=[a-z])[A-Z]/g, (c) => `-${c}`)
        .toLowerCase(),
    );
  const scalars: Row[] = [...FUNCTIONS.values(), ...[...WINDOWS.keys(), ...TABULAR.keys()].map((name) => ({ name }))];
  const aggregates: Row[] = [
    ...[...AGGREGATES.values()].map(({ name, refuse }) => ({ name, refuse })),
    ...Object.keys(SEVERAL).map((name) => ({ name })),
  ];
  const plugins: Row[] = [...PLUGINS.values()].map(({ name, refuse }) => ({ name, refuse }));
  return [
    '# KQL that is supported',
    '',
    'Written from the tables of the translator: `npx vitest run test/kql/support-matrix.test.ts -u` writes it anew. What is refused is',
    'refused by name, with its line and column; nothing is approximated.',
    '',
    '## Types',
    '',
    '| type | held as |',
    '|---|---|',
    ...KQL_TYPES.map((type) => `| \`${type}\` | ${TYPES[type]} |`),
    '',
    '## Operators',
    '',
    ...table(operators, unknown),
    '## Scalar functions',
    '',
    ...table(scalars, named('Functions')),
    '## Aggregates',
    '',
    ...table(aggregates, named('Aggregates')),
    '## Plugins of evaluate',
    '',
    ...table(plugins, named('PlugIns')),
    '## What differs',
    '',
    '| where | how |',
    '|---|---|',
    ...DIFFERENCES.map(([name, how]) => `| ${name} | ${how} |`),
    ...ENGINE_ACCEPTS.map(
      (row) => `| ${row.inside} | accepted as the engine does, though the parser faults it (${row.code}): ${row.why} |`,
    ),
    '',
    '## Forms that are refused',
    '',
    ...forms.map((form) => `- ${form}`),
    '',
    '## Values that stop a query',
    '',
    'Only the data shows them, so that the query fails while it runs, with this text:',
    '',
    ...values.map((value) => `- ${value}`),
    '',
    '## Queries of the kinds that are hardest',
    '',
    'Hunting queries over the tables of a tenant, as identity content of Sentinel is written. Each runs on the sample tenant, as in',
    '`npx factorwatch query -f queries/hunting/spray-then-success.kql --data-dir /tmp/factorwatch-demo` after `npm start`, and its answer is',
    'compared with one that is computed from the log files (`test/kql/hunting.test.ts`).',
    '',
    '| query | what it asks | with |',
    '|---|---|---|',
    ...huntingQueries(),
    '',
  ].join('\n');
}
