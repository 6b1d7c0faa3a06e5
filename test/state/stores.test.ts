import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader, ByteWriter } from '../../src/core/bytes.ts';
import { keyText } from '../../src/core/key-text.ts';
import { CountTable } from '../../src/state/count-table.ts';
import { ObjectTable } from '../../src/state/object-table.ts';
import { LAST_SECONDS, RecordTable } from '../../src/state/record-table.ts';
import type { Store } from '../../src/state/store.ts';

const WORDS = 5;

function bump(table: RecordTable, key: number, seconds = 0): void {
  const record = table.obtain(key, key * 31 + 1);
  table.touch(record);
  const words = table.segment(record);
  const at = table.offset(record);
  words[at + LAST_SECONDS] = Math.max(words[at + LAST_SECONDS]!, seconds);
  words[at + 3]!++;
}

function read(table: RecordTable, key: number): number | undefined {
  const record = table.find(key, key * 31 + 1);
  return record < 0 ? undefined : table.segment(record)[table.offset(record) + 3];
}

function copy(from: Store, to: Store, part: 'write' | 'writeChanges'): void {
  const writer = new ByteWriter();
  from[part](writer);
  to.read(new ByteReader(writer.finish()));
}

const keys = fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 600 });

test('records count like a Map, through rollback, snapshot and changes', () => {
  fc.assert(
    fc.property(keys, keys, keys, (first, tried, second) => {
      const table = new RecordTable(WORDS, 1000);
      const mirror = new RecordTable(WORDS, 1000);
      const model = new Map<number, number>();
      const apply = (list: readonly number[]) => {
        for (const key of list) {
          bump(table, key);
          model.set(key, (model.get(key) ?? 0) + 1);
        }
      };
      apply(first);
      copy(table, mirror, 'write');
      table.begin();
      for (const key of tried) bump(table, key);
      table.rollback();
      apply(second);
      copy(table, mirror, 'writeChanges');
      for (const side of [table, mirror]) {
        expect(side.size).toBe(model.size);
        for (let key = 1; key <= 400; key++) expect(read(side, key)).toBe(model.get(key));
      }
    }),
    { numRuns: 30 },
  );
});

test('at the cap the idle go and the active stay', () => {
  const table = new RecordTable(WORDS, 5000);
  for (let i = 1; i <= 20_000; i++) {
    bump(table, 100_000 + i, i);
    if (i % 10 === 0) for (let key = 1; key <= 50; key++) bump(table, key, i);
  }
  expect(table.size).toBeLessThanOrEqual(5000);
  for (let key = 1; key <= 50; key++) expect(read(table, key)).toBe(2000);
});

test('evicted records are gone after a change set too', () => {
  const table = new RecordTable(WORDS, 100);
  const mirror = new RecordTable(WORDS, 100);
  for (let i = 1; i <= 100; i++) bump(table, i, i);
  copy(table, mirror, 'write');
  for (let i = 101; i <= 150; i++) bump(table, i, i);
  copy(table, mirror, 'writeChanges');
  expect(mirror.size).toBe(table.size);
  for (let i = 1; i <= 150; i++) expect(read(mirror, i)).toBe(read(table, i));
});

test('the eighth that goes is the one that was idle longest, of equals the least keys, and who went may come back', () => {
  const seconds = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 64, maxLength: 64 });
  fc.assert(
    fc.property(seconds, fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 200 }), (stamps, more) => {
      const table = new RecordTable(WORDS, 64);
      const model = new Map<number, number>();
      const use = (key: number, second: number) => {
        if (!model.has(key) && model.size === 64) {
          const idle = [...model].sort(([a, x], [b, y]) => x - y || a - b);
          for (const [gone] of idle.slice(0, 8)) model.delete(gone);
        }
        model.set(key, Math.max(model.get(key) ?? 0, second));
        bump(table, key, second);
      };
      for (const [i, second] of stamps.entries()) use(i + 1, second);
      for (const key of more) use(key, 3 + (key % 5));
      for (let key = 1; key <= 90; key++) expect(read(table, key) !== undefined).toBe(model.has(key));
    }),
    { numRuns: 100 },
  );
});

test('counts are exact, come back after a rollback, and halve at the cap', () => {
  const table = new CountTable(1000);
  for (let i = 1; i <= 500; i++) for (let k = 0; k < (i % 7) + 1; k++) table.add(i * 7919);
  const total = table.total;
  table.begin();
  for (let i = 400; i <= 900; i++) table.add(i * 7919);
  table.rollback();
  expect([table.total, table.distinct, table.get(7919 * 499), table.get(7919 * 800)]).toEqual([total, 500, (499 % 7) + 1, 0]);
  for (let i = 1000; i <= 3000; i++) table.add(i * 7919);
  expect(table.distinct).toBeLessThanOrEqual(1000);
});

