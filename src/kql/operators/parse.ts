import type { KqlType } from '../../core/kql-types.ts';
import { hoist, layered, newId, refuseRows, reject, rowScope, type Scope } from '../context.ts';
import { convert } from '../convert.ts';
import { escapeRegex, quoteString } from '../quote.ts';
import { type Column, missing, type Relation } from '../relation.ts';
import { regexFault, UNOPENED } from '../text/regex.ts';
import { literalOf } from '../tree/literal.ts';
import { declaredType, kindOf, list, type Node, nameOf, need, parameters, textOf } from '../tree/syntax.ts';
import type { OperatorRow } from './row.ts';

interface Target {
  readonly name: string;
  readonly type: KqlType;
  /** The group of the pattern that catches it, counted from 0. */
  readonly group: number;
}

/** What a group must not hold, or the text could be taken apart in two ways. */
interface Unsure {
  readonly group: number;
  readonly delimiter: string;
}

interface Pattern {
  readonly pattern: string;
  readonly targets: readonly Target[];
  readonly groups: number;
  readonly unsure: readonly Unsure[];
}

/** Groups of the user's own would shift those of the columns. */
function withoutGroups(regex: string): string {
  return regex.replace(/\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\((?!\?)/g, (part) => (part === '(' ? '(?:' : part));
}

/** What a column of these types may catch in kind=regex. */
const SHAPES: Partial<Record<KqlType, string>> = {
  long: '\\s*[+-]?\\d+',
  int: '\\s*[+-]?\\d+',
  real: '\\s*[+-]?\\d+(?:\\.\\d+)?',
  bool: '\\s*(?i:true|false)',
};

function typeOf(node: Node): KqlType {
  return kindOf(node) === 'NameAndTypeDeclaration' ? (declaredType(need(node, 'Type')) ?? 'string') : 'string';
}

/**
 * Where a number must follow, or the text must end, the search goes on behind the first place of a delimiter; whether the engine searches
 * on as well is not known, so that values that hold their delimiter stop the query.
 */
function isUnsure(nodes: readonly Node[], kind: string): boolean {
  if (kind === 'regex') return false;
  const ends = nodes.length > 0 && kindOf(nodes.at(-1)!) === 'StringLiteralExpression';
  return ends || (kind !== 'relaxed' && nodes.some((node) => /^(?:long|int)$/.test(typeOf(node))));
}

/** The whole pattern as one regular expression with a group for each column. */
function patternOf(nodes: readonly Node[], kind: string): Pattern | undefined {
  const regex = kind === 'regex';
  const targets: Target[] = [];
  const unsure: Unsure[] = [];
  const told = isUnsure(nodes, kind);
  let groups = 0;
  let pattern = '';
  for (const [i, node] of nodes.entries()) {
    const last = i === nodes.length - 1;
    const part = kindOf(node);
    const next = last ? undefined : literalOf(nodes[i + 1]!);
    const lazy = told && part !== 'StringLiteralExpression' && next?.type === 'string' && !/^(?:long|int)$/.test(typeOf(node));
    if (lazy) unsure.push({ group: groups, delimiter: String(next.value) });
    if (part === 'StarExpression') {
      if (lazy) groups++;
      pattern += last ? '(?s:.*)' : lazy ? '((?s:.*?))' : '(?s:.*?)';
    } else if (part === 'NameAndTypeDeclaration' || part === 'NameDeclaration') {
      const type = typeOf(node);
      targets.push({ name: nameOf(part === 'NameDeclaration' ? node : need(node, 'Name')), type, group: groups++ });
      const number = type === 'long' || type === 'int';
      const shape = regex ? SHAPES[type] : undefined;
      if (shape) {
        pattern += `(${shape})`;
        continue;
      }
      const any = last || regex ? '(?s:.*)' : '(?s:.*?)';
      pattern += !number ? `(${any})` : kind === 'relaxed' ? `(\\s*[+-]?\\d+|${any})` : '(\\s*[+-]?\\d+)';
    } else {
      const literal = literalOf(node);
      if (literal?.type !== 'string') return undefined;
      pattern += regex ? `(?:${withoutGroups(String(literal.value))})` : escapeRegex(String(literal.value));
    }
  }
  // Regular expressions may stand anywhere in the text; a column of text at the end reaches its end, whatever the flags say of greed.
  const last = nodes.at(-1);
  const typed = last !== undefined && kindOf(last) === 'NameAndTypeDeclaration' && SHAPES[targets.at(-1)?.type ?? 'string'] !== undefined;
  const ends = !regex || (last !== undefined && !typed && kindOf(last) !== 'StringLiteralExpression');
  return { pattern: `${regex ? '' : '\\A'}${pattern}${ends ? '\\z' : ''}`, targets, groups, unsure };
}

/** Whether a delimiter begins before the end of a value that it stands behind. */
function holds(value: string, delimiter: string): string {
  return `strpos(${value} || ${delimiter}, ${delimiter}) <= length(${value})`;
}

function parse(node: Node, input: Relation, scope: Scope): Relation {
  const name = kindOf(node) === 'ParseWhereOperator' ? 'parse-where' : 'parse';
  const said = parameters(node);
  const kind = said.has('kind') ? textOf(said.get('kind')!) : 'simple';
  const flags = said.has('flags') ? textOf(said.get('flags')!) : '';
  if (flags !== '' && (kind !== 'regex' || !/^[imsU]+$/.test(flags)))
    return refuseRows(scope, node, `${name} flags`, 'other than i, m, s, U of kind=regex');
  const patterns = list(node, 'Patterns');
  if (patterns.length === 0) reject(scope, node, name, `${name} has no pattern after with`);
  if (patterns.some((p) => literalOf(p)?.value === '')) reject(scope, node, name, `an empty text in the pattern of ${name} is ambiguous`);
  if (name === 'parse-where' && kind === 'relaxed') reject(scope, node, name, 'parse-where has no kind=relaxed');
  const found = patternOf(patterns, kind);
  if (!found) return refuseRows(scope, node, name, 'a pattern that is not a constant');
  const wrong = kind === 'regex' ? regexFault(found.pattern) : undefined;
  // The engine reads such a pattern all the same, and how is not known.
  if (wrong === UNOPENED) return refuseRows(scope, node, `${name} kind=regex`, `a pattern in which ${wrong}`);
  if (wrong) reject(scope, node, name, `its pattern is no regular expression: ${wrong}`);
  const row = rowScope(scope.ctx, scope.env, input);
  const text = hoist(row, convert(row, scope.ctx.scalar(need(node, 'Expression'), row), 'string').sql);
  const { targets, unsure } = found;
  const pattern = flags === '' ? found.pattern : `(?${flags})${found.pattern}`;
  if (new Set(targets.map((t) => t.name)).size < targets.length) return refuseRows(scope, node, name, 'one column twice');
  const fields = Array.from({ length: found.groups }, (_, i) => `'f${i}'`).join(', ');
  const struct = found.groups > 0 ? hoist(row, `regexp_extract(${text}, ${quoteString(pattern)}, [${fields}])`) : "''";
  const plain = hoist(row, `regexp_matches(${text}, ${quoteString(pattern)})`);
  const again = unsure.map(({ group, delimiter }) => holds(`${struct}.f${group}`, quoteString(delimiter))).join(' OR ');
  const stop = "error('parse of a text that holds a delimiter again is not supported')::BOOLEAN";
  const matches = again === '' ? plain : hoist(row, `CASE WHEN ${plain} AND (${again}) THEN ${stop} ELSE ${plain} END`);
  const values = targets.map((t) => {
    const field = `${struct}.f${t.group}`;
    const caught = hoist(row, t.type === 'bool' ? `regexp_replace(${field}, '^\\s+|\\s+$', '', 'g')` : field);
    return hoist(row, t.type === 'dynamic' ? `kqlf_parse_json(${caught})` : convert(row, { sql: caught, type: 'string' }, t.type).sql);
  });
  const strict = targets.flatMap((t, i) => (t.type === 'string' ? [] : [`${values[i]} IS NOT NULL`]));
  const good = kind === 'relaxed' ? matches : [matches, ...strict].join(' AND ');
  const ok = hoist(row, `(${good})`);
  const columns: Column[] = [...input.columns];
  const added = targets.map((t, i) => {
    const id = newId(scope.ctx);
    const column: Column = { id, name: t.name, type: t.type };
    const at = columns.findIndex((c) => c.name === t.name);
    if (at >= 0) columns[at] = column;
    else columns.push(column);
    return `CASE WHEN ${ok} THEN ${values[i]} ELSE ${missing(t.type)} END AS ${id}`;
  });
  const filter = name === 'parse-where' ? ` WHERE ${ok}` : '';
  return { ...input, columns, sql: `SELECT *${added.map((a) => `, ${a}`).join('')} FROM (${layered(row, input.sql)})${filter}` };
}

export const parsing: readonly OperatorRow[] = [{ name: 'parse', kinds: ['ParseOperator', 'ParseWhereOperator'], emit: parse }];
