import { TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, TICKS_PER_SECOND, type Ticks } from '../core/ticks.ts';

const UNITS: Readonly<Record<string, Ticks>> = { s: TICKS_PER_SECOND, m: TICKS_PER_MINUTE, h: TICKS_PER_HOUR, d: TICKS_PER_DAY };
const SHORT = /^(\d{1,6})([smhd])$/;
const ISO = /^P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$/;

/** `10m`, `1h`, `30d` as in rules, or an ISO 8601 duration of days and less (`P30D`, `PT1H30M`); undefined when it is neither. */
export function durationTicks(text: string): Ticks | undefined {
  const short = SHORT.exec(text);
  if (short) return BigInt(short[1]!) * UNITS[short[2]!]!;
  const iso = ISO.exec(text);
  if (!iso || text.endsWith('P') || text.endsWith('T')) return undefined;
  const [days, hours, minutes, seconds] = iso.slice(1).map((part) => BigInt(part ?? 0)) as [Ticks, Ticks, Ticks, Ticks];
  return days * TICKS_PER_DAY + hours * TICKS_PER_HOUR + minutes * TICKS_PER_MINUTE + seconds * TICKS_PER_SECOND;
}
