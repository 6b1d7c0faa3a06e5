import { didYouMean } from '../../core/did-you-mean.ts';
import { loadKusto } from './kusto.ts';
import type { KustoCode, KustoDiagnostic, KustoList, KustoNode } from './shapes.ts';

interface Difference {
  readonly code: string;
  /** Only inside a call of this function, or an operator of this kind. */
  readonly inside: string;
  /** Not deeper inside: no other call stands between. */
  readonly direct?: boolean;
  /** What is faulted may be a call itself. */
  readonly ofCall?: boolean;
  /** Only of what has this type. */
  readonly of?: string;
  readonly why: string;
}

/** What the binder faults and the engine answers: the tree is usable all the same. */
export const ENGINE_ACCEPTS: readonly Difference[] = [
  { code: 'KS107', inside: 'count', why: 'count(x) counts rows, whatever x is' },
  { code: 'KS107', inside: 'bag_unpack', why: 'ignoredProperties may be given without the arguments before it' },
  { code: 'KS119', inside: 'bag_unpack', why: 'columnsConflict and ignoredProperties may stand behind the prefix' },
  { code: 'KS107', inside: 'percentiles_array_tdigest', why: 'the percentiles may stand in an array, a type behind them' },
  { code: 'KS107', inside: 'SearchOperator', why: 'a term may stand under not()' },
  { code: 'KS107', inside: 'not', direct: true, why: 'a number may stand for a truth value' },
  { code: 'KS232', inside: 'coalesce', direct: true, why: 'a dynamic value may stand beside one of any type' },
  { code: 'KS234', inside: 'strcat_array', direct: true, of: 'dynamic', why: 'of what is no array the text is given' },
  {
    code: 'KS107',
    inside: 'todynamic',
    direct: true,
    ofCall: true,
    of: 'dynamic',
    why: 'as parse_json, of which it is another name, it gives back what is dynamic already',
  },
  { code: 'KS119', inside: 'format_ipv4_mask', why: 'without a prefix all 32 bits are used, as its documentation says' },
  { code: 'KS107', inside: 'series_fit_poly', why: 'the degree may be a long' },
  { code: 'KS124', inside: 'schema_merge', why: 'the plugin exists' },
  { code: 'KS134', inside: 'make_timespan', of: 'real', why: 'seconds may have a fraction' },
  { code: 'KS142', inside: 'isfuzzy', why: 'a missing table counts as empty' },
  { code: 'KS234', inside: 'array_length', of: 'dynamic', why: 'the length of a bag is null' },
  ...['array_concat', 'array_reverse', 'array_slice', 'array_sort_asc', 'array_sort_desc', 'array_sum'].map((inside) => ({
    ...{ code: 'KS234', inside, direct: true, of: 'dynamic' },
    why: 'a constant that is no array is taken as in a column',
  })),
  { code: 'KS235', inside: 'bag_keys', direct: true, of: 'dynamic', why: 'what is no bag has no keys' },
];

/** What the binder faults, the engine answers, and its answer follows no rule that is known: refused by name. */
const ANSWERED_SOMEHOW: readonly (Difference & { readonly message: RegExp })[] = [
  {
    code: 'KS106',
    inside: 'SearchOperator',
    message: /types (?:bool and (?:int|long|real)|(?:int|long|real) and bool)\b/,
    why: 'search with a bare number as a term',
  },
  { code: 'KS106', inside: 'BetweenExpression', message: /'between' .* bool, bool and bool/, why: 'between of truth values' },
  { code: 'KS129', inside: 'replace_regex', message: /constant/, why: 'replace_regex with a pattern that is not a constant' },
];

/** What is no fault of the query but nothing that is known here: it is refused by name. */
const UNKNOWN_HERE: Readonly<Record<string, string>> = { KS124: 'evaluate' };

/** Functions of Azure Monitor that lead out of the workspace, and that the parser does not know. */
const ELSEWHERE: ReadonlySet<string> = new Set(['workspace', 'app', 'resource', 'adx', 'arg']);

/** Behind a pipe stands no operator. */
const OPERATOR_EXPECTED = 'KS176';
/** A statement has ended and no semicolon follows. */
const SEPARATOR_EXPECTED = 'KS005';

/** What may have been meant behind a pipe. */
const OPERATOR_WORDS: readonly string[] = [
  ...['as', 'consume', 'count', 'distinct', 'evaluate', 'extend', 'filter', 'getschema', 'invoke', 'join', 'limit', 'lookup'],
  ...['make-series', 'mv-apply', 'mv-expand', 'order', 'parse', 'parse-kv', 'parse-where', 'partition', 'project', 'project-away'],
  ...['project-keep', 'project-rename', 'project-reorder', 'reduce', 'render', 'sample', 'sample-distinct', 'scan', 'search'],
  ...['serialize', 'sort', 'summarize', 'take', 'top', 'top-hitters', 'top-nested', 'union', 'where'],
];

/** Of a database that is not known. */
const OTHER_DATABASE = 'KS208';

export interface Fault {
  readonly message: string;
  readonly start: number;
  readonly kind: 'syntax' | 'semantic' | 'unsupported';
  readonly name: string;
}

