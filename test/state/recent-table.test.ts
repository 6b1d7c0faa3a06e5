import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader, ByteWriter } from '../../src/core/bytes.ts';
import { RecentTable } from '../../src/state/recent-table.ts';

const MOST_VALUES = 4;
const KEEP = 100;

interface Step {
  readonly key: number;
  readonly value: number;
  readonly time: number;
}

const steps = fc.array(
  fc.record({ key: fc.integer({ min: 1, max: 12 }), value: fc.integer({ min: -3, max: 6 }), time: fc.integer({ min: 0, max: 400 }) }),
  { maxLength: 80 },
);
const hi = (key: number) => Math.imul(key, 0x9e3779b1);

/** What the words of the class promise, over a Map. */
class Model {
  readonly #map = new Map<number, { firstMs: number; touchedMs: number; count: number; values: number[] }>();

  apply({ key, value, time }: Step): void {
    let held = this.#map.get(key);
    if (held === undefined || time - held.firstMs > KEEP) {
      held = { firstMs: time, touchedMs: Math.max(time, held?.touchedMs ?? time), count: 0, values: [] };
      this.#map.set(key, held);
    }
    if (!held.values.includes(value)) held.values = [...held.values, value].slice(-MOST_VALUES);
    held.touchedMs = Math.max(held.touchedMs, time);
    held.count++;
  }

  all() {
    return Array.from({ length: 12 }, (_, i) => this.#map.get(i + 1));
  }
}

function apply(table: RecentTable, { key, value, time }: Step): void {
  table.add(key, hi(key), value, time, KEEP);
  const held = table.editExisting(key, hi(key));
  if (held !== undefined) held.count++;
}

const all = (table: RecentTable) =>
  Array.from({ length: 12 }, (_, i) => {
    const held = table.get(i + 1, hi(i + 1));
    return held === undefined ? undefined : (({ firstMs, touchedMs, count, values }) => ({ firstMs, touchedMs, count, values }))(held);
  });

function copy(from: RecentTable, to: RecentTable, part: 'write' | 'writeChanges'): void {
  const writer = new ByteWriter();
  from[part](writer);
  to.read(new ByteReader(writer.finish()));
}

test('recent values are those of a Map of lists, through rollback, snapshot and changes', () => {
  fc.assert(
    fc.property(steps, steps, fc.array(steps, { maxLength: 4 }), (first, tried, later) => {
      const table = new RecentTable(100, MOST_VALUES);
      const mirror = new RecentTable(100, MOST_VALUES);
      const model = new Model();
      const both = (list: readonly Step[]) => {
        for (const step of list) {
          apply(table, step);
          model.apply(step);
        }
      };
      both(first);
      copy(table, mirror, 'write');
      for (const list of later) {
        table.begin();
        for (const step of tried) apply(table, step);
        table.rollback();
        both(list);
        copy(table, mirror, 'writeChanges');
        for (const side of [table, mirror]) expect(all(side)).toEqual(model.all());
      }
    }),
    { numRuns: 100 },
  );
});

test('a full table lets go of the keys that were idle longest, and says so in its changes', () => {
  const table = new RecentTable(16, MOST_VALUES);
  const mirror = new RecentTable(16, MOST_VALUES);
  for (let key = 1; key <= 16; key++) table.add(key, hi(key), 1, 1000 - key, KEEP);
  copy(table, mirror, 'write');
  table.add(17, hi(17), 1, 2000, KEEP);
  copy(table, mirror, 'writeChanges');
  for (const side of [table, mirror]) {
    expect(side.size).toBe(15);
    for (let key = 1; key <= 17; key++) expect(side.get(key, hi(key)) === undefined).toBe(key === 15 || key === 16);
  }
  for (const gone of [15, 16]) {
    table.add(gone, hi(gone), 7, 3000, KEEP);
    copy(table, mirror, 'writeChanges');
    expect(mirror.get(gone, hi(gone))?.values).toEqual([7]);
  }
});
