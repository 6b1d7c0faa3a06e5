/** JSON kept exact: numbers stay the text they were, so that no long loses digits. */
export type Json = null | boolean | string | JsonNumber | Json[] | Map<string, Json>;
export interface JsonNumber {
  readonly number: string;
}

export function isNumber(value: Json): value is JsonNumber {
  return typeof value === 'object' && value !== null && 'number' in value;
}

/** Reads JSON; undefined when it is not JSON. Deep nesting is no stack risk: 512 levels at most. */
export function parseJson(text: string): Json | undefined {
  const state = { text, at: 0 };
  const value = read(state, 0);
  if (value === undefined) return undefined;
  skip(state);
  return state.at === text.length ? value : undefined;
}

interface State {
  readonly text: string;
  at: number;
}

function skip(s: State): void {
  while (s.at < s.text.length && ' \t\n\r'.includes(s.text[s.at]!)) s.at++;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Control characters are left to JSON.parse; unrolled, so that a long text needs no backtracking. */
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/sy;
const WORDS: Readonly<Record<string, Json>> = { true: true, false: false, null: null };

function read(s: State, depth: number): Json | undefined {
  skip(s);
  const c = s.text[s.at];
  if (depth > 512 || c === undefined) return undefined;
  if (c === '"') return readString(s);
  if (c === '[') return readArray(s, depth);
  if (c === '{') return readObject(s, depth);
  for (const [word, value] of Object.entries(WORDS))
    if (s.text.startsWith(word, s.at)) {
      s.at += word.length;
      return value;
    }
  NUMBER.lastIndex = s.at;
  const m = NUMBER.exec(s.text);
  if (!m) return undefined;
  s.at += m[0].length;
  return { number: m[0] };
}

function readString(s: State): string | undefined {
  STRING.lastIndex = s.at;
  const m = STRING.exec(s.text);
  if (!m) return undefined;
  s.at += m[0].length;
  try {
    return JSON.parse(m[0]) as string;
  } catch {
    return undefined;
  }
}

function readArray(s: State, depth: number): Json[] | undefined {
  const out: Json[] = [];
  s.at++;
  skip(s);
  if (s.text[s.at] === ']') {
    s.at++;
    return out;
  }
  for (;;) {
    const value = read(s, depth + 1);
    if (value === undefined) return undefined;
    out.push(value);
    skip(s);
    const c = s.text[s.at++];
    if (c === ']') return out;
    if (c !== ',') return undefined;
  }
}

function readObject(s: State, depth: number): Map<string, Json> | undefined {
  const out = new Map<string, Json>();
  s.at++;
  skip(s);
  if (s.text[s.at] === '}') {
    s.at++;
    return out;
  }
  for (;;) {
    skip(s);
    const key = s.text[s.at] === '"' ? readString(s) : undefined;
    if (key === undefined) return undefined;
    skip(s);
    if (s.text[s.at++] !== ':') return undefined;
    const value = read(s, depth + 1);
    if (value === undefined) return undefined;
    out.set(key, value);
    skip(s);
    const c = s.text[s.at++];
    if (c === '}') return out;
    if (c !== ',') return undefined;
  }
}

/** Half a surrogate pair has no UTF-8, and its escape is refused by the engine, with the whole query: it is U+FFFD, as in any text. */
function quoted(text: string): string {
  return JSON.stringify(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}

export function writeJson(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  if (value instanceof Map) return `{${[...value].map(([k, v]) => `${quoted(k)}:${writeJson(v)}`).join(',')}}`;
  return value.number;
}

function rank(value: Json): number {
  return value !== null && isNumber(value) ? 0 : typeof value === 'string' ? 1 : typeof value === 'boolean' ? 2 : 3;
}

/** The order of items in a sorted array: numbers, text, the rest, in this order whichever way each of them is sorted. */
export function compareJson(a: Json, b: Json, desc = false): number {
  return rank(a) - rank(b) || (desc ? compareAlike(b, a) : compareAlike(a, b));
}

function compareAlike(a: Json, b: Json): number {
  if (a !== null && b !== null && isNumber(a) && isNumber(b)) return Number(a.number) - Number(b.number);
  const [x, y] = [typeof a === 'string' ? a : writeJson(a), typeof b === 'string' ? b : writeJson(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}
