import type { KqlType } from '../../core/kql-types.ts';
import { layered, newId, refuseRows, reject, rowScope, type Scope } from '../context.ts';
import { convert } from '../convert.ts';
import { type Column, findColumn, missing, type OrderKey, orderClause, type Relation } from '../relation.ts';
import { sqlType } from '../scalar.ts';
import { boundColumns, child, declaredType, kindOf, list, type Node, nameOf, need, parameters, textOf } from '../tree/syntax.ts';
import { orderBy } from './filter.ts';
import type { OperatorRow } from './row.ts';

interface Declared extends Column {
  /** The value where no step has assigned one. */
  readonly start: string;
}
interface Step {
  readonly name: string;
  readonly node: Node;
  readonly condition: Node;
  readonly assignments: readonly { readonly name: string; readonly value: Node }[];
  readonly output: boolean;
}
/** A value that a step's state remembers, of itself or of a step before it. */
interface Slot {
  readonly step: string;
  readonly column: Column;
  readonly start: string;
}

function stepsOf(node: Node): Step[] {
  return list(node, 'Steps').map((step) => ({
    name: nameOf(need(step, 'Name')),
    node: step,
    condition: need(step, 'Condition'),
    output: !/\bnone\b/.test(child(step, 'ScanStepOutput') ? textOf(need(step, 'ScanStepOutput')) : ''),
    assignments: list(child(step, 'ComputationClause'), 'Assignments').map((a) => ({
      name: nameOf(need(a, 'Name')),
      value: need(a, 'Expression'),
    })),
  }));
}

function declaredOf(node: Node, scope: Scope): Declared[] {
  return list(child(node, 'DeclareClause'), 'Declarations').map((item) => {
    const declaration = need(item, 'NameAndType');
    const type: KqlType = declaredType(need(declaration, 'Type')) ?? 'string';
    const given = child(item, 'DefaultValue');
    const value = given && convert(scope, scope.ctx.scalar(need(given, 'Value'), rowScope(scope.ctx, scope.env)), type);
    return {
      id: newId(scope.ctx),
      name: nameOf(need(declaration, 'Name')),
      type,
      start: `${value?.sql ?? missing(type)}::${sqlType(type)}`,
    };
  });
}

/** Pairs `step.column` that an expression reads. */
function readSlots(node: Node, steps: ReadonlySet<string>, found: Map<string, [string, string]>): void {
  if (kindOf(node) === 'PathExpression') {
    const [base, selector] = [need(node, 'Expression'), need(node, 'Selector')];
    if (kindOf(base) === 'NameReference' && steps.has(nameOf(base)))
      found.set(`${nameOf(base)}.${nameOf(selector)}`, [nameOf(base), nameOf(selector)]);
  }
  for (let i = 0; i < node.ChildCount; i++) {
    const inner = node.GetChild(i);
    if (inner) readSlots(inner, steps, found);
  }
}

function mentions(node: Node, name: string): boolean {
  if (kindOf(node) === 'PathExpression') return mentions(need(node, 'Expression'), name);
  if (kindOf(node) === 'NameReference') return nameOf(node) === name;
  for (let i = 0; i < node.ChildCount; i++) {
    const inner = node.GetChild(i);
    if (inner && mentions(inner, name)) return true;
  }
  return false;
}

/** Why a scan is refused, if it is. */
function unclear(steps: readonly Step[], declared: readonly Declared[]): string | undefined {
  for (const step of steps) {
    if (/\blast\b/.test(child(step.node, 'ScanStepOutput') ? textOf(need(step.node, 'ScanStepOutput')) : '')) return 'output=last';
    if (child(step.node, 'OptionalKeyword')) return 'optional steps';
    if (steps.length > 1 && step.output && declared.some((d) => !step.assignments.some((a) => a.name === d.name)))
      return 'several steps that do not all assign every declared column';
    for (const [i, a] of step.assignments.entries())
      if (step.assignments.slice(0, i).some((before) => mentions(a.value, before.name)))
        return 'an assignment that names a column assigned before it';
  }
  return undefined;
}

