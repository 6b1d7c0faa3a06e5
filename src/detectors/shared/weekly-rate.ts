import { WEEK_MS } from '../../core/durations.ts';
import type { Host } from '../detector.ts';

/** In what share of its users' weeks the tenant sees something happen that is rare where nothing is amiss. */
export interface WeeklyRate {
  count(timeMs: number): void;
  /** The one at hand left out; never below the least. */
  rate(): number;
}

/** Memory: one line. */
export function weeklyRate(host: Host, name: string, least: number): WeeklyRate {
  const table = host.objects<{ touchedMs: number; firstMs: number; count: number }>(name, 1);
  return {
    count(timeMs) {
      const all = table.edit('all', () => ({ touchedMs: timeMs, firstMs: timeMs, count: 0 }));
      all.touchedMs = Math.max(all.touchedMs, timeMs);
      all.count++;
    },
    rate() {
      const all = table.get('all');
      if (all === undefined) return least;
      const weeks = Math.max(1, (all.touchedMs - all.firstMs) / WEEK_MS);
      return Math.max(least, (all.count - 1) / (weeks * Math.max(1, host.users.size)));
    },
  };
}
