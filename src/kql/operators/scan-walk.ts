import type { KqlType } from '../../core/kql-types.ts';
import { type Context, newId, rowScope, type Scope } from '../context.ts';
import { convert } from '../convert.ts';
import type { Column, Relation } from '../relation.ts';
import { sqlType } from '../scalar.ts';
import type { Node } from '../tree/syntax.ts';

export interface Declared extends Column {
  /** The value where no step has assigned one. */
  readonly start: string;
}
export interface Step {
  readonly name: string;
  readonly node: Node;
  readonly condition: Node;
  readonly assignments: readonly { readonly name: string; readonly value: Node }[];
  readonly output: boolean;
}
/** A value that a step's state remembers, of itself or of a step before it. */
export interface Slot {
  readonly step: string;
  readonly column: Column;
  readonly start: string;
}

/** A value that goes from row to row: what it is at first, and the value of the walk that it takes on after each row. */
export interface Carried {
  readonly id: string;
  readonly type: KqlType;
  readonly start: string;
  readonly next: string;
}

/** Values of one row, each layer over those before it; the row's own columns and what is carried stand under all of them. */
export type Layer = readonly (readonly [id: string, sql: string])[];

/** What one row of a part does to the states of the steps, last step first. */
export interface Walk {
  readonly layers: readonly Layer[];
  readonly carried: readonly Carried[];
  /** Of each step: whether the row matched it, the match it belongs to, the declared columns. */
  readonly hits: readonly string[];
  readonly ids: readonly string[];
  readonly values: readonly (readonly string[])[];
}

export function walkOf(
  steps: readonly Step[],
  slots: readonly Slot[],
  declared: readonly Declared[],
  rowColumns: readonly Column[],
  scope: Scope,
): Walk {
  const { ctx } = scope;
  const fresh = () => newId(ctx, 'w');
  const layers: Layer[] = [];
  const name = (sql: string): string => {
    const id = fresh();
    layers.push([[id, sql]]);
    return id;
  };
  const begin = {
    next: fresh(),
    active: steps.map(fresh),
    match: steps.map(fresh),
    memory: steps.map(() => slots.map(fresh)),
  };
  const rows: Relation = { sql: '', columns: rowColumns, order: [], serialized: false, sorted: false };
  const withState = (memoryIds: readonly string[]): Scope => ({
    ...rowScope(ctx, scope.env, rows),
    states: (wanted, column) => {
      const i = slots.findIndex((s) => s.step === wanted && s.column.name === column);
      return i < 0 ? undefined : { sql: memoryIds[i]!, type: slots[i]!.column.type };
    },
  });
  // What the states are called after the steps that were looked at so far.
  const now = { active: [...begin.active], match: [...begin.match], memory: begin.memory.map((m) => [...m]), next: begin.next };
  const hits: string[] = [];
  const ids: string[] = [];
  const values: string[][] = [];
  for (let k = steps.length - 1; k >= 0; k--) {
    const step = steps[k]!;
    const test = (memory: readonly string[]): string => {
      const row = withState(memory);
      const held = convert(row, ctx.scalar(step.condition, row), 'bool').sql;
      hoisted(row, layers);
      return name(`coalesce(${held}, false)`);
    };
    const before = k > 0 ? name(`${now.active[k - 1]} AND ${test(now.memory[k - 1]!)}`) : undefined;
    const stays = name(before ? `NOT ${before} AND ${now.active[k]} AND ${test(now.memory[k]!)}` : test(now.memory[k]!));
    const chosen = slots.map((_, i) =>
      before ? name(`CASE WHEN ${before} THEN ${now.memory[k - 1]![i]} ELSE ${now.memory[k]![i]} END`) : now.memory[k]![i]!,
    );
    const row = withState(chosen);
    const assigned = declared.map((d) => {
      const own = step.assignments.find((a) => a.name === d.name);
      return own ? `(${convert(row, ctx.scalar(own.value, row), d.type).sql})::${sqlType(d.type)}` : d.id;
    });
    hoisted(row, layers);
    const own = assigned.map(name);
    // Only the first step begins a match, and only where none is under way.
    const matchId = name(
      before
        ? `CASE WHEN ${before} THEN ${now.match[k - 1]} ELSE ${now.match[k]} END`
        : `CASE WHEN NOT ${now.active[0]} THEN ${now.next} ELSE ${now.match[0]} END`,
    );
    const nextId = before ? now.next : name(`CASE WHEN ${stays} AND NOT ${now.active[0]} THEN ${now.next} + 1 ELSE ${now.next} END`);
    const hit = before ? name(`(${before} OR ${stays})`) : stays;
    const active = name(`(${now.active[k]} OR ${hit})`);
    const match = name(`CASE WHEN ${hit} THEN ${matchId} ELSE ${now.match[k]} END`);
    const memory = slots.map((s, i) => {
      const d = declared.findIndex((x) => x.id === s.column.id);
      const value = s.step !== step.name ? chosen[i] : d >= 0 ? own[d] : s.column.id;
      return name(`CASE WHEN ${hit} THEN ${value} ELSE ${now.memory[k]![i]} END`);
    });
    if (before) {
      const left = slots.map((s, i) => name(`CASE WHEN ${before} THEN ${s.start} ELSE ${now.memory[k - 1]![i]} END`));
      now.active[k - 1] = name(`(${now.active[k - 1]} AND NOT ${before})`);
      now.memory[k - 1] = left;
    }
    now.active[k] = active;
    now.match[k] = match;
    now.memory[k] = memory;
    now.next = nextId;
    hits[k] = hit;
    ids[k] = matchId;
    values[k] = own;
  }
  const carried: Carried[] = [
    { id: begin.next, type: 'long', start: '0::BIGINT', next: now.next },
    ...begin.active.map((id, k): Carried => ({ id, type: 'bool', start: 'false', next: now.active[k]! })),
    ...begin.match.map((id, k): Carried => ({ id, type: 'long', start: 'NULL::BIGINT', next: now.match[k]! })),
    ...begin.memory.flatMap((m, k) =>
      m.map((id, i): Carried => {
        const { column, start } = slots[i]!;
        return { id, type: column.type, start: `${start}::${sqlType(column.type)}`, next: now.memory[k]![i]! };
      }),
    ),
  ];
  return { layers, carried, hits, ids, values };
}

/** The helper columns that an expression asked for, as layers of their own. */
function hoisted(row: Scope, layers: Layer[]): void {
  const levels = Math.max(-1, ...row.hoists.map((h) => h.level)) + 1;
  for (let level = 0; level < levels; level++) layers.push(row.hoists.filter((h) => h.level === level).map((h) => [h.id, h.sql] as const));
}

/** Where the rows to be walked are, and what the columns of their part and place in it are called. */
export interface Source {
  readonly ctx: Context;
  readonly name: string;
  readonly part: string;
  readonly place: string;
}
