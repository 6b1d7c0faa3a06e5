import type { KqlType } from '../../core/kql-types.ts';
import { layered, newId, refuseRows, reject, rowScope, type Scope } from '../context.ts';
import { convert, isNumeric } from '../convert.ts';
import type { Column, OrderKey, Relation } from '../relation.ts';
import { type Scalar, sqlType } from '../scalar.ts';
import { boundColumns, type Node, nameOf, need } from '../tree/syntax.ts';

/** Reals are counted, so that rounding does not add up from row to row; the rest is DuckDB's own series. */
function series(real: boolean, [a, b, s]: readonly [string, string, string]): string {
  if (!real) return `generate_series(${a}, ${b}, ${s})`;
  const count = `floor((${b} - ${a}) / ${s} + 1e-9)`;
  return `range(0, CASE WHEN isfinite(${count}) AND ${count} >= 0 THEN least(${count}, 9e18)::BIGINT + 1 ELSE 0 END)`;
}

/**
 * `range x from a to b step s`, both ends included. A table function streams and can be stopped, where unnest() over constants is computed
 * while the query is planned; bounds that are not constant need a lateral join, which can be stopped too.
 */
export function range(node: Node, scope: Scope): Relation {
  const { ctx } = scope;
  const row = rowScope(ctx, scope.env);
  const [from, to, step] = (['From', 'To', 'Step'] as const).map((part) => ctx.scalar(need(node, part), row)) as [Scalar, Scalar, Scalar];
  const type: KqlType = boundColumns(node.ResultType)?.[0]?.type ?? from.type;
  const wide: KqlType = type === 'int' ? 'long' : type;
  const real = wide === 'real';
  const kinds = new Set([from, to].map((v) => (isNumeric(v.type) ? 'number' : v.type)));
  kinds.delete('dynamic');
  if (kinds.size > 1) reject(scope, node, 'range', `range from a ${from.type} to a ${to.type}: both ends are of one kind`);
  if (step.constant && Number(step.constant.value) === 0) reject(scope, node, 'range', 'the step of range must not be 0');
  if (wide === 'decimal') return refuseRows(scope, node, 'range', 'of decimals');
  const given = [
    convert(row, from, wide).sql,
    convert(row, to, wide).sql,
    convert(row, step, wide === 'datetime' ? 'timespan' : wide).sql,
  ] as const;
  const id = newId(ctx);
  const constant = [from, to, step].every((v) => v.constant);
  const names = [newId(ctx, 'r'), newId(ctx, 'r'), newId(ctx, 'r')] as const;
  const [a, , s] = constant ? given : names;
  const stop = `CASE WHEN ${given[2]} = 0 THEN error('a range whose step is 0 is not supported')::${sqlType(wide)} ELSE ${given[2]} END`;
  const bounds = `SELECT ${given[0]} AS ${names[0]}, ${given[1]} AS ${names[1]}, ${stop} AS ${names[2]} FROM (${layered(row, 'SELECT 1 AS nothing')})`;
  const rows = constant ? `${series(real, given)} AS g(i)` : `(${bounds}) AS r, ${series(real, names)} AS g(i)`;
  const selected = [`${real ? `(${a} + g.i * ${s})` : `g.i::${sqlType(type)}`} AS ${id}`];
  const column: Column = { id, name: nameOf(need(node, 'Name')), type };
  const descending = step.constant !== undefined && String(step.constant.value).startsWith('-');
  let order: OrderKey = { id, desc: descending, nullsFirst: true };
  if (!step.constant) {
    // Up or down is only known when the query runs.
    const place = newId(ctx);
    selected.push(`${real ? 'g.i' : `(g.i - ${a}) // ${s}`} AS ${place}`);
    order = { id: place, desc: false, nullsFirst: true };
  }
  const keys = [order];
  const sql = `SELECT ${selected.join(', ')} FROM ${rows}`;
  return { sql, columns: [column], order: keys, serialized: true, sorted: false, ...(constant && { streamed: keys }) };
}
