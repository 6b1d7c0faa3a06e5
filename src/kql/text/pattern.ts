/** Kusto's patterns are those of Rust's regex crate, whose classes are Unicode; DuckDB's RE2 has them in ASCII only. */
const CLASSES: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  w: '\\p{L}\\p{M}\\p{Nd}\\p{Nl}\\p{Pc}',
  s: '\\t-\\r \\x{85}\\p{Z}',
};

/** What may stand behind a backslash and says the same in both; letters that it does not hold are Rust's or RE2's alone. */
const IN_CLASS = /[pPnrtfvax]|[^\w<>]|_/;
const OUTSIDE = /[bBAzpPnrtfvax]|[^\w<>]|_/;

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
        continue;
      }
      if (set) {
        text += inside ? set : `[${set}]`;
        continue;
      }
      const point = /^(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|[uU]\{([0-9a-fA-F]+)\})/.exec(pattern.slice(i));
      if (point) {
        text += `\\x{${point[1] ?? point[2] ?? point[3]}}`;
        i += point[0].length - 1;
        continue;
      }
      const braced = /^[pPx]\{[^}]*\}/.exec(pattern.slice(i));
      if (braced) {
        text += `\\${braced[0]}`;
        i += braced[0].length - 1;
        continue;
      }
      if (!(inside ? IN_CLASS : OUTSIDE).test(next) || /^b\{/.test(pattern.slice(i))) return undefined;
      if (/b/i.test(next)) asciiOnly = true;
      text += `\\${next}`;
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
    } else if (c === '{') {
      const times = /^\{\d+(?:,\d*)?\}/.exec(pattern.slice(i));
      if (!times) return undefined;
      text += times[0];
      i += times[0].length - 1;
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
