import type { KqlType } from '../../core/kql-types.ts';
import { hoist, layered, newId, refuseRows, reject, rowScope, type Scope } from '../context.ts';
import { canConvert, convert, isNumeric } from '../convert.ts';
import { grouping } from '../grouping.ts';
import type { Column, Relation } from '../relation.ts';
import { nullOf, type Scalar } from '../scalar.ts';
import { boundColumns, child, kindOf, list, type Node, need, parameters, textOf } from '../tree/syntax.ts';
import type { OperatorRow } from './row.ts';

/** Types that an axis may have, with the type of its step. */
const STEPS: Partial<Record<KqlType, KqlType>> = { datetime: 'timespan', timespan: 'timespan', long: 'long', int: 'long', real: 'real' };
/** The longest series that Kusto makes. */
const LONGEST = 1_048_576;

/** The parts of the axis' clause, in the order of the arguments of range(). */
const PARTS: readonly string[] = ['MakeSeriesFromClause', 'MakeSeriesToClause', 'MakeSeriesStepClause'];

interface Bounds {
  readonly from: Scalar | undefined;
  readonly to: Scalar | undefined;
  readonly step: Scalar;
  readonly scope: Scope;
  /** The ends as in range() says them: rows outside of them that share a bin with rows inside are not known to count. */
  readonly said?: readonly [first: string, last: string];
}

function bare(node: Node): Node {
  return kindOf(node) === 'SimpleNamedExpression' ? need(node, 'Expression') : node;
}

function boundsOf(node: Node, axis: KqlType, scope: Scope): Bounds | string {
  const clause = need(node, 'RangeClause');
  const row = rowScope(scope.ctx, scope.env);
  const inRange = kindOf(clause) === 'MakeSeriesInRangeClause' ? list(need(clause, 'Arguments'), 'Expressions') : undefined;
  if (inRange && (axis === 'real' || inRange.length !== 3)) return 'the form with in range() of reals';
  const read = (part: string, type: KqlType): Scalar | undefined | string => {
    const outer = child(clause, part);
    const expression = inRange?.[PARTS.indexOf(part)] ?? (outer && child(outer, 'Expression'));
    if (!expression) return undefined;
    const value = row.ctx.scalar(expression, row);
    const fits = value.type === type || value.type === 'dynamic' || (/int|long|real/.test(value.type) && /long|real/.test(type));
    return fits ? convert(row, value, type) : `a ${value.type} where a ${type} is needed`;
  };
  const [from, to, step] = PARTS.map((part, i) => read(part, i === 2 ? STEPS[axis]! : axis));
  for (const part of [from, to, step]) if (typeof part === 'string') return part;
  if (!step) return 'without a step';
  if (inRange) {
    // Both ends are in, and the bins are those of bin().
    const [start, stop, width] = [from, to, step] as [Scalar, Scalar, Scalar];
    const said = [hoist(row, start.sql), hoist(row, stop.sql)] as const;
    const first: Scalar = { sql: `kql_bin(${said[0]}, ${hoist(row, width.sql)})`, type: axis };
    return { from: first, to: { sql: `(${said[1]} + 1)`, type: axis }, step: width, scope: row, said };
  }
  return { from: from as Scalar | undefined, to: to as Scalar | undefined, step: step as Scalar, scope: row };
}

/** What stands for bins without rows: 0 for numbers, unless a default is given. */
function absent(item: Node, value: Scalar, scope: Scope): string | undefined {
  const clause = child(item, 'DefaultExpression');
  if (!clause) return /int|long|real/.test(value.type) ? (value.type === 'real' ? "'0.0'" : "'0'") : undefined;
  const given = scope.ctx.scalar(need(clause, 'Expression'), scope);
  const number = given.constant?.value;
  // A null is one under any number's type, as in default=double(null).
  if (number === null && isNumeric(given.type) && isNumeric(value.type)) return "'null'";
  if (given.type === 'real' && value.type === 'long' && !(typeof number === 'number' && Number.isInteger(number))) return undefined;
  if (!canConvert(given.type, value.type) || (given.type === 'string') !== (value.type === 'string')) return undefined;
  const typed = given.constant?.value === null ? nullOf(value.type) : convert(scope, given, value.type);
  return `coalesce(${convert(scope, typed, 'dynamic').sql}, 'null')`;
}

