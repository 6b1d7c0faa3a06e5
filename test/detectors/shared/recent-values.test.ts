import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Host } from '../../../src/detectors/detector.ts';
import { RecentValues } from '../../../src/detectors/shared/recent-values.ts';
import { RecordTable } from '../../../src/state/record-table.ts';

const MOST = 4;
const KEEP = 100;
const steps = fc.array(
  fc.record({ key: fc.integer({ min: 1, max: 6 }), value: fc.integer({ min: -3, max: 6 }), time: fc.integer({ min: 0, max: 400 }) }),
  { maxLength: 80 },
);
const host = { records: (_: string, words: number, most: number) => new RecordTable(words, most) } as unknown as Host;

test('recent values are those of a Map of lists: distinct, the oldest goes, and all go that began too long ago', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const recent = new RecentValues(host, 'test', 100, MOST);
      const model = new Map<number, { firstMs: number; values: number[] }>();
      for (const { key, value, time } of list) {
        recent.add(key, -key, value, time, KEEP);
        let held = model.get(key);
        if (held === undefined || time - held.firstMs > KEEP) {
          held = { firstMs: time, values: [] };
          model.set(key, held);
        }
        if (!held.values.includes(value)) held.values = [...held.values, value].slice(-MOST);
      }
      for (let key = 1; key <= 6; key++) expect(recent.get(key, -key)).toEqual(model.get(key)?.values ?? []);
    }),
    { numRuns: 200 },
  );
});
