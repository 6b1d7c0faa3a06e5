import type { KqlType } from '../../core/kql-types.ts';
import { alone, layered, newId, refuseRows, reject, rowScope, type Scope } from '../context.ts';
import { convert, isNumeric } from '../convert.ts';
import { type Column, findColumn, missing, type OrderKey, orderClause, type Relation } from '../relation.ts';
import { sqlType } from '../scalar.ts';
import { literalOf } from '../tree/literal.ts';
import {
  boundType,
  child,
  declaredType,
  kindOf,
  list,
  type Node,
  nameOf,
  need,
  parameters,
  resultColumns,
  textOf,
} from '../tree/syntax.ts';
import { orderBy } from './filter.ts';
import type { OperatorRow } from './row.ts';
import { walked } from './scan-fold.ts';
import { type Declared, type Slot, type Step, walkOf } from './scan-walk.ts';

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
    const value = given && alone(scope, (own) => convert(own, scope.ctx.scalar(need(given, 'Value'), own), type));
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

function isNull(node: Node): boolean {
  return literalOf(node)?.value === null;
}

/** Why a scan is refused, if it is. */
function unclear(steps: readonly Step[], declared: readonly Declared[]): string | undefined {
  for (const [k, step] of steps.entries()) {
    const later = new Set(steps.slice(k + 1).map((s) => s.name));
    const read = new Map<string, [string, string]>();
    for (const n of [step.condition, ...step.assignments.map((a) => a.value)]) readSlots(n, later, read);
    if (read.size > 0) return `step '${step.name}' naming the later step '${[...read.values()][0]![0]}'`;
    for (const a of step.assignments) {
      const wanted = declared.find((d) => d.name === a.name)?.type;
      if (!wanted) return `an assignment to '${a.name}', which is not declared`;
      const given = boundType(a.value);
      const wider =
        given !== undefined && isNumeric(given) && (wanted === 'real' || (wanted === 'long' && given !== 'real' && given !== 'decimal'));
      if (given && given !== wanted && given !== 'dynamic' && !wider && !isNull(a.value))
        return `a ${boundType(a.value)} for '${a.name}', which is a ${wanted}`;
    }
    if (/\blast\b/.test(child(step.node, 'ScanStepOutput') ? textOf(need(step.node, 'ScanStepOutput')) : '')) return 'output=last';
    if (child(step.node, 'OptionalKeyword')) return 'optional steps';
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
  for (const { condition } of steps)
    if (!['bool', 'dynamic', undefined].includes(boundType(condition)))
      reject(scope, condition, 'scan', 'the condition of a step is a bool');
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
  const walk = walkOf(steps, slots, declared, rowColumns, scope);
  const table = walked(walk, rowColumns, declared, { ctx, name: source, part, place });
  const outputs = steps.flatMap((step, k) => (step.output ? [{ step, k }] : []));
  const idName = parameters(node).get('with_match_id');
  const matchId = newId(ctx);
  const results = declared.map((d): Column => ({ id: newId(ctx), name: d.name, type: d.type }));
  const stepPlace = newId(ctx);
  const branches = outputs.map(({ k }) => {
    const values = results.map((r, i) => `${table.name}.${walk.values[k]![i]} AS ${r.id}`);
    return `SELECT ${table.name}.${part} AS ${part}, ${table.name}.${place} AS ${place}, ${[`${table.name}.${walk.ids[k]} AS ${matchId}`, `${k} AS ${stepPlace}`, ...values].join(', ')} FROM ${table.name} WHERE ${walk.hits[k]}`;
  });
  if (branches.length === 0) return refuseRows(scope, node, 'scan', 'without a step that gives rows');
  const all: Column[] = [...rowColumns.filter((c) => !declared.some((d) => d.id === c.id)), ...results];
  if (idName) all.push({ id: matchId, name: nameOf(idName), type: 'long' });
  const bound = resultColumns(node, all) ?? all;
  const columns = bound.flatMap((b) => findColumn({ ...input, columns: all }, b.name) ?? []);
  if (columns.length !== all.length) return refuseRows(scope, node, 'scan', 'columns of the same name');
  const matched = `${table.sql} ${branches.join(' UNION ALL ')}`;
  return {
    ...input,
    columns,
    sql: `SELECT s.* EXCLUDE (${[part, place, ...declared.map((d) => d.id)].join(', ')}), w.* EXCLUDE (${part}) FROM ${source} AS s JOIN (${matched}) AS w ON s.${part} = w.${part} AND s.${place} = w.${place}`,
    // A row is looked at by the last step first, and given out as it matches.
    order: [...order, { id: place, desc: false, nullsFirst: true }, { id: stepPlace, desc: true, nullsFirst: true }],
    serialized: true,
    ingestion: false,
  };
}

export const scanning: readonly OperatorRow[] = [{ name: 'scan', kinds: ['ScanOperator'], emit: scan }];
