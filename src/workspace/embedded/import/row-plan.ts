import { constantOf, sourcesOf } from '../../../events/shapes/field-maps.ts';
import { PROBE_KEYS, type Shape } from '../../../events/shapes/shape.ts';
import { quoteString } from '../../../kql/quote.ts';
import type { StoredTable } from '../catalogue.ts';
import { contentHashSql } from '../content-hash.ts';
import { columnSql, HIDDEN_COLUMNS } from '../storage-types.ts';
import { type Group, keySql, lookSql } from './group.ts';
import { RecordStruct } from './struct.ts';
import { canFail, typedSql } from './value-sql.ts';

/** How the records of a group become rows of a table, as SQL over lines of JSON (columns line, l). */
export interface RowPlan {
  /** Sound rows in the order of the stored columns; the hash of the key set lies where the arrival number will be. */
  readonly rowsSql: (lines: string) => string;
  /** line, l of the rows that `rowsSql` leaves, blank lines apart. */
  readonly leftoverSql: (lines: string) => string;
  /** line, reason, l of rows that are of the group and not sound. */
  readonly rejectsSql: (lines: string) => string;
  /** keyset, names: each set of keys that the records have, as a list of lists of names (top level, `properties`). */
  readonly keySetsSql: (lines: string) => string;
  /** Whether a path found in the data is read. */
  readonly knows: (path: readonly string[]) => boolean;
  /** Every path that is read, for finding other spellings of it. */
  readonly paths: readonly (readonly string[])[];
}

export interface RowPlanInput {
  readonly group: Group;
  readonly shape: Shape;
  readonly table: StoredTable;
  /** Whether `lines` may hold records of other groups. */
  readonly mixed: boolean;
  /** Other spellings of a path that the data has, e.g. `operationname` for `operationName`. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  /** Ticks for rows of custom tables that come without a time. */
  readonly receivedAt: bigint;
}

const INGESTION = '_IngestionTime';

