import { datetimeText, type Ticks } from '../../core/ticks.ts';
import { readHead } from '../../pipeline/checkpoint.ts';
import type { Wanted } from '../../pipeline/interval.ts';
import type { CheckpointStore } from '../../state/checkpoint-store.ts';

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

/** What is left of the interval: one that was interrupted goes on where it stopped. */
export async function wantedOfBackfill({ from, until }: Backfill, store: CheckpointStore): Promise<Wanted> {
  return { from: (await readHead(store)) === undefined ? from : undefined, until };
}