function makeSeries(node: Node, input: Relation, scope: Scope): Relation {
  const { ctx } = scope;
  const inner = rowScope(ctx, scope.env, input);
  const axis = ctx.scalar(bare(need(need(node, 'OnClause'), 'Expression')), inner);
  const type: KqlType = axis.type === 'int' ? 'long' : axis.type;
  if (!STEPS[type]) return refuseRows(scope, node, 'make-series', `an axis of type ${type}`);
  const bounds = boundsOf(node, type, scope);
  if (typeof bounds === 'string') return refuseRows(scope, node, 'make-series', bounds);
  const stepValue = bounds.step.constant?.value;
  if (typeof stepValue === 'bigint' && stepValue <= 0n) {
    reject(scope, node, 'make-series', 'the step of make-series must be positive');
    return refuseRows(scope, node, 'make-series');
  }
  const kind = parameters(node).get('kind');
  const nonEmpty = kind !== undefined && textOf(kind) === 'nonempty';
  const keys = list(child(node, 'ByClause'), 'Expressions').map((item) => ({ value: ctx.scalar(bare(item), inner), id: newId(ctx) }));
  if (keys.some((k) => k.value.type === 'dynamic'))
    reject(scope, node, 'make-series', 'series are not made by a dynamic value: cast it, as in tostring(x)');
  const parts = input.parts ?? [];
  if (parts.length > 0 && !(bounds.from && bounds.to))
    return refuseRows(scope, node, 'make-series', 'inside partition or mv-apply, without from and to');
  if (nonEmpty && (keys.length + parts.length > 0 || !bounds.from || !bounds.to))
    return refuseRows(scope, node, 'make-series kind=nonempty', 'with by, or without from and to');
  const [x, start, stop, step, count, place] = Array.from({ length: 6 }, () => newId(ctx, 'm')) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const real = type === 'real';
  const groups = [...keys.map((k) => k.id), ...parts];
  const over = `OVER (${groups.length > 0 ? `PARTITION BY ${groups.join(', ')}` : ''})`;
  const steps = (span: string) => (real ? `floor((${span}) / ${step})::BIGINT` : `((${span}) // ${step})::BIGINT`);
  const minus = (a: string, b: string) => (real ? `${a} - ${b}` : `${a}::HUGEINT - ${b}`);
  const first = real ? `floor(${x} / ${step}) * ${step}` : `${x} - ((${x} % ${step}) + ${step}) % ${step}`;
  const said = bounds.said ? `${bounds.said[0]} AS ${start}_said, ${bounds.said[1]} AS ${stop}_said, ` : '';
  const head = `SELECT ${said}${bounds.step.sql} AS ${step}, ${bounds.from?.sql ?? 'NULL'} AS ${start}_0, ${bounds.to?.sql ?? 'NULL'} AS ${stop} FROM (${layered(bounds.scope, 'SELECT 1 AS nothing')})`;
  const length = real ? `ceil((${stop} - ${start}) / ${step})::BIGINT` : `((${minus(stop, start)} + ${step} - 1) // ${step})::BIGINT`;
  const lengthOf = (sql: string) =>
    `CASE WHEN ${sql} > ${LONGEST} THEN error('make-series gives more than ${LONGEST} values') ELSE ${sql} END::BIGINT`;
  const at = convert(inner, axis, type).sql;
  const endless = `error('make-series over an axis of NaN or infinite values is not supported')::DOUBLE`;
  const finite = real
    ? `CASE WHEN isfinite(${hoist(inner, at)}) OR ${hoist(inner, at)} IS NULL THEN ${hoist(inner, at)} ELSE ${endless} END`
    : at;
  const keyed = `SELECT *, ${[...keys.map((k) => `${k.value.sql} AS ${k.id}`), `${finite} AS ${x}`].join(', ')} FROM (${layered(inner, input.sql)})`;
  const straddling = `CASE WHEN (${x} < ${start}_said AND ${x} >= ${start}_0) OR (${x} > ${stop}_said AND ${first} <= ${stop}_said) THEN error('make-series in range() over rows outside of it that share a bin with its ends is not supported')::BOOLEAN END`;
  const begun = `SELECT *, ${bounds.from ? `${start}_0` : `min(${first}) ${over}`} AS ${start} FROM (${keyed}) CROSS JOIN (${head}) WHERE ${x} IS NOT NULL AND ${step} > 0${bounds.said ? ` AND coalesce(${straddling}, ${x} < ${stop})` : bounds.to ? ` AND ${x} < ${stop}` : ''}${bounds.from ? ` AND ${x} >= ${start}_0` : ''}`;
  const counted = bounds.to ? length : `(max(${steps(minus(x, start))}) ${over} + 1)`;
  const placed = `SELECT *, ${steps(minus(x, start))} AS ${place}, ${lengthOf(counted)} AS ${count} FROM (${begun})`;
  const { sink, aggregates, outer } = grouping({ ...inner, hoists: [] });
  const after = rowScope(ctx, scope.env);
  const made = list(node, 'Aggregates').map((item) => {
    const value = ctx.scalar(bare(need(item, 'Expression')), outer);
    return {
      id: newId(ctx, 'm'),
      type: value.type,
      json: `coalesce(${convert(outer, value, 'dynamic').sql}, 'null')`,
      none: absent(item, value, after),
    };
  });
  if (made.some((m) => m.type === 'dynamic')) return refuseRows(scope, node, 'make-series', 'of arrays or bags');
  if (made.some((m) => m.none === undefined)) return refuseRows(scope, node, 'make-series', 'a default of another type than its aggregate');
  const by = [...groups, start, count, step];
  const cells = `SELECT ${[...by, place, ...aggregates].join(', ')} FROM (${layered(sink.inner, placed)}) GROUP BY ${[...by, place].join(', ')}`;
  const table = newId(ctx, 's');
  ctx.ctes.push({
    name: table,
    sql: `SELECT ${[...by, place, ...made.map((m) => `${m.json} AS ${m.id}`)].join(', ')} FROM (${layered(outer, cells)})`,
  });
  const series = nonEmpty
    ? `SELECT ${start}_0 AS ${start}, greatest(${lengthOf(length.replaceAll(start, `${start}_0`))}, 0) AS ${count}, ${step} FROM (${head})`
    : `SELECT DISTINCT ${by.join(', ')} FROM ${table}`;
  const grid = `SELECT ${by.map((id) => `${id} AS ${id}_g`).join(', ')}, unnest(range(0, ${count})) AS ${place}_g FROM (${series})`;
  const on = [...by.map((id) => `${id} IS NOT DISTINCT FROM ${id}_g`), `${place} = ${place}_g`].join(' AND ');
  const point: Scalar = { sql: real ? `(${start}_g + ${place}_g * ${step}_g)` : `(${start}_g + ${place}_g * ${step}_g)::BIGINT`, type };
  const bound = boundColumns(node.ResultType) ?? [];
  const name = (i: number) => bound[i]?.name ?? `Column${i + 1}`;
  const keyColumns: Column[] = keys.map((k, i) => ({ id: newId(ctx), type: k.value.type, name: name(i) }));
  const lists: Column[] = [...made, undefined].map((_, i) => ({ id: newId(ctx), type: 'dynamic', name: name(keys.length + i) }));
  const axisId = newId(ctx, 'm');
  const cellOf = made.map((m) => `CASE WHEN ${place} IS NULL THEN ${m.none} ELSE ${m.id} END AS ${m.id}_1`);
  const axisOf = `${convert(after, point, 'dynamic').sql} AS ${axisId}`;
  const joined = `SELECT *, ${[...cellOf, axisOf].join(', ')} FROM (${layered(after, `SELECT * FROM (${grid}) LEFT JOIN ${table} ON ${on}`)})`;
  const selected = [
    ...keyColumns.map((c, i) => `${keys[i]!.id}_g AS ${c.id}`),
    ...parts.map((p) => `${p}_g AS ${p}`),
    ...lists.map((c, i) => `kql_array(list(${made[i] ? `${made[i]!.id}_1` : axisId} ORDER BY ${place}_g)) AS ${c.id}`),
  ];
  const groupBy = groups.length > 0 ? ` GROUP BY ${groups.map((g) => `${g}_g`).join(', ')}` : ' HAVING count(*) > 0';
  return {
    sql: `SELECT ${selected.join(', ')} FROM (${joined})${groupBy}`,
    columns: [...keyColumns, ...lists],
    order: [],
    serialized: false,
    sorted: false,
    parts: input.parts,
  };
}

export const series: readonly OperatorRow[] = [{ name: 'make-series', kinds: ['MakeSeriesOperator'], emit: makeSeries }];
