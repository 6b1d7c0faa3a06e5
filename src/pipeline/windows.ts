import { TICKS_PER_DAY, type Ticks } from '../core/ticks.ts';

/** Half-open interval of ingestion time. */
export interface Interval {
  readonly from: Ticks;
  readonly until: Ticks;
}

/** The grid line at or before a time. The grid is counted from 0001-01-01, so that a day, an hour and 10 minutes all lie on it. */
export function gridFloor(time: Ticks, window: Ticks): Ticks {
  return time - (time % window);
}

/** Number of windows of the grid that the interval touches. */
export function windowCount({ from, until }: Interval, window: Ticks): number {
  if (until <= from) return 0;
  return Number((until - 1n) / window - from / window) + 1;
}

/** Rows that a fetch should bring: enough to spread its fixed cost, few enough to hold in memory. */
export const TARGET_ROWS = 200_000;
/** A fetch that brings more than this is given up and asked again for a shorter span. */
export const MAX_ROWS = 3 * TARGET_ROWS;
/** Windows of the first fetch of a pipeline. */
export const FIRST_SPAN = 6;
const LONGEST = 31n * TICKS_PER_DAY;
/** Where nothing is, longer: one row dated year 1 must not cost a fetch for each month since. */
const LONGEST_EMPTY = 3650n * TICKS_PER_DAY;
const STEP = 4;

/** The next interval to fetch: up to `span` windows, cut at the grid or at the end of what is wanted. */
export function nextInterval({ from, until }: Interval, window: Ticks, span: number): Interval {
  const end = gridFloor(from, window) + BigInt(span) * window;
  return { from, until: end < until ? end : until };
}

/**
 * Windows to ask for next, by the rows that the last span brought: a day of a small tenant, minutes of a large one.
 * A function of the data alone, so that a run that is repeated after a crash cuts at the same places.
 */
export function nextSpan(span: number, rows: number, window: Ticks): number {
  if (rows * STEP <= TARGET_ROWS) return Math.max(1, Math.min(span * STEP, Number((rows === 0 ? LONGEST_EMPTY : LONGEST) / window)));
  return rows > TARGET_ROWS ? shorterSpan(span) : span;
}

export function shorterSpan(span: number): number {
  return Math.max(1, Math.floor(span / STEP));
}
