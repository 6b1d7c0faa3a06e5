import { fill, refuse, reject, type Scope } from '../context.ts';
import { convert } from '../convert.ts';
import { asciiText } from '../functions/ascii-text.ts';
import { escapeRegex, quoteString } from '../quote.ts';
import { constantText, type Scalar } from '../scalar.ts';
import { patternOf } from '../text/pattern.ts';
import { regexFault } from '../text/regex.ts';
import { kindOf, type Node, need } from '../tree/syntax.ts';

const EDGE = '[^\\p{L}\\p{N}]';

const WORD_FIRST = /^[\p{L}\p{N}]/u;
const WORD_LAST = /[\p{L}\p{N}]$/u;

interface TextRow {
  /** `{0}` the text, `{1}` the term, both in lower case unless `cs`. */
  readonly sql: string;
  /** For a constant term: the regular expression around the quoted term. */
  readonly edges?: readonly [string, string];
  readonly cs?: boolean;
  readonly not?: boolean;
}

const HAS: TextRow & { readonly edges: readonly [string, string] } = {
  sql: 'kql_has_text({0}, {1})',
  edges: [`(?:^|${EDGE})`, `(?:$|${EDGE})`],
};
const PREFIX: TextRow = { sql: 'kql_hasprefix({0}, {1})', edges: [`(?:^|${EDGE})`, ''] };
const SUFFIX: TextRow = { sql: 'kql_hassuffix({0}, {1})', edges: ['', `(?:$|${EDGE})`] };
const CONTAINS: TextRow = { sql: 'contains({0}, {1})' };
const STARTS: TextRow = { sql: 'starts_with({0}, {1})' };
const ENDS: TextRow = { sql: 'ends_with({0}, {1})' };
const SAME: TextRow = { sql: '({0} = {1})' };

function family(name: string, row: TextRow): Record<string, TextRow> {
  return {
    [`${name}Expression`]: row,
    [`Not${name}Expression`]: { ...row, not: true },
    [`${name}CsExpression`]: { ...row, cs: true },
    [`Not${name}CsExpression`]: { ...row, cs: true, not: true },
  };
}

const ROWS: Readonly<Record<string, TextRow>> = {
  ...family('Has', HAS),
  ...family('HasPrefix', PREFIX),
  ...family('HasSuffix', SUFFIX),
  ...family('Contains', CONTAINS),
  ...family('StartsWith', STARTS),
  ...family('EndsWith', ENDS),
  EqualTildeExpression: SAME,
  BangTildeExpression: { ...SAME, not: true },
};
export const TEXT_KINDS = Object.keys(ROWS);

export function textPredicate(node: Node, scope: Scope): Scalar {
  const row = ROWS[kindOf(node)]!;
  if (kindOf(need(node, 'Left')) === 'StarExpression') return anyColumn(row, node, scope);
  const text = convert(scope, scope.ctx.scalar(need(node, 'Left'), scope), 'string');
  const right = scope.ctx.scalar(need(node, 'Right'), scope);
  if (right.type === 'dynamic' && row.edges === HAS.edges)
    return reject(scope, node, 'has', 'the term of has must be a text: cast it, as in tostring(x)');
  const term = convert(scope, right, 'string');
  const sql = predicateSql(row, text, term, scope);
  return { sql: row.not ? `(NOT ${sql})` : sql, type: 'bool' };
}

/** `* has "x"`: some column holds it; with a negated operator, none does. */
function anyColumn(row: TextRow, node: Node, scope: Scope): Scalar {
  const term = convert(scope, scope.ctx.scalar(need(node, 'Right'), scope), 'string');
  const texts = (scope.rows?.columns ?? []).map((c) => convert(scope, { sql: c.id, type: c.type }, 'string'));
  // As one text, parted by a sign that no term has: hundreds of tests take DuckDB longer to plan than to run.
  const anywhere = row.edges || row.sql === CONTAINS.sql;
  const whole = anywhere && texts.length > 1 && constantText(term)?.includes('\u0001') === false;
  const joined = `concat_ws(chr(1), ${texts.map((t) => t.sql).join(', ')})`;
  const tests = (whole ? [{ sql: joined, type: 'string' } as const] : texts).map((text) => predicateSql(row, text, term, scope));
  const sql = `(${tests.join(' OR ') || 'false'})`;
  return { sql: row.not ? `(NOT ${sql})` : sql, type: 'bool' };
}

function predicateSql(row: TextRow, text: Scalar, term: Scalar, scope: Scope): string {
  const fold = (sql: string) => (row.cs ? sql : `lower(${sql})`);
  const known = constantText(term);
  if (known === undefined) return fill(scope, row.sql, [fold(text.sql), fold(term.sql)]);
  const exact = row.cs ? known : known.toLowerCase();
  if (!row.edges) return fill(scope, row.sql, [fold(text.sql), quoteString(exact)]);
  if (exact === '') return 'true';
  // A term's end that is no letter or digit parts terms by itself.
  const pattern = (WORD_FIRST.test(exact) ? row.edges[0] : '') + escapeRegex(exact) + (WORD_LAST.test(exact) ? row.edges[1] : '');
  return fill(scope, 'kql_has({0}, {1}, {2})', [fold(text.sql), quoteString(exact), quoteString(pattern)]);
}

/** Any of many terms over a text already in lower case, by one pattern for each kind of ends: 900 tests of their own take half a minute to plan. */
export function anyTerm(lowered: string, terms: readonly string[]): string[] {
  const groups = new Map<string, string[]>();
  for (const term of new Set(terms.map((t) => t.toLowerCase()))) {
    if (term === '') return ['true'];
    const [first, last] = [WORD_FIRST.test(term) ? HAS.edges[0] : '', WORD_LAST.test(term) ? HAS.edges[1] : ''];
    const around = `${first}\u0000${last}`;
    groups.set(around, [...(groups.get(around) ?? []), escapeRegex(term)]);
  }
  return [...groups].map(
    ([around, texts]) => `regexp_matches(${lowered}, ${quoteString(around.replace('\u0000', () => `(?:${texts.join('|')})`))})`,
  );
}

/** One term of has_any or has_all over a text already in lower case. */
export function hasTerm(scope: Scope, lowered: string, term: string): string {
  return predicateSql(
    { ...HAS, cs: true },
    { sql: lowered, type: 'string' },
    { sql: quoteString(term.toLowerCase()), type: 'string', constant: { value: term.toLowerCase() } },
    scope,
  );
}

export function matchesRegex(node: Node, scope: Scope): Scalar {
  const text = convert(scope, scope.ctx.scalar(need(node, 'Left'), scope), 'string');
  const pattern = convert(scope, scope.ctx.scalar(need(node, 'Right'), scope), 'string');
  const known = constantText(pattern);
  if (known === undefined)
    return { sql: fill(scope, 'regexp_matches({0}, kqlf_pattern({0}, {1}))', [text.sql, pattern.sql]), type: 'bool' };
  const wrong = regexFault(known);
  if (wrong) return reject(scope, node, 'matches regex', `'${known}' is no regular expression: ${wrong}`);
  const found = patternOf(known);
  if (!found) return refuse(scope, node, 'matches regex', 'what this pattern holds');
  return { sql: `regexp_matches(${asciiText(scope, text.sql, found)}, ${quoteString(found.text)})`, type: 'bool' };
}
