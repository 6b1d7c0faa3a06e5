import type { KqlType } from '../../core/kql-types.ts';
import { aloneOf, layered, newId, refuseRows, rowScope } from '../context.ts';
import type { Column, Relation } from '../relation.ts';
import { type Scalar, sqlType } from '../scalar.ts';
import { boundColumns, isTabular, kindOf } from '../tree/syntax.ts';
import type { PluginCall } from './row.ts';

/** What the plugins over a timeline read: who did something when, and by what else it is parted. */
export interface Timeline {
  /** A SELECT of the columns below, rows without a time left out. */
  readonly rows: string;
  readonly who: string;
  readonly time: string;
  readonly dims: readonly string[];
  /** SQL of values that are the same for all rows: the range, and the lengths that come after it. */
  readonly start: string;
  readonly end: string;
  readonly lengths: readonly string[];
}

/** The column of ids, the column of times, a range, so many lengths, then columns to part by; undefined once it is refused. */
export function timeline(call: PluginCall, lengthCount: number): Timeline | undefined {
  const { node, name, args, input, scope } = call;
  const { ctx } = scope;
  const refuse = (why: string) => {
    refuseRows(scope, node, `evaluate ${name}`, why);
    return undefined;
  };
  if (args.length < 4 + lengthCount) return refuse('without a start and an end');
  const row = rowScope(ctx, scope.env, input);
  const [id, time] = [ctx.scalar(args[0]!, row), ctx.scalar(args[1]!, row)];
  const fixed = args.slice(2, 4 + lengthCount).map((a) => aloneOf(a, scope));
  const fits = time.type === 'datetime' ? timed(fixed) : /^(int|long)$/.test(time.type) && fixed.every((f) => /^(int|long)$/.test(f.type));
  if (!fits) return refuse('over anything but datetimes with timespans, or longs');
  const parts = args.slice(4 + lengthCount);
  if (parts.some((p) => isTabular(p) || kindOf(p) !== 'NameReference')) return refuse('by anything but columns');
  const dims = parts.map((p) => ctx.scalar(p, row));
  const [who, at, ...ids] = [newId(ctx, 'r'), newId(ctx, 'r'), ...dims.map(() => newId(ctx, 'r'))];
  const values = [`${id.sql} AS ${who}`, `(${time.sql})::BIGINT AS ${at}`, ...dims.map((d, i) => `${d.sql} AS ${ids[i]}`)];
  const [start, end, ...given] = fixed.map((f) => `(${f.sql})::BIGINT`);
  const stop = `error('evaluate ${name} with a length of zero or less is not supported')::BIGINT`;
  const lengths = given.map((l) => `(CASE WHEN ${l} > 0 THEN ${l} ELSE ${stop} END)`);
  return {
    rows: `SELECT ${values.join(', ')} FROM (${layered(row, input.sql)}) WHERE (${time.sql}) IS NOT NULL`,
    ...{ who: who!, time: at!, dims: ids, start: start!, end: end!, lengths },
  };
}

function timed([start, end, ...lengths]: readonly Scalar[]): boolean {
  return start?.type === 'datetime' && end?.type === 'datetime' && lengths.every((l) => l.type === 'timespan');
}

/** The start of the bin that a time lies in, counted from the start of the range. */
export function binOf(time: string, start: string, length: string): string {
  return `(${start} + (${time} - ${start}) - (((${time} - ${start}) % ${length}) + ${length}) % ${length})`;
}

/** The answer under the names and types that the binder gives its columns. */
export function answer(
  call: PluginCall,
  sql: string,
  values: readonly string[],
  types: ReadonlyMap<string, KqlType> = new Map(),
): Relation {
  const { node, name, scope } = call;
  const bound = boundColumns(node.ResultType) ?? [];
  if (bound.length !== values.length) return refuseRows(scope, node, `evaluate ${name}`, 'of columns that the binder does not know');
  const columns = bound.map((b, i): Column => ({ id: newId(scope.ctx), name: b.name, type: types.get(values[i]!) ?? b.type }));
  const selected = columns.map((c, i) => `${cast(values[i]!, c.type)} AS ${c.id}`);
  return { sql: `SELECT ${selected.join(', ')} FROM (${sql})`, columns, order: [], serialized: false, sorted: false };
}

function cast(value: string, type: KqlType): string {
  return type === 'string' ? `coalesce(${value}, '')` : `${value}::${sqlType(type)}`;
}

/** Columns of a GROUP BY or PARTITION BY. */
export function by(...ids: readonly (string | readonly string[])[]): string {
  return ids.flat().join(', ');
}
