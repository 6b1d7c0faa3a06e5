import { createHash } from 'node:crypto';
import type { Labels } from '../../src/simulate/labels.ts';
import type { SimulateOptions } from '../../src/simulate/model.ts';
import { simulate } from '../../src/simulate/simulate.ts';

export type Row = Readonly<Record<string, unknown>>;

export interface Run {
  readonly labels: Labels;
  readonly chunks: readonly { readonly table: string; readonly rows: readonly Row[] }[];
  readonly rows: ReadonlyMap<string, readonly Row[]>;
}

/** A whole small tenant in memory. */
export function runAll(options: SimulateOptions): Run {
  const chunks: { table: string; rows: readonly Row[] }[] = [];
  const rows = new Map<string, Row[]>();
  const steps = simulate(options);
  let step = steps.next();
  while (!step.done) {
    const chunk = { table: step.value.table, rows: step.value.rows as readonly Row[] };
    chunks.push(chunk);
    rows.set(chunk.table, [...(rows.get(chunk.table) ?? []), ...chunk.rows]);
    step = steps.next();
  }
  return { labels: step.value, chunks, rows };
}

/** A digest of every byte that would be written, in order, without holding the rows. */
export function digest(options: SimulateOptions): { readonly sha: string; readonly labels: Labels } {
  const hash = createHash('sha256');
  const steps = simulate(options);
  let step = steps.next();
  while (!step.done) {
    hash.update(step.value.table);
    for (const row of step.value.rows) hash.update(JSON.stringify(row));
    step = steps.next();
  }
  hash.update(JSON.stringify(step.value));
  return { sha: hash.digest('hex'), labels: step.value };
}

export function table(run: Run, name: string): readonly Row[] {
  return run.rows.get(name) ?? [];
}

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`${column} is no string`);
  return value;
}
