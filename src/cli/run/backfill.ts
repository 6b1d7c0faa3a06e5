import { datetimeText, type Ticks } from '../../core/ticks.ts';
import type { Wanted } from '../../pipeline/interval.ts';

/** A past interval of ingestion time. */
export interface Backfill {
  readonly from: Ticks;
  readonly until: Ticks;
}

const compact = (ticks: Ticks): string => datetimeText(ticks, { trim: true }).replaceAll(/[-:]/g, '');

/** Each interval has a state of its own: it can be taken up again, and the live one never sees it. */
export function backfillFolder({ from, until }: Backfill, pipeline: string): string {
  return `backfill/${compact(from)}-${compact(until)}/${pipeline}`;
}

/** The interval, or what is left of it where it was interrupted. */
export function wantedOfBackfill({ from, until }: Backfill): Wanted {
  return { from, until, bounded: true };
}