export function planRows({ group, shape, table, mixed, aliases, receivedAt }: RowPlanInput): RowPlan {
  const struct = new RecordStruct();
  const columns = table.columns.map((column, i) => ({
    ...column,
    id: columnSql(i),
    raw: `r${i}`,
    paths: sourcesOf(shape, table.name, column.name)
      .flatMap((path) => [path, ...(aliases.get(path) ?? [])])
      .map((path) => (shape === 'flat' ? [path] : path.split('.'))),
    constant: constantOf(shape, table.name, column.name),
  }));
  for (const { paths, type } of columns) for (const path of paths) struct.want(path, { json: type === 'dynamic' });
  struct.want([INGESTION], { json: false });
  const readsProperties = columns.some(({ paths }) => paths.some(([first]) => first === 'properties'));
  if (mixed) for (const key of PROBE_KEYS) if (key !== 'properties' || !readsProperties) struct.want([key], { json: key === 'properties' });
  const schema = struct.schemaSql();

  const rawSql = ({ paths, type, constant }: (typeof columns)[number]): string => {
    const values = paths.map((path) => struct.valueSql(path, { json: type === 'dynamic' }));
    if (constant !== undefined) values.push(quoteString(constant));
    const last = values.pop() ?? 'NULL::VARCHAR';
    // An empty text is no value where there is another place to look.
    return values.length === 0 ? last : `coalesce(${values.map((sql) => `nullif(${sql}, '')`).join(', ')}, ${last})`;
  };
  const time = columns.find((column) => column.name === 'TimeGenerated' && column.type === 'datetime');
  const timeOptional = table.name.endsWith('_CL');
  const checked = columns.filter((column) => canFail(column.type));

  const source = (lines: string) =>
    `SELECT line, l AS o, ${group.wrapped ? "TRY(json_extract(l, '$.log'))::VARCHAR AS l" : 'l'} FROM (${lines})`;
  const raw = (lines: string) =>
    `SELECT line, o, l, s IS NOT NULL AS is_json, ${mixed ? matchSql(group, struct) : 'true'} AS matched, ${columns.map((c) => `${rawSql(c)} AS ${c.raw}`).join(', ')}, ${struct.valueSql([INGESTION], { json: false })} AS ri
     FROM (SELECT line, o, l, TRY(json_transform(l, ${schema})) AS s FROM (${source(lines)}))`;
  const typed = (lines: string) =>
    `SELECT *, ${columns.map((c) => `${typedSql(c.type, c.raw)} AS ${c.id}`).join(', ')}, fw_ticks(ri) AS ingested FROM (${raw(lines)})`;
  const sound = [
    'is_json',
    ...(time && !timeOptional ? [`${time.id} IS NOT NULL`] : []),
    ...checked.map((c) => `(${c.id} IS NOT NULL OR ${c.raw} IS NULL OR ${c.raw} = '')`),
    "(ingested IS NOT NULL OR ri IS NULL OR ri = '')",
  ].join(' AND ');
  const ids = columns.map((c) => c.id);
  const stored = columns.map((c) => (c === time && timeOptional ? `coalesce(${c.id}, ingested, ${receivedAt}::BIGINT) AS ${c.id}` : c.id));
  const ingestion = `coalesce(ingested, ${time ? `${time.id}, ` : ''}${receivedAt}::BIGINT)`;
  const keySet = shape === 'diagnostic' ? "list_value(json_keys(l), json_keys(l, '$.properties'))" : 'list_value(json_keys(l))';
  const keySetHash = `(hash(${keySet}) >> 1)::BIGINT`;
  const reasons = [
    "WHEN NOT is_json THEN 'not valid JSON'",
    "WHEN TRY(json_type(l)) <> 'OBJECT' THEN 'not a JSON object'",
    ...checked.map(
      (c) => `WHEN ${c.id} IS NULL AND ${c.raw} <> '' THEN ${quoteString(`${c.name} is not a ${c.type}: `)} || left(${c.raw}, 100)`,
    ),
    `WHEN ingested IS NULL AND ri <> '' THEN '${INGESTION} is not a datetime: ' || left(ri, 100)`,
  ].join(' ');

  return {
    rowsSql: (lines) =>
      `SELECT ${ingestion} AS ${HIDDEN_COLUMNS.ingestion}, ${keySetHash} AS ${HIDDEN_COLUMNS.arrival}, ${contentHashSql(ids)} AS ${HIDDEN_COLUMNS.hash}, ${stored.join(', ')} FROM (${typed(lines)}) WHERE matched AND ${sound}`,
    leftoverSql: (lines) =>
      `SELECT line, o AS l FROM (${typed(lines)}) WHERE NOT coalesce(matched AND ${sound}, false) AND trim(coalesce(o, '')) <> ''`,
    rejectsSql: (lines) =>
      `SELECT line, CASE ${reasons} ELSE 'TimeGenerated is missing' END AS reason, o FROM (${typed(lines)}) WHERE matched AND NOT coalesce(${sound}, false)`,
    keySetsSql: (lines) =>
      `SELECT keyset, any_value(names) AS names FROM (SELECT ${keySetHash} AS keyset, ${keySet} AS names FROM (${source(lines)}) WHERE TRY(json_type(l)) = 'OBJECT') GROUP BY keyset`,
    ...pathsRead(columns.flatMap((c) => c.paths)),
  };
}

function matchSql(group: Group, struct: RecordStruct): string {
  const text = (key: string) => struct.valueSql([key], { json: false });
  const look = lookSql(text, struct.isObjectSql('properties'));
  return `coalesce(${look} = '${group.look}' AND ${keySql(text, `'${group.look}'`)} = ${quoteString(group.key)}, false)`;
}

/** Keys that tell a record's shape, table or time of ingestion are no unknown columns. */
const NEVER_UNKNOWN = new Set([INGESTION, 'Type', 'time', 'category', 'properties', 'signInEventTypes']);

/** What Azure Monitor writes around every record, whether its table has a column for it or not: the ARM path of what wrote it. */
const ENVELOPE = 'resourceId';

function pathsRead(paths: readonly (readonly string[])[]): Pick<RowPlan, 'knows' | 'paths'> {
  // A path is told by its first key, below `properties` by its first two: deeper keys are part of a value.
  const known = new Set(paths.map((path) => JSON.stringify(path.slice(0, path[0] === 'properties' ? 2 : 1))));
  const isDiagnostic = paths.some(([first]) => first === 'properties');
  const isOfNoColumn = (key: string) => NEVER_UNKNOWN.has(key) || (isDiagnostic && key === ENVELOPE);
  return {
    knows: (path) => known.has(JSON.stringify(path)) || (path.length === 1 && isOfNoColumn(path[0] as string)),
    paths,
  };
}
