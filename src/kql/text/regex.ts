/** A fault that parse has an answer to. */
export const UNOPENED = 'a ) has no (';

/** Why a pattern is no regular expression of RE2, as far as that shows without the engine; undefined when nothing is wrong. */
export function regexFault(pattern: string): string | undefined {
  let depth = 0;
  let group = false;
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!;
    const start = group;
    group = false;
    if (c === '\\') {
      const next = pattern[++i];
      if (next === undefined) return 'it ends in a backslash';
      if (/[1-9]/.test(next)) return 'it refers back to a group';
      if (next === 'Q') i = pattern.indexOf('\\E', i) < 0 ? pattern.length : pattern.indexOf('\\E', i) + 1;
    } else if (c === '[') {
      const end = classEnd(pattern, i);
      if (end < 0) return 'a [ is not closed';
      i = end;
    } else if (c === '(') {
      depth++;
      group = true;
      if (/^\(\?(?:[=!]|<[=!])/.test(pattern.slice(i, i + 4))) return 'it looks ahead or behind';
      if (pattern[i + 1] === '?' && !/^\(\?(?:P?<\w+>|[imsU-]*[:)])/.test(pattern.slice(i))) return 'a group of an unknown kind';
      const flags = /^\(\?(?:P?<\w+>|[imsU-]*:|[imsU-]+(?=\)))/.exec(pattern.slice(i));
      if (flags) i += flags[0].length - 1;
    } else if (c === ')') {
      if (--depth < 0) return UNOPENED;
    } else if (/[*+?]/.test(c)) {
      if (i === 0 || start || pattern[i - 1] === '|') return 'nothing stands before a repetition';
      // A question mark behind a repetition makes it lazy; anything further repeats a repetition.
      if (pattern[i + 1] === '?') i++;
      if (/[*+?]/.test(pattern[i + 1] ?? '')) return 'a repetition is repeated';
    }
  }
  return depth > 0 ? 'a ( is not closed' : undefined;
}

function classEnd(pattern: string, from: number): number {
  let i = from + 1;
  if (pattern[i] === '^') i++;
  if (pattern[i] === ']') i++;
  for (; i < pattern.length; i++) {
    if (pattern[i] === '\\') i++;
    else if (pattern.startsWith('[:', i) && pattern.indexOf(':]', i) > 0) i = pattern.indexOf(':]', i) + 1;
    else if (pattern[i] === ']') return i;
  }
  return -1;
}