test('counts are those of a Map, through growth, rollback, snapshot, changes and halving', () => {
  const grown = fc.array(
    fc.integer({ min: -400, max: 400 }).filter((key) => key !== 0),
    { minLength: 300, maxLength: 900 },
  );
  fc.assert(
    fc.property(grown, keys, grown, fc.boolean(), (first, tried, second, small) => {
      const table = new CountTable(small ? 60 : 2000);
      const mirror = new CountTable(small ? 60 : 2000);
      const model = new Map<number, number>();
      const apply = (list: readonly number[]) => {
        for (const key of list) {
          // A hash is given signed and unsigned.
          table.add(key % 2 === 0 ? key : key >>> 0);
          model.set(key, (model.get(key) ?? 0) + 1);
        }
      };
      apply(first);
      copy(table, mirror, 'write');
      table.begin();
      for (const key of tried) table.add(key);
      table.rollback();
      apply(second);
      copy(table, mirror, 'writeChanges');
      apply(second);
      copy(table, mirror, 'writeChanges');
      expect([mirror.distinct, mirror.total]).toEqual([table.distinct, table.total]);
      for (let key = -400; key <= 400; key++) {
        if (key === 0) continue;
        expect(mirror.get(key)).toBe(table.get(key));
        if (!small) expect(table.get(key)).toBe(model.get(key) ?? 0);
      }
    }),
    { numRuns: 30 },
  );
});

test('objects come back after a rollback, whatever was done to them', () => {
  const table = new ObjectTable<{ touchedMs: number; list: readonly number[] }>(100);
  const make = () => ({ touchedMs: 1, list: [] });
  table.edit('__proto__', make).list = [1];
  table.edit('b', make);
  table.begin();
  table.edit('__proto__', make).list = [1, 2];
  table.delete('b');
  table.edit('c', make);
  table.rollback();
  expect(table.get('__proto__')).toEqual({ touchedMs: 1, list: [1] });
  expect(table.get('b')).toEqual({ touchedMs: 1, list: [] });
  expect(table.get('c')).toBeUndefined();
});

test('of 200,000 keys under a cap of 50,000 the idle go and the active stay', () => {
  const table = new RecordTable(WORDS, 50_000);
  let state = 7;
  for (let i = 0; i < 200_000; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bump(table, 1_000_000 + (state % 1_000_000_000), i);
    if (i % 10 === 0) bump(table, 1 + ((i / 10) % 500), i);
  }
  expect(table.size).toBeLessThanOrEqual(50_000);
  for (let key = 1; key <= 500; key++) expect(read(table, key)).toBe(40);
});

test('objects by the halves of their keys are those by text, also where keys share a half', () => {
  const table = new ObjectTable<{ touchedMs: number; n: number }>(1000);
  const make = (n: number) => () => ({ touchedMs: n, n });
  const pairs = Array.from({ length: 200 }, (_, i) => [0xf0000000 + (i % 50), 7 * i] as const);
  table.edit(keyText(...pairs[0]!), make(0));
  pairs.forEach(([lo, hi], i) => {
    table.editPair(lo, hi, make(i));
  });
  for (let i = 0; i < 200; i += 3) table.delete(keyText(...pairs[i]!));
  table.begin();
  for (const [lo, hi] of pairs) table.editPair(lo | 0, hi, make(-1)).n = -2;
  table.rollback();
  pairs.forEach(([lo, hi], i) => {
    const n = i % 3 === 0 ? undefined : i;
    expect([table.getPair(lo, hi)?.n, table.getPair(lo | 0, hi)?.n, table.get(keyText(lo, hi))?.n]).toEqual([n, n, n]);
  });
});

test('records that were let go leave no holes in what is restored, and the rest is found by its index', () => {
  const table = new RecordTable(WORDS, 3000);
  for (let i = 1; i <= 5000; i++) bump(table, i, i);
  const mirror = new RecordTable(WORDS, 3000);
  copy(table, mirror, 'write');
  expect(mirror.size).toBe(table.size);
  for (let i = 1; i <= 5000; i++) expect(read(mirror, i)).toBe(read(table, i));
  for (let i = 4990; i <= 5400; i++) for (const side of [table, mirror]) bump(side, i, i);
  for (let i = 1; i <= 5400; i++) expect(read(mirror, i)).toBe(read(table, i));
});
