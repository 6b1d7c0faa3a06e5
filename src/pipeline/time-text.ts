import { datetimeText, type Ticks } from '../core/ticks.ts';

/** ISO 8601 with Z and no more digits than the time has. */
export function timeText(ticks: Ticks): string {
  return datetimeText(ticks, { trim: true }).replace(/(\.\d*?)0+Z$/, '$1Z');
}
