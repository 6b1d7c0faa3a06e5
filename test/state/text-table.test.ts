import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader, ByteWriter } from '../../src/core/bytes.ts';
import { TextTable } from '../../src/state/text-table.ts';

const steps = fc.array(
  fc.record({ key: fc.integer({ min: 1, max: 8 }), text: fc.string({ unit: 'binary', maxLength: 6 }), anew: fc.boolean() }),
  { maxLength: 40 },
);

const all = (table: TextTable) =>
  Array.from({ length: 8 }, (_, i) => {
    const list = table.get(i + 1, -i);
    return list === undefined ? undefined : { texts: [...list.values], count: list.count, firstMs: list.firstMs };
  });

function copy(from: TextTable, to: TextTable, part: 'write' | 'writeChanges'): void {
  const writer = new ByteWriter();
  from[part](writer);
  to.read(new ByteReader(writer.finish()));
}

test('texts are those of a Map of lists, through rollback, snapshot and changes', () => {
  fc.assert(
    fc.property(steps, steps, fc.array(steps, { maxLength: 4 }), (first, tried, later) => {
      const table = new TextTable(100, 1000);
      const mirror = new TextTable(100, 1000);
      const model = new Map<number, { texts: string[]; count: number; firstMs: number }>();
      const apply = (list: typeof first) => {
        list.forEach(({ key, text, anew }, i) => {
          const held = table.obtain(key, 1 - key, i);
          if (anew) table.restart(held, i);
          table.append(held, text);
          held.count++;
        });
      };
      const note = (list: typeof first) => {
        list.forEach(({ key, text, anew }, i) => {
          if (anew || !model.has(key)) model.set(key, { texts: [], count: 0, firstMs: i });
          const held = model.get(key)!;
          held.texts.push(text);
          held.count++;
        });
      };
      apply(first);
      note(first);
      copy(table, mirror, 'write');
      for (const list of later) {
        table.begin();
        apply(tried);
        table.rollback();
        apply(list);
        note(list);
        copy(table, mirror, 'writeChanges');
        for (const side of [table, mirror]) expect(all(side)).toEqual(Array.from({ length: 8 }, (_, i) => model.get(i + 1)));
      }
    }),
    { numRuns: 100 },
  );
});

test('half a pair of UTF-16 comes back as it was', () => {
  const table = new TextTable(10, 10);
  const texts = ['\u{1F600}'.slice(0, 1), '\u{1F600}', 'Ünal', ''];
  for (const text of texts) table.append(table.obtain(1, 2, 0), text);
  const mirror = new TextTable(10, 10);
  copy(table, mirror, 'write');
  expect(mirror.get(1, 2)?.values).toEqual(texts);
});
