import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecordIndex, SEGMENT_RECORDS } from '../../src/state/record-index.ts';

const WORDS = 3;
/** Of the factor of the index's hash, modulo 2^32: a key times it has the key for its hash. */
const INVERSE = 0x144cbc89;

/** A hash's first words, of keys whose searches begin at few cells and so pass each other's; the last one's goes over the end. */
const crowded = fc
  .tuple(fc.constantFrom(0, 1, 2, 500, 1023), fc.integer({ min: 0, max: 40 }))
  .map(([place, low]) => Math.imul((place << 22) | (low << 3), INVERSE) >>> 0);
const scattered = fc.integer({ min: 1, max: 2 ** 32 - 1 });
const steps = (least: number, key: fc.Arbitrary<number>) =>
  fc.array(fc.tuple(key, fc.integer({ min: 0, max: 2 })), { minLength: least, maxLength: 3000 });

/** What one does that adds and takes out keys; beside it a Map. */
function follow(list: readonly (readonly [lo: number, what: number])[]): void {
  const segments: Uint32Array[] = [];
  const index = new RecordIndex(segments, WORDS);
  const model = new Map<number, number>();
  const records = new Map<number, number>();
  let used = 0;
  const recordOf = (lo: number) => index.recordAt(index.slot(lo, lo & 255));
  for (const [lo, what] of list) {
    const found = recordOf(lo);
    expect(found).toBe(model.get(lo) ?? -1);
    if (what === 0 && found >= 0) {
      index.remove(found);
      model.delete(lo);
    } else if (what > 0 && found < 0) {
      // A key that comes back has the record that it had: what its words were is not asked after it went.
      const record = records.get(lo) ?? used++;
      if (record >= segments.length * SEGMENT_RECORDS) segments.push(new Uint32Array(SEGMENT_RECORDS * WORDS));
      segments[Math.floor(record / SEGMENT_RECORDS)]!.set([lo, lo & 255], (record % SEGMENT_RECORDS) * WORDS);
      records.set(lo, record);
      index.put(index.slot(lo, lo & 255), lo, lo & 255, record);
      model.set(lo, record);
      index.reserve(used);
    }
  }
  for (const lo of records.keys()) expect(recordOf(lo)).toBe(model.get(lo) ?? -1);
}

test('an index finds what a Map does, while it grows and keys go', () => {
  fc.assert(fc.property(steps(1500, scattered), follow), { numRuns: 8 });
});

test('so it does of keys that are looked for in the same places', () => {
  fc.assert(fc.property(steps(0, crowded), follow), { numRuns: 100 });
});
