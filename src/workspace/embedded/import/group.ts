import { hasShape } from '../../../events/shapes/field-maps.ts';
import { PROBE_KEYS, type Shape, TABLE_BY_SIGN_IN_TYPE, tableOfCategory } from '../../../events/shapes/shape.ts';
import { quoteString } from '../../../kql/quote.ts';

/** Records of a file that look alike: what tells their shape and their table. */
export interface Group {
  /** The record lies in the key `log` of another (unit logs of detection rules). */
  readonly wrapped: boolean;
  /** envelope: an object around an array of records. none: not JSON. graph becomes flat where the table has no such form. */
  readonly look: Shape | 'envelope' | 'none';
  /** The category of a diagnostic record, the table that a sign-in of Graph says, else the column Type. */
  readonly key: string;
}

const GRAPH_TIMES = ['createdDateTime', 'activityDateTime', 'detectedDateTime', 'riskLastUpdatedDateTime'] as const;

/** SQL of what a record looks like, from expressions for its keys. */
export function lookSql(text: (key: (typeof PROBE_KEYS)[number]) => string, propertiesIsObject: string): string {
  return `CASE WHEN ${text('time')} IS NOT NULL AND ${propertiesIsObject} THEN 'diagnostic' WHEN ${text('TimeGenerated')} IS NULL AND coalesce(${GRAPH_TIMES.map(text).join(', ')}) IS NOT NULL THEN 'graph' ELSE 'flat' END`;
}

/** SQL of the key of a record, given its look. */
export function keySql(text: (key: (typeof PROBE_KEYS)[number]) => string, look: string): string {
  const types = TABLE_BY_SIGN_IN_TYPE.map(
    ([type, table]) => `WHEN contains(${text('signInEventTypes')}, '"${type}"') THEN '${table}'`,
  ).join(' ');
  return `coalesce(CASE WHEN ${look} = 'diagnostic' THEN ${text('category')} WHEN ${look} = 'graph' AND ${text('Type')} IS NULL THEN CASE ${types} END ELSE ${text('Type')} END, '')`;
}

const PROBES = JSON.stringify({
  ...Object.fromEntries(PROBE_KEYS.map((key) => [key, key === 'properties' ? 'JSON' : 'VARCHAR'])),
  records: 'JSON',
  value: 'JSON',
});

/** line, l, wrapped, look, key of every line that is not blank. */
export function groupedSql(lines: string): string {
  const probes = [...PROBE_KEYS, 'records', 'value'];
  const list = probes.map((key, i) => `struct_extract_at(p, ${i + 1}) AS p_${key}`).join(', ');
  const text = (key: string) => `p_${key}`;
  const unwrapped = `SELECT line, l, w AS wrapped, CASE WHEN w THEN k.log::VARCHAR ELSE l END AS e FROM (
      SELECT line, l, k, coalesce(k.time IS NULL AND k.TimeGenerated IS NULL AND starts_with(k.log::VARCHAR, '{'), false) AS w FROM (
        SELECT line, l, TRY(json_transform(l, '{"time":"VARCHAR","TimeGenerated":"VARCHAR","log":"JSON"}')) AS k FROM (${lines}) WHERE trim(coalesce(l, '')) <> ''))`;
  const probed = `SELECT line, l, wrapped, p IS NULL AS broken, ${list} FROM (SELECT line, l, wrapped, TRY(json_transform(e, ${quoteString(PROBES)})) AS p FROM (${unwrapped}))`;
  const envelope = `${text('time')} IS NULL AND ${text('TimeGenerated')} IS NULL AND ${text('Type')} IS NULL AND (starts_with(${text('records')}::VARCHAR, '[') OR regexp_matches(${text('value')}::VARCHAR, '^\\[\\s*[{\\]]'))`;
  const look = `CASE WHEN broken THEN 'none' WHEN ${envelope} THEN 'envelope' ELSE ${lookSql(text, `coalesce(starts_with(${text('properties')}::VARCHAR, '{'), false)`)} END`;
  return `SELECT line, l, wrapped, look, ${keySql(text, 'look')} AS key FROM (SELECT *, ${look} AS look FROM (${probed}))`;
}

/** How tables are told for the groups of one file. */
export interface TableRules {
  /** `--table`: every row belongs there. */
  readonly forced: string | undefined;
  /** The table that the file is named after. */
  readonly byFileName: string | undefined;
  /** The stored or creatable table of a name, whatever its case. */
  readonly resolve: (name: string) => string | undefined;
}

export type Destination = { readonly table: string; readonly shape: Shape } | { readonly unknown: string };

export function destinationOf({ look, key }: Group, { forced, byFileName, resolve }: TableRules): Destination {
  if (look === 'none' || look === 'envelope') return { unknown: 'not valid JSON' };
  const named = key === '' ? byFileName : look === 'diagnostic' ? tableOfCategory(key) : resolve(key);
  const table = forced ?? named;
  if (table === undefined) {
    return {
      unknown:
        key === ''
          ? 'its table cannot be told: no category, Type or file name says it'
          : `there is no table for ${look === 'diagnostic' ? 'category' : 'Type'} ${JSON.stringify(key)}`,
    };
  }
  return { table, shape: hasShape(look, table) ? look : 'flat' };
}
