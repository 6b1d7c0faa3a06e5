import type { KqlType, KqlValue } from '../../core/kql-types.ts';
import { TICKS_PER_SECOND, type Ticks, timespanText, UNIX_EPOCH_TICKS } from '../../core/ticks.ts';

const SECONDS_PER_DAY = 86_400;
const EPOCH_SECONDS = Number(UNIX_EPOCH_TICKS / TICKS_PER_SECOND);
const TWO = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));

/** Datetimes of one answer mostly share their day: its text is kept. */
function datetimeWriter(): (ticks: Ticks) => string {
  let lastDay = Number.NaN;
  let dayText = '';
  return (ticks) => {
    const whole = Number(ticks / TICKS_PER_SECOND);
    const fraction = Number(ticks % TICKS_PER_SECOND);
    const day = Math.floor(whole / SECONDS_PER_DAY);
    if (day !== lastDay) {
      lastDay = day;
      const iso = new Date((day * SECONDS_PER_DAY - EPOCH_SECONDS) * 1000).toISOString();
      dayText = iso.slice(0, 11);
    }
    const second = whole - day * SECONDS_PER_DAY;
    const clock = `${TWO[Math.floor(second / 3600)]}:${TWO[Math.floor(second / 60) % 60]}:${TWO[second % 60]}`;
    // The service leaves out the zeros at the end, and the point with them.
    return fraction === 0 ? `${dayText}${clock}Z` : `${dayText}${clock}.${String(fraction).padStart(7, '0').replace(/0+$/, '')}Z`;
  };
}

function realText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? '"NaN"' : value > 0 ? '"Infinity"' : '"-Infinity"';
}

/** Writes a cell that is not null as JSON. */
export type CellWriter = (value: Exclude<KqlValue, null>) => string;

const WRITERS: Readonly<Record<KqlType, () => CellWriter>> = {
  bool: () => String,
  int: () => String,
  // All digits: a JSON number has no size, only JavaScript's reading of it has.
  long: () => String,
  real: () => (value) => realText(value as number),
  decimal: () => (value) => JSON.stringify(value),
  string: () => (value) => JSON.stringify(value),
  guid: () => (value) => JSON.stringify(value),
  datetime: () => {
    const text = datetimeWriter();
    return (value) => `"${text(value as bigint)}"`;
  },
  timespan: () => (value) => `"${timespanText(value as bigint)}"`,
  // JSON text in a JSON string, as the service sends it and as the SDKs read it.
  dynamic: () => (value) => JSON.stringify(value),
};

/** The writer for one column of one answer. */
export function cellWriter(type: KqlType): CellWriter {
  return WRITERS[type]();
}

/** One row as a JSON array. */
export function rowText(row: readonly KqlValue[], writers: readonly CellWriter[]): string {
  let text = '[';
  for (let i = 0; i < writers.length; i++) {
    if (i > 0) text += ',';
    const value = row[i] ?? null;
    text += value === null ? 'null' : writers[i]!(value);
  }
  return `${text}]`;
}
