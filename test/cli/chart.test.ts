import { describe, expect, it } from 'vitest';
import { CHARTS } from '../../src/cli/chart.ts';
import { ticksFromIso } from '../../src/core/ticks.ts';

const bars = CHARTS['barchart']!;
const times = CHARTS['timechart']!;

describe('render barchart', () => {
  it('draws bars in proportion', () => {
    const text = bars(
      [
        { name: 'k', type: 'string' },
        { name: 'n', type: 'long' },
      ],
      [
        ['a', 10n],
        ['b', 5n],
        ['c', 0n],
      ],
      26,
    )!;
    const lengths = text.split('\n').map((line) => [...line].filter((sign) => sign === '█').length);
    expect(lengths).toEqual([20, 10, 0]);
  });
  it('leaves an answer without numbers to the table', () => {
    expect(bars([{ name: 'k', type: 'string' }], [['a']], 40)).toBeUndefined();
  });
});

describe('render timechart', () => {
  it('draws one line a series, the highest bin full', () => {
    const at = (hour: number) => ticksFromIso(`2026-01-01T${String(hour).padStart(2, '0')}:00:00Z`)!;
    const rows = Array.from({ length: 12 }, (_, i) => [at(i), 'x\x1b', i === 11 ? 8n : 1n] as const);
    const text = times(
      [
        { name: 't', type: 'datetime' },
        { name: 's', type: 'string' },
        { name: 'n', type: 'long' },
      ],
      rows,
      60,
    )!;
    expect(text).toContain('x␛');
    expect(text).toContain('▂▂▂▂▂▂▂▂▂▂▂█');
    expect(text).toContain('2026-01-01T00:00:00Z .. 2026-01-01T11:00:00Z');
  });
});
