import type { RuntimeFunction } from './functions.ts';

interface Marks {
  readonly pair: string;
  readonly keyValue: string;
  readonly open: string;
  readonly close: string;
  readonly escape: string;
  /** An unquoted value reaches to the next key, over pair marks. */
  readonly greedy: boolean;
  /** The keys that are asked for. */
  readonly keys: readonly string[];
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
function keyValues(text: string, marks: Marks): Map<string, string> {
  const out = new Map<string, string>();
  for (let at = 0; at < text.length; ) {
    at = blanks(text, at);
    const key = keyAt(text, at, marks);
    if (!key) return out;
    if (key.text === undefined) {
      at = key.next;
      continue;
    }
    const value = valueAt(text, blanks(text, key.next), key.next, marks);
    if (!out.has(key.text)) out.set(key.text, value.text);
    at = value.next;
  }
  return out;
}

/** A key and where its value begins; without text where a pair has none, undefined where no key follows. */
function keyAt(text: string, at: number, marks: Marks): { readonly text?: string; readonly next: number } | undefined {
  if (marks.open !== '' && text.startsWith(marks.open, at)) {
    const piece = quoted(text, at + 1, marks);
    const after = blanks(text, piece.next);
    if (text.startsWith(marks.keyValue, after)) return { text: piece.text, next: after + marks.keyValue.length };
    throw unclear('a quoted text that is no key');
  }
  const equals = text.indexOf(marks.keyValue, at);
  if (equals < 0) return undefined;
  const pairEnd = text.indexOf(marks.pair, at);
  if (pairEnd >= 0 && pairEnd < equals && text.slice(pairEnd, equals).trim() !== '') return { next: pairEnd + marks.pair.length };
  return { text: text.slice(at, equals).trim(), next: equals + marks.keyValue.length };
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
  const end = marks.greedy ? lastMark(text, start, marks) : text.indexOf(marks.pair, start);
  const value = text.slice(start, end < 0 ? text.length : end).trim();
  if (marks.escape !== '' && value.includes(marks.escape)) throw unclear('an escape outside quotes');
  if (marks.open !== '' && value.includes(marks.open)) throw unclear('a quote inside a value');
  return { text: value, quoted: false, next: end < 0 ? text.length : end + marks.pair.length };
}

/** The pair mark before the next key; -1 where no key follows. Only a key that is asked for is known to end a greedy value. */
function lastMark(text: string, from: number, { pair, keyValue, keys }: Marks): number {
  const next = text.indexOf(keyValue, from);
  if (next < 0) return -1;
  const mark = text.lastIndexOf(pair, next);
  if (mark < from || !keys.includes(text.slice(mark + pair.length, next).trim()))
    throw unclear('a greedy value before a key not asked for');
  return mark;
}

/** Without delimiters: a key is a whole word, its value the next word or quoted text. */
function wordAfter(text: string, key: string, marks: Marks): string {
  for (let at = text.indexOf(key); at >= 0; at = text.indexOf(key, at + 1)) {
    const rest = text.slice(at + key.length);
    if (/[\p{L}\p{N}_]$/u.test(text.slice(Math.max(0, at - 2), at)) || /^[\p{L}\p{N}_]/u.test(rest)) continue;
    const gap = /^[^\p{L}\p{N}]*/u.exec(rest)![0];
    const quote = marks.open === '' ? -1 : gap.indexOf(marks.open);
    if (quote >= 0) return quoted(rest, quote + 1, marks).text;
    const word = /^[\p{L}\p{N}]*/u.exec(rest.slice(gap.length))![0];
    if (gap === '' || rest[gap.length - 1] === '_' || rest[gap.length + word.length] === '_')
      throw unclear('an underscore where words part');
    return word;
  }
  return '';
}

/** The values of parse-kv, as a JSON array in the order of the keys that are asked for. */
export const keyValueFunctions: readonly RuntimeFunction[] = [
  {
    name: 'kqlf_parse_kv',
    takes: ['VARCHAR', 'VARCHAR', 'VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string, keys: string, marks: string) => {
      const wanted = JSON.parse(keys) as string[];
      const said: Marks = { ...(JSON.parse(marks) as Omit<Marks, 'keys'>), keys: wanted };
      const found = said.pair === '' ? undefined : keyValues(text, said);
      return JSON.stringify(wanted.map((key) => found?.get(key) ?? (found ? '' : wordAfter(text, key, said))));
    },
  },
];
