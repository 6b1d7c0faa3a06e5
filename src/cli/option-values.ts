import { type Ticks, ticksFromIso } from '../core/ticks.ts';
import { usageError } from './usage-error.ts';

/** A point in time: ISO 8601, UTC where no zone is given. */
export function timeOption(text: string): Ticks {
  const ticks = ticksFromIso(text);
  if (ticks === undefined) throw usageError(`"${text}" is not a time; write one like 2026-01-31T08:00:00Z`);
  return ticks;
}

/** A whole number of at least `least`. */
export function wholeNumber({ least = 0, most = Number.MAX_SAFE_INTEGER } = {}): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw usageError(`"${text}" is not a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}`);
    }
    return value;
  };
}
