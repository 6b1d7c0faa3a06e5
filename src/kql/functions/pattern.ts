import { fill, type Scope } from '../context.ts';

/** Kusto's patterns are those of Rust's regex crate, whose classes are Unicode; DuckDB's RE2 has them in ASCII only. */
const CLASSES: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  w: '\\p{L}\\p{M}\\p{Nd}\\p{Nl}\\p{Pc}',
  s: '\\t-\\r \\x{85}\\p{Z}',
};

export interface Pattern {
  /** For RE2. */
  readonly text: string;
  /** `\b` follows ASCII words in RE2: it is only right over ASCII text. */
  readonly asciiOnly: boolean;
  /** How many groups catch, and their names by number. */
  readonly groups: readonly (string | undefined)[];
}

/** A pattern as RE2 reads it; undefined when RE2 has no form of it. */
export function patternOf(pattern: string): Pattern | undefined {
  let text = '';
  let asciiOnly = false;
  let inside = false;
  const groups: (string | undefined)[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!;
    if (c === '\\') {
      const next = pattern[++i];
      if (next === undefined) return undefined;
      const set = CLASSES[next.toLowerCase()];
      if (set && next !== next.toLowerCase()) {
        if (inside) return undefined;
        text += `[^${set}]`;
      } else if (set) text += inside ? set : `[${set}]`;
      else {
        if (next === 'b' || next === 'B') {
          if (inside) return undefined;
          asciiOnly = true;
        }
        text += `\\${next}`;
      }
      continue;
    }
    if (inside) {
      // Set operations and classes inside classes are Rust's alone.
      if (/^(?:&&|--|~~)/.test(pattern.slice(i, i + 2)) || (c === '[' && pattern[i + 1] !== ':')) return undefined;
      if (c === '[') {
        const end = pattern.indexOf(':]', i);
        if (end < 0) return undefined;
        text += pattern.slice(i, end + 2);
        i = end + 1;
        continue;
      }
      if (c === ']') inside = false;
    } else if (c === '[') {
      inside = true;
      const head = /^\[\^?\]?/.exec(pattern.slice(i))![0];
      text += head;
      i += head.length - 1;
      continue;
    } else if (c === '(') {
      const flags = /^\(\?([a-zA-Z]*)(-[a-zA-Z]+)?[:)]/.exec(pattern.slice(i));
      if (flags && /[^imsU]/.test(`${flags[1]}${(flags[2] ?? '').slice(1)}`)) return undefined;
      const name = /^\(\?P?<([A-Za-z_]\w*)>/.exec(pattern.slice(i));
      if (name) {
        groups.push(name[1]);
        text += `(?P<${name[1]}>`;
        i += name[0].length - 1;
        continue;
      }
      if (pattern[i + 1] !== '?') groups.push(undefined);
    }
    text += c;
  }
  return { text, asciiOnly, groups };
}

/** The text for a pattern: where RE2 would see other words than Kusto, the query stops. */
export function asciiText(scope: Scope, sql: string, pattern: Pattern): string {
  if (!pattern.asciiOnly) return sql;
  const stop = "error('\\b in a pattern over text beyond ASCII is not supported' || left({0}, 0))::VARCHAR";
  return fill(scope, `(CASE WHEN strlen({0}) = length({0}) THEN {0} ELSE ${stop} END)`, [sql]);
}
