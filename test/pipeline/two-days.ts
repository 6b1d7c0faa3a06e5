import { ticksFromMs } from '../../src/core/ticks.ts';
import type { FakeRow } from './fake-workspace.ts';

export const T0 = Date.parse('2026-03-01T00:00:00Z');
export const MINUTE = 60_000;
/** A time after everything in the rows. */
export const END = ticksFromMs(T0 + 4 * 1440 * MINUTE);

/** Twelve units over two days: some late, some that turn benign, some below the least score, one duplicate row. */
export function rowsOfTwoDays(): FakeRow[] {
  const made: FakeRow[] = [];
  let seed = 7;
  const random = () => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  for (let unit = 0; unit < 12; unit++) {
    const start = T0 + Math.floor(random() * 2880) * MINUTE;
    const events = 1 + Math.floor(random() * 4);
    for (let i = 0; i < events; i++) {
      const eventMs = start + i * Math.floor(random() * 90) * MINUTE;
      const ingestedMs = eventMs + Math.floor(random() * 14 * MINUTE);
      made.push({ id: `e${unit}-${i}`, unit: `u${unit}`, eventMs, ingestedMs, weight: Math.floor(random() * 70) - 15, arrival: 0 });
    }
  }
  made.push({ ...made[0]!, ingestedMs: made[0]!.ingestedMs + MINUTE });
  return made.sort((a, b) => a.ingestedMs - b.ingestedMs).map((row, i) => ({ ...row, arrival: i + 1 }));
}
