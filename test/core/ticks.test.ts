import { describe, expect, it } from 'vitest';
import { datetimeText, msFromTicks, ticksFromIso, ticksFromMs, timespanText } from '../../src/core/ticks.ts';

describe('datetime text', () => {
  it.each([
    ['0001-01-01T00:00:00.0000000Z', 0n],
    ['1970-01-01T00:00:00.0000000Z', 621_355_968_000_000_000n],
    ['1969-12-31T23:59:59.9999999Z', 621_355_967_999_999_999n],
    ['9999-12-31T23:59:59.9999999Z', 3_155_378_975_999_999_999n],
  ])('%s is tick %d, both ways', (text, ticks) => {
    expect(ticksFromIso(text)).toBe(ticks);
    expect(datetimeText(ticks)).toBe(text);
  });

  it('takes no zone as UTC, and honours offsets', () => {
    expect(ticksFromIso('2024-05-01 12:00')).toBe(ticksFromIso('2024-05-01T12:00:00Z'));
    expect(ticksFromIso('2024-05-01T12:00:00+02:00')).toBe(ticksFromIso('2024-05-01T10:00:00Z'));
  });

  it.each(['', 'yesterday', '2024-02-30', '2024-13-01', '12345', '2024-01-01T25:00:00Z'])('refuses %j', (text) => {
    expect(ticksFromIso(text)).toBeUndefined();
  });

  it('agrees with Date for milliseconds', () => {
    for (const ms of [0, -1, 1_700_000_000_123, -62_135_596_800_000]) {
      expect(msFromTicks(ticksFromMs(ms))).toBe(ms);
      expect(ticksFromIso(new Date(Math.max(ms, 0)).toISOString())).toBe(ticksFromMs(Math.max(ms, 0)));
    }
  });
});

describe('timespan text', () => {
  it.each([
    [0n, '00:00:00'],
    [937_840_000_005n, '1.02:03:04.0000005'],
    [-36_000_000_000n, '-01:00:00'],
  ])('%d is %s', (ticks, text) => expect(timespanText(ticks)).toBe(text));
});
