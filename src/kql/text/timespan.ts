import { TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, TICKS_PER_MS, TICKS_PER_SECOND } from '../../core/ticks.ts';

const UNITS: Readonly<Record<string, bigint>> = {
  d: TICKS_PER_DAY,
  day: TICKS_PER_DAY,
  days: TICKS_PER_DAY,
  h: TICKS_PER_HOUR,
  hr: TICKS_PER_HOUR,
  hrs: TICKS_PER_HOUR,
  hour: TICKS_PER_HOUR,
  hours: TICKS_PER_HOUR,
  m: TICKS_PER_MINUTE,
  min: TICKS_PER_MINUTE,
  minute: TICKS_PER_MINUTE,
  minutes: TICKS_PER_MINUTE,
  s: TICKS_PER_SECOND,
  sec: TICKS_PER_SECOND,
  second: TICKS_PER_SECOND,
  seconds: TICKS_PER_SECOND,
  ms: TICKS_PER_MS,
  milli: TICKS_PER_MS,
  millis: TICKS_PER_MS,
  millisec: TICKS_PER_MS,
  millisecond: TICKS_PER_MS,
  milliseconds: TICKS_PER_MS,
  micro: 10n,
  micros: 10n,
  microsec: 10n,
  microsecond: 10n,
  microseconds: 10n,
  us: 10n,
  tick: 1n,
  ticks: 1n,
};

const CLOCK = /^([+-]?)(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?$/;

/** A clock beyond 23:59:59 in one of its places: no source says whether the engine carries it over, or reads nothing. */
export function isUnsettledTimespan(text: string): boolean {
  const [, , , hours = '0', minutes = '0', seconds = '0'] = CLOCK.exec(text.trim()) ?? [];
  return Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59;
}
export const UNSETTLED_TIMESPAN = 'a timespan of more than 23 hours, 59 minutes or 59 seconds in one place';

/**
 * Reads `1d`, `1.5h`, `7` (days), `[-][d.]hh:mm[:ss[.fffffff]]`; undefined when it is none of them, is unsettled, or longer than a
 * timespan can be.
 */
export function timespanFromText(text: string): bigint | undefined {
  const ticks = spanTicks(text.trim());
  return ticks === undefined || BigInt.asIntN(64, ticks) !== ticks ? undefined : ticks;
}

function spanTicks(t: string): bigint | undefined {
  let m = /^([+-]?)(\d+)(?:\.(\d+))?\s*([a-z]*)$/i.exec(t);
  if (m) {
    const unitName = m[4]!.toLowerCase();
    if (/^(?:ns|nanos?|nanosec|nanoseconds?)$/.test(unitName)) return sign(m[1], BigInt(m[2]!) / 100n);
    const unit = unitName === '' ? TICKS_PER_DAY : UNITS[unitName];
    if (unit === undefined) return undefined;
    const fraction = m[3] ? (BigInt(m[3]) * unit) / 10n ** BigInt(m[3].length) : 0n;
    return sign(m[1], BigInt(m[2]!) * unit + fraction);
  }
  m = CLOCK.exec(t);
  if (!m || isUnsettledTimespan(t)) return undefined;
  const [, s, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = m;
  const clock = ((BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
  return sign(s, clock * TICKS_PER_SECOND + BigInt(fraction.padEnd(7, '0')));
}

function sign(mark: string | undefined, value: bigint): bigint {
  return mark === '-' ? -value : value;
}
