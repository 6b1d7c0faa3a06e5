import { describe, expect, test } from 'vitest';
import { parseTimespan } from '../../../src/workspace/embedded/query/timespan.ts';
import { ticks } from './support.ts';

const NOW = ticks('2026-05-01T12:00:00Z');
const FIRST = ticks('0001-01-01T00:00:00Z');
const LAST = ticks('9999-12-31T23:59:59.9999999Z');

// Forms of azure-monitor.md 5.
describe('the timespan of a query', () => {
  test.each([
    ['P1D', '2026-04-30T12:00:00Z', '2026-05-01T12:00:00Z'],
    ['PT4H30M', '2026-05-01T07:30:00Z', '2026-05-01T12:00:00Z'],
    ['PT0.5S', '2026-05-01T11:59:59.5Z', '2026-05-01T12:00:00Z'],
    ['2026-01-01T00:00:00Z/2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'],
    ['2026-01-01/2026-01-02', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'],
    ['2026-01-01T02:00:00+02:00/2026-01-02T00:00:00', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'],
    ['2026-01-01T00:00:00Z/P1W', '2026-01-01T00:00:00Z', '2026-01-08T00:00:00Z'],
    ['PT1H/2026-01-01T00:00:00Z', '2025-12-31T23:00:00Z', '2026-01-01T00:00:00Z'],
  ])('%s', (text, from, until) => {
    expect(parseTimespan(text, NOW)).toEqual({ from: ticks(from), until: ticks(until) });
  });

  test.each([
    ['P999999999Y', { from: FIRST, until: NOW }],
    ['2026-01-01/P999999999Y', { from: ticks('2026-01-01T00:00:00Z'), until: LAST }],
  ])('%s ends where time does', (text, expected) => {
    expect(parseTimespan(text, NOW)).toEqual(expected);
  });

  test.each([
    'yesterday',
    '',
    'P',
    'PT',
    'P1DT',
    'p1d',
    '-P1D',
    'P1D/P2D',
    '2026-01-01',
    '2026-01-01/',
    '2026-01-02/2026-01-01',
    `P${'9'.repeat(400)}D`,
  ])('%j is refused', (text) => {
    expect(() => parseTimespan(text, NOW)).toThrow(/is not an ISO 8601 duration or interval/);
  });
});
