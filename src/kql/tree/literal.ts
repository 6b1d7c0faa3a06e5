import type { KqlType, KqlValue } from '../../core/kql-types.ts';
import {
  MAX_DATETIME_TICKS,
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_MINUTE,
  TICKS_PER_MS,
  TICKS_PER_SECOND,
  ticksFromIso,
} from '../../core/ticks.ts';
import { decimalText } from '../runtime/decimals.ts';
import { kindOf, list, type Node, need, textOf } from './syntax.ts';

const TYPES: Readonly<Record<string, KqlType>> = {
  BooleanLiteralExpression: 'bool',
  IntLiteralExpression: 'int',
  LongLiteralExpression: 'long',
  RealLiteralExpression: 'real',
  DecimalLiteralExpression: 'decimal',
  DateTimeLiteralExpression: 'datetime',
  TimespanLiteralExpression: 'timespan',
  GuidLiteralExpression: 'guid',
  StringLiteralExpression: 'string',
  CompoundStringLiteralExpression: 'string',
};

export interface Literal {
  readonly type: KqlType;
  readonly value: KqlValue;
}

/** The value of a literal expression; undefined when the node is none, or one that cannot be read. */
export function literalOf(node: Node): Literal | undefined {
  const type = TYPES[kindOf(node)];
  if (!type) return undefined;
  if (type === 'string') return { type, value: stringValue(node) };
  const text = inner(textOf(node));
  if (/^null$/i.test(text) || text === '') return { type, value: null };
  const value = readers[type]?.(text);
  return value === undefined ? undefined : { type, value };
}

function stringValue(node: Node): string {
  if (kindOf(node) === 'CompoundStringLiteralExpression')
    return list(node, 'Tokens')
      .map((t) => t.ValueText ?? '')
      .join('');
  return need(node, 'Token').ValueText ?? '';
}

/** `long(5)` says 5. */
function inner(text: string): string {
  const call = /^[a-z]\w*\s*\(([\s\S]*)\)$/i.exec(text);
  return (call?.[1] ?? text).trim();
}

function integer(text: string): bigint | undefined {
  const m = /^([+-]?)\s*(0x[0-9a-f]+|\d+)l?$/i.exec(text);
  if (!m) return undefined;
  const value = BigInt(m[2]!.toLowerCase());
  return BigInt.asIntN(64, m[1] === '-' ? -value : value);
}