/** Errors of a text that hold for the engine too. */
export function faultsOf(code: KustoCode, text: string): Fault[] {
  const found = errors(code.GetDiagnostics());
  if (found.length === 0) return [];
  const syntax = errors(code.GetSyntaxDiagnostics());
  if (syntax.length > 0) return syntaxFaults(syntax, text);
  const faults = found.filter((d) => !accepted(code, d));
  // What an unknown plugin gives is unknown to the operators behind it.
  const unknown = faults.length > 0 ? found.filter((d) => UNKNOWN_HERE[d.Code] !== undefined && !faults.includes(d)) : [];
  const outside = faults.filter(
    (d) => d.Code === OTHER_DATABASE || (d.Code === 'KS211' && ELSEWHERE.has(text.slice(d.Start, d.Start + d.Length))),
  );
  // What such a function gives is unknown, so that the faults behind it may be none.
  if (outside.length > 0) {
    return outside.map((d) => {
      const name = d.Code === OTHER_DATABASE ? 'database' : text.slice(d.Start, d.Start + d.Length);
      return { message: `${name}() is not supported: a query reads this workspace alone`, start: d.Start, kind: 'unsupported', name };
    });
  }
  return [...unknown, ...faults].map((d): Fault => {
    const name = text.slice(d.Start, d.Start + d.Length);
    const prefix = UNKNOWN_HERE[d.Code];
    const known = ANSWERED_SOMEHOW.find(
      (row) => row.code === d.Code && row.message.test(d.Message) && enclosed(code, d).includes(row.inside),
    );
    if (known) return { message: `${known.why} is not supported`, start: d.Start, kind: 'unsupported', name };
    if (prefix === undefined) return { message: d.Message, start: d.Start, kind: 'semantic', name };
    return { message: `${prefix} ${name} is not supported`, start: d.Start, kind: 'unsupported', name: `${prefix} ${name}` };
  });
}

/** Faults of the grammar. Where an operator is misspelt the parser ends the statement, and faults that its operands do not begin the next: no fault of the text. */
function syntaxFaults(found: readonly KustoDiagnostic[], text: string): Fault[] {
  return found
    .filter((d, i) => !(d.Code === SEPARATOR_EXPECTED && found[i - 1]?.Code === OPERATOR_EXPECTED))
    .map((d) => {
      const meant = d.Code === OPERATOR_EXPECTED ? didYouMean(text.slice(d.Start, d.Start + d.Length), OPERATOR_WORDS) : '';
      return { message: `${d.Message}${meant}`, start: d.Start, kind: 'syntax', name: '' };
    });
}

function accepted(code: KustoCode, diagnostic: KustoDiagnostic): boolean {
  const rows = ENGINE_ACCEPTS.filter((row) => row.code === diagnostic.Code);
  if (rows.length === 0) return false;
  const around = enclosed(code, diagnostic);
  const calls = around.filter((name) => !/^[A-Z]/.test(name));
  const at = faulted(code, diagnostic);
  const type = at?.ResultType?.Name;
  const outer = at?.['ArgumentList'] ? calls.at(-2) : calls.at(-1);
  return rows.some(
    (row) =>
      (row.direct ? (row.ofCall ? outer : calls.at(-1)) === row.inside : around.includes(row.inside)) &&
      (row.of === undefined || row.of === type),
  );
}

/** Kinds of the nodes around what is faulted, and the names of the functions called. */
function enclosed(code: KustoCode, diagnostic: KustoDiagnostic): string[] {
  return nodesTo(code, diagnostic).flatMap((at) => {
    const name = (at['Name'] as KustoNode | null | undefined)?.SimpleName;
    const fuzzy = /\bisfuzzy\s*=\s*true\b/i.test(String(at['Parameters'] ?? '')) ? ['isfuzzy'] : [];
    return [loadKusto().kindName(at.Kind), ...fuzzy, ...(at['ArgumentList'] && name !== undefined ? [name] : [])];
  });
}

/** The whole expression that is faulted. */
function faulted(code: KustoCode, diagnostic: KustoDiagnostic): KustoNode | undefined {
  return nodesTo(code, diagnostic).find((n) => n.TextStart === diagnostic.Start && n.Width === diagnostic.Length && n.ResultType);
}

/** The nodes around what is faulted, from the outermost in. */
function nodesTo(code: KustoCode, { Start: start, Length: length }: KustoDiagnostic): KustoNode[] {
  const out: KustoNode[] = [];
  let at: KustoNode | undefined = code.Syntax;
  while (at) {
    out.push(at);
    let next: KustoNode | undefined;
    for (let i = 0; i < at.ChildCount; i++) {
      const child: KustoNode | null = at.GetChild(i);
      if (child && child.TextStart <= start && child.TextStart + child.Width >= start + length && child.Width > 0) next = child;
    }
    at = next;
  }
  return out;
}

function errors(list: KustoList<KustoDiagnostic>): KustoDiagnostic[] {
  const out: KustoDiagnostic[] = [];
  for (let i = 0; i < list.Count; i++) if (list.getItem(i).Severity === 'Error') out.push(list.getItem(i));
  return out;
}
