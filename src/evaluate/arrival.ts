import type { Alert, Raised } from './alert.ts';
import type { Incident } from './labels.ts';
import { shows } from './match.ts';
import { quantile, type Share, wilson } from './statistics.ts';

/** How soon findings were there, counted from the arrival (ingestion time) of the attacker's registration. */
export interface Arrival {
  /** Found incidents whose finding was raised by the very run that read the registration, or by an earlier one. */
  readonly sameRun: Share;
  /** Minutes from the arrival to the finding's first row of Medium or more; NaN where the logs were replayed, because then the clock says nothing. */
  readonly minutesMedian: number;
  readonly minutesMost: number;
}

/** One incident that was found, and by when. */
interface Found {
  readonly arrivedMs: number;
  readonly raised: Raised;
}

/** A run that reads up to a time long before it writes, or a long time at once, replays logs. */
const MOST_BEHIND_MS = 60 * 60_000;
const MOST_SPAN_MS = 24 * 60 * 60_000;

/** The found incidents of which both times are known. */
export function arrivalsOf(
  incidents: readonly Incident[],
  alerts: readonly Alert[],
  arrivals: ReadonlyMap<string, number>,
): readonly Found[] {
  return incidents.flatMap((incident) => {
    const known = incident.registrationIds.flatMap((id) => arrivals.get(id) ?? []);
    const raised = alerts.filter((alert) => shows(alert, incident)).flatMap((alert) => alert.raised ?? []);
    if (known.length === 0 || raised.length === 0) return [];
    const first = raised.reduce((best, each) => (each.untilMs < best.untilMs ? each : best));
    return [{ arrivedMs: Math.min(...known), raised: first }];
  });
}

export function arrivalOf(found: readonly Found[]): Arrival {
  const live = found.filter(
    ({ raised: { fromMs, untilMs, writtenMs } }) => writtenMs - untilMs < MOST_BEHIND_MS && untilMs - fromMs < MOST_SPAN_MS,
  );
  const minutes = live.map(({ arrivedMs, raised }) => Math.max(0, (raised.writtenMs - arrivedMs) / 60_000));
  return {
    sameRun: wilson(found.filter(({ arrivedMs, raised }) => arrivedMs >= raised.fromMs).length, found.length),
    minutesMedian: quantile(minutes, 0.5),
    minutesMost: quantile(minutes, 0.95),
  };
}