const readers: Partial<Record<KqlType, (text: string) => KqlValue | undefined>> = {
  bool: (text) => (/^(true|1)$/i.test(text) ? true : /^(false|0)$/i.test(text) ? false : undefined),
  int: (text) => {
    const value = integer(text);
    return value === undefined ? undefined : Number(BigInt.asIntN(32, value));
  },
  long: integer,
  real: (text) => {
    if (/^nan$/i.test(text)) return Number.NaN;
    const inf = /^([+-]?)inf(inity)?$/i.exec(text);
    if (inf) return inf[1] === '-' ? -Infinity : Infinity;
    const value = Number(text);
    return Number.isNaN(value) ? undefined : value;
  },
  decimal: decimalText,
  datetime: (text) => datetimeFromText(text.replace(/^(["'])(.*)\1$/, '$2')),
  timespan: (text) => timespanFromText(text.replace(/^(["'])(.*)\1$/, '$2')),
  guid: (text) => {
    const hex = text
      .replace(/^(["'])(.*)\1$/, '$2')
      .replace(/[{}-]/g, '')
      .toLowerCase();
    return /^[0-9a-f]{32}$/.test(hex) ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : undefined;
  },
};

const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];
/** RFC 822 (`Sat, 8 Nov 14 15:05:02 GMT`) and RFC 850 (`Saturday, 08-Nov-14 15:05:02 GMT`), with two or four digits of the year. */
const NAMED_MONTH =
  /^(?:(?:mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?),\s*)?(\d{1,2})([ -])([a-z]{3,})\2(\d{2}|\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?)?\s*(GMT|UTC|Z|[+-]\d{4})?$/i;

/** No form is as long, blanks between its parts counted; a column may hold texts whose blanks alone would take seconds to look through. */
const LONGEST_DATETIME = 100;

/**
 * Reads the forms of datetime text that Kusto documents (ISO 8601, RFC 822, RFC 850, sortable), and M/D/YYYY and a bare year or month.
 * A text of any other form is none, however much a looser reader would find in it.
 */
export function datetimeFromText(text: string): bigint | undefined {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST_DATETIME) return undefined;
  const t = trimmed
    .replace(/\s*-\s*(?=\d+\s*(?:-|$|[T ]))/g, '-')
    .replace(/^(\d{4})\/(\d{1,2})\/(\d{1,2})(?=$|[T ])/, '$1-$2-$3')
    .replace(/^(\d{2})([-.])(\d{2})\2(\d{4})(?=$|[, ])/, '$1/$3/$4');
  const iso = ticksFromIso(t);
  if (iso !== undefined) return iso;
  let m = /^(\d{4})$/.exec(t);
  if (m) return ticksFromIso(`${m[1]}-01-01`);
  m = /^(\d{4}),\s*(\d{1,2}),\s*(\d{1,2})$/.exec(t);
  if (m) return ticksFromIso(`${m[1]}-${pad(m[2]!)}-${pad(m[3]!)}`);
  m = /^(\d{4})-(\d{2})$/.exec(t);
  if (m) return ticksFromIso(`${m[1]}-${m[2]}-01`);
  m = /^(\d{4})(\d{2})(\d{2})$/.exec(t);
  if (m) return ticksFromIso(`${m[1]}-${m[2]}-${m[3]}`);
  m = /^(\d{4})-(\d{1,2})-(\d{1,2})(.*)$/.exec(t);
  if (m) {
    const rest = /^(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?)?\s*(Z|GMT|[+-]\d{2}:?\d{2})?$/i.exec(m[4]!);
    if (rest) {
      const clock = `${pad(rest[1] ?? '0')}:${rest[2] ?? '00'}:${rest[3] ?? '00'}${rest[4] ?? ''}`;
      return ticksFromIso(`${m[1]}-${pad(m[2]!)}-${pad(m[3]!)}T${clock}${rest[5]?.replace(/gmt/i, 'Z') ?? 'Z'}`);
    }
  }
  m = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:[, ]+(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?\s*(AM|PM)?)?$/i.exec(t);
  if (m) {
    let hour = Number(m[4] ?? 0);
    if (/pm/i.test(m[8] ?? '')) hour = (hour % 12) + 12;
    else if (/am/i.test(m[8] ?? '')) hour %= 12;
    return ticksFromIso(`${m[3]}-${pad(m[1]!)}-${pad(m[2]!)}T${pad(String(hour))}:${m[5] ?? '00'}:${m[6] ?? '00'}${m[7] ?? ''}Z`);
  }
  m = NAMED_MONTH.exec(t);
  if (!m) return undefined;
  const [, day = '', , name = '', digits = '', hour = '0', minute = '00', second = '00', fraction = '', zone = 'Z'] = m;
  const month = MONTHS.findIndex((each) => each.startsWith(name.toLowerCase())) + 1;
  const year = digits.length === 2 ? `${Number(digits) < 50 ? '20' : '19'}${digits}` : digits;
  const offset = /^[+-]/.test(zone) ? zone : 'Z';
  return ticksFromIso(`${year}-${pad(String(month))}-${pad(day)}T${pad(hour)}:${minute}:${second}${fraction}${offset}`);
}

function pad(text: string): string {
  return text.padStart(2, '0');
}

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

export function inDatetimeRange(ticks: bigint): boolean {
  return ticks >= 0n && ticks <= MAX_DATETIME_TICKS;
}
