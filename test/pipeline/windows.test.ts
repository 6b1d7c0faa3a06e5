import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, ticksFromIso } from '../../src/core/ticks.ts';
import { durationTicks } from '../../src/pipeline/duration.ts';
import { gridFloor, nextInterval, nextSpan, TARGET_ROWS, windowCount } from '../../src/pipeline/windows.ts';

const at = (iso: string) => ticksFromIso(iso)!;
const TEN = 10n * TICKS_PER_MINUTE;

test.each([
  ['10m', TEN],
  ['90s', 900_000_000n],
  ['1h', TICKS_PER_HOUR],
  ['30d', 30n * TICKS_PER_DAY],
  ['P30D', 30n * TICKS_PER_DAY],
  ['PT1H30M', 90n * TICKS_PER_MINUTE],
  ['P1DT1S', TICKS_PER_DAY + 10_000_000n],
  ['', undefined],
  ['P', undefined],
  ['PT', undefined],
  ['P1DT', undefined],
  ['10', undefined],
  ['-5m', undefined],
  ['1w', undefined],
  ['P1M', undefined],
  ['1.5h', undefined],
])('the duration %j', (text, ticks) => {
  expect(durationTicks(text)).toBe(ticks);
});

test('windows lie on the UTC grid whatever the run was called for', () => {
  expect(gridFloor(at('2026-03-01T10:17:59.9999999Z'), TEN)).toBe(at('2026-03-01T10:10:00Z'));
  expect(gridFloor(at('2026-03-01T10:20:00Z'), TEN)).toBe(at('2026-03-01T10:20:00Z'));
  expect(gridFloor(at('2026-03-01T10:17:00Z'), TICKS_PER_DAY)).toBe(at('2026-03-01T00:00:00Z'));
});

test.each([
  ['2026-03-01T10:00:00Z', '2026-03-01T10:00:00Z', 0],
  ['2026-03-01T10:00:00Z', '2026-03-01T10:10:00Z', 1],
  ['2026-03-01T10:03:00Z', '2026-03-01T10:04:00Z', 1],
  ['2026-03-01T10:09:00Z', '2026-03-01T10:11:00Z', 2],
  ['2026-03-01T10:00:00Z', '2026-03-02T10:00:00Z', 144],
])('%s to %s touches %d windows', (from, until, count) => {
  expect(windowCount({ from: at(from), until: at(until) }, TEN)).toBe(count);
});

test('intervals follow each other without gap or overlap, inner ends on the grid, and count as many windows as the whole', () => {
  const property = fc.property(
    fc.bigInt(0n, 10n ** 15n),
    fc.bigInt(1n, 10n ** 13n),
    fc.integer({ min: 1, max: 500 }),
    (from, length, span) => {
      const whole = { from, until: from + length };
      let at = from;
      let windows = 0;
      while (at < whole.until) {
        const next = nextInterval({ from: at, until: whole.until }, TEN, span);
        if (next.from !== at || next.until <= at) return false;
        if (next.until !== whole.until && next.until % TEN !== 0n) return false;
        windows += windowCount(next, TEN);
        at = next.until;
      }
      return at === whole.until && windows === windowCount(whole, TEN);
    },
  );
  expect(() => fc.assert(property)).not.toThrow();
});

test('the span grows while little comes, to a month, or to ten years where nothing is, and shrinks when much does', () => {
  let span = 6;
  for (let i = 0; i < 20; i++) span = nextSpan(span, 1, TEN);
  expect(span).toBe(31 * 144);
  for (let i = 0; i < 20; i++) span = nextSpan(span, 0, TEN);
  expect(span).toBe(3650 * 144);
  expect(nextSpan(100, TARGET_ROWS + 1, TEN)).toBe(25);
  expect(nextSpan(100, TARGET_ROWS / 2, TEN)).toBe(100);
  expect(nextSpan(1, 10 * TARGET_ROWS, TEN)).toBe(1);
});
