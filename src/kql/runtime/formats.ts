import { msFromTicks, TICKS_PER_DAY, TICKS_PER_SECOND } from '../../core/ticks.ts';
import type { RuntimeFunction } from './function-row.ts';

const DATE_TOKEN = /yyyy|yy|y|MM|M|dd|d|HH|H|hh|h|mm|m|ss|s|tt|f{1,7}|F{1,7}|[ /:,.\-_[\]]/y;
const SPAN_TOKEN = /d{1,8}|HH|H|hh|h|mm|m|ss|s|f{1,7}|F{1,7}|[ /:,.\-_[\]]/y;

/** The parts of a format, longest first; undefined when something in it is no part. */
function tokens(format: string, token: RegExp): string[] | undefined {
  const out: string[] = [];
  for (token.lastIndex = 0; token.lastIndex < format.length; ) {
    const m = token.exec(format);
    if (!m) return undefined;
    out.push(m[0]);
  }
  return out;
}

export function isDateFormat(format: string): boolean {
  return tokens(format, DATE_TOKEN) !== undefined;
}

export function isSpanFormat(format: string): boolean {
  const parts = tokens(format, SPAN_TOKEN);
  return parts?.every((p, i) => !/[hms]/i.test(p) || p[0] !== parts[i - 1]?.[0]) ?? false;
}

function digits(n: bigint | number, width: number): string {
  return String(n).padStart(width, '0');
}

function fraction(ticks: bigint, token: string, before: string): string {
  const text = digits(ticks % TICKS_PER_SECOND, 7).slice(0, token.length);
  if (token[0] === 'f') return text;
  const short = text.replace(/0+$/, '');
  if (short === '' && before === '.') throw new Error('format: an empty fraction after a dot is not supported');
  return short;
}

function formatDate(ticks: bigint, format: string): string {
  const date = new Date(msFromTicks(ticks));
  const hour = date.getUTCHours();
  const value: Readonly<Record<string, number>> = {
    M: date.getUTCMonth() + 1,
    d: date.getUTCDate(),
    H: hour,
    h: hour % 12 === 0 ? 12 : hour % 12,
    m: date.getUTCMinutes(),
    s: date.getUTCSeconds(),
  };
  let before = '';
  return (tokens(format, DATE_TOKEN) ?? [])
    .map((token) => {
      const last = before;
      before = token;
      if (token === 'tt') return hour < 12 ? 'AM' : 'PM';
      if (token === 'yyyy') return digits(date.getUTCFullYear(), 4);
      if (token[0] === 'y') return digits(date.getUTCFullYear() % 100, token.length);
      if (/^f/i.test(token)) return fraction(ticks, token, last);
      const n = value[token[0]!];
      return n === undefined ? token : digits(n, token.length);
    })
    .join('');
}

function formatSpan(ticks: bigint, format: string): string {
  const abs = ticks < 0n ? -ticks : ticks;
  const seconds = abs / TICKS_PER_SECOND;
  const value: Readonly<Record<string, bigint>> = {
    d: abs / TICKS_PER_DAY,
    H: (seconds / 3600n) % 24n,
    h: (seconds / 3600n) % 24n,
    m: (seconds / 60n) % 60n,
    s: seconds % 60n,
  };
  let before = '';
  const text = (tokens(format, SPAN_TOKEN) ?? [])
    .map((token) => {
      const last = before;
      before = token;
      if (/^f/i.test(token)) return fraction(abs, token, last);
      const n = value[token[0]!];
      return n === undefined ? token : digits(n, token.length);
    })
    .join('');
  if (ticks < 0n && !/[1-9]/.test(text)) throw new Error('format_timespan of a negative time that shows as zero is not supported');
  return ticks < 0n ? `-${text}` : text;
}

const SIZES = ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'];

function formatBytes(size: number, precision: bigint, unit: string): string {
  if (!(size >= 0) || !Number.isFinite(size) || precision < 0n || precision > 15n)
    throw new Error('format_bytes of this size or precision is not supported');
  const given = SIZES.indexOf(unit);
  if (unit !== '' && given < 0) throw new Error(`format_bytes with the unit '${unit.slice(0, 20)}' is not supported`);
  const at = unit === '' ? Math.min(6, size < 1 ? 0 : Math.floor(Math.log2(size) / 10)) : given;
  const scaled = size / 1024 ** at;
  const digits = Number(precision);
  const steps = scaled * 10 ** digits;
  if (Math.abs(steps - Math.trunc(steps) - 0.5) >= 1e-9) return `${Number(scaled.toFixed(digits))} ${SIZES[at]}`;
  // From half way an odd digit becomes the even one above, whether halves go up or to the even one.
  if (Math.trunc(steps) % 2 === 0) throw new Error('format_bytes half way between two values is not supported');
  return `${(Math.trunc(steps) + 1) / 10 ** digits} ${SIZES[at]}`;
}

export const formatFunctions: readonly RuntimeFunction[] = [
  { name: 'kqlf_format_datetime', takes: ['BIGINT', 'VARCHAR'], returns: 'VARCHAR', call: formatDate },
  { name: 'kqlf_format_timespan', takes: ['BIGINT', 'VARCHAR'], returns: 'VARCHAR', call: formatSpan },
  { name: 'kqlf_format_bytes', takes: ['DOUBLE', 'BIGINT', 'VARCHAR'], returns: 'VARCHAR', call: formatBytes },
  {
    name: 'kqlf_to_local',
    takes: ['BIGINT', 'VARCHAR'],
    returns: 'BIGINT',
    call: (ticks: bigint, zone: string) => ticks + offsetAt(ticks, zone),
  },
  { name: 'kqlf_to_utc', takes: ['BIGINT', 'VARCHAR'], returns: 'BIGINT', call: toUtc },
];

const zones = new Map<string, Intl.DateTimeFormat>();

export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return /^[A-Za-z]/.test(zone);
  } catch {
    return false;
  }
}

/** What a zone's clocks are ahead of UTC, in ticks. */
function offsetAt(ticks: bigint, zone: string): bigint {
  const known = zones.get(zone);
  if (!known && !isZone(zone)) throw new Error('local time of a zone that has no IANA name is not supported');
  const format =
    known ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  if (!known) zones.set(zone, format);
  const seconds = Math.floor(msFromTicks(ticks) / 1000);
  const part = new Map(format.formatToParts(seconds * 1000).map((p) => [p.type, p.value]));
  const n = (type: Intl.DateTimeFormatPartTypes) => Number(part.get(type));
  const local = Date.UTC(n('year'), n('month') - 1, n('day'), n('hour'), n('minute'), n('second')) / 1000;
  // Years below 100 and before local time was regulated are not comparable.
  if (n('year') < 1900) throw new Error('local time before 1900 is not supported');
  return BigInt(local - seconds) * TICKS_PER_SECOND;
}

/** Local time that a change of clocks leaves out counts by the clocks after it; one that comes twice has no sure answer. */
function toUtc(local: bigint, zone: string): bigint {
  const [before, after] = [offsetAt(local - TICKS_PER_DAY, zone), offsetAt(local + TICKS_PER_DAY, zone)];
  const fits = [...new Set([before, after])].filter((o) => offsetAt(local - o, zone) === o);
  if (fits.length > 1) throw new Error('local time that comes twice is not supported');
  return local - (fits[0] ?? after);
}
