import { ExitCode, FactorwatchError } from '../../../core/errors.ts';
import { TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, TICKS_PER_SECOND, type Ticks, ticksFromIso } from '../../../core/ticks.ts';

export interface Timespan {
  readonly from: Ticks;
  readonly until: Ticks;
}

const DURATION =
  /^P(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d+)?)S)?)?$/;

/** The last tick of the year 9999. */
const MOST = 3_155_378_975_999_999_999n;

/** What lies before the year 1 or behind 9999 is cut off: no row is there. */
function within(ticks: Ticks): Ticks {
  return ticks < 0n ? 0n : ticks > MOST ? MOST : ticks;
}

/** The interval of a query's `timespan`: `P1D` (until now), `start/end`, `start/duration`, `duration/end`. */
export function parseTimespan(text: string, now: Ticks): Timespan {
  const { from, until } = intervalOf(text, now);
  return { from: within(from), until: within(until) };
}

function intervalOf(text: string, now: Ticks): Timespan {
  const parts = text.trim().split('/');
  const [first, second] = [parts[0] ?? '', parts[1]];
  if (parts.length <= 2) {
    const duration = durationTicks(first);
    if (second === undefined) {
      if (duration !== undefined) return { from: now - duration, until: now };
    } else {
      const start = ticksFromIso(first);
      const end = ticksFromIso(second);
      const after = durationTicks(second);
      if (start !== undefined && end !== undefined && start <= end) return { from: start, until: end };
      if (start !== undefined && after !== undefined) return { from: start, until: start + after };
      if (duration !== undefined && end !== undefined) return { from: end - duration, until: end };
    }
  }
  throw new FactorwatchError('timespan-invalid', `the timespan ${JSON.stringify(text)} is not an ISO 8601 duration or interval`, {
    exitCode: ExitCode.usage,
    hint: 'e.g. P1D, PT4H or 2026-01-01T00:00:00Z/2026-01-02T00:00:00Z',
  });
}

function durationTicks(text: string): Ticks | undefined {
  const m = DURATION.exec(text);
  if (!m || m.slice(1).every((part) => part === undefined)) return undefined;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = m.slice(1).map((part) => Number(part ?? 0));
  // As the service does: a month has 30 days here, a year 365.
  const whole = BigInt(years * 365 + months * 30 + weeks * 7 + days) * TICKS_PER_DAY;
  return (
    whole +
    BigInt(hours) * TICKS_PER_HOUR +
    BigInt(minutes) * TICKS_PER_MINUTE +
    BigInt(Math.round(seconds * 1e7)) * (TICKS_PER_SECOND / 10_000_000n)
  );
}