/** Rows are walked one after the other by recursion: each meets the states that the steps are in. */
function scan(node: Node, input: Relation, scope: Scope): Relation {
  const { ctx } = scope;
  const orderNode = child(node, 'OrderByClause');
  const partNode = child(node, 'PartitionByClause');
  const steps = stepsOf(node);
  const declared = declaredOf(node, scope);
  if (new Set(steps.map((s) => s.name)).size < steps.length) reject(scope, node, 'scan', 'two steps have the same name');
  const why = unclear(steps, declared);
  if (why) return refuseRows(scope, node, 'scan', why);
  if (!orderNode && !input.serialized) {
    reject(scope, node, 'scan', 'scan needs rows in an order: put sort or serialize before it');
    return refuseRows(scope, node, 'scan');
  }
  const sorting = orderNode
    ? orderBy(list(orderNode, 'Expressions'), input, scope)
    : { row: rowScope(ctx, scope.env, input), keys: [], added: [] };
  const order: OrderKey[] = [...sorting.keys, ...input.order];
  const part = newId(ctx, 'q');
  const place = newId(ctx, 'q');
  const groups = [...(input.parts ?? []), ...list(partNode, 'Expressions').map((e) => `(${ctx.scalar(e, sorting.row).sql})`)];
  const base = `SELECT *${sorting.added.map((a) => `, ${a}`).join('')}, ${groups.length > 0 ? `dense_rank() OVER (ORDER BY ${groups.join(', ')})` : '0'} AS ${part} FROM (${layered(sorting.row, input.sql)})`;
  const source = newId(ctx, 's');
  const defaults = declared.map((d) => `${d.start} AS ${d.id}`);
  ctx.ctes.push({
    name: source,
    sql: `SELECT *, ${[...defaults, `row_number() OVER (PARTITION BY ${part}${orderClause(order)}) AS ${place}`].join(', ')} FROM (${base})`,
  });
  const rowColumns: Column[] = [...input.columns.filter((c) => !declared.some((d) => d.name === c.name)), ...declared];
  const found = new Map<string, [string, string]>();
  const names = new Set(steps.map((s) => s.name));
  for (const step of steps) for (const n of [step.condition, ...step.assignments.map((a) => a.value)]) readSlots(n, names, found);
  const slots: Slot[] = [];
  for (const [step, name] of found.values()) {
    const column = rowColumns.find((c) => c.name === name);
    if (!column) {
      reject(scope, node, `${step}.${name}`, `no column '${name}' in the state of step '${step}'`);
      return refuseRows(scope, node, 'scan');
    }
    slots.push({ step, column, start: declared.find((d) => d.name === name)?.start ?? missing(column.type) });
  }
  const walk = walkOf(steps, slots, declared, rowColumns, { source, part, place }, scope);
  const outputs = steps.flatMap((step, k) => (step.output ? [{ step, k }] : []));
  const idName = parameters(node).get('with_match_id');
  const matchId = newId(ctx);
  const results = declared.map((d): Column => ({ id: newId(ctx), name: d.name, type: d.type }));
  const stepPlace = newId(ctx);
  const branches = outputs.map(({ k }) => {
    const values = results.map((r, i) => `${walk.name}.${walk.values[k]![i]} AS ${r.id}`);
    return `SELECT ${walk.name}.${part} AS ${part}, ${walk.name}.${place} AS ${place}, ${[`${walk.name}.${walk.ids[k]} AS ${matchId}`, `${k} AS ${stepPlace}`, ...values].join(', ')} FROM ${walk.name} WHERE ${walk.hits[k]}`;
  });
  if (branches.length === 0) return refuseRows(scope, node, 'scan', 'without a step that gives rows');
  const all: Column[] = [...rowColumns.filter((c) => !declared.some((d) => d.id === c.id)), ...results];
  if (idName) all.push({ id: matchId, name: nameOf(idName), type: 'long' });
  // The binder adds a match_id even where none is asked for.
  const bound = (boundColumns(node.ResultType) ?? all).filter((b) => b.name !== 'match_id' || all.some((c) => c.name === 'match_id'));
  const columns = bound.flatMap((b) => findColumn({ ...input, columns: all }, b.name) ?? []);
  if (columns.length !== all.length) return refuseRows(scope, node, 'scan', 'columns of the same name');
  const walked = `WITH RECURSIVE ${walk.name} AS (${walk.sql}) ${branches.join(' UNION ALL ')}`;
  return {
    ...input,
    columns,
    sql: `SELECT s.* EXCLUDE (${[part, place, ...declared.map((d) => d.id)].join(', ')}), w.* EXCLUDE (${part}) FROM ${source} AS s JOIN (${walked}) AS w ON s.${part} = w.${part} AND s.${place} = w.${place}`,
    order: [...order, { id: place, desc: false, nullsFirst: true }, { id: stepPlace, desc: false, nullsFirst: true }],
    serialized: true,
    ingestion: false,
  };
}

