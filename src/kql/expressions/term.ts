import { escapeRegex, quoteString } from '../quote.ts';

const WORD = '[\\p{L}\\p{N}]';
const EDGE = '[^\\p{L}\\p{N}]';

/** How a term of search looks in a text: `*` at an end stands for the rest of the word, inside for anything. */
function termPattern(term: string): string {
  const parts = term.split('*');
  const body = parts.map(escapeRegex).join('(?s:.*)');
  const starts = new RegExp(`^${WORD}`, 'u').test(term) ? `(?:^|${EDGE})` : '';
  const ends = new RegExp(`${WORD}$`, 'u').test(term) ? `(?:$|${EDGE})` : '';
  return starts + body + ends;
}

/** The condition that a text (in lower case, unless the case counts) holds the term. */
export function termSql(text: string, term: string): string {
  const literal = term.split('*').reduce((a, b) => (b.length > a.length ? b : a), '');
  if (literal === '') return 'true';
  return `kql_has(${text}, ${quoteString(literal)}, ${quoteString(termPattern(term))})`;
}
