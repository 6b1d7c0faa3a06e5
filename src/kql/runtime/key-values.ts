import type { RuntimeFunction } from './functions.ts';

interface Marks {
  readonly pair: string;
  readonly keyValue: string;
  readonly open: string;
  readonly close: string;
  readonly escape: string;
}

/** Texts that Kusto's answer is not known for stop the query with this. */
function unclear(what: string): Error {
  return new Error(`parse-kv of a text with ${what} is not supported`);
}

interface Piece {
  readonly text: string;
  readonly quoted: boolean;
  /** Where reading goes on. */
  readonly next: number;
}

function blanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && (text[at] === ' ' || text[at] === '\t')) at++;
  return at;
}

function quoted(text: string, from: number, { close, escape: mark }: Marks): Piece {
  let out = '';
  for (let at = from; at < text.length; at++) {
    if (mark !== '' && text[at] === mark && at + 1 < text.length) out += text[++at];
    else if (text[at] === close) return { text: out, quoted: true, next: at + 1 };
    else out += text[at];
  }
  throw unclear('an open quote');
}

/** The first value of each key. */
export function keyValues(text: string, marks: Marks): Map<string, string> {
  const out = new Map<string, string>();
  let at = 0;
  let stray = false;
  while (at < text.length) {
    at = blanks(text, at);
    const begins = at;
    if (marks.open !== '' && text.startsWith(marks.open, at)) throw unclear('a quoted key');
    const equals = text.indexOf(marks.keyValue, at);
    if (equals < 0) return out;
    const pairEnd = text.indexOf(marks.pair, at);
    const key = text.slice(at, equals).trim();
    if (pairEnd >= 0 && pairEnd < equals && text.slice(pairEnd, equals).trim() !== '') stray = true;
    if (stray) throw unclear('a pair that has no key');
    at = blanks(text, equals + marks.keyValue.length);
    const value = valueAt(text, at, equals + marks.keyValue.length, marks);
    if (!out.has(key)) out.set(key, value.text);
    at = value.next;
    if (at <= begins) return out;
  }
  return out;
}

function valueAt(text: string, at: number, raw: number, marks: Marks): Piece {
  if (marks.open !== '' && text.startsWith(marks.open, at)) {
    const piece = quoted(text, at + 1, marks);
    const after = blanks(text, piece.next);
    if (after < text.length && !text.startsWith(marks.pair, after) && !text.startsWith(marks.pair, piece.next))
      throw unclear('text after a quoted value');
    return { ...piece, next: (text.startsWith(marks.pair, piece.next) ? piece.next : after) + marks.pair.length };
  }
  // An empty value directly before the next pair mark stays empty, even where blanks part the pairs.
  const start = text.startsWith(marks.pair, raw) && marks.pair.trim() !== '' ? raw : at;
  const end = text.indexOf(marks.pair, start);
  const value = text.slice(start, end < 0 ? text.length : end);
  if (marks.escape !== '' && value.includes(marks.escape)) throw unclear('an escape outside quotes');
  if (marks.open !== '' && value.includes(marks.open)) throw unclear('a quote inside a value');
  return { text: value, quoted: false, next: end < 0 ? text.length : end + marks.pair.length };
}

/** The values of parse-kv, as a JSON array in the order of the keys that are asked for (each with whether it is wanted as text). */
export const keyValueFunctions: readonly RuntimeFunction[] = [
  {
    name: 'kqlf_parse_kv',
    takes: ['VARCHAR', 'VARCHAR', 'VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string, keys: string, marks: string) => {
      const found = keyValues(text, JSON.parse(marks) as Marks);
      return JSON.stringify(
        (JSON.parse(keys) as [string, boolean][]).map(([key, isText]) => {
          const value = found.get(key) ?? '';
          if (isText && /\s$/.test(value)) throw unclear('blanks behind a value');
          return value;
        }),
      );
    },
  },
];