interface Walk {
  readonly name: string;
  readonly sql: string;
  readonly hits: readonly string[];
  readonly ids: readonly string[];
  readonly values: readonly (readonly string[])[];
}

/** The recursive table: one row for each row of a part, with the state of every step after it. */
function walkOf(
  steps: readonly Step[],
  slots: readonly Slot[],
  declared: readonly Declared[],
  rowColumns: readonly Column[],
  { source, part, place }: { source: string; part: string; place: string },
  scope: Scope,
): Walk {
  const { ctx } = scope;
  const fresh = () => newId(ctx, 'w');
  const name = newId(ctx, 's');
  const nextMatch = fresh();
  const active = steps.map(fresh);
  const match = steps.map(fresh);
  const memory = steps.map(() => slots.map(fresh));
  const hits = steps.map(fresh);
  const ids = steps.map(fresh);
  const values = steps.map(() => declared.map(fresh));
  const carried = [nextMatch, ...active, ...match, ...memory.flat()];
  const kept = [part, place, ...carried, ...hits, ...ids, ...values.flat()];
  const seed = [
    `0::BIGINT AS ${place}`,
    `0::BIGINT AS ${nextMatch}`,
    ...active.map((a) => `false AS ${a}`),
    ...match.map((m) => `NULL::BIGINT AS ${m}`),
    ...memory.flatMap((m) => m.map((id, i) => `${slots[i]!.start}::${sqlType(slots[i]!.column.type)} AS ${id}`)),
    ...hits.map((h) => `false AS ${h}`),
    ...ids.map((h) => `NULL::BIGINT AS ${h}`),
    ...values.flatMap((v) => v.map((id, i) => `${declared[i]!.start} AS ${id}`)),
  ];
  let sql = `SELECT ${[`s.*`, ...carried.map((id) => `r.${id}`)].join(', ')} FROM ${name} AS r JOIN ${source} AS s ON s.${part} = r.${part} AND s.${place} = r.${place} + 1`;
  const rows: Relation = { sql: '', columns: rowColumns, order: [], serialized: false, sorted: false };
  // What the states are called after the steps that were looked at so far (last step first).
  const now = { active: [...active], match: [...match], memory: memory.map((m) => [...m]), next: nextMatch };
  for (let k = steps.length - 1; k >= 0; k--) {
    const step = steps[k]!;
    const withState = (memoryIds: readonly string[]): Scope => ({
      ...rowScope(ctx, scope.env, rows),
      states: (wanted, column) => {
        const i = slots.findIndex((s) => s.step === wanted && s.column.name === column);
        return i < 0 ? undefined : { sql: memoryIds[i]!, type: slots[i]!.column.type };
      },
    });
    const test = (ids: readonly string[]): string => {
      const row = withState(ids);
      const held = convert(row, ctx.scalar(step.condition, row), 'bool').sql;
      const id = fresh();
      sql = `SELECT *, coalesce(${held}, false) AS ${id} FROM (${layered(row, sql)})`;
      return id;
    };
    const hit1 = fresh();
    const hit2 = fresh();
    const from = k > 0 ? `(${now.active[k - 1]} AND ${test(now.memory[k - 1]!)})` : 'false';
    const on = `(${k === 0 ? 'true' : now.active[k]} AND ${test(now.memory[k]!)})`;
    sql = `SELECT *, ${from} AS ${hit1}, NOT ${from} AND ${on} AS ${hit2} FROM (${sql})`;
    const chosen = slots.map(fresh);
    if (slots.length > 0)
      sql = `SELECT *, ${slots.map((_, i) => `${k > 0 ? `CASE WHEN ${hit1} THEN ${now.memory[k - 1]![i]} ELSE ${now.memory[k]![i]} END` : now.memory[k]![i]} AS ${chosen[i]}`).join(', ')} FROM (${sql})`;
    const row = withState(chosen);
    const assigned = declared.map((d) => {
      const own = step.assignments.find((a) => a.name === d.name);
      return own ? `${convert(row, ctx.scalar(own.value, row), d.type).sql}::${sqlType(d.type)}` : d.id;
    });
    const valueIds = declared.map(fresh);
    const begins = k === 0 ? `NOT ${now.active[0]}` : 'false';
    const [matchId, nextId] = [fresh(), fresh()];
    const known = k > 0 ? `CASE WHEN ${hit1} THEN ${now.match[k - 1]} ELSE ${now.match[k]} END` : now.match[0];
    sql = `SELECT *, ${[
      ...assigned.map((a, i) => `${a} AS ${valueIds[i]}`),
      `CASE WHEN ${begins} THEN ${now.next} ELSE ${known} END AS ${matchId}`,
      `CASE WHEN ${hit2} AND ${begins} THEN ${now.next} + 1 ELSE ${now.next} END AS ${nextId}`,
    ].join(', ')} FROM (${layered(row, sql)})`;
    const [activeId, keptMatch] = [fresh(), fresh()];
    const memoryIds = slots.map(fresh);
    const cleared = k > 0 ? [fresh(), ...slots.map(fresh)] : [];
    const any = `(${hit1} OR ${hit2})`;
    const remembered = slots.map((s, i) => {
      const d = declared.findIndex((x) => x.id === s.column.id);
      const value = s.step !== step.name ? chosen[i] : d >= 0 ? valueIds[d] : s.column.id;
      return `CASE WHEN ${any} THEN ${value} ELSE ${now.memory[k]![i]} END AS ${memoryIds[i]}`;
    });
    sql = `SELECT *, ${[
      `(${now.active[k]} OR ${any}) AS ${activeId}`,
      `CASE WHEN ${any} THEN ${matchId} ELSE ${now.match[k]} END AS ${keptMatch}`,
      ...remembered,
      ...(k > 0 ? [`(${now.active[k - 1]} AND NOT ${hit1}) AS ${cleared[0]}`] : []),
      ...(k > 0 ? slots.map((s, i) => `CASE WHEN ${hit1} THEN ${s.start} ELSE ${now.memory[k - 1]![i]} END AS ${cleared[i + 1]}`) : []),
      `${any} AS ${hits[k]}`,
      `${matchId} AS ${ids[k]}`,
      ...valueIds.map((id, i) => `${id} AS ${values[k]![i]}`),
    ].join(', ')} FROM (${sql})`;
    now.active[k] = activeId;
    now.match[k] = keptMatch;
    now.memory[k] = memoryIds;
    now.next = nextId;
    if (k > 0) {
      now.active[k - 1] = cleared[0]!;
      now.memory[k - 1] = cleared.slice(1);
    }
  }
  const renamed = [
    `${now.next} AS ${nextMatch}`,
    ...now.active.map((id, k) => `${id} AS ${active[k]}`),
    ...now.match.map((id, k) => `${id} AS ${match[k]}`),
    ...now.memory.flatMap((m, k) => m.map((id, i) => `${id} AS ${memory[k]![i]}`)),
  ];
  const step = `SELECT ${[part, place, ...renamed, ...hits, ...ids, ...values.flat()].join(', ')} FROM (${sql})`;
  const first = `SELECT ${kept.join(', ')} FROM (SELECT DISTINCT ${part}, ${seed.join(', ')} FROM (SELECT DISTINCT ${part} FROM ${source}))`;
  return { name, sql: `${first} UNION ALL ${step}`, hits, ids, values };
}

export const scanning: readonly OperatorRow[] = [{ name: 'scan', kinds: ['ScanOperator'], emit: scan }];
