/**
 * Time as Kusto has it: ticks of 100 ns since 0001-01-01T00:00:00Z, years 1 to 9999.
 * A datetime and a timespan are both a bigint of ticks everywhere in the program; text is made at the edges only.
 */
export type Ticks = bigint;

export const TICKS_PER_MS = 10_000n;
export const TICKS_PER_SECOND = 10_000_000n;
export const TICKS_PER_MINUTE = 600_000_000n;
export const TICKS_PER_HOUR = 36_000_000_000n;
export const TICKS_PER_DAY = 864_000_000_000n;
/** 1970-01-01 in ticks. */
export const UNIX_EPOCH_TICKS = 621_355_968_000_000_000n;
/** The last tick of year 9999. */
export const MAX_DATETIME_TICKS = 3_155_378_975_999_999_999n;

export function ticksFromMs(unixMs: number): Ticks {
  return BigInt(Math.floor(unixMs)) * TICKS_PER_MS + UNIX_EPOCH_TICKS;
}

/** Milliseconds since 1970, rounded down (also before 1970). */
export function msFromTicks(ticks: Ticks): number {
  const since = ticks - UNIX_EPOCH_TICKS;
  const ms = since / TICKS_PER_MS;
  return Number(since < 0n && since % TICKS_PER_MS !== 0n ? ms - 1n : ms);
}

/** ISO 8601 with seven digits and Z, as Kusto prints a datetime; the fraction is left out when `trim` and it is zero. */
export function datetimeText(ticks: Ticks, { trim = false } = {}): string {
  const ms = msFromTicks(ticks);
  const digits = ((ticks % TICKS_PER_SECOND) + TICKS_PER_SECOND) % TICKS_PER_SECOND;
  const date = new Date(ms);
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  const rest = date.toISOString().slice(-20, -5);
  if (trim && digits === 0n) return `${year}${rest}Z`;
  return `${year}${rest}.${String(digits).padStart(7, '0')}Z`;
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/** Reads ISO 8601 (no zone = UTC, digits past the seventh are cut); undefined when it is not one. */
export function ticksFromIso(text: string): Ticks | undefined {
  const m = ISO.exec(text.trim());
  if (!m) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = m;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  if (Number(hour) > 24 || Number(minute) > 59 || Number(second) > 59) return undefined;
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  let ticks = ticksFromMs(date.getTime()) + BigInt(fraction.slice(0, 7).padEnd(7, '0'));
  if (zone !== 'Z' && zone !== 'z') {
    const sign = zone.startsWith('-') ? 1n : -1n;
    ticks += sign * (BigInt(zone.slice(1, 3)) * TICKS_PER_HOUR + BigInt(zone.slice(-2)) * TICKS_PER_MINUTE);
  }
  return ticks >= 0n && ticks <= MAX_DATETIME_TICKS ? ticks : undefined;
}

/** `[-][d.]hh:mm:ss[.fffffff]`, as Kusto prints a timespan. */
export function timespanText(ticks: Ticks): string {
  const abs = ticks < 0n ? -ticks : ticks;
  const two = (n: bigint) => String(n).padStart(2, '0');
  const days = abs / TICKS_PER_DAY;
  const clock = `${two((abs / TICKS_PER_HOUR) % 24n)}:${two((abs / TICKS_PER_MINUTE) % 60n)}:${two((abs / TICKS_PER_SECOND) % 60n)}`;
  const fraction = abs % TICKS_PER_SECOND;
  return `${ticks < 0n ? '-' : ''}${days > 0n ? `${days}.` : ''}${clock}${fraction > 0n ? `.${String(fraction).padStart(7, '0')}` : ''}`;
}
