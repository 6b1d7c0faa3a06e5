import { MAX_DATETIME_TICKS, ticksFromIso } from '../../core/ticks.ts';

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

export function inDatetimeRange(ticks: bigint): boolean {
  return ticks >= 0n && ticks <= MAX_DATETIME_TICKS;
}
